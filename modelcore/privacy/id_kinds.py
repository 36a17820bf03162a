"""The kinds of national ids that are looked for: the rows of id_kinds.toml."""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import cast

from modelcore.privacy.hints import Words


class Needs(StrEnum):
    """What a number of the right form and check digits must have beside it to be taken for an id."""

    FORM = "form"  # nothing: other numbers do not look like this
    NO_OTHER = "no_other"  # no word that says it is another number
    WORD = "word"  # a word that says what it is: too many other numbers pass the check


@dataclass(frozen=True)
class IdKind:
    """One kind of id.

    Args:
        label: of its spans.
        pattern: its form, in folded text; small letters count as capitals.
        is_valid: checks the number in capitals, as written or without its signs.
        needs: see Needs.
        words: that say what it is.
    """

    label: str
    pattern: re.Pattern[str]
    is_valid: Callable[[str], bool]
    needs: Needs
    words: Words


@cache
def id_kinds() -> tuple[IdKind, ...]:
    """The kinds, the surer before those that they may be taken for."""
    rows = tomllib.loads((Path(__file__).parent / "id_kinds.toml").read_text("utf-8"))["kind"]
    return tuple(
        IdKind(
            row["label"],
            _pattern(row["form"]),
            _check(row["check"]),
            Needs(row["needs"]),
            Words(row.get("words", ())),
        )
        for row in rows
    )


def _pattern(form: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![0-9A-Za-z+])(?<!\d[.,])(?:{form})(?![0-9A-Za-z])(?![.,]\d)", re.IGNORECASE)


def _check(name: str) -> Callable[[str], bool]:
    """`.taiwan_id` is in own_checks, `gb.nhs` a module of python-stdnum."""
    if name.startswith("."):
        found = getattr(import_module("modelcore.privacy.own_checks"), name[1:])
    else:
        found = import_module(f"stdnum.{name}").is_valid
    return cast(Callable[[str], bool], found)
