"""What every deployment shares. Nothing in here reads a secret."""

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from apps.project.environment import Environment
from apps.project.settings.offline import stay_offline
from apps.project.stores import EmbeddedStores, celery_broker_url, database_at, limits_storage_url
from apps.ui import admin_theme

BASE_DIR = Path(__file__).resolve().parents[3]
ENVIRONMENT = Environment()
# What programs are told; as in pyproject.toml, which is not in the image.
VERSION = "0.1.0"
VAR_DIR = ENVIRONMENT.path("BERTH_VAR", BASE_DIR / "var")

# Read by prometheus_client when it is first imported: one file a process, summed up by whoever is asked.
METRICS_DIR = ENVIRONMENT.folder("PROMETHEUS_MULTIPROC_DIR", VAR_DIR / "metrics", below="BERTH_VAR")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(METRICS_DIR)

stay_offline()

DEBUG = False
ALLOWED_HOSTS: list[str] = []
ROOT_URLCONF = "apps.project.urls"
ASGI_APPLICATION = "apps.project.asgi.application"
WSGI_APPLICATION = None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "axes",
    "csp",
    "health_check",
    "apps.project",
    "apps.accounts",
    "apps.streams",
    "apps.registry",
    "apps.serving",
    "apps.privacy",
    "apps.support",
    "apps.sentiment",
    "apps.recommend",
    "apps.ui",
]

MIDDLEWARE = [
    "apps.project.metrics.RequestMetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "apps.project.middleware.page_policies",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.accounts.middleware.sign_in_fills_the_window",
    "apps.project.middleware.admin_without_nul",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
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
                "apps.ui.context_processors.theme",
            ],
        },
    },
]

# --- stores: external when named, embedded below var/ otherwise ---
EMBEDDED_STORES = EmbeddedStores(VAR_DIR)
DATABASE_URL = ENVIRONMENT.address(
    "DATABASE_URL", EMBEDDED_STORES.database_url, schemes=("postgres", "postgresql")
)
REDIS_URL = ENVIRONMENT.address("REDIS_URL", EMBEDDED_STORES.redis_url, schemes=("redis", "rediss", "unix"))
DATABASES: dict[str, Any] = {"default": database_at(DATABASE_URL)}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "berth",
    },
}
CHANNEL_LAYERS: dict[str, Any] = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "berth"},
    },
}
RATE_STORAGE_URL = limits_storage_url(REDIS_URL)
# Not as a URI: fsspec takes the path as it stands, and a blank written as %20 would name another folder.
ARTIFACT_STORE = ENVIRONMENT.text("ARTIFACT_STORE") or f"file://{VAR_DIR / 'artifacts'}"
ARTIFACT_CACHE = VAR_DIR / "cache" / "artifacts"
SUPPORT_INDEX_CACHE = VAR_DIR / "cache" / "support-indexes"
RUN_WORK_DIR = VAR_DIR / "runs"
SCRATCH_DIR = VAR_DIR / "scratch"  # the worker's TMPDIR in containers

# --- people ---
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AXES_HANDLER = "apps.accounts.lockout.LockoutHandler"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_CLIENT_IP_CALLABLE = "apps.accounts.networks.network_of_request"
AXES_USERNAME_CALLABLE = "apps.accounts.lockout.counted_name"
# Who signs in is in the audit trail; from where and with which browser is kept of nobody.
AXES_DISABLE_ACCESS_LOG = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_TEMPLATE = "accounts/locked_out.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False

UNFOLD = admin_theme.UNFOLD

# --- languages ---
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "apps.ui.formats"
TIME_ZONE = ENVIRONMENT.time_zone("TIME_ZONE")  # where days begin in reports, and of times on pages
USE_I18N = True
USE_TZ = True

# --- static files ---
STATIC_URL = "static/"
STATIC_ROOT = ENVIRONMENT.path("STATIC_ROOT", BASE_DIR / "staticfiles")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# --- what a page may load: this origin alone ---
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

# --- API ---
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "apps.accounts.openapi.Schema",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.accounts.api.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["apps.accounts.api.KeyRateThrottle"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "apps.accounts.json_bodies.ShallowJSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Berth",
    "DESCRIPTION": "Data sets, runs, versions, promotion, predictions, and conversations with customers.",
    "VERSION": VERSION,
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    # Fields of one name with different choices, and one set of choices under several names.
    "ENUM_NAME_OVERRIDES": {
        "AliasName": "apps.registry.models.promotions.AliasName",
        "DatasetKind": "apps.registry.models.datasets.Dataset.Kind",
        "PromotionKind": "apps.registry.models.promotions.Promotion.Kind",
    },
}

# --- background work: one queue for training, one for short work ---
CELERY_BROKER_URL = celery_broker_url(REDIS_URL)
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "short"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Who clicks waits a moment for a Redis that hangs, none for one that is away; sweeps find what was not sent.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 6 * 3600,
    "socket_connect_timeout": 1.0,
    "socket_timeout": 1.0,
    "max_retries": 0,
}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "apps.project.clock:Clock"

# The shop's server signs with it what it says of its customers; without it that is not believed.
SUPPORT_IDENTITY_SECRET = ENVIRONMENT.text("SUPPORT_IDENTITY_SECRET")
# What the shop is shown when Berth asks it about a customer.
SUPPORT_CONTEXT_TOKEN = ENVIRONMENT.text("SUPPORT_CONTEXT_TOKEN")
# Whether there is a made-up shop to try the widget in.
SUPPORT_DEMO = False
# What one customer may write, and how many customers' worth may come from one address.
SUPPORT_MESSAGES_PER_MINUTE = ENVIRONMENT.integer("SUPPORT_MESSAGES_PER_MINUTE", 30)
SUPPORT_ADDRESS_FACTOR = ENVIRONMENT.integer("SUPPORT_ADDRESS_FACTOR", 20)

# Whether requests from this very machine may ask models without a key.
SERVING_ANONYMOUS = False

GRPC_ADDRESS = f"127.0.0.1:{ENVIRONMENT.port('GRPC_PORT', 8001)}"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "without_query": {"()": "apps.project.logs.WithoutQuery"},
        "reasons_alone": {"()": "apps.project.logs.ReasonsAlone"},
        "refusals_without_trace": {"()": "apps.project.logs.RefusalsWithoutTrace"},
    },
    "formatters": {"json": {"()": "apps.project.logs.JsonFormatter"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "filters": ["without_query", "refusals_without_trace"],
        },
    },
    "root": {
        "handlers": ["console"],
        "level": ENVIRONMENT.one_of("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")),
    },
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # It names people and addresses; the audit trail has what matters of it.
        "axes": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
        "health_check": {"filters": ["reasons_alone"]},
        # The server has given it a handler of its own by now.
        "uvicorn": {"handlers": [], "level": "INFO", "propagate": True},
        # Unnamed it would be reset to tell its parent; the server keeps no list of who asked for what.
        "uvicorn.access": {"handlers": [], "propagate": False},
        # Several tasks a second that come and go well would push out what failed an hour ago.
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}
