"""Labels that differ only in how they are written, and labels that a model does not know."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence

from modelcore.errors import InputError
from modelcore.sentence import Sentence

# A sign before a word, a mark after it and whatever stands beside a digit tell labels apart: -1, A-, C#, 1.0.
_BORDER = re.compile(r"(?<=[^\W\d_])[\s_\-‐]+(?=[^\W\d_])")
_NAMED = 5


def spelling(label: str) -> str:
    """The key of labels that differ only in spelling.

    Case, compatibility forms, invisible formatting and white space are folded, and of marks only those that
    part two words as white space does: `_` and `-`.

    Args:
        label: any text.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", label).casefold())
    plain = "".join(character for character in folded if unicodedata.category(character) != "Cf")
    return " ".join(_BORDER.sub(" ", plain).split())


def told_apart(labels: Sequence[str]) -> list[str]:
    """Labels in quotes, in codes where they would look the same: é may be one character or two."""
    looks = {unicodedata.normalize("NFC", label) for label in labels}
    return [repr(label) if len(looks) == len(labels) else ascii(label) for label in labels]


def tell_unknown(labels: Sequence[str], known: Collection[str]) -> Sentence:
    """Say how many rows can't be answered right, because the model has no such label.

    Args:
        labels: of the rows that judge a model, at least one.
        known: the labels that it gives.

    Returns:
        The sentence, or an empty one where it knows them all.

    Raises:
        InputError: it knows none of them, so that nothing can be judged.
    """
    taught = set(known)
    unknown = Counter(label for label in labels if label not in taught)
    if len(labels) == unknown.total():
        raise InputError(
            "No row has a label that the model knows: the rows have {theirs}, the model has {ours}. Write "
            "them alike.",
            theirs=_listed(unknown),
            ours=_listed(known),
        )
    if not unknown:
        return Sentence.of("")
    return Sentence(
        "Rows with labels that the model does not know: {rows:,} ({labels}). They count as answered wrong.",
        rows=unknown.total(),
        labels=_listed(unknown),
    )


def _listed(labels: Collection[str]) -> str:
    return ", ".join(sorted(labels)[:_NAMED]) + (", …" if len(labels) > _NAMED else "")
