from django.db import transaction
from django.db.models import Max

from apps.support.models import Conversation


@transaction.atomic
def mark_read(*, conversation: Conversation, is_customer: bool, seq: int) -> int:
    """How far a side has read. Marks only move forward, and not beyond what was said."""
    last: int = conversation.messages.aggregate(last=Max("seq"))["last"] or 0
    name = "visitor_read_seq" if is_customer else "agent_read_seq"
    reached = min(seq, last)
    # Compared in the table, so that two marks at once leave the further one.
    Conversation.objects.filter(pk=conversation.pk, **{f"{name}__lt": reached}).update(**{name: reached})
    marks = Conversation.objects.values_list(name, flat=True)
    return int(marks.get(pk=conversation.pk))
