"""Values for placeholders: from what the customer wrote, from the shop's customer context, or fixed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import regex

from apps.support.engine.phrases import phrases
from apps.support.engine.placeholders import Kind, Placeholder, Source, WhenMissing, typed
from apps.support.engine.questions import is_question
from apps.support.engine.sentences import plain, words
from apps.support.engine.situation import Turn
from apps.support.engine.small_talk import small_talk_of
from apps.support.engine.templates import names_in, put_in
from modelcore.privacy import labels_in, mask

# A lead writes the patterns and customers the texts: no pair of them may hold up the answering.
PATTERN_SECONDS = 0.02
LONGEST_SEARCHED = 4000
OTHER_WORDS = 5  # beside a value that the pattern finds in a reply to what was asked
MOST_PARTS = 12  # of a reply that may be a value and little else
_PART = re.compile(r"(?:[^\s,，。；;：:]|(?<=\d),(?=\d))+")
_PART_OF_ONE_SCRIPT = re.compile(r"[\u3400-\u9fff]+|[^\s,，。；;：:\u3400-\u9fff]+")
_GOES_ON = re.compile(r"-[A-Za-z0-9]")
_ANOTHER_BESIDE = re.compile(
    r"\s*(?:[,，]\s*)?(?:&|、|\b(?:and|or|plus)\b|和|跟|与|以及)\s*#?[A-Z]{0,4}-?\d{4,}"
    r"|\s*[,，/]\s*#?[A-Z]{0,4}-?(?P<listed>\d{4,})(?![-.]?\d)",
    re.IGNORECASE,
)
_DECIMAL = re.compile(r"\d+[.,]\d{1,2}")
_LEAD_IN = re.compile(
    r"^(?:(?:hi|hello|hey|yes|no|sorry|ok|okay|sure)[,.!] )?"
    r"(?:(?:its|(?:it|that|this|(?:the |my )?(?:product|item|model|name))(?:'s| is| was)(?: called)?"
    r"|i (?:mean|bought|ordered|have)|my|the|an?|for|about) "
    r"|(?:产品|商品|型号|名字|名称|它)[是叫]|我[买订]的|就是|是|我的|关于|[这那][个款台件])*",
    re.IGNORECASE,
)
_LEAD_OUT = re.compile(
    r",? (?:please|pls|thanks|thank you)$|[，,]? ?谢谢$"
    r"| (?:that |which )?(?:i|we)(?:'ve| have)? (?:just )?(?:bought|ordered|got|received)\b.*$",
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
    for name in names_in(body):
        known = placeholders.get(name)
        value = _value_of(known, found, context) if known else None
        if value is None and known and known.when_missing is WhenMissing.FALLBACK:
            value = known.fallback_in(put_in(body, dict.fromkeys(names_in(body), "")))
        if value is None:
            missing.append(name)
        else:
            values[name] = value
    return Filled(values, tuple(missing))


def find_in(turns: Sequence[Turn], placeholders: Mapping[str, Placeholder]) -> dict[str, str]:
    """The values that the customer wrote, the last one where there are several.

    Args:
        turns: the customer's messages, the oldest first. Whoever speaks of another order means none of the
            numbers before.
        placeholders: by name.
    """
    found: dict[str, str] = {}
    before = Turn("")
    for turn in turns:
        if phrases("another").search(plain(turn.body)):
            found = {
                name: value for name, value in found.items() if placeholders[name].kind is not Kind.IDENTIFIER
            }
        asked = placeholders.get(before.asked)
        if asked and _is_reply(turn, before, asked) and (value := answer_to(asked, turn.body)) is not None:
            found[asked.name], before = value, Turn("")
        elif named := named_anew(found, turn.body, placeholders):
            found |= named
        found |= _patterns_in(turn.body, placeholders.values())
        # Small talk between leaves what was asked open.
        before = turn if turn.questions else before
    return found


def named_anew(
    found: Mapping[str, str], text: str, placeholders: Mapping[str, Placeholder]
) -> dict[str, str]:
    """Another value for the one number that was told before, of a message that says nothing else, such as
    "sorry, 48231"; a telephone's is none."""
    numbers = [placeholders[name] for name in found if placeholders[name].kind is Kind.IDENTIFIER]
    value = answer_alone(numbers[0], text) if len(numbers) == 1 else None
    return {} if value is None or mask(text).spans else {numbers[0].name: value}


def _is_reply(turn: Turn, before: Turn, asked: Placeholder) -> bool:
    """Any words may be a name: only those are one that were decided as the question that waited for it."""
    return asked.kind is not Kind.TEXT or turn.questions == (before.waiting,)


