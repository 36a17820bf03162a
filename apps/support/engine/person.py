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
    if phrases("person_alone").fullmatch(said):
        return True
    asked = phrases("person_chinese").search(said) or phrases("person").search(said)
    return asked is not None and not refuses_person(text)


def refuses_person(text: str) -> bool:
    """Whether nobody shall come; who refuses a machine beside it wants somebody all the same."""
    said = plain(text)
    refused = phrases("person_refused_chinese").search(said) or phrases("person_refused").search(said)
    return refused is not None and phrases("machine").search(said) is None
