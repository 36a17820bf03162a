"""Names of intents, as the model learns them, and of articles: made of what people call them."""

import re

from apps.support.engine.sentences import digest_of
from modelcore.data.normal import normalise

LONGEST = 64
_DIGITS_OF_A_DIGEST = 10
_NOT_OF_A_NAME = re.compile(r"[^a-z0-9]+")


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
    name = _NOT_OF_A_NAME.sub("_", key).strip("_")
    if name and len(name) <= LONGEST and name.replace("_", " ") == key:
        return name
    digest = digest_of(title)[:_DIGITS_OF_A_DIGEST]
    kept = name[: LONGEST - len(digest) - 1].rstrip("_")
    return f"{kept or of_nothing}_{digest}"
