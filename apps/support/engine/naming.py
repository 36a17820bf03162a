"""Names, made of what people call things: of intents, as the model learns them, of articles, of placeholders
and of skills."""

import re
import unicodedata

from apps.support.engine.sentences import digest_of
from modelcore.data.normal import normalise

LONGEST = 64
_DIGITS_OF_A_DIGEST = 10
_NOT_ASCII_WORD = re.compile(r"[^a-z0-9]+")
_NOT_WORD = re.compile(r"[\W_]+")


def name_of(text: str) -> str:
    """`Order Number` → `order_number`, `订单号` → itself; empty where there is no letter and no digit."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return _NOT_WORD.sub("_", folded).strip("_")[:LONGEST].rstrip("_")


def intent_name(title: str) -> str:
    """`Where is my order?` → `where_is_my_order`; what such a name can't hold is told apart by a digest.

    Args:
        title: as people write it; without personal data, for the name is seen wherever the model is.

    Returns:
        Up to 64 characters of a to z, 0 to 9 and `_`, the same for titles of the same normalised text and
        others for others. It is the name of itself.
    """
    return _name(title, "intent")


def article_name(title: str) -> str:
    """As of an intent: articles of two titles never share one."""
    return _name(title, "article")


def _name(title: str, of_nothing: str) -> str:
    key = normalise(title)
    name = _NOT_ASCII_WORD.sub("_", key).strip("_")
    if name and len(name) <= LONGEST and name.replace("_", " ") == key:
        return name
    digest = digest_of(title)[:_DIGITS_OF_A_DIGEST]
    kept = name[: LONGEST - len(digest) - 1].rstrip("_")
    return f"{kept or of_nothing}_{digest}"
