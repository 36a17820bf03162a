from modelcore.sentence import Sentence


class RegistryError(Exception):
    """The registry refuses: `str()` is a sentence for the person, `code` the same for a program."""

    code = "refused"


def unforeseen(error: Exception) -> Sentence:
    """What a person reads of a fault of ours; the worker's log has the rest."""
    return Sentence("The worker met an error it did not expect: {error}; see its log.", error=repr(error))
