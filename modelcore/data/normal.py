"""The key by which two texts count as the same."""

import re
import unicodedata

_IDEOGRAPH = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\U00020000-\U0002ffff"
IDEOGRAPH = re.compile(f"[{_IDEOGRAPH}]")
_SPACE_BETWEEN_IDEOGRAPHS = re.compile(f"(?<=[{_IDEOGRAPH}]) (?=[{_IDEOGRAPH}])")


class _Folding(dict[int, str | None]):
    """A `str.translate` table that looks each character up once: punctuation to space, formatting away."""

    def __missing__(self, code: int) -> str | None:
        category = unicodedata.category(chr(code))
        folded: str | None = chr(code)
        if category[0] in "PZ" or category == "Cc":
            folded = " "
        elif category == "Cf":
            folded = None
        self[code] = folded
        return folded


_FOLDING = _Folding()


def normalise(text: str) -> str:
    """Fold a text to the key that groups near-identical texts.

    Compatibility forms, case, punctuation, white space and invisible formatting are folded. Symbols stay
    (`C++` is not `C`). A text of nothing but punctuation keeps it, so that `?` and `!` stay apart.

    Args:
        text: any text.

    Returns:
        The key; applying `normalise` to it again changes nothing.

    Source: Unicode Standard Annex 15 (NFKC) and section 3.13 (case folding).
    """
    if text.isascii():
        folded = text.lower()
    else:
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    key = " ".join(folded.translate(_FOLDING).split())
    if not key:
        visible = (one for one in folded if unicodedata.category(one) != "Cf")
        return " ".join("".join(visible).split())
    if not key.isascii():
        # Dropping an invisible character can bring a letter next to a mark it composes with.
        key = unicodedata.normalize("NFKC", key)
        return _SPACE_BETWEEN_IDEOGRAPHS.sub("", key)
    return key
