"""Every setting, in one file. The environment is read here, once, and nowhere else.

Nothing has to be set for development: `make run` works as it is, on a PostgreSQL that starts by itself.
Production (KNOWLEDGEBASE_ENV=production) has no default for anything secret or site-specific and refuses
to start until it is told. docs/operations.md lists every variable.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

from knowledgebase.secret_key import MINIMUM_LENGTH, development_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")

env = Env()

# Environment ---------------------------------------------------------------------------------------------------

try:
    ENVIRONMENT = env.str("KNOWLEDGEBASE_ENV", default="development")
    DATABASE_URL = env.str("DATABASE_URL", default="")
    SECRET_KEY = env.str("KNOWLEDGEBASE_SECRET_KEY", default="")
    # Where readers find the site. Absolute links (feeds, API, exports, citations) start with it.
    SITE_URL = env.str("KNOWLEDGEBASE_SITE_URL", default="").rstrip("/")
    # Hosts the site is also reached by: a second domain, an internal name.
    FURTHER_HOSTS: list[str] = env.list("KNOWLEDGEBASE_ALLOWED_HOSTS", default=[])
    # Everything the application writes outside a configured database lies under this one directory, so that several
    # checkouts, or several data directories of one checkout, never meet.
    DATA_DIR = Path(env.str("KNOWLEDGEBASE_DATA_DIR", default="") or BASE_DIR / "var").expanduser().resolve()
    # Where `collectstatic` puts static files for production.
    COLLECTED_STATIC = Path(env.str("KNOWLEDGEBASE_STATIC_ROOT", default="") or DATA_DIR / "static")
    HSTS_SECONDS = env.int("KNOWLEDGEBASE_HSTS_SECONDS", default=365 * 24 * 60 * 60)
    LOG_LEVEL = env.str("KNOWLEDGEBASE_LOG_LEVEL", default="WARNING").upper()
    DEBUG = env.bool("KNOWLEDGEBASE_DEBUG", default=False)
    # Whether curation needs a second factor at sign-in.
    REQUIRE_MFA = env.bool("KNOWLEDGEBASE_REQUIRE_MFA", default=ENVIRONMENT == "production")
    # Keys that were in use before: sessions and second factors made with them stay valid.
    SECRET_KEY_FALLBACKS: list[str] = env.list("KNOWLEDGEBASE_SECRET_KEY_FALLBACKS", default=[])
    # How many proxies in front add the address they were asked from to X-Forwarded-For.
    TRUSTED_PROXIES = env.int("KNOWLEDGEBASE_TRUSTED_PROXIES", default=0)
    MAIL_SERVER = env.str("KNOWLEDGEBASE_EMAIL_HOST", default="")
    EMAIL_PORT = env.int("KNOWLEDGEBASE_EMAIL_PORT", default=587)
    EMAIL_HOST_USER = env.str("KNOWLEDGEBASE_EMAIL_USER", default="")
    EMAIL_HOST_PASSWORD = env.str("KNOWLEDGEBASE_EMAIL_PASSWORD", default="")
    EMAIL_USE_TLS = env.bool("KNOWLEDGEBASE_EMAIL_TLS", default=True)
    DEFAULT_FROM_EMAIL = env.str("KNOWLEDGEBASE_EMAIL_FROM", default="")
    # Whom NCBI and Crossref may write to about our requests, and the key that lets NCBI take more of them.
    LITERATURE_EMAIL = env.str("KNOWLEDGEBASE_LITERATURE_EMAIL", default="")
    LITERATURE_TOOL = env.str("KNOWLEDGEBASE_LITERATURE_TOOL", default="dermatomyositis-knowledge-base")
    NCBI_API_KEY = env.str("KNOWLEDGEBASE_NCBI_API_KEY", default="")
    EUTILITIES_URL = env.str("KNOWLEDGEBASE_EUTILITIES_URL", default="https://eutils.ncbi.nlm.nih.gov/entrez/eutils")
    CROSSREF_URL = env.str("KNOWLEDGEBASE_CROSSREF_URL", default="https://api.crossref.org")
    CLINICALTRIALS_URL = env.str("KNOWLEDGEBASE_CLINICALTRIALS_URL", default="https://clinicaltrials.gov/api/v2")
except EnvError as problem:
    raise ImproperlyConfigured(str(problem)) from problem

if ENVIRONMENT not in ("development", "production"):
    raise ImproperlyConfigured(f"KNOWLEDGEBASE_ENV is {ENVIRONMENT!r}; it must be 'development' or 'production'.")
PRODUCTION = ENVIRONMENT == "production"
if LOG_LEVEL not in LOG_LEVELS:
    raise ImproperlyConfigured(f"KNOWLEDGEBASE_LOG_LEVEL is {LOG_LEVEL!r}; it must be one of {', '.join(LOG_LEVELS)}.")

if PRODUCTION:
    needed = {
        "KNOWLEDGEBASE_SECRET_KEY": SECRET_KEY,
        "DATABASE_URL": DATABASE_URL,
        "KNOWLEDGEBASE_SITE_URL": SITE_URL,
    }
    if missing := [name for name, value in needed.items() if not value]:
        raise ImproperlyConfigured(
            f"in production {' and '.join(missing)} must be set; docs/operations.md says what to put there."
        )
    if len(SECRET_KEY) < MINIMUM_LENGTH or len(set(SECRET_KEY)) < 5:
        raise ImproperlyConfigured(
            f"KNOWLEDGEBASE_SECRET_KEY must be at least {MINIMUM_LENGTH} random characters; `openssl rand -base64 48`"
            " makes one."
        )
    if DEBUG:
        raise ImproperlyConfigured("KNOWLEDGEBASE_DEBUG shows source code and settings to visitors; unset it.")
else:
    try:
        SECRET_KEY = SECRET_KEY or development_secret_key(DATA_DIR)
    except OSError as problem:
        raise ImproperlyConfigured(
            f"KNOWLEDGEBASE_DATA_DIR is {DATA_DIR}, and nothing can be kept there: {problem.strerror}."
        ) from problem
    SITE_URL = SITE_URL or "http://127.0.0.1:8000"

site = urlsplit(SITE_URL)
if site.scheme not in ("http", "https") or not site.hostname or site.path or site.query or site.fragment:
    raise ImproperlyConfigured(
        f"KNOWLEDGEBASE_SITE_URL is {SITE_URL!r}; it must be a scheme and a host, such as https://kb.example.org."
    )

ALLOWED_HOSTS = [site.hostname, *FURTHER_HOSTS]
if not PRODUCTION:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"{site.scheme}://{site.netloc}"]
CSRF_FAILURE_VIEW = "treatments.errors.stale_form"

# Application ---------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    # Before staticfiles, so that `runserver` serves static files as production does.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "csp",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "pghistory",
    "treatments",
]

MIDDLEWARE = [
    # First: probes must get an answer whatever host name, scheme or cookie they come with.
    "knowledgebase.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Over a slow line the text of a page is most of the wait. Django pads what it compresses, against guessing secrets
    # by length; files that `collectstatic` compressed are left as they are.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    # Outside sessions, so that a kept answer never costs a session; inside CSP, so that all answers carry it.
    "treatments.middleware.cross_origin.CrossOriginReads",
    "treatments.middleware.request_guard.RequestGuard",
    "treatments.middleware.revision.RevisionedAnswers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "knowledgebase.sign_in.SecondFactorRequired",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # After authentication: it writes who made a change, and at which address, beside every row of history.
    "pghistory.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "knowledgebase.urls"
WSGI_APPLICATION = "knowledgebase.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Database ------------------------------------------------------------------------------------------------------

if DATABASE_URL:
    try:
        database: dict[str, Any] = {**dj_database_url.parse(DATABASE_URL)}
    except (dj_database_url.ParseError, dj_database_url.UnknownSchemeError):
        database = {}
    if database.get("ENGINE") != "django.db.backends.postgresql" or not database.get("NAME"):
        # The address itself is not repeated: it carries a password.
        raise ImproperlyConfigured(
            "DATABASE_URL must be the address of a PostgreSQL database: postgresql://user:password@host:5432/name."
        )
else:
    database = {
        "ENGINE": "knowledgebase.embedded",
        "NAME": "knowledgebase",
        # The engine's own setting: where its server keeps its files.
        "DATA_DIR": DATA_DIR / "postgres",
    }

DATABASES = {
    "default": {
        **database,
        # One connection per thread, kept; a check per request, so that a restarted server costs nobody an error.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # No server_side_binding here, ever: django-pghistory puts its context into the statement on the client's side.
        "OPTIONS": {**database.get("OPTIONS", {}), "application_name": "dermatomyositis-knowledge-base"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rows of history are only ever added: the database refuses to change or delete one.
PGHISTORY_APPEND_ONLY = True
# Reading changes nothing, so who reads is not looked up: a page that looks a person up cannot be kept for others.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

# Answers to readers, keyed by the revision of the data set, so none goes stale and none has to be purged. Per process
# and bounded: at worst a few hundred rendered pages.
CACHES = {
    # What allauth counts attempts to sign in with.
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "sign-in"},
    "answers": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "answers",
        "TIMEOUT": 24 * 60 * 60,
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
}

# Language, time ------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
FORMAT_MODULE_PATH = "knowledgebase.formats"
TIME_ZONE = "UTC"
USE_TZ = True

# Static files --------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
# Development collects nothing.
STATIC_ROOT = COLLECTED_STATIC if PRODUCTION else None
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Production: names carry a hash of the content and never change, so browsers keep them for ever. Development
        # and tests: straight from the source tree, so nothing has to be collected first.
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 60 if PRODUCTION else 0

# Sign-in -------------------------------------------------------------------------------------------------------

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "web:home"
# A working day; and no longer than the browser stays open.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

ACCOUNT_ADAPTER = "knowledgebase.sign_in.ClosedAccounts"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_EMAIL_VERIFICATION = "none"  # an editor enters the addresses
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = site.scheme
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

MFA_ADAPTER = "knowledgebase.sign_in.EncryptedSecrets"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1
# A browser takes http://localhost for secure.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

# Mail ----------------------------------------------------------------------------------------------------------

# Development shows its mail on the console. In production without a mail server none is sent, which the deployment
# check says: nobody can then reset a forgotten password.
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if MAIL_SERVER or PRODUCTION:
    kind = "smtp" if MAIL_SERVER else "dummy"
    EMAIL_BACKEND = f"django.core.mail.backends.{kind}.EmailBackend"
EMAIL_HOST = MAIL_SERVER
EMAIL_TIMEOUT = 10
EMAIL_SUBJECT_PREFIX = "[Knowledge base] "
DEFAULT_FROM_EMAIL = DEFAULT_FROM_EMAIL or f"knowledge-base@{site.hostname}"
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Literature services -------------------------------------------------------------------------------------------

# Seconds. A curator waits for the answer, so patience ends before the proxy's does.
LITERATURE_CONNECT_TIMEOUT = 5
LITERATURE_READ_TIMEOUT = 10
# Further attempts when a service is busy or fails, with 0.5, 1 … seconds between them, or as long as it asks for.
LITERATURE_RETRIES = 2
LITERATURE_BACKOFF = 0.5
LITERATURE_LONGEST_WAIT = 10

# Security ------------------------------------------------------------------------------------------------------

# Pages load from here and from nowhere else, and run no inline script or style: they work offline and behind hospital
# proxies, and text that slips through as markup does nothing.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

# TLS ends at the proxy in front. Whether a request came over TLS is gunicorn's to decide (X-Forwarded-Proto from an
# address in FORWARDED_ALLOW_IPS), so no header of a stranger is believed here.
SECURE_SSL_REDIRECT = PRODUCTION
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
SECURE_HSTS_SECONDS = HSTS_SECONDS if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION

# A search of 10,000 characters is a mistake; the forms that curators fill in are long but finite.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# API -----------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    # Read-only and public: every viewset answers GET, HEAD and OPTIONS only, so there is nobody to authenticate, no
    # cookie is read, and any other method is 405.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "treatments.api.schema.Described",
    "EXCEPTION_HANDLER": "treatments.api.problems.as_problem",
    # JSON only, so `?format=` means nothing; unset, it is refused like any other unknown parameter.
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Dermatomyositis treatment knowledge base",
    "DESCRIPTION": (
        "What has been tried in dermatomyositis, in whom, how well it worked and how sure we are. A reference work, not"
        " medical advice.\n\nRead-only: any method but GET, HEAD and OPTIONS is answered 405. Records are named by"
        " slug, accession, NCT number or code. A field that is null was not seen, which never means that there is"
        " none. Figures are JSON numbers, exactly as their sources print them. Unknown parameters and values are"
        " refused with 400, never ignored. Every answer carries an ETag; sent back as `If-None-Match` it is answered"
        " 304 until something public changes."
    ),
    "VERSION": "1",
    "LICENSE": {"name": "Software: MIT. The data set carries its own licence.", "url": f"{SITE_URL}/about/#licence"},
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "treatments.api.schema.complete",
    ],
    "ENUM_SUFFIX": "",
    # Columns of different models share names such as `kind`; each list of words has one name of its own.
    "ENUM_NAME_OVERRIDES": {
        name: f"treatments.models.choices.{name}"
        for name in (
            *("Analysis", "Aspect", "AssociationEffectKind", "AssociationStrength", "AutoantibodyGroup"),
            *("AutoantibodyKind", "Better", "ChangeKind", "Design", "Direction", "InteractionEffect", "KnownOrNot"),
            *("MechanismAction", "MechanismKind", "Population", "PublicationType", "RecommendationDirection"),
            *("RecordType", "RecommendationStrength", "ResultKind", "RetractionStatus", "Setting", "TreatmentKind"),
            *("TreatmentStage", "TrialPhase", "TrialStatus"),
        )
    }
    | {
        "ClaimStatus": "treatments.api.serializers.claims.PUBLIC_STATUSES",
        "RecordKind": "treatments.search.Kind",
        "NameRole": "treatments.search.Role",
        "SourceCheckGrade": "treatments.models.records.SOURCE_CHECK_GRADES",
    },
}

# Logging -------------------------------------------------------------------------------------------------------

# To standard error, where a terminal, a container and systemd all look.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # Django's own handlers mail administrators and print only under DEBUG; one place to look is enough.
        "django": {"handlers": [], "propagate": True},
        # The access log has every 4xx already.
        "django.request": {"level": "ERROR"},
        # It remarks on every HEAD request that Django answers with a body, which it then rightly drops.
        "gunicorn.http.wsgi": {"level": "ERROR"},
    },
}
