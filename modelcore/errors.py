"""The roots of everything that modelcore raises on purpose."""

from typing import Any

from modelcore.sentence import Sentence


class ModelcoreError(Exception):
    """Anything that modelcore foresaw; `sentence` tells the person who asked.

    Args:
        template: of the sentence, or the sentence itself.
        values: see `Sentence`.
    """

    def __init__(self, template: str, /, **values: Any) -> None:
        self.sentence = template if isinstance(template, Sentence) else Sentence(template, **values)
        super().__init__(self.sentence)


class InputError(ModelcoreError, ValueError):
    """A mistake in what the caller gave: the sentence names the row, the field and what to do."""


class UnknownEncodingError(InputError):
    """The bytes do not tell how they became text; the caller may know."""
