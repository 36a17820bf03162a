"""What a form is shown with for optimistic locking: see `apps.support.services.standing`."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Standing:
    """
    Args:
        stamp: of the row, for the form to carry.
        fields: of the row, where it was changed meanwhile and isn't what was typed: label and value.
    """

    stamp: str
    fields: tuple[tuple[str, str], ...] = ()


def standing(row: Model | None, *, typed: Mapping[str, object] | None = None, seen: str = "") -> Standing:
    """Of a form that is opened, or one that comes back refused with what was typed into it."""
    stamp = stamp_of(row)
    if row is None or typed is None or seen == stamp:
        return Standing(stamp)
    return Standing(
        stamp, tuple((label_of(row, name), value_of(row, name)) for name in differing(row, typed))
    )


def stamp_of(row: Model | None) -> str:
    """What a form carries of the row that it shows: another one once anything of the row is another."""
    if row is None:
        return ""
    values = [getattr(row, field.attname) for field in row._meta.concrete_fields]
    return hashlib.sha256(json.dumps(values, cls=DjangoJSONEncoder).encode()).hexdigest()


def differing(row: Model, wanted: Mapping[str, object]) -> list[str]:
    """The fields that saving what is wanted would change."""
    return [name for name, value in wanted.items() if getattr(row, name) != value]


def label_of(row: Model, name: str) -> str:
    return capfirst(str(getattr(row._meta.get_field(name), "verbose_name", name)))


def value_of(row: Model, name: str) -> str:
    """As people read it."""
    value = getattr(row, name)
    if isinstance(value, bool):
        text = _("yes") if value else _("no")
    elif isinstance(value, list):
        text = "\n".join(map(str, value))
    elif getattr(row._meta.get_field(name), "choices", None):
        text = str(getattr(row, f"get_{name}_display")())
    elif isinstance(value, float):
        text = f"{100 * value:.0f} %"
    else:
        text = "" if value is None else str(value)
    return text or "–"
