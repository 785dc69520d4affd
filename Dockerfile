# syntax=docker/dockerfile:1
# The web process alone; the database is another container or a server of yours (docker-compose.yml, docs/operations.md).

FROM python:3.11-slim-bookworm AS build
WORKDIR /app
RUN python -m venv .venv
COPY requirements.lock ./
RUN .venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
COPY manage.py LICENSE ./
COPY knowledgebase knowledgebase
COPY treatments treatments
COPY templates templates
COPY static static
# Production settings want all of their values; these stand in for them during the build and stay in no layer.
RUN KNOWLEDGEBASE_ENV=production KNOWLEDGEBASE_STATIC_ROOT=/app/collected \
    KNOWLEDGEBASE_SECRET_KEY="$(head -c 48 /dev/urandom | base64 -w 0)" \
    KNOWLEDGEBASE_SITE_URL=https://build.invalid DATABASE_URL=postgresql://build@build.invalid/build \
    .venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && .venv/bin/python -m compileall -q knowledgebase treatments

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin knowledgebase
WORKDIR /app
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    KNOWLEDGEBASE_ENV=production \
    KNOWLEDGEBASE_STATIC_ROOT=/app/collected \
    KNOWLEDGEBASE_BIND=0.0.0.0:8000
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["gunicorn", "--config", "python:knowledgebase.serving", "knowledgebase.wsgi"]
