"""Values for placeholders: from what the customer wrote, from the shop's customer context, or fixed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import regex

from apps.support.engine.phrases import phrases
from apps.support.engine.placeholders import Kind, Placeholder, Source, WhenMissing, typed
from apps.support.engine.questions import is_question
from apps.support.engine.sentences import plain, words
from apps.support.engine.templates import placeholders_in

# A lead writes the patterns and customers the texts: no pair of them may hold up the answering.
PATTERN_SECONDS = 0.02
LONGEST_SEARCHED = 4000
OTHER_WORDS = 5  # beside the value, in an answer to what was asked
_LEAD_IN = re.compile(
    r"^(?:(?:(?:it|that|this)(?:'s| is| was)|i (?:mean|bought|ordered|have)|my|the|an?|for|about)\s+"
    r"|就是|是|我的|关于)+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Filled:
    """Values by placeholder, and the placeholders that have none."""

    values: dict[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def fill(
    body: str,
    placeholders: Mapping[str, Placeholder],
    *,
    found: Mapping[str, str],
    context: Mapping[str, object],
) -> Filled:
    """What a template needs.

    Args:
        body: the template.
        placeholders: all that are defined; one that is not is missing.
        found: what the conversation gave, from `find_in`.
        context: what the shop knows of this customer, by name.
    """
    values: dict[str, str] = {}
    missing: list[str] = []
    for name in placeholders_in(body):
        value = _value_of(placeholders[name], found, context) if name in placeholders else None
        if value is None:
            missing.append(name)
        else:
            values[name] = value
    return Filled(values, tuple(missing))


def find_in(said: Sequence[str], placeholders: Iterable[Placeholder]) -> dict[str, str]:
    """The values that the customer wrote, the last one where there are several.

    Args:
        said: the customer's messages, the oldest first, as they were written.
    """
    found: dict[str, str] = {}
    for placeholder in placeholders:
        if placeholder.source is not Source.CONVERSATION or not placeholder.pattern:
            continue
        for text in reversed(said):
            value = _last_match(placeholder, text)
            if value is not None:
                found[placeholder.name] = value
                break
    return found


def answer_to(placeholder: Placeholder, text: str) -> str | None:
    """The value in a reply to the placeholder's question; None where the reply is about something else."""
    value = _last_match(placeholder, text) if placeholder.pattern else None
    if value is None:
        value = _bare_value(placeholder, text)
    if value is None or len(words(text)) > len(words(value)) + OTHER_WORDS:
        return None
    return None if phrases("unknowing").search(plain(text)) else value


def _bare_value(placeholder: Placeholder, text: str) -> str | None:
    bare = text.strip().rstrip(".!。！ ")
    if placeholder.kind is Kind.TEXT:
        return None if is_question(text) else typed(_LEAD_IN.sub("", bare), Kind.TEXT)
    candidates = [bare, *reversed(re.findall(r"[^\s,，。；;：:]+", bare))]
    values = (typed(candidate, placeholder.kind) for candidate in candidates)
    return next((value for value in values if value is not None), None)


def _last_match(placeholder: Placeholder, text: str) -> str | None:
    value = None
    try:
        for match in regex.finditer(
            placeholder.pattern, text[:LONGEST_SEARCHED], flags=regex.IGNORECASE, timeout=PATTERN_SECONDS
        ):
            value = typed(match[1] if match.re.groups else match[0], placeholder.kind) or value
    except (TimeoutError, regex.error):
        return None
    return value


def _value_of(
    placeholder: Placeholder, found: Mapping[str, str], context: Mapping[str, object]
) -> str | None:
    if placeholder.source is Source.SETTING:
        value = typed(placeholder.value, placeholder.kind)
    elif placeholder.source is Source.CUSTOMER:
        value = typed(context.get(placeholder.name), placeholder.kind)
    else:
        value = found.get(placeholder.name)
    if value is None and placeholder.when_missing is WhenMissing.FALLBACK:
        return placeholder.fallback
    return value
