"""Answers with `{{placeholders}}`."""

from __future__ import annotations

import re
from collections.abc import Mapping

# In characters. A message holds more: answers are filled in, and several questions get several in one.
LONGEST_ANSWER = 4_000
PLACEHOLDER = re.compile(r"\{\{\s*([\w-]+)\s*\}\}")
_EMPTY = re.compile(r"[,，]?\s*\{\{\s*([\w-]+)\s*\}\}")


class MissingValueError(ValueError):
    """A template was rendered without a value that it needs."""


def placeholders_in(body: str) -> tuple[str, ...]:
    """Names in order, each once."""
    return tuple(dict.fromkeys(PLACEHOLDER.findall(body)))


def render(body: str, values: Mapping[str, str]) -> str:
    """The answer with its values; an empty one takes the comma before it with it.

    Raises:
        MissingValueError: a placeholder has no value, not even an empty one.
    """
    missing = [name for name in placeholders_in(body) if name not in values]
    if missing:
        raise MissingValueError(f"no value for {', '.join(missing)}")
    return put_in(body, values)


def put_in(body: str, values: Mapping[str, str]) -> str:
    """The answer with the values that there are, as `render` puts them in; the others stay in braces."""
    bare = _EMPTY.sub(lambda match: "" if values.get(match[1]) == "" else match[0], body)
    return PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), bare).strip()
