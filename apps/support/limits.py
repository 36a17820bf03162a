"""How often visitors may ask: by who they are, and by where they ask from."""

from django.conf import settings
from django.utils.translation import gettext as _

from apps.accounts import rates
from apps.accounts.networks import network_of
from apps.support.errors import SupportError

# A minute each, of one visitor; whole offices share an address, which may do `ADDRESS_FACTOR` times as much.
REQUESTS = 240
SESSIONS = 3
CONVERSATIONS = 3
HELLOS = 15
# Open at once, of one visitor in one process: tabs, and those that a network lost a moment ago.
SOCKETS = 20


class TooManyError(SupportError):
    code = "too_many"

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(
            _("Too many requests. Try again in %(seconds)d s.") % {"seconds": retry_after_seconds}
        )
        self.retry_after_seconds = retry_after_seconds


def spend(scope: str, per_minute: int) -> None:
    """Count one of `scope`, such as `messages:visitor:12`; raises TooManyError when those were enough."""
    wait_seconds = rates.wait_of(f"support:{scope}", per_minute)
    if wait_seconds:
        raise TooManyError(wait_seconds)


def spend_request(visitor_id: int, address: str) -> None:
    _spend_both("requests", REQUESTS, visitor_id, address)


def spend_message(visitor_id: int, address: str) -> None:
    _spend_both("messages", settings.SUPPORT_MESSAGES_PER_MINUTE, visitor_id, address)


def spend_conversation(visitor_id: int, address: str) -> None:
    _spend_both("conversations", CONVERSATIONS, visitor_id, address)


def spend_agent(user_id: int) -> None:
    """One request of an agent's program."""
    spend(f"requests:agent:{user_id}", REQUESTS)


def spend_session(address: str) -> None:
    _spend_address("sessions", SESSIONS, address)


def spend_hello(address: str) -> None:
    """Before anybody knows whose token it is."""
    _spend_address("hellos", HELLOS, address)


def spend_greeting(visitor_id: int) -> None:
    """A hello whose token is good: the conversation is told anew."""
    spend(f"hellos:visitor:{visitor_id}", HELLOS)


def _spend_both(what: str, per_minute: int, visitor_id: int, address: str) -> None:
    spend(f"{what}:visitor:{visitor_id}", per_minute)
    _spend_address(what, per_minute, address)


def _spend_address(what: str, per_minute: int, address: str) -> None:
    spend(f"{what}:address:{network_of(address)}", per_minute * settings.SUPPORT_ADDRESS_FACTOR)
