"""Settings, all in this file and all from the environment.

A fresh checkout runs without any of them. A server needs SECRET_KEY (it does not start without),
ALLOWED_HOSTS, EMAIL_URL and, for PostgreSQL, DATABASE_URL; every `env` below is one more thing that
can be set. Unless LOCAL, all is safe by default: TLS alone, and cookies that only it carries.
"""

from pathlib import Path
from typing import Any

import django
import environ
from csp.constants import NONE, SELF
from django.contrib.messages import constants as messages
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from operations.errors import report_to

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def local_secret_key() -> str:
    """The key of this checkout, made on first use and kept in a file that git ignores."""
    file = BASE_DIR / ".secret-key"
    try:
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(get_random_secret_key())
        return file.read_text()
    except OSError:  # a server's files are not for it to write
        raise ImproperlyConfigured("Set SECRET_KEY to a long random text, and keep it.") from None


# What and for whom

DEBUG = env.bool("DEBUG", default=False)
# On this machine alone, over plain HTTP: cookies without TLS, static files from where they lie.
LOCAL = env.bool("LOCAL", default=DEBUG)
SECRET_KEY = env.str("SECRET_KEY", default="") or local_secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "inventory",
    "audit_trail",
    "signin",
    "company",
    "users",
    "locations",
    "parties",
    "accounting",
    "items",
    "transactions",
    "reports",
    "demo",
    "imports",
    "labels",
    "operations",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "django_filters",
    "django_htmx",
    "django_include_bootstrap",
    "django_tables2",
    "simple_history",
]
if django.VERSION < (6, 0):  # from 6.0 on, Django has partials of its own
    INSTALLED_APPS.append("template_partials")

# A select is written by a template of ours: templates/django/forms/widgets/.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "inventory.headers.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "signin.middleware.StayMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "users.middleware.RightsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "inventory.urls"
WSGI_APPLICATION = "inventory.wsgi.application"

# Database. Never ATOMIC_REQUESTS: with IMMEDIATE, reading pages would wait for one another.

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
_options = DATABASES["default"].setdefault("OPTIONS", {})

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A transaction that writes takes the write lock when it begins. Taking it later, halfway
    # through, is what ends in "database is locked" under load. FULL: what is acknowledged is on
    # the disk, for a millisecond a commit; NORMAL would lose the last of it with the power.
    _options |= {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;",
    }
else:
    # Compiling a statement pays for reports that run for minutes. Ours take less time than the
    # compiler, which took two seconds of a list's page.
    _options.setdefault("options", "-c jit=off")
    if env.bool("DATABASE_POOL", default=False):
        _options["pool"] = {"min_size": 2, "max_size": env.int("DATABASE_POOL_SIZE", default=8)}
    else:
        DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
        DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# Pages

_partials = [] if django.VERSION >= (6, 0) else ["template_partials.templatetags.partials"]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Ours come first: django_include_bootstrap brings a base.html of its own.
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": _partials,
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "inventory.context_processors.frame",
            ],
        },
    }
]

DJANGO_TABLES2_TEMPLATE = "django_tables2/bootstrap5.html"
MESSAGE_TAGS = {messages.DEBUG: "secondary", messages.ERROR: "danger"}

LANGUAGE_CODE = "en-us"
# Serialbook speaks English alone; to look every word up for nothing is a twentieth of a long page.
USE_I18N = False
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
# Numbers are grouped by the filters that show quantities and money. Grouping everywhere would
# also reach ids and the values of hidden fields.
USE_THOUSAND_SEPARATOR = False

# An order of many lines, each with thousands of pasted serial numbers, is one form.
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
# A file that is too large is not even kept for a moment.
FILE_UPLOAD_HANDLERS = [
    "imports.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Static files

STATIC_URL = "static/"
STATIC_ROOT = None if LOCAL else BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = LOCAL

# Log-in and safety

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"

AUTHENTICATION_BACKENDS = ["signin.backends.Door"]
PASSWORD_RESET_TIMEOUT = 60 * 60  # seconds that a link to reset a password is good for

# Logged out after so many minutes without a request, and so many hours after logging in.
SESSION_ENGINE = "signin.sessions"
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_MINUTES", default=30) * 60
SESSION_HOURS = env.int("SESSION_HOURS", default=12)

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_validation = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_validation}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_validation}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_validation}.CommonPasswordValidator"},
    {"NAME": f"{_validation}.NumericPasswordValidator"},
]

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
if not LOCAL:
    SESSION_COOKIE_NAME = "__Host-sessionid"  # a browser takes it from this very host alone
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not LOCAL)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=0 if LOCAL else 365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)
# Whether other hosts of the domain have TLS is not ours to say.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# The proxy says by which scheme and from which address a request came; nobody else is believed.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        # Bootstrap draws check marks and arrows as data: images inside its stylesheet.
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# E-mail: EMAIL_URL=smtp+tls://user:password@host:587. On this machine alone it goes to the console.

vars().update(env.email_url("EMAIL_URL", "consolemail://" if LOCAL else "smtp://localhost:25"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="serialbook@localhost")

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    # Django's own handlers print only while debugging; here all goes to the console.
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}

# Watching it run (docs/operations.md)

MIDDLEWARE = ["operations.requests.Watched", "operations.probes.Probes", *MIDDLEWARE]
SLOW_QUERY_MS = env.int("SLOW_QUERY_MS", default=0)  # slower ones are logged; 0: none
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")  # for /metrics, which is closed without it
LOGGING["formatters"]["json"] = {"()": "operations.logs.JSONLines"}
LOGGING["loggers"]["serialbook"] = {"level": "WARNING" if LOCAL else "INFO"}
if not LOCAL:
    LOGGING["handlers"]["console"]["formatter"] = "json"
if _dsn := env.str("SENTRY_DSN", default=""):
    report_to(_dsn)
