"""Who may not sign in for a while: a name at one address after some failures, an address after many."""

from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.db.models import Sum
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from apps.accounts.locks import lock
from apps.accounts.networks import network_of_request

# Colleagues behind one address mistype now and then; who tries one password on every name goes on and on.
# Over all addresses a name has no limit: strangers could keep its owner out.
NAMES_AN_ADDRESS = 20


class LockoutHandler(AxesDatabaseHandler):  # type: ignore[misc]  # axes has no types
    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        of_name: int = super().get_failures(request, credentials)
        recent = AccessAttempt.objects.filter(
            ip_address=request.axes_ip_address,  # type: ignore[attr-defined]  # set by axes
            attempt_time__gte=get_cool_off_threshold(request),
        )
        of_address = recent.aggregate(failures=Sum("failures_since_start"))["failures"] or 0
        return max(of_name, of_address // NAMES_AN_ADDRESS)


def counted_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str | None:
    """What failures are counted under in place of a name, for that may be a password in the wrong field."""
    typed = (credentials or request.POST).get("username")
    return salted_hmac("apps.accounts.lockout", typed, algorithm="sha256").hexdigest() if typed else None


def take_turn(request: HttpRequest, name: str) -> None:
    """Until the transaction ends nobody else tries this name from there.

    A failure is counted once the password was looked at: of many at once each would find the count as it was.
    """
    counted = counted_name(request, {"username": name})
    lock(f"accounts.sign_in:{counted}:{network_of_request(request)}")
