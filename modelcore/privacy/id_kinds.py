"""The kinds of national ids that are looked for: the rows of id_kinds.toml."""

import re
import string
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import cast

from modelcore.privacy.hints import Words, words

SIGNS = re.compile(r"[ ./-]")  # between the groups of a number
_SHAPES = bytes.maketrans(
    (string.digits + string.ascii_letters + "&Ññ").encode("latin-1"), b"9" * 10 + b"A" * 52 + b"NNN"
)


class Needs(StrEnum):
    """What a number of the right form and check digits must have beside it to be taken for an id."""

    FORM = "form"  # nothing: other numbers do not look like this
    NO_OTHER = "no_other"  # no word that says it is another number
    WORD = "word"  # a word that says what it is: too many other numbers pass the check
    WORD_ALONE = "word_alone"  # the same, and no other kind that it may be


@dataclass(frozen=True)
class IdKind:
    """One kind of id.

    Args:
        label: of its spans.
        shape: in the signs of `shape_of`.
        begins: how the number begins, in capitals.
        is_valid: checks the number in capitals, as written or without its signs.
        needs: see Needs.
        words: that say what it is.
    """

    label: str
    shape: re.Pattern[str]
    begins: re.Pattern[str]
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
            re.compile(row["shape"]),
            re.compile(row.get("begins", "")),
            _check(row["check"]),
            Needs(row["needs"]),
            _words(row.get("words", ())),
        )
        for row in rows
    )


def shape_of(text: str) -> str:
    """What is a digit and what a letter in a text, whichever they are.

    Args:
        text: folded.

    Returns:
        As many characters as the text has: 9 for a digit, A for a letter from A to Z of either case, N for Ñ
        and &, other characters of latin-1 as they are, ? for all else.
    """
    return text.encode("latin-1", "replace").translate(_SHAPES).decode("latin-1")


@lru_cache(maxsize=4096)
def kinds_of_shape(shape: str) -> tuple[tuple[int, IdKind], ...]:
    """The kinds whose numbers have a shape, each with its rank, the surest first."""
    return tuple((rank, kind) for rank, kind in enumerate(id_kinds()) if kind.shape.fullmatch(shape))


@lru_cache(maxsize=4096)
def kinds_without_signs(shape: str) -> tuple[tuple[int, IdKind], ...]:
    """The kinds whose numbers have a shape once its signs are left out, but not with them."""
    bare = SIGNS.sub("", shape)
    if bare == shape:
        return ()
    return tuple(
        (rank, kind)
        for rank, kind in enumerate(id_kinds())
        if kind.needs is not Needs.WORD_ALONE
        and kind.shape.fullmatch(bare)
        and not kind.shape.fullmatch(shape)
    )


def _words(said: str | list[str]) -> Words:
    """A list, or the name of a file of words."""
    return words(said) if isinstance(said, str) else Words(said)


def _check(name: str) -> Callable[[str], bool]:
    """`.taiwan_id` is in own_checks, `gb.nhs` a module of python-stdnum."""
    if name.startswith("."):
        found = getattr(import_module("modelcore.privacy.own_checks"), name[1:])
    else:
        found = import_module(f"stdnum.{name}").is_valid
    return cast(Callable[[str], bool], found)
