"""The immutable package of a model: written whole, verified before use, kept under its digest."""

from modelcore.artifacts.card import render_card
from modelcore.artifacts.errors import (
    ArtifactCorrupt,
    ArtifactError,
    ArtifactIncompatible,
    ArtifactMissing,
    ArtifactNotWritten,
)
from modelcore.artifacts.manifest import Manifest
from modelcore.artifacts.reading import Artifact, open_artifact
from modelcore.artifacts.store import ArtifactStore, clear_copies, put_whole
from modelcore.artifacts.writing import check_place, derive_artifact, write_artifact

__all__ = [
    "Artifact",
    "ArtifactCorrupt",
    "ArtifactError",
    "ArtifactIncompatible",
    "ArtifactMissing",
    "ArtifactNotWritten",
    "ArtifactStore",
    "Manifest",
    "check_place",
    "clear_copies",
    "derive_artifact",
    "open_artifact",
    "put_whole",
    "render_card",
    "write_artifact",
]