def _patterns_in(text: str, placeholders: Iterable[Placeholder]) -> dict[str, str]:
    searched = (one for one in placeholders if one.source is Source.CONVERSATION and one.pattern)
    values = {one.name: _last_match(one, text) for one in searched}
    return {name: value for name, value in values.items() if value is not None}


def answer_to(placeholder: Placeholder, text: str) -> str | None:
    """The value in a reply to the placeholder's question; None where the reply is about something else."""
    if phrases("unknowing").search(plain(text)):
        return None
    value = _last_match(placeholder, text) if placeholder.pattern else None
    if value is not None and len(words(text)) <= len(words(value)) + OTHER_WORDS:
        return value
    return answer_alone(placeholder, text)


def answer_alone(placeholder: Placeholder, text: str) -> str | None:
    """The value where a text says nothing else."""
    if placeholder.kind is Kind.TEXT:
        return _name_in(text)
    part = _PART_OF_ONE_SCRIPT if placeholder.kind is Kind.IDENTIFIER else _PART
    parts = part.findall(text.strip())
    spans = sorted(combinations(range(len(parts) + 1), 2), key=lambda span: span[0] - span[1])
    for start, end in spans if len(parts) <= MOST_PARTS else ():
        value = _typed_alone(" ".join(parts[start:end]).rstrip(".!?。！？"), placeholder.kind)
        if value is not None and _says_no_more(parts[:start] + parts[end:]):
            return value
    return None


def _name_in(text: str) -> str | None:
    """The name that a reply is, without what leads to it; None where it is a sentence, or points to one."""
    bare = typed(_LEAD_OUT.sub("", _LEAD_IN.sub("", " ".join(text.split()).rstrip(".!。！ "))), Kind.TEXT)
    if bare is None or is_question(text) or small_talk_of(text) or labels_in(bare):
        return None
    said = plain(bare)
    return None if not said or phrases("no_text_value").search(said) else bare


def _typed_alone(text: str, kind: Kind) -> str | None:
    """A date or an amount is no number of an order, though it may be written like one."""
    value = typed(text, kind)
    if value is None or kind is not Kind.IDENTIFIER:
        return value
    is_other = typed(value, Kind.DATE) or typed(value, Kind.MONEY) or _DECIMAL.fullmatch(value)
    return None if is_other else value


def _says_no_more(parts: Sequence[str]) -> bool:
    return phrases("beside_value").fullmatch(plain(" ".join(parts))) is not None


def has_several(placeholder: Placeholder, text: str) -> bool:
    """Whether a message names different orders, or the like, of which an answer could name one alone."""
    if placeholder.kind is not Kind.IDENTIFIER:
        return False
    found = _matches(placeholder, text)
    return len({value.lower() for value, _end in found}) > 1 or any(
        _goes_on_with_another(text, value, end) for value, end in found
    )


def _goes_on_with_another(text: str, value: str, end: int) -> bool:
    """After a comma alone a price or a date may come: another number is as long as the one before."""
    beside = _ANOTHER_BESIDE.match(text, end)
    if beside is None or beside["listed"] is None:
        return beside is not None
    return len(beside["listed"]) == sum(map(str.isdigit, value))


def _last_match(placeholder: Placeholder, text: str) -> str | None:
    found = _matches(placeholder, text)
    return found[-1][0] if found else None


def _matches(placeholder: Placeholder, text: str) -> list[tuple[str, int]]:
    """What the pattern finds that is of the kind and no part of something longer, and where each ends."""
    found: list[tuple[str, int]] = []
    try:
        for match in regex.finditer(
            placeholder.pattern, text[:LONGEST_SEARCHED], flags=regex.IGNORECASE, timeout=PATTERN_SECONDS
        ):
            group = 1 if match.re.groups else 0
            value, end = typed(match[group], placeholder.kind), match.end(group)
            is_cut = placeholder.kind is Kind.IDENTIFIER and _GOES_ON.match(text, end)
            if value is not None and not is_cut:
                found.append((value, end))
    except (TimeoutError, regex.error):
        return []
    return found


def _value_of(
    placeholder: Placeholder, found: Mapping[str, str], context: Mapping[str, object]
) -> str | None:
    if placeholder.source is Source.SETTING:
        value = typed(placeholder.value, placeholder.kind)
    elif placeholder.source is Source.CUSTOMER:
        value = typed(context.get(placeholder.name), placeholder.kind)
    else:
        value = found.get(placeholder.name)
    return value
