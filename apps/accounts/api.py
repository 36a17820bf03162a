"""Keys as a way into the REST API: `Authorization: Bearer brt_…`."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from apps.accounts.models import ApiKey
from apps.accounts.rates import wait_of
from apps.accounts.services.keys import authenticate_key

if TYPE_CHECKING:
    # rest_framework.views reads the settings that name this module, so it cannot be imported from here.
    from rest_framework.views import APIView


class KeyHolder(AnonymousUser):
    """Whoever holds a key: let in, but without any permission of the person who made it."""

    def __init__(self, key: ApiKey) -> None:
        super().__init__()
        self.key = key

    @property
    def is_authenticated(self) -> bool:  # type: ignore[override]  # AnonymousUser says it is always False
        return True

    @property
    def is_anonymous(self) -> bool:  # type: ignore[override]  # AnonymousUser says it is always True
        return False


class ApiKeyAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[KeyHolder, ApiKey] | None:
        scheme, _space, raw = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        key = authenticate_key(raw.strip())
        if key is None:
            raise AuthenticationFailed(
                _("This API key is unknown, expired or revoked. Ask a model owner for one.")
            )
        return KeyHolder(key), key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="berth"'


class KeyRateThrottle(BaseThrottle):
    """A key may ask as often as it was issued for; people who are signed in are not counted."""

    wait_seconds = 0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        if not isinstance(request.auth, ApiKey):
            return True
        self.wait_seconds = wait_of(f"key:{request.auth.pk}", request.auth.rate_per_minute)
        return not self.wait_seconds

    def wait(self) -> float:
        return float(self.wait_seconds)
