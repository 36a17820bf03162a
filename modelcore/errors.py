"""The two roots of everything that modelcore raises on purpose."""


class ModelcoreError(Exception):
    """Anything that modelcore foresaw; `str()` is a sentence for the person who asked."""


class InputError(ModelcoreError, ValueError):
    """A mistake in what the caller gave: the sentence names the row, the field and what to do."""
