"""`{{placeholders}}` in answers: found, spelled alike, and shown filled in."""

import re
import unicodedata
from collections.abc import Mapping

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]{1,80}?)\s*\}\}")
LONGEST = 64
_NOT_OF_A_NAME = re.compile(r"[\W_]+")


def name_of(text: str) -> str:
    """`Order Number` → `order_number`, `订单号` → itself; empty where there is no letter and no digit."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return _NOT_OF_A_NAME.sub("_", folded).strip("_")[:LONGEST].rstrip("_")


def names_in(body: str) -> tuple[str, ...]:
    """The names of a text's placeholders, each once, in order; one that can't be a name as it is written."""
    return tuple(dict.fromkeys(name_of(found) or found for found in PLACEHOLDER.findall(body)))


def nameless_in(body: str) -> tuple[str, ...]:
    """The placeholders that nothing can fill, for they hold no letter and no digit."""
    return tuple(name for name in names_in(body) if not name_of(name))


def spell_alike(body: str) -> str:
    """The text with its placeholders as `{{order_number}}`, however they were written."""
    return PLACEHOLDER.sub(lambda found: f"{{{{{name_of(found[1]) or found[1]}}}}}", body)


def fill(body: str, values: Mapping[str, str]) -> str:
    """The text with each placeholder that has a value replaced by it."""
    return PLACEHOLDER.sub(lambda found: values.get(name_of(found[1]), found[0]), body)
