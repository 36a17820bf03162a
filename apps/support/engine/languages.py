"""Which language a customer's message is in, as far as it tells: Chinese, or that of their page."""

from __future__ import annotations

import re

from apps.support.engine.phrases import phrases
from apps.support.engine.placeholders import CHINESE
from apps.support.engine.sentences import IDEOGRAPH, plain
from apps.support.engine.situation import DEFAULT_LANGUAGE

SENTENCE = 3  # words that are no number, name or "ok" any more
# An English sentence with a Chinese name in it stays one: its small words weigh more than they are long.
WEIGHT = 2  # of one, in ideographs
_BORDER = re.compile(r"[\s\u3000-\u9fff\uff00-\uffef]+")
_WORD = re.compile(r"[\"'(]*[^\W\d_]+(?:['’-][^\W\d_]+)*[\"')]*[.,!?;:…]*")


def language_written(answer: str, offered: str) -> str:
    """Of an answer that began as one in the language `offered`: other languages than Chinese tell nothing."""
    if language_told(answer, "") == CHINESE:
        return CHINESE
    return DEFAULT_LANGUAGE if offered == CHINESE else offered


def language_told(text: str, page: str) -> str:
    """
    Args:
        text: as it was written.
        page: the language of those who don't write Chinese.

    Returns:
        Empty where it tells none: a number, an address, a thumb, a word or two.
    """
    ideographs = len(IDEOGRAPH.findall(text))
    if ideographs > WEIGHT * len(phrases("small_word").findall(plain(text))):
        return CHINESE
    return page if sum(map(bool, map(_WORD.fullmatch, _BORDER.split(text)))) >= SENTENCE else ""
