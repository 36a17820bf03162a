"""What `{{name}}` in an answer stands for, and which values may stand there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from apps.support.engine.languages import CHINESE
from apps.support.engine.sentences import is_chinese
from modelcore.privacy import mask


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    MONEY = "money"
    IDENTIFIER = "identifier"
    URL = "url"


class Source(StrEnum):
    CONVERSATION = "conversation"
    CUSTOMER = "customer"
    SETTING = "setting"


class WhenMissing(StrEnum):
    ASK = "ask"
    HAND_OVER = "hand_over"
    FALLBACK = "fallback"


@dataclass(frozen=True)
class Placeholder:
    """
    Args:
        name: as it stands between the braces.
        pattern: a regular expression for what the customer writes; its first group, or all, is the value.
        value: where the source is a setting.
        question: what the customer is asked without a value.
        question_in_chinese: the same for those who are answered in Chinese; without it they get `question`.
        fallback: what stands there without a value.
        fallback_in_chinese: the same in a Chinese answer; without it `fallback` stands there, too.
    """

    name: str
    kind: Kind = Kind.TEXT
    source: Source = Source.CUSTOMER
    when_missing: WhenMissing = WhenMissing.HAND_OVER
    pattern: str = ""
    value: str = ""
    question: str = ""
    question_in_chinese: str = ""
    fallback: str = ""
    fallback_in_chinese: str = ""

    def question_in(self, language: str) -> str:
        return self.question_in_chinese if self.question_in_chinese and language == CHINESE else self.question

    def fallback_in(self, answer: str) -> str:
        return self.fallback_in_chinese if self.fallback_in_chinese and is_chinese(answer) else self.fallback


LONGEST_TEXT = 80
_NUMBER = re.compile(r"[+-]?\d[\d.,'\u00a0 ]*(?:[–-]\d[\d.,]*)?%?")
_CURRENCY = r"(?:[$€£¥₹]|(?-i:[A-Z]{3})|eur|usd|gbp|cny|rmb|CN¥|US\$|元|块|euros?|dollars?|pounds?)"
_AMOUNT = r"\d[\d.,' ]*"
_MONEY = re.compile(rf"{_CURRENCY}\s?{_AMOUNT}|{_AMOUNT}\s?{_CURRENCY}", re.IGNORECASE)
# Chinese has no spaces: what stands around a number there is none of it.
_IDENTIFIER = re.compile(r"#?(?=[\w./-]*\d)\w[\w./-]{2,39}", re.ASCII)
_ACCOUNTS = {"BANK_ACCOUNT", "CREDIT_CARD", "IBAN_CODE"}
_LETTER = r"[^\W_\u3400-\u9fff]"  # or a digit; a Chinese character is a word of its own
_DATE_FORMS = (
    *(
        "%Y-%m-%d",
        "%Y/%m/%d",
        "%d.%m.%Y",
        "%d/%m/%Y",
        "%m/%d/%Y",
        "%d %B %Y",
        "%d %b %Y",
        "%B %d %Y",
        "%b %d %Y",
    ),
    *("%d %B", "%d %b", "%B %d", "%b %d", "%Y年%m月%d日", "%m月%d日", "%d.%m."),
)
LEAP_YEAR = "2024"  # stands in where none is said, so that 29 February is a date


def typed(value: object, kind: Kind) -> str | None:
    """The value as it is written in an answer, or None where it is not of this kind."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = " ".join(str(value).split())
    if not text or len(text) > (500 if kind is Kind.URL else LONGEST_TEXT) or "{{" in text:
        return None
    return text if _CHECKS[kind](text) else None


def put_back(text: str, values: Mapping[str, str]) -> str:
    """The text with `{{name}}` where the value of that name stands as words of its own, the longest first."""
    names = {value: name for name, value in values.items() if value}
    if not names:
        return text
    longest_first = "|".join(re.escape(value) for value in sorted(names, key=len, reverse=True))
    found = re.compile(rf"(?<!{_LETTER})(?<!\d[.,])(?:{longest_first})(?!{_LETTER})(?![.,]\d)")
    return found.sub(lambda match: f"{{{{{names[match[0]]}}}}}", text)


def _is_identifier(text: str) -> bool:
    """A card or an account is no number of an order, and is never said again."""
    return _IDENTIFIER.fullmatch(text) is not None and not any(
        span.label in _ACCOUNTS for span in mask(text).spans
    )


def _is_date(text: str) -> bool:
    bare = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", text.replace(",", ""))
    return any(_matches(bare, form) for form in _DATE_FORMS)


def _matches(text: str, form: str) -> bool:
    has_year = "%Y" in form
    try:
        datetime.strptime(  # noqa: DTZ007 -- a day on a calendar has no zone
            text if has_year else f"{LEAP_YEAR} {text}", form if has_year else f"%Y {form}"
        )
    except ValueError:
        return False
    return True


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and " " not in text


_CHECKS: Mapping[Kind, Callable[[str], bool]] = {
    Kind.TEXT: lambda text: True,
    Kind.NUMBER: lambda text: _NUMBER.fullmatch(text) is not None,
    Kind.MONEY: lambda text: _MONEY.fullmatch(text) is not None,
    Kind.IDENTIFIER: _is_identifier,
    Kind.DATE: _is_date,
    Kind.URL: _is_url,
}
