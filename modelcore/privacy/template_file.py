"""A file of sentence templates → what stands still and what is filled in."""

import re
from dataclasses import dataclass
from pathlib import Path

from modelcore.errors import InputError

_SLOT = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Slot:
    """A place in a template: upper case is a label to mark, lower case a filler that stays unmarked."""

    name: str


@dataclass(frozen=True)
class Template:
    """One sentence pattern.

    Args:
        line: 1-based line of the file, which names the template.
        pieces: the written-out strings and the slots, in order.
    """

    line: int
    pieces: tuple[str | Slot, ...]

    @property
    def slots(self) -> tuple[str, ...]:
        return tuple(piece.name for piece in self.pieces if isinstance(piece, Slot))


def read_templates(path: str | Path, *, known: frozenset[str]) -> tuple[Template, ...]:
    r"""Read sentence templates.

    Args:
        path: UTF-8 text, one template a line with slots as `{PERSON}` and `\n` for a line break inside a
            sentence; blank lines and lines that begin with `#` are passed over.
        known: the slots that can be filled.

    Returns:
        The templates in the order of the file.

    Raises:
        InputError: a slot is unknown, a brace has no partner, two templates are the same or there is none.
    """
    templates: list[Template] = []
    lines: dict[str, int] = {}
    for number, line in enumerate(Path(path).read_text("utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if first := lines.get(line):
            raise InputError(
                "Row {number} repeats the template of row {first}: remove one of them.",
                number=number,
                first=first,
            )
        lines[line] = number
        templates.append(_parse(number, line.replace(r"\n", "\n"), known))
    if not templates:
        raise InputError("{name} holds no templates: add some.", name=Path(path).name)
    return tuple(templates)


def _parse(number: int, text: str, known: frozenset[str]) -> Template:
    pieces: list[str | Slot] = []
    for index, part in enumerate(_SLOT.split(text)):  # every second part is the name of a slot
        if index % 2:
            if part not in known:
                raise InputError(
                    "Row {number} has the unknown slot {{{slot}}}: use one of {known}.",
                    number=number,
                    slot=part,
                    known=", ".join(sorted(known)),
                )
            pieces.append(Slot(part))
        elif "{" in part or "}" in part:
            raise InputError(
                "Row {number} has a brace without its partner: write slots as {{PERSON}}.", number=number
            )
        elif part:
            pieces.append(part)
    return Template(number, tuple(pieces))
