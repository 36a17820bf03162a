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
            '"{path}" is the artifact {found}, not {digest}: fetch it again from the store.',
            path=path,
            found=found[:12],
            digest=digest[:12],
        )
    manifest = decode(content)
    names = set(files_in(path))
    for name in sorted(manifest.files):
        if name not in names:
            raise ArtifactMissing(
                '"{path}" is missing: fetch the artifact again or pack the model again.', path=path / name
            )
    for name in sorted(names - set(manifest.files) - {MANIFEST}):
        refuse_foreign_content(name, path / name)
        raise ArtifactCorrupt(
            '"{path}" is not in the manifest: remove it or fetch the artifact again.', path=path / name
        )
    for name, expected in manifest.files.items():
        refuse_foreign_content(name, path / name)
        if sha256_of(path / name) != expected:
            raise ArtifactCorrupt(
                '"{path}" is not the file that was packed (other sha256): fetch the artifact again.',
                path=path / name,
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
                raise ArtifactCorrupt(
                    '"{entry}" is a link, not a file: fetch the artifact again.', entry=entry
                )
        yield from ((Path(folder) / name).relative_to(path).as_posix() for name in files)


def sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read_manifest(path: Path) -> bytes:
    if not path.is_dir():
        raise ArtifactMissing(
            'There is no artifact at "{path}": give the folder that holds {manifest}.',
            path=path,
            manifest=MANIFEST,
        )
    manifest = path / MANIFEST
    if not manifest.is_file():
        raise ArtifactMissing(
            '"{path}" is not an artifact, {manifest} is missing: give another folder.',
            path=path,
            manifest=MANIFEST,
        )
    if manifest.stat().st_size > LONGEST_MANIFEST:
        raise ArtifactCorrupt(
            '"{manifest}" is far too long for a manifest: fetch the artifact again.', manifest=manifest
        )
    return manifest.read_bytes()
