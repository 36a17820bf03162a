"""Whether a customer asks for a person instead of an answer, in their many ways of saying so."""

from __future__ import annotations

import re

from apps.support.engine.phrases import phrases
from apps.support.engine.sentences import plain, sentences

_CLAUSE = re.compile(r"[,，、;；!！]+|\s[-–—]+\s")


def wants_person(text: str) -> bool:
    """
    Args:
        text: a sentence or a whole message.
    """
    said = plain(text)
    if phrases("person_alone").fullmatch(said) or _is_asked_for_beside(text):
        return True
    return phrases("person").search(said) is not None and not refuses_person(text)


def _is_asked_for_beside(text: str) -> bool:
    clauses = (clause for sentence in sentences(text) for clause in _CLAUSE.split(sentence))
    return any(phrases("person_beside").fullmatch(plain(clause)) for clause in clauses)


def refuses_person(text: str) -> bool:
    """Whether nobody shall come; who refuses a machine beside it wants somebody all the same."""
    said = plain(text)
    return phrases("person_refused").search(said) is not None and phrases("machine").search(said) is None
