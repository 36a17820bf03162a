"""What needs no knowledge to be answered: greetings, thanks, goodbyes, who asks what answers; and what only
leads to a question."""

from __future__ import annotations

import re

from apps.support.engine.decision import Reason
from apps.support.engine.phrases import phrases
from apps.support.engine.sentences import plain, sentences

_THUMBS = re.compile(r"[\s👍👌🙏😊🙂😀😃😄❤♥️🎉\U0001f3fb-\U0001f3ff]+")
_CLAUSE = re.compile(r"[,，、!！;；~～–—]+|\s-+\s")
_RUN_ON = re.compile(r"(?<=\bhi) |(?<=\bhello) |(?<=\bhey) |(?<=\bthanks) (?=bye)")
_FIRST_COMMA = re.compile(r"\s*[,，、]\s*")
_KINDS = (Reason.GOODBYE, Reason.THANKS, Reason.GREETING, Reason.IDENTITY)
_FAREWELLS = {Reason.GOODBYE, Reason.THANKS}


def small_talk_of(sentence: str) -> Reason | None:
    """Its kind where the sentence is small talk and nothing else; the last one where it is several."""
    if _THUMBS.fullmatch(sentence):
        return Reason.THANKS
    kind = _last_kind(sentence.lower(), _CLAUSE, _RUN_ON)
    # "Solved?" asks.
    return None if kind is Reason.THANKS and sentence.rstrip().endswith(("?", "？")) else kind


def kinds_of(text: str) -> list[Reason]:
    """What each sentence is where all are small talk; nothing where one says more."""
    kinds = [small_talk_of(sentence) for sentence in sentences(text) or (text,)]
    return [kind for kind in kinds if kind is not None] if all(kinds) else []


def is_farewell(text: str) -> bool:
    """Whether it is thanks or a goodbye and asks for nothing."""
    kinds = kinds_of(text)
    return bool(kinds) and _FAREWELLS.issuperset(kinds)


def is_preamble(sentence: str) -> bool:
    """Whether the sentence only leads to a question, such as "Can you help me?": it says who asks, or that
    the answer before was none."""
    return phrases("preamble").fullmatch(plain(sentence)) is not None


def without_greeting(sentence: str) -> str:
    """The sentence without greetings, leads and introductions before its commas, such as "Hi, …"."""
    while comma := _FIRST_COMMA.search(sentence):
        head, rest = sentence[: comma.start()], sentence[comma.end() :]
        if not rest or (small_talk_of(head) is None and not is_preamble(head)):
            break
        sentence = rest
    return sentence


def _last_kind(said: str, *borders: re.Pattern[str]) -> Reason | None:
    """Of the whole, or of the last part where each part between the first borders has one, parted in turn."""
    whole = _kind_of(plain(said))
    if whole is not None:
        return whole
    for place, border in enumerate(borders):
        parts = border.split(said)
        if len(parts) > 1:
            kinds = [_last_kind(part, *borders[place + 1 :]) for part in parts if plain(part)]
            return kinds[-1] if kinds and all(kinds) else None
    return None


def _kind_of(phrase: str) -> Reason | None:
    return next((kind for kind in _KINDS if phrases(kind).fullmatch(phrase)), None)
