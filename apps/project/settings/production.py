"""Production: every secret and address comes from the environment, and a missing one is a sentence."""

from apps.project.settings.base import *  # noqa: F403 -- settings build on one another
from apps.project.settings.base import DATABASES, ENVIRONMENT, STORAGES

SECRET_KEY = ENVIRONMENT.secret(
    "SECRET_KEY", purpose="it signs sessions; make one with `openssl rand -base64 48`", minimum_length=50
)
# What they signed stays good: customers hold tokens of their chats for half a year.
SECRET_KEY_FALLBACKS = ENVIRONMENT.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = ENVIRONMENT.hosts("ALLOWED_HOSTS")
if not ALLOWED_HOSTS:
    ENVIRONMENT.required(
        "ALLOWED_HOSTS", purpose="the names that people reach this under, separated by commas"
    )
if ENVIRONMENT.flag("SUPPORT_IDENTITY", default=bool(ENVIRONMENT.text("SUPPORT_IDENTITY_SECRET"))):
    SUPPORT_IDENTITY_SECRET = ENVIRONMENT.secret(
        "SUPPORT_IDENTITY_SECRET",
        purpose="the shop signs with it what it says of its customers; `openssl rand -base64 48` makes one",
        minimum_length=32,
    )
ENVIRONMENT.required("DATABASE_URL", purpose="PostgreSQL as postgres://name:password@host:5432/berth")
ENVIRONMENT.required("REDIS_URL", purpose="Redis as redis://:password@host:6379/0")
CSRF_TRUSTED_ORIGINS = ENVIRONMENT.words(
    "CSRF_TRUSTED_ORIGINS", tuple(f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS if host != "*")
)

# A proxy in front ends TLS and says so; SECURE=0 is for trying the containers on one machine without one.
SECURE = ENVIRONMENT.flag("SECURE", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = SECURE
# Probes and the metrics reader come from inside, past the proxy.
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

DATABASES["default"]["OPTIONS"] |= {
    "pool": {"min_size": 1, "max_size": ENVIRONMENT.integer("DATABASE_POOL", 8), "timeout": 10},
}
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}

GRPC_ADDRESS = ENVIRONMENT.text("GRPC_ADDRESS") or f"0.0.0.0:{ENVIRONMENT.port('GRPC_PORT', 8001)}"
