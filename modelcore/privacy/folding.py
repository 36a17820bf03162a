"""One plain spelling of a text to look for values in, and the way back to the original's characters."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from modelcore.data import Span


class _Folds(dict[int, str | None]):
    """What a character is read as: digits of any script as 0–9, wide forms narrow, unseen ones not at all."""

    def __missing__(self, code: int) -> str | None:
        self[code] = folded = _fold(chr(code))
        return folded


def _fold(character: str) -> str | None:
    category = unicodedata.category(character)
    if character in "，：":  # nobody counts with these, so they part what a comma and a colon may join
        return character
    if character == "\0" or category == "Cf":
        return None
    if category == "No":  # ① of a list and ² of a measure are no digits of what stands beside them
        return character
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category == "Zs":
        return " "
    if category == "Pd" or character == "\u2212":  # the minus sign
        return "-"
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character


_FOLDS = _Folds()


@dataclass(frozen=True)
class Folded:
    """A text as detectors read it.

    Args:
        text: the folded characters, at most as many as the original has.
        places: of each folded character its place in the original; None where nothing was left out.
    """

    text: str
    places: Sequence[int] | None

    def in_original(self, span: Span) -> Span:
        if self.places is None:
            return span
        return Span(self.places[span.start], self.places[span.end - 1] + 1, span.label)


def fold(text: str) -> Folded:
    """Spell a text plainly.

    Args:
        text: any characters, also NUL and lone surrogates.

    Returns:
        The same text with one character for each that is seen: wide and other digits as 0–9, any space but a
        line break as a blank, any dash as a hyphen, without zero-width characters and NUL. Wide commas and
        colons stay wide.
    """
    if text.isascii() and "\0" not in text:
        return Folded(text, None)
    folded = text.translate(_FOLDS)
    if len(folded) == len(text):
        return Folded(folded, None)
    return Folded(
        folded, [place for place, character in enumerate(text) if _FOLDS[ord(character)] is not None]
    )
