"""How gunicorn serves: `gunicorn -c python:knowledgebase.serving knowledgebase.wsgi`.

Its own variables work as ever (WEB_CONCURRENCY, FORWARDED_ALLOW_IPS, GUNICORN_CMD_ARGS); the command line wins.
"""

import os
from pathlib import Path
from typing import Any

import gunicorn.http.message
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knowledgebase.settings")
try:
    production: bool = settings.PRODUCTION
except ImproperlyConfigured as problem:
    raise SystemExit(f"Not started: {problem}") from None

# Only this machine, unless told otherwise: the proxy that ends TLS is meant to stand in front.
bind = os.environ.get("KNOWLEDGEBASE_BIND", "127.0.0.1:8000")

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 8
# The application is loaded once, before the workers are: they share its memory, and a mistake in it stops the start.
preload_app = True
# A longer address than gunicorn lets through by itself, so that whoever sends 10,000 characters hears from us what
# is wrong, in the words of page or API. gunicorn caps its own setting at this constant.
gunicorn.http.message.MAX_REQUEST_LINE = limit_request_line = 64 * 1024
# Long-lived processes gather memory; each worker is replaced after a while, not all of them at once.
max_requests = 5000
max_requests_jitter = 500
timeout = 60
graceful_timeout = 30
keepalive = 5
# The heartbeat file must not lie on a slow disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a directory of gunicorn's own in it
# The control socket would lie in the user's home directory, one for all checkouts.
control_socket_disable = True

accesslog = "-" if production else None
loglevel = "info" if production else "warning"


def when_ready(arbiter: Any) -> None:
    """Keep the embedded server for as long as this process runs, whichever workers come and go; say where we are."""
    # Most of a second that the first reader of a plot would else wait for; all workers share it.
    import scipy.stats  # noqa: F401
    from django.db import connection

    if settings.DATABASES["default"]["ENGINE"] == "knowledgebase.embedded":
        connection.ensure_connection()
        connection.close()
    if not production:
        print(f"Ready: {arbiter.LISTENERS[0]}/ (Ctrl-C stops it)", flush=True)
