"""`{{placeholders}}` in answers: found, spelled alike, and shown filled in."""

import re
from collections.abc import Mapping

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]{1,80}?)\s*\}\}")
_NOT_OF_A_NAME = re.compile(r"[^a-z0-9]+")


def name_of(text: str) -> str:
    """`Order Number` → `order_number`."""
    return _NOT_OF_A_NAME.sub("_", text.lower()).strip("_")


def names_in(body: str) -> tuple[str, ...]:
    """The names of a text's placeholders, each once, in order."""
    return tuple(dict.fromkeys(name_of(found) for found in PLACEHOLDER.findall(body) if name_of(found)))


def spell_alike(body: str) -> str:
    """The text with its placeholders as `{{order_number}}`, however they were written."""
    return PLACEHOLDER.sub(lambda found: f"{{{{{name_of(found[1])}}}}}" if name_of(found[1]) else "", body)


def fill(body: str, values: Mapping[str, str]) -> str:
    """The text with each placeholder that has a value replaced by it."""
    return PLACEHOLDER.sub(lambda found: values.get(name_of(found[1]), found[0]), body)
