"""Aryk's settings: from the environment only, documented in deploy/env.example."""

from datetime import timedelta
from pathlib import Path

from django.templatetags.static import static
from django.urls import reverse_lazy

from deploy import env

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = env.text("SECRET_KEY")
DEBUG = env.flag("DEBUG", default=False)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1")
PUBLIC_URL = env.text("PUBLIC_URL", "http://localhost:8000")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.headless",
    "axes",
    "pwa",
    "rest_framework",
    "drf_spectacular",
    "reporting",
    "deploy",
    "frontend",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "reporting.admin.guarding.content_policy",
    "api.logins.refuse_what_fits_no_form",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "reporting.admin.guarding.own_language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "deploy.urls"
WSGI_APPLICATION = "deploy.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "frontend" / "templates", BASE_DIR / "reporting" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- Storage --------------------------------------------------------------------------------------------------------------

DATABASES = {
    "default": {
        **env.database("DATABASE_URL"),
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": env.number("DATABASE_CONN_SECONDS", 60),
        # What is asked again on a connection is planned once. A pooler that lends connections by the transaction cannot stand between.
        "OPTIONS": {"connect_timeout": 5, "server_side_binding": True, "prepare_threshold": 5},
    }
}
# Holds login counters and used codes only. Not in Redis: what was used must stay used when Redis is flushed or down.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "reporting_loginmemory",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / ".local" / "data")))
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_INCOMING_ROOT = DATA_DIR / "incoming"
KEY_FILE = env.text("KEY_FILE", str(DATA_DIR / "key" / "sync-key-file"))
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
PHONE_BUILD = BASE_DIR / "frontend" / "dist"
STATICFILES_DIRS = [path for path in [PHONE_BUILD / "static"] if path.is_dir()]
# Vite puts a hash of the content into these names.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/app/.+-[\w-]{6}\.\w+$"
MEDIA_IN_FILES = {
    "BACKEND": "reporting.media.durable.DurableStorage",
    "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
}
MEDIA_IN_S3 = {
    "BACKEND": "storages.backends.s3.S3Storage",
    "OPTIONS": {
        "bucket_name": env.text("MEDIA_BUCKET", ""),
        "endpoint_url": env.text("MEDIA_BUCKET_ENDPOINT", "") or None,
        "region_name": env.text("MEDIA_BUCKET_REGION", "") or None,
        "access_key": env.text("MEDIA_BUCKET_KEY", "") or None,
        "secret_key": env.text("MEDIA_BUCKET_SECRET", "") or None,
        "default_acl": None,
        "file_overwrite": False,
    },
}
STORAGES = {
    "default": MEDIA_IN_S3 if env.text("MEDIA_BUCKET", "") else MEDIA_IN_FILES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

# --- The worker ------------------------------------------------------------------------------------------------------------

REDIS_URL = env.text("REDIS_URL")
SWEEP_SECONDS = env.number("SWEEP_SECONDS", 30, least=1)
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A broker that hangs must not hold up a phone: what is not woken now is swept later.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
CELERY_BEAT_SCHEDULE = {"sweep": {"task": "reporting.tasks.sweep", "schedule": float(SWEEP_SECONDS)}}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- Who is asking ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "reporting.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    # Django's own, with the same accounts: a second backend would make every wrong password cost the server twice.
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = reverse_lazy("admin:login")
LOGIN_REDIRECT_URL = reverse_lazy("admin:index")
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "reporting.people.accounts.ClosedAdapter"
# By account, not by address: behind the proxy everybody has the same one, and whoever used it up would shut out all others.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "10/5m/key"}
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("app",)
AXES_FAILURE_LIMIT = env.number("LOGIN_FAILURE_LIMIT", 10, least=1)
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_DISABLE_ACCESS_LOG = True
AXES_LOCKOUT_CALLABLE = "reporting.admin.login.locked_out"
# Locked out by account, not by address: a whole village may stand behind one address, and none is kept.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
AXES_IPWARE_META_PRECEDENCE_ORDER: tuple[str, ...] = ()
MEDIATOR_GRANT_DAYS = env.number("MEDIATOR_GRANT_DAYS", 30, least=1)

# --- Languages and places --------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "ky"
LANGUAGES = [("ky", "Кыргызча"), ("ru", "Русский"), ("tg", "Тоҷикӣ"), ("uz", "Oʻzbekcha"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Bishkek"
USE_TZ = True
REFERENCE_DEFAULT_RAYON = env.text("REFERENCE_DEFAULT_RAYON", "")
ANSWER_SILENCE_DAYS = env.number("ANSWER_SILENCE_DAYS", 30, least=1)

# --- The API ---------------------------------------------------------------------------------------------------------------

SYNC_MAX_BYTES = 1_000_000
MEDIUM_MAX_BYTES = env.number("MEDIUM_MAX_BYTES", 5_000_000, least=1)
OPERATIONS_PER_HOUR = env.number("OPERATIONS_PER_HOUR", 1000, least=1)
NEW_PROFILES_PER_HOUR = env.number("NEW_PROFILES_PER_HOUR", 5000, least=1)
NOBODYS_MOST = env.number("NOBODYS_MOST", 10_000, least=1)
MEDIA_UNBOUND_MAX_BYTES = env.number("MEDIA_UNBOUND_MAX_BYTES", 2_000_000_000, least=1)
MEDIA_UNBOUND_DAYS = env.number("MEDIA_UNBOUND_DAYS", 30, least=1)
SMS_NUMBER = env.text("SMS_NUMBER", "")
SMS_GATEWAYS = env.secrets("SMS_GATEWAYS")
NOTICES = env.some_of("NOTICES", ("sms", "email"))  # for which roads addresses are taken: nothing is sent yet
SMS_REPLIES_PER_DAY = env.number("SMS_REPLIES_PER_DAY", 10)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.bearer.ProfileBearer"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "api.rendering.OneKind",
    "DEFAULT_PARSER_CLASSES": ["api.parsing.BoundedJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.problems.render",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Aryk",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
}

# --- The phone app ---------------------------------------------------------------------------------------------------------

PWA_SERVICE_WORKER_PATH = str(PHONE_BUILD / "serviceworker.js")
PWA_APP_NAME = "Aryk"
PWA_APP_LANG = "ky"
PWA_APP_DIR = "ltr"
PWA_APP_ORIENTATION = "portrait"
PWA_APP_THEME_COLOR = "#0d4335"
PWA_APP_BACKGROUND_COLOR = "#fbf9f4"
PWA_APP_DEBUG_MODE = False
PWA_APP_ICONS = [
    {
        "src": f"/static/frontend/icons/aryk-{size}.png",
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }
    for size in (192, 512)
    for purpose in ("any", "maskable")
]

# --- Safety ------------------------------------------------------------------------------------------------------------------

BEHIND_TLS = env.flag("BEHIND_TLS", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_SSL_REDIRECT = False  # Caddy redirects; a health check inside the network speaks plain HTTP.
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_AGE = 12 * 60 * 60
SECURE_REFERRER_POLICY = "same-origin"  # with "no-referrer" browsers post forms with Origin: null, which CSRF refuses
X_FRAME_OPTIONS = "DENY"

# Logs name what happened, never who: no address, query, receipt or body is ever handed to them.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "deploy.logs.formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR", "handlers": ["console"], "propagate": False},
        "django.server": {"level": "ERROR"},
        "axes": {"level": "CRITICAL"},
    },
}

UNFOLD = {
    "SITE_TITLE": "Aryk",
    "SITE_HEADER": "Aryk",
    "SHOW_HISTORY": False,
    "SITE_SYMBOL": "water",
    "STYLES": [lambda _request: static("reporting/admin.css")],
    "COLORS": {
        "primary": {
            "50": "#effcf6",
            "100": "#d6f5e6",
            "200": "#aee9cf",
            "300": "#79d6b2",
            "400": "#43bb8f",
            "500": "#1f9f75",
            "600": "#12805e",
            "700": "#0f664d",
            "800": "#0f513f",
            "900": "#0d4335",
            "950": "#06261e",
        }
    },
    "SHOW_LANGUAGES": True,
}
