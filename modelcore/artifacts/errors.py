"""Why an artifact can't be used, one class a cause, each with what to do about it."""

from modelcore.errors import ModelcoreError


class ArtifactError(ModelcoreError):
    """An artifact that can't be read or written."""


class ArtifactMissing(ArtifactError):
    """There is no artifact, or one of its files is gone."""


class ArtifactCorrupt(ArtifactError):
    """A file isn't what the manifest says: edited, cut short, added or damaged."""


class ArtifactIncompatible(ArtifactError):
    """Whole, but not for this Berth: another schema, an unknown task, a kind of file that it never loads."""


class ArtifactNotWritten(ArtifactError):
    """Writing failed, on a full disk for instance; nothing of it was left behind."""
