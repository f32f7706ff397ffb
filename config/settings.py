"""
All settings, in one file. What differs between places comes from the environment (see .env.example).

REDRESS_MODE says which house this is: `demo` (one process, SQLite, in-memory broker), `production` (PostgreSQL,
Redis, no default secret) or `test`. Nothing else switches behaviour.
"""

import secrets
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
MODE = env.text("MODE", "demo", one_of=("demo", "production", "test"))
PRODUCTION = MODE == "production"
DATA_DIR = env.folder("DATA", BASE_DIR / "data")
DEBUG = False


def _secret(name: str) -> str:
    """Return a secret: required in production, else kept in the data folder, readable by its owner alone."""
    if PRODUCTION:
        value = env.text(name)
        if len(value) < 40:
            raise env.Unusable("REDRESS_" + name, "is too short; give at least 40 random characters.")
        return value
    given = env.text(name, "")
    if given:
        return given
    kept = DATA_DIR / f"{name.lower()}.secret"
    if not kept.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(48))
    return kept.read_text()


SECRET_KEY = _secret("SECRET_KEY")
AUDIT_KEY = _secret("AUDIT_KEY")

# Where people reach us ------------------------------------------------------------------------------------------
PUBLIC_URL = env.text("PUBLIC_URL", None if PRODUCTION else "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.listing("HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,[::1],testserver") or [
    urlsplit(PUBLIC_URL).hostname or ""
]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
PROXIES = env.number("PROXIES", 1 if PRODUCTION else 0, most=5)  # how many proxies of ours add to X-Forwarded-For
HTTPS = PUBLIC_URL.startswith("https://")
if PRODUCTION and not HTTPS:
    raise env.Unusable("REDRESS_PUBLIC_URL", "must start with https:// in production.")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
SECURE_SSL_REDIRECT = HTTPS and PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {  # named as in Django 6, whose own middleware will read it
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}

# The house --------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "audit",
    "worktime",
    "accounts",
    "contracts",
    "complaints",
    "remediation",
    "notifications",
    "insights",
    "portal",
    "config",  # the command that does all periodic work
]
MIDDLEWARE = [
    "config.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.DatabaseDown",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.sessions.SignedIn",
    "accounts.middleware.ReaderLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.frame.frame",
            ],
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# Where things are kept --------------------------------------------------------------------------------------------
def _database(url: str) -> dict:
    """Return Django's settings for a database URL: sqlite:///path or postgres://user:password@host:port/name."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:] if parts.path.startswith("//") else parts.path),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
            "TEST": {"NAME": env.text("TEST_SQLITE", "") or None},
        }
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": parts.port or "",
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {
                "connect_timeout": 2,
                "options": "-c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s",
            },
        }
    raise env.Unusable("REDRESS_DATABASE_URL", "must start with sqlite:/// or postgres://.")


DATABASE_URL = env.text("DATABASE_URL", None if PRODUCTION else f"sqlite:///{DATA_DIR / 'redress.sqlite3'}")
DATABASES = {"default": _database(DATABASE_URL)}
if PRODUCTION and DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    raise env.Unusable("REDRESS_DATABASE_URL", "must name a PostgreSQL database in production.")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "redress_cache",
    }
}
EVIDENCE_DIR = DATA_DIR / "evidence"
EVIDENCE_MAX_BYTES = env.number("EVIDENCE_MAX_MB", 25, least=1, most=500) * 1024 * 1024
EVIDENCE_MAX_FILES = 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Who people are ---------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.adapter.Backend"]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if MODE == "test"
    else ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
)
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "accounts.adapter.ClosedAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True  # for SESSION_COOKIE_AGE
ACCOUNT_FORMS = {"login": "accounts.sign_in_forms.SignIn"}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.link_tokens.LinkTokens"  # noqa: S105 – a path
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=72).total_seconds())  # of an invitation; a reset: accounts.link_tokens
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_FORMS = {
    "add_webauthn": "accounts.sign_in_forms.AddPasskey",
    "edit_webauthn": "accounts.sign_in_forms.RenamePasskey",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are proved by the invitation, not by the library
MFA_TRUST_ENABLED = True
MFA_TRUST_COOKIE_AGE = timedelta(days=30)
MFA_TOTP_ISSUER = "Redress"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# Words, time, money -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("简体中文"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = USE_TZ = True
TIME_ZONE = env.text("ZONE", "Asia/Shanghai")  # the company's own zone
COMPANY_CURRENCY = env.text("CURRENCY", "CNY")
COMPANY_CALENDAR = env.text("CALENDAR", "CN-STD")

# Files of our own -------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.folder("STATIC_ROOT", BASE_DIR / "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
MANIFEST = env.flag("STATIC_MANIFEST", PRODUCTION)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": EVIDENCE_DIR}},
    "staticfiles": {
        "BACKEND": "config.static.NamedByContent"
        if MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = not MANIFEST
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["jpg", "jpeg", "png", "gif", "webp", "woff", "woff2", "ttf", "gz", "br"]
WHITENOISE_MAX_AGE = 3600 if PRODUCTION else 0

# Mail ---------------------------------------------------------------------------------------------------------------
_mail = urlsplit(env.text("MAIL_URL", None if PRODUCTION else "folder:"))
if _mail.scheme not in {"smtp", "smtps", "folder"}:
    raise env.Unusable("REDRESS_MAIL_URL", "must start with smtp:// or smtps://.")
EMAIL_BACKEND = (
    "django.core.mail.backends.filebased.EmailBackend"
    if _mail.scheme == "folder"
    else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_USE_TLS = _mail.scheme == "smtp" and bool(_mail.username)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", None if PRODUCTION else "Redress <redress@demo.test>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MESSAGE_ID_HOST = urlsplit(PUBLIC_URL).hostname or "redress"

# Work in the background ---------------------------------------------------------------------------------------------
BROKER_URL = env.text("BROKER_URL", None if PRODUCTION else "memory://")
EMBEDDED = env.flag("EMBEDDED", False)  # worker and clock as threads of the one web process
WEB_PROCESSES = env.number("WEB_PROCESSES", 3, least=1, most=64)
WEB_THREADS = env.number("WEB_THREADS", 8 if EMBEDDED else 4, least=1, most=64)
DEMO_PASSWORD = env.text("DEMO_PASSWORD", "redress-demo")  # of the people that bin/demo brings
FAIL = env.text("FAIL", "")  # where a test lets this process fail (audit/failpoints.py)
if PRODUCTION and FAIL:
    raise env.Unusable("REDRESS_FAIL", "makes the process fail on purpose; it is for tests, never for production.")

# REST -----------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.tokens.BearerToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.api.Json"],
    "DEFAULT_PAGINATION_CLASS": "config.api.Pages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.api.problem",
    "COERCE_DECIMAL_TO_STRING": True,
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Redress",
    "DESCRIPTION": "Quality complaint cases, from the first call to the last return visit.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
}

# Logs -------------------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"kombu.connection": {"level": "ERROR"}},  # it warns that memory:// names no host
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
}

env.refuse_unknown()
