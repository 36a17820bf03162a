"""Writing an artifact: whole and on the disk, or not at all."""

import contextlib
import importlib.metadata
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from modelcore.artifacts.admission import refuse_foreign_content, refuse_foreign_path
from modelcore.artifacts.card import render_card
from modelcore.artifacts.errors import ArtifactNotWritten
from modelcore.artifacts.manifest import CARD, MANIFEST, SCHEMA_VERSION, Manifest, encode
from modelcore.artifacts.reading import Artifact, files_in, open_artifact, sha256_of
from modelcore.errors import DISK_FULL, InputError
from modelcore.sentence import Sentence

LIBRARIES = ("torch", "transformers", "tokenizers", "openvino", "nncf", "onnx", "onnxruntime", "numpy")


def write_artifact(
    out: Path, manifest_fields: Mapping[str, Any], files: Mapping[str, Path | bytes]
) -> Artifact:
    """Pack a model so that `out` is either the whole artifact or what it was before.

    Args:
        out: the directory to make; an artifact that lies there is replaced.
        manifest_fields: fields of Manifest without `files`; `libraries` and `created_at` may be left out.
        files: relative path to content, as bytes or a file to copy; card.md is made from the manifest.
    Returns:
        The artifact as written.
    Raises:
        InputError: `out` holds something that is not an artifact.
        ArtifactIncompatible: a file of a kind that Berth never loads, or manifest fields that contradict.
        ArtifactNotWritten: the disk is full or another fault of the system; nothing is left of it.
    """
    out = Path(out)
    _refuse_other_things(out)
    for name in files:
        refuse_foreign_path(name)
    with new_directory(out) as folder:
        digests = {name: _place(folder, name, content) for name, content in files.items() if name != CARD}
        given: dict[str, Any] = {
            "libraries": _libraries(),
            "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        given |= {"schema_version": SCHEMA_VERSION, "calibration": {"temperature": 1.0}, **manifest_fields}
        draft = Manifest.from_json({**given, "files": digests})
        digests[CARD] = _place(folder, CARD, render_card(draft).encode())
        _place(folder, MANIFEST, encode(Manifest.from_json({**given, "files": digests})))
    return open_artifact(out)


def check_place(out: Path) -> None:
    """Find out before the work of hours whether its artifact can be written; the folder above is made.

    Args:
        out: as `write_artifact` will get it.
    Raises:
        InputError: it holds something that is not an artifact.
        ArtifactNotWritten: the system lets nothing be written beside it.
    """
    out = Path(out)
    try:
        _refuse_other_things(out)
        _temporary_beside(out).rmdir()
    except OSError as error:
        raise ArtifactNotWritten(_refusal(out, error)) from error


def _refuse_other_things(out: Path) -> None:
    """Raise InputError where `out` is neither free, nor empty, nor an artifact."""
    if out.exists() and not (out / MANIFEST).is_file() and (not out.is_dir() or any(out.iterdir())):
        raise InputError('"{out}" holds other things: give a new folder for the artifact.', out=out)


def derive_artifact(
    source: Artifact, out: Path, *, changes: Mapping[str, Any], files: Mapping[str, Path | bytes]
) -> Artifact:
    """Write a new artifact from an old one, which stays as it is: more runtimes, more evaluations.

    Args:
        source: the artifact to start from.
        out: the directory to make.
        changes: manifest fields that replace those of `source`; a new `created_at` is set unless given.
        files: files to add or replace.
    Raises:
        As `write_artifact`.
    """
    fields = source.manifest.to_json()
    for name in ("files", "created_at"):
        del fields[name]
    kept = {name: source.path / name for name in source.manifest.files if name != CARD}
    return write_artifact(out, {**fields, **changes}, {**kept, **files})


@contextlib.contextmanager
def new_directory(out: Path) -> Iterator[Path]:
    """A directory to fill beside `out` that takes its place, synced, when all went well, else vanishes.

    Raises:
        ArtifactNotWritten: the system refused; nothing is left behind.
    """
    folder = None
    try:
        folder = _temporary_beside(out)
        folder.chmod(0o755)
        yield folder
        _sync_tree(folder)
        _take_place(folder, out)
    except OSError as error:
        raise ArtifactNotWritten(_refusal(out, error)) from error
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def _temporary_beside(out: Path) -> Path:
    out.parent.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))


def _place(folder: Path, name: str, content: Path | bytes) -> str:
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        target.write_bytes(content)
    else:
        shutil.copyfile(content, target)
    refuse_foreign_content(name, target)
    return sha256_of(target)


def _sync_tree(folder: Path) -> None:
    for name in files_in(folder):
        sync(folder / name)
    for inner in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        sync(inner)


def sync(path: Path) -> None:
    """Wait until a file or folder of this machine would outlive its power."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _take_place(folder: Path, out: Path) -> None:
    before = None
    if out.is_dir() and any(out.iterdir()):
        before = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
        out.rename(before)
    try:
        folder.rename(out)
    except OSError:
        if before is not None:
            before.rename(out)
        raise
    sync(out.parent)
    if before is not None:
        shutil.rmtree(before, ignore_errors=True)


def _libraries() -> dict[str, str]:
    found = {}
    for name in LIBRARIES:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[name] = importlib.metadata.version(name)
    return found


def _refusal(out: Path, error: OSError) -> Sentence:
    if error.errno in DISK_FULL:
        return Sentence(
            'The disk is full: "{out}" was not written. Free some space there and run it again.', out=out
        )
    return Sentence(
        '"{out}" was not written: {cause}. Mend that and run it again.',
        out=out,
        cause=error.strerror or error,
    )
