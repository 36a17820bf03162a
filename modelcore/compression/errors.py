"""What can keep a model from being compressed."""

from modelcore.errors import ModelcoreError


class NotFaithful(ModelcoreError):
    """An exported model computes something else than the one that was trained."""
