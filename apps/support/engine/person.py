"""Whether a customer asks for a person instead of an answer, in their many ways of saying so."""

from __future__ import annotations

from apps.support.engine.phrases import phrases
from apps.support.engine.sentences import plain


def wants_person(text: str) -> bool:
    """
    Args:
        text: a sentence or a whole message.
    """
    said = plain(text)
    if phrases("person_chinese").search(said):
        return phrases("person_refused_chinese").search(said) is None or "机器人" in said
    if phrases("person_alone").fullmatch(said):
        return True
    is_refused = phrases("person_refused").search(said) and not phrases("machine").search(said)
    return phrases("person").search(said) is not None and not is_refused
