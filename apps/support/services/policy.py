from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services.audit import record
from apps.support.errors import SupportError
from apps.support.models import TARGETS, Policy


class PolicyError(SupportError):
    code = "policy"


@dataclass(frozen=True)
class PolicyChange:
    """What the lead decides: the precision that is promised, and what goes to people how fast."""

    target_precision: float
    hold_out_share: float
    response_minutes: int


@transaction.atomic
def change_policy(*, policy: Policy, changed: list[str], actor: User) -> None:
    """Keep the one row of settings; who changed what of it is in the audit trail."""
    policy.pk = 1
    policy.save()
    record(
        actor=actor,
        key=None,
        action="support.policy_changed",
        subject="policy",
        detail={name: getattr(policy, name) for name in changed},
    )


def set_targets(*, change: PolicyChange, actor: User) -> None:
    """
    Raises:
        PolicyError: a value out of its range.
    """
    if change.target_precision not in TARGETS:
        raise PolicyError(_("Choose one of the target precisions."))
    if not 0 <= change.hold_out_share <= 0.5:
        raise PolicyError(_("The hold-out is a share from 0 to 50 %."))
    if not 1 <= change.response_minutes <= 7 * 24 * 60:
        raise PolicyError(_("The time to a first response is from a minute to a week."))
    policy = Policy.objects.filter(pk=1).first() or Policy(pk=1)
    wanted = asdict(change)
    changed = [name for name, value in wanted.items() if getattr(policy, name) != value]
    for name in changed:
        setattr(policy, name, wanted[name])
    change_policy(policy=policy, changed=changed, actor=actor)
