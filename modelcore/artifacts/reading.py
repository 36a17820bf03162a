"""Opening an artifact: nothing of it is used before every file was found to be what the manifest says."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from modelcore.artifacts.admission import refuse_foreign_content
from modelcore.artifacts.errors import ArtifactCorrupt, ArtifactMissing
from modelcore.artifacts.manifest import MANIFEST, Manifest, decode

LONGEST_MANIFEST = 16 * 2**20


@dataclass(frozen=True)
class Artifact:
    """A verified model package; `digest` is the sha256 (hex) of manifest.json and so its content address."""

    path: Path
    manifest: Manifest
    digest: str


def open_artifact(path: Path, *, digest: str | None = None) -> Artifact:
    """Verify an artifact file by file.

    Args:
        path: its directory.
        digest: the content address that it must have, where the caller knows it.
    Raises:
        ArtifactMissing: no directory, no manifest.json, or a listed file is gone.
        ArtifactCorrupt: a file was edited, cut short, added, replaced by a link, or it is another artifact.
        ArtifactIncompatible: not readable by this Berth, or a file that may hold code.
    """
    path = Path(path)
    content = _read_manifest(path)
    found = hashlib.sha256(content).hexdigest()
    if digest is not None and digest != found:
        raise ArtifactCorrupt(
            f'"{path}" is the artifact {found[:12]}, not {digest[:12]}: fetch it again from the store.'
        )
    manifest = decode(content)
    names = set(files_in(path))
    for name in sorted(manifest.files):
        if name not in names:
            raise ArtifactMissing(
                f'"{path / name}" is missing: fetch the artifact again or pack the model again.'
            )
    for name in sorted(names - set(manifest.files) - {MANIFEST}):
        refuse_foreign_content(name, path / name)
        raise ArtifactCorrupt(
            f'"{path / name}" is not in the manifest: remove it or fetch the artifact again.'
        )
    for name, expected in manifest.files.items():
        refuse_foreign_content(name, path / name)
        if sha256_of(path / name) != expected:
            raise ArtifactCorrupt(
                f'"{path / name}" is not the file that was packed (other sha256): fetch the artifact again.'
            )
    return Artifact(path, manifest, found)


def files_in(path: Path) -> Iterator[str]:
    """Relative names of all files below a directory.

    Raises:
        ArtifactCorrupt: a link or something else that is neither a file nor a directory.
    """
    for folder, folders, files in os.walk(path):
        for name in (*folders, *files):
            entry = Path(folder) / name
            if entry.is_symlink() or not (entry.is_file() or entry.is_dir()):
                raise ArtifactCorrupt(f'"{entry}" is a link, not a file: fetch the artifact again.')
        yield from ((Path(folder) / name).relative_to(path).as_posix() for name in files)


def sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read_manifest(path: Path) -> bytes:
    if not path.is_dir():
        raise ArtifactMissing(f'There is no artifact at "{path}": give the folder that holds {MANIFEST}.')
    manifest = path / MANIFEST
    if manifest.is_symlink():
        raise ArtifactCorrupt(f'"{manifest}" is a link, not a file: fetch the artifact again.')
    if not manifest.is_file():
        raise ArtifactMissing(f'"{path}" is not an artifact, {MANIFEST} is missing: give another folder.')
    if manifest.stat().st_size > LONGEST_MANIFEST:
        raise ArtifactCorrupt(f'"{manifest}" is far too long for a manifest: fetch the artifact again.')
    return manifest.read_bytes()
