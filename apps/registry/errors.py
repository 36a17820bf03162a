from typing import Any

from apps.ui.sentences import said
from modelcore.sentence import Sentence


class RegistryError(Exception):
    """The registry refuses: `str()` is a sentence for the person who asks, `code` the same for a program.

    What is stored is `sentence`, to be said to whoever reads it later.
    """

    code = "refused"

    def __init__(self, template: str, /, **values: Any) -> None:
        self.sentence = template if isinstance(template, Sentence) else Sentence(template, **values)
        super().__init__(self.sentence)

    def __str__(self) -> str:
        return said(self.sentence)


def unforeseen(error: Exception) -> Sentence:
    """What a person reads of a fault of ours; the worker's log has the rest."""
    return Sentence("The worker met an error it did not expect: {error}; see its log.", error=repr(error))
