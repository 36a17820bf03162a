"""From which sites the widget may ask: those that the policy names, and the site's own."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host

from apps.support.selectors.policy import current_policy


def is_allowed_origin(origin: str) -> bool:
    """`origin` as browsers send it, such as https://shop.example; programs that are no browser send none."""
    if not origin:
        return True
    return is_own_origin(origin) or origin in current_policy().widget_origins


def is_own_origin(origin: str) -> bool:
    try:
        host = urlsplit(origin).hostname
    except ValueError:
        return False
    return host is not None and validate_host(host, settings.ALLOWED_HOSTS)
