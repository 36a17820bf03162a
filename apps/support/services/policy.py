from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

import idna
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.networks import is_link_local
from apps.accounts.services import audit
from apps.support.engine.decision import TARGETS
from apps.support.errors import SupportError
from apps.support.models import Policy
from apps.support.selectors.standing import differing
from apps.support.services.standing import check_seen

LONGEST_ADDRESS = 200
PORTS = {"http": 80, "https": 443}


class PolicyError(SupportError):
    code = "policy"


@dataclass(frozen=True)
class PolicyChange:
    """What the lead decides: the precision that is promised, what goes to people how fast, and who is asked.

    Args:
        widget_origins: of the sites that may carry the widget, such as https://shop.example.
        context_url: where the shop tells about its customers; empty: nowhere.
    """

    target_precision: float
    hold_out_share: float
    response_minutes: int
    widget_origins: list[str]
    context_url: str


@transaction.atomic
def change_policy(*, change: PolicyChange, seen: str, actor: User) -> Policy:
    """Keep the one row of settings; who changed what of it is in the audit trail.

    Raises:
        PolicyError: a value out of its range, or no address.
        ChangedMeanwhileError: see `check_seen`.
    """
    _check(change)
    policy, _made = Policy.objects.select_for_update().get_or_create(pk=1)
    wanted = {**asdict(change), "widget_origins": list(dict.fromkeys(map(_origin, change.widget_origins)))}
    check_seen(policy, seen=seen, wanted=wanted)
    changed = {name: wanted[name] for name in differing(policy, wanted)}
    for name, value in changed.items():
        setattr(policy, name, value)
    policy.save()
    audit.record(actor=actor, action="support.policy_changed", subject="policy", detail=changed)
    return policy


def _check(change: PolicyChange) -> None:
    if change.target_precision not in TARGETS:
        raise PolicyError(_("Choose one of the target precisions."))
    if not 0 <= change.hold_out_share <= 0.5:
        raise PolicyError(_("The hold-out is a share from 0 to 50 %."))
    if not 1 <= change.response_minutes <= 7 * 24 * 60:
        raise PolicyError(_("The time to a first response is from a minute to a week."))
    if change.context_url and not _is_address(change.context_url):
        raise PolicyError(
            _("Write the address of the customer context as a web server's, without a password and a query.")
        )


def _origin(written: str) -> str:
    """As browsers send it: in lower case and ASCII, without the port that its scheme has anyway."""
    try:
        parts = urlsplit(written)
        host, port = _ascii(parts.hostname or ""), parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    is_whole = written.lower().removesuffix("/") == f"{parts.scheme}://{parts.netloc}".lower()
    if (
        parts.scheme not in PORTS
        or not host
        or "@" in parts.netloc
        or len(written) > LONGEST_ADDRESS
        or not is_whole
    ):
        raise PolicyError(
            _("“%(origin)s” is not an origin; write it like https://shop.example.") % {"origin": written}
        )
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}" + ("" if port in (None, PORTS[parts.scheme]) else f":{port}")


def _ascii(host: str) -> str:
    return host if host.isascii() else idna.encode(host, uts46=True).decode()


def _is_address(address: str) -> bool:
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        return False
    parts = urlsplit(address)
    if is_link_local(parts.hostname or ""):
        return False
    # Everybody who may read the policy reads the address: no secret stands in it.
    return len(address) <= LONGEST_ADDRESS and "@" not in parts.netloc and not parts.query
