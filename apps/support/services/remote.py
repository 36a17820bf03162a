"""What an agent's program does to a conversation, over the REST API: never without a trace."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

from apps.accounts.models import User
from apps.accounts.services import audit
from apps.support.models import Conversation

Result = TypeVar("Result")


@transaction.atomic
def act_remotely(
    *,
    conversation: Conversation,
    actor: User,
    action: str,
    detail: Callable[[Result], dict[str, Any] | None],
    act: Callable[[Conversation], Result],
) -> Result:
    """Make one change and say in the audit trail who had a program make it; a refusal leaves no trace.

    Args:
        action: `taken`, `message_sent`, …
        detail: from the result, in numbers and names of ours and never in what was said; None where nothing
            changed.
        act: a service's call; raises what that raises.
    """
    result = act(conversation)
    changed = detail(result)
    if changed is not None:
        subject = str(conversation.public_id)
        audit.record(actor=actor, action=f"support.api_{action}", subject=subject, detail=changed)
    return result
