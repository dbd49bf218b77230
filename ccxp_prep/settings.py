"""All settings in one file: SQLite and an in-process broker unless the environment names others.

Every variable read here stands in README's table; a test compares the two.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


def env_text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def env_secret(name: str) -> str:
    """NAME, or the content of the file that NAME_FILE points at (Docker secrets)."""
    if path := env_text(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return env_text(name)


def env_bool(name: str, *, default: bool) -> bool:
    text = env_text(name).lower()
    if text not in {"", "1", "true", "yes", "0", "false", "no"}:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {text!r}.")
    return text in {"1", "true", "yes"} if text else default


def env_int(name: str, default: int) -> int:
    text = env_text(name)
    try:
        return int(text) if text else default
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {text!r}.") from error


def env_list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in env_text(name, default).split(",") if part.strip()]


VAR_DIR = Path(env_text("VAR_DIR", str(BASE_DIR / "var")))


def database_from_url(url: str) -> dict[str, Any]:
    """A DATABASES entry for sqlite:///path or postgresql://user:password@host:port/name?option=value."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path.removeprefix("/")) or str(VAR_DIR / "db.sqlite3"),
            "OPTIONS": {
                # WAL lets pages be read while the worker writes. IMMEDIATE takes the write lock at BEGIN,
                # where the timeout applies; a lock upgraded later would fail at once.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
                "PRAGMA foreign_keys=ON;PRAGMA journal_size_limit=27103364;",
            },
        }
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"DATABASE_URL must begin with sqlite: or postgresql:, not {parts.scheme!r}.")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or "") or env_secret("DATABASE_PASSWORD"),
        # A socket directory cannot stand in the host part of a URL, so it may come as ?host=.
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": query.pop("port", str(parts.port or "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 3,
            # A process frozen in a transaction must not hold up the same candidate's other requests for ever.
            "options": "-c lock_timeout=10000 -c idle_in_transaction_session_timeout=15000 -c statement_timeout=30000",
            **query,
        },
    }


DEBUG = env_bool("DEBUG", default=False)
# /style/, the living page of the design system; `serve --demo` shows it too.
SHOWS_STYLE_PAGE = DEBUG
SECRET_KEY = env_secret("SECRET_KEY") or ("insecure-only-for-debugging" if DEBUG else "")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "template_partials",
    "ccxp_prep",
    "accounts",
    "competencies",
    "study",
    "questions",
    "cohorts",
    "reviews",
    "quizzes",
    "progress",
    "offline",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.PrivatePagesMiddleware",
    "accounts.middleware.UnsentMiddleware",
    "accounts.middleware.TimeZoneMiddleware",
]

ROOT_URLCONF = "ccxp_prep.urls"
WSGI_APPLICATION = "ccxp_prep.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": database_from_url(env_text("DATABASE_URL", "sqlite:///"))}

# In the database, not in Redis: sign-in limits must hold, and sign-in must work, while Redis is away.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Beyond these, Django throws away counts that still hold; its own 300 are soon there.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
# Who solved which question blind, and with what answer: kept beside the content that it speaks for.
CONTENT_REVIEW = BASE_DIR / "docs" / "content-review.csv"
# What the simulations printed when this release was made.
MEASUREMENTS = BASE_DIR / "docs" / "measurements"

# Language and time

LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

# Static files

STATIC_URL = "static/"
STATIC_ROOT = Path(env_text("STATIC_ROOT", str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "ccxp_prep.storage.StaticFilesStorage"
    },
}

# People

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "progress:today"
LOGOUT_REDIRECT_URL = "progress:home"

# Mail: printed to the console until a server is named

EMAIL_URL = env_secret("EMAIL_URL")
_mail = urlsplit(EMAIL_URL)
if _mail.scheme not in {"", "smtp", "smtps"}:
    raise ImproperlyConfigured(f"EMAIL_URL must begin with smtp: or smtps:, not {_mail.scheme!r}.")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_URL else 'console'}.EmailBackend"
EMAIL_HOST = _mail.hostname or "localhost"
EMAIL_PORT = _mail.port or (465 if _mail.scheme == "smtps" else 587)
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_USE_TLS = _mail.scheme == "smtp" and bool(EMAIL_HOST_USER)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env_text("DEFAULT_FROM_EMAIL", "CCXP Prep <noreply@localhost>")
SITE_URL = env_text("SITE_URL", "http://127.0.0.1:8000").rstrip("/")

ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if EMAIL_URL else "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[CCXP Prep] "
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT = env_int("TRUSTED_PROXY_COUNT", 0)
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"authenticate": "accounts.forms.SecondFactorForm"}
MFA_TOTP_ISSUER = "CCXP Prep"
# Two-factor behind somebody else's address would shut its owner out, who gets in by mail; without mail nobody does.
MFA_ALLOW_UNVERIFIED_EMAIL = not EMAIL_URL

# Transport security: on behind a TLS proxy, off for the loopback server

HTTPS = env_bool("HTTPS", default=False)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_HTTPONLY = True
# The token's cookie is open to scripts: static/js/fresh-token.js reads it.
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "accounts.views.form_expired"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # The two-factor page shows its QR code as a data URI.
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# Workers

REDIS_URL = env_secret("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL or "memory://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        # Longer than the longest task, or Redis delivers it twice. The restore settings bring a killed worker's
        # task back right after this time; kombu's defaults take ten times as long.
        "visibility_timeout": env_int("TASK_VISIBILITY_SECONDS", 600),
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        # Publishing to a hung Redis must not hold a request.
        "socket_timeout": 1.0,
        "socket_connect_timeout": 1.0,
        "max_retries": 0,
    }
    if REDIS_URL
    else {"polling_interval": 0.02}
)
CELERY_BROKER_CONNECTION_TIMEOUT = 1.0
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10.0
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "close-overdue-attempts": {"task": "quizzes.close_overdue_attempts", "schedule": 60.0, "options": {"expires": 60}},
    "rebuild-stale-schedules": {
        "task": "reviews.rebuild_stale_schedules",
        "schedule": 120.0,
        "options": {"expires": 120},
    },
    # Before the statistics, which are computed without the answers that went.
    "delete-accounts": {"task": "progress.delete_accounts", "schedule": crontab(hour=2, minute=10)},
    "rebuild-all-schedules": {"task": "reviews.rebuild_all_schedules", "schedule": crontab(hour=3, minute=10)},
    "fit-memories": {"task": "reviews.fit_memories", "schedule": crontab(hour=2, minute=20)},
    "compute-item-statistics": {"task": "quizzes.compute_item_statistics", "schedule": crontab(hour=2, minute=40)},
    "compute-form-statistics": {"task": "quizzes.compute_form_statistics", "schedule": crontab(hour=2, minute=45)},
    "calibrate-items": {"task": "quizzes.calibrate_items", "schedule": crontab(hour=2, minute=50)},
    "fit-forgetting": {"task": "quizzes.fit_forgetting", "schedule": crontab(hour=2, minute=55)},
    "measure-estimates": {"task": "progress.measure_estimates", "schedule": crontab(hour=3, minute=0)},
    "send-reminders": {"task": "reviews.send_reminders", "schedule": crontab(minute=5)},
}

# What the product promises

PRACTICE_TARGET_PERCENT = env_int("PRACTICE_TARGET_PERCENT", 75)
ANSWER_GRACE_SECONDS = env_int("ANSWER_GRACE_SECONDS", 10)
SAMPLE_QUESTION_CODE = env_text("SAMPLE_QUESTION_CODE", "MET-K1.1-P1")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env_text("LOG_LEVEL", "INFO")},
}
