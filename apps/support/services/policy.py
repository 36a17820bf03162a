from django.db import transaction

from apps.accounts.models import User
from apps.accounts.services.audit import record
from apps.support.models import Policy


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
