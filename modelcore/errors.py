"""The roots of everything that modelcore raises on purpose."""

import errno
from typing import Any

from modelcore.sentence import Sentence

# Of the system, where a disk or what one may use of it is full.
DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
LONGEST_VALUE = 500  # characters; the name of a column may be all of a file that has but one line


class ModelcoreError(Exception):
    """Anything that modelcore foresaw; `sentence` tells the person who asked.

    Args:
        template: of the sentence, or the sentence itself.
        values: see `Sentence`; of a longer one than LONGEST_VALUE its start.
    """

    def __init__(self, template: str, /, **values: Any) -> None:
        shown = {name: _shortened(value) for name, value in values.items()}
        self.sentence = template if isinstance(template, Sentence) else Sentence(template, **shown)
        super().__init__(self.sentence)


class InputError(ModelcoreError, ValueError):
    """A mistake in what the caller gave: the sentence names the row, the field and what to do."""


class UnknownEncodingError(InputError):
    """The bytes do not tell how they became text; the caller may know."""


def _shortened(value: Any) -> Any:
    if isinstance(value, int | float | Sentence) or len(text := str(value)) <= LONGEST_VALUE:
        return value
    return text[: LONGEST_VALUE - 1] + "…"
