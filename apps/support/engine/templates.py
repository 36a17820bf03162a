"""Answers with `{{placeholders}}`: found, spelled alike and filled in, however people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from apps.support.engine.naming import name_of

# In characters. A message holds more: answers are filled in, and several questions get several in one.
LONGEST_ANSWER = 4_000
# With the comma and the space before it, which go where nothing stands in its place.
_PLACEHOLDER = re.compile(r"(?P<lead>(?:[,，]|(?<!\s))\s*)\{\{\s*(?P<name>[^\s{}][^{}]{0,79})\}\}")

_DOUBLED = re.compile(r"(?:[{｛]{2}|[}｝]{2}).{0,20}")


class MissingValueError(ValueError):
    """A template was rendered without a value that it needs."""


def names_in(body: str) -> tuple[str, ...]:
    """The names of a text's placeholders, each once, in order; one that can't be a name as it is written."""
    return tuple(dict.fromkeys(_name(found) for found in _PLACEHOLDER.finditer(body)))


def nameless_in(body: str) -> tuple[str, ...]:
    """The placeholders that nothing can fill, for they hold no letter and no digit."""
    return tuple(name for name in names_in(body) if not name_of(name))


def broken_in(body: str) -> str:
    """From doubled braces that are no placeholder, such as `{{name}`, a few characters; empty without any."""
    found = _DOUBLED.search(_PLACEHOLDER.sub(" ", body))
    return found[0] if found else ""


def spell_alike(body: str) -> str:
    """The text with its placeholders as `{{order_number}}`."""
    return _PLACEHOLDER.sub(lambda found: f"{found['lead']}{{{{{_name(found)}}}}}", body)


def render(body: str, values: Mapping[str, str]) -> str:
    """The answer with its values; an empty one takes the comma before it with it.

    Raises:
        MissingValueError: a placeholder has no value, not even an empty one.
    """
    missing = [name for name in names_in(body) if name not in values]
    if missing:
        raise MissingValueError(f"no value for {', '.join(missing)}")
    return put_in(body, values)


def put_in(body: str, values: Mapping[str, str]) -> str:
    """The answer with the values that there are, as `render` puts them in; the others stay in braces."""

    def written(found: re.Match[str]) -> str:
        value = values.get(_name(found))
        if value is None:
            return found[0]
        return value and found["lead"] + value

    return _PLACEHOLDER.sub(written, body).strip()


def _name(found: re.Match[str]) -> str:
    return name_of(found["name"]) or found["name"].strip()
