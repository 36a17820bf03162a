"""What goes when a customer is forgotten, counted for who decides it."""

from dataclasses import dataclass

from apps.support.models import Example, Message, Note, Visitor


@dataclass(frozen=True)
class Erasable:
    conversations: int
    messages: int
    notes: int
    # That were taught from what the customer said.
    examples: int


def what_goes(visitor: Visitor) -> Erasable:
    theirs = {"conversation__visitor": visitor}
    return Erasable(
        conversations=visitor.conversations.count(),
        messages=Message.objects.filter(**theirs).count(),
        notes=Note.objects.filter(**theirs).count(),
        examples=Example.objects.filter(message__conversation__visitor=visitor).count(),
    )
