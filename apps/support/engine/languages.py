"""Languages: their codes, and which of them a customer's message is in, as far as it tells: Chinese, or that
of their page."""

from __future__ import annotations

import re
import unicodedata

from apps.support.engine.phrases import phrases
from apps.support.engine.sentences import IDEOGRAPH, plain

CHINESE = "zh-hans"
DEFAULT_LANGUAGE = "en"
LONGEST_CODE = 16
# As browsers, phones and people name what conversations and answers have as CHINESE.
_SIMPLIFIED = frozenset({"zh", "zh-cn", "zh-sg", "zh-hans-cn", "zh-hans-sg"})
_CODE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*")
SENTENCE = 3  # words that are no number, name or "ok" any more
# An English sentence with a Chinese name in it stays one: its small words weigh more than they are long.
WEIGHT = 2  # of one, in ideographs
_BORDER = re.compile(r"[\s\u3000-\u9fff\uff00-\uffef]+")
_WORD = re.compile(r"[\"'(]*[^\W\d_]+(?:['’-][^\W\d_]+)*[\"')]*[.,!?;:…]*")


def language_of(code: str) -> str:
    """`zh_CN` → `zh-hans`, `EN` → `en`; empty where it is no code of a language."""
    spelled = unicodedata.normalize("NFKC", code).strip().lower().replace("_", "-")
    if spelled in _SIMPLIFIED:
        return CHINESE
    return spelled if len(spelled) <= LONGEST_CODE and _CODE.fullmatch(spelled) else ""


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
