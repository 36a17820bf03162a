"""Sentences of a message, in English and Chinese."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from modelcore.data.normal import normalise

IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")
WORD = re.compile(r"[\u3400-\u9fff]|[^\W_]+(?:['’][^\W_]+)*")
_ENDS = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|(?<=[。！？；!?])(?=[^\s。！？；!?.])|\n\s*")
_SPACE_IN_CHINESE = re.compile(r"(?<=[\u3400-\u9fff。！？；，]) (?=[\u3400-\u9fff])")
# A full stop after one of these ends no sentence.
_ABBREVIATION = re.compile(
    r"(?:^|\s)(?:no|nr|mr|mrs|ms|dr|st|vs|approx|ca|e\.g|i\.e|[A-Z])\.$", re.IGNORECASE
)
LONGEST_ABBREVIATION = len(" approx.")


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, each with what ends it, in order."""
    found: list[str] = []
    for piece in map(str.strip, _ENDS.split(text.strip())):
        if found and _ABBREVIATION.search(found[-1], len(found[-1]) - LONGEST_ABBREVIATION):
            found[-1] = f"{found[-1]} {piece}"
        elif WORD.search(piece):
            found.append(piece)
        elif found:
            found[-1] += piece
    return tuple(found)


def words(text: str) -> tuple[str, ...]:
    """Words in lower case; each Chinese character counts as one."""
    return tuple(word.lower().replace("’", "'") for word in WORD.findall(text))


def has_words(text: str) -> bool:
    return WORD.search(text) is not None


def is_chinese(text: str) -> bool:
    return IDEOGRAPH.search(text) is not None


def plain(text: str) -> str:
    """Words alone, parted by single spaces; Chinese without spaces: what phrases are compared with."""
    return joined(words(text))


def joined(parts: Iterable[str]) -> str:
    """Sentences as one text again; between Chinese ones stands no space."""
    return _SPACE_IN_CHINESE.sub("", " ".join(parts))


def digest_of(text: str) -> str:
    """SHA-256 in hex, the same for texts that differ in case, spacing and punctuation only."""
    return hashlib.sha256(normalise(text).encode()).hexdigest()
