from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import regex
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.locks import lock
from apps.support.engine.naming import name_of
from apps.support.errors import SupportError
from apps.support.models import Placeholder
from apps.support.services.standing import check_seen


class PlaceholderError(SupportError):
    code = "placeholder"


@dataclass(frozen=True)
class PlaceholderText:
    """What a person says about a placeholder; see the table for what each means."""

    name: str
    kind: str
    source: str
    pattern: str
    value: str
    when_missing: str
    question: str
    fallback: str
    question_in_chinese: str = ""
    fallback_in_chinese: str = ""


@transaction.atomic
def save_placeholder(*, text: PlaceholderText, seen: str) -> Placeholder:
    """Add a placeholder, or change the one of this name.

    Raises:
        PlaceholderError: see `check_placeholder`.
        ChangedMeanwhileError: see `check_seen`.
    """
    check_placeholder(text)
    name = name_of(text.name)
    fields = {field: getattr(text, field).strip() for field in text.__dataclass_fields__ if field != "name"}
    # Two who add one of this name follow one another, so that the later knows of the first.
    lock(f"support.placeholder:{name}")
    check_seen(Placeholder.objects.filter(name=name).first(), seen=seen, wanted=fields)
    placeholder, _is_new = Placeholder.objects.update_or_create(name=name, defaults=fields)
    return placeholder


def check_placeholder(text: PlaceholderText) -> None:
    """Raises PlaceholderError where what it says can't work; the sentence says why."""
    for is_wrong, sentence in _faults(name_of(text.name), text):
        if is_wrong:
            raise PlaceholderError(sentence)


def _faults(name: str, text: PlaceholderText) -> list[tuple[bool, str]]:
    missing = Placeholder.WhenMissing
    return [
        (not name, _("A placeholder needs a name of letters, digits and underscores.")),
        *_too_long(text),
        (text.kind not in Placeholder.Kind.values, _("Choose what kind of value it is.")),
        (text.source not in Placeholder.Source.values, _("Choose where its value comes from.")),
        (text.when_missing not in missing.values, _("Choose what to do without a value.")),
        (not _is_pattern(text.pattern), _("The pattern is not a regular expression.")),
        (
            text.source == Placeholder.Source.CONVERSATION
            and text.when_missing != missing.ASK
            and not text.pattern.strip(),
            _("Say by a pattern how its value looks in what the customer writes."),
        ),
        (
            text.source == Placeholder.Source.SETTING and not text.value.strip(),
            _("A fixed value is missing."),
        ),
        (
            text.when_missing == missing.ASK and not text.question.strip(),
            _("Say what the customer is asked."),
        ),
    ]


def _too_long(text: PlaceholderText) -> Iterator[tuple[bool, str]]:
    for field in text.__dataclass_fields__:
        column: Any = Placeholder._meta.get_field(field)
        sentence = _("“%(field)s” has room for %(longest)d characters; write less.")
        told = {"field": column.verbose_name, "longest": column.max_length}
        yield len(getattr(text, field).strip()) > column.max_length, sentence % told


def _is_pattern(pattern: str) -> bool:
    """Of the kind that the engine searches with."""
    try:
        regex.compile(pattern)
    except regex.error:
        return False
    return True
