"""One machine, one person: `make demo` and development."""

from apps.project.settings.base import *  # noqa: F403 -- settings build on one another
from apps.project.settings.base import DATABASES, ENVIRONMENT, VAR_DIR
from apps.project.settings.signing import kept_secret_key

DEBUG = ENVIRONMENT.flag("DEBUG", default=False)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
SECRET_KEY = ENVIRONMENT.text("SECRET_KEY") or kept_secret_key(VAR_DIR / "secret_key")
SERVING_ANONYMOUS = True  # clients that send no key work against the demo; other machines cannot reach it
SUPPORT_DEMO = True
# Sockets read in threads that come and go; connecting each time would take longer than asking.
DATABASES["default"]["OPTIONS"] |= {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}}

# Straight from the packages: nothing to collect, and nothing stale after an edit.
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
