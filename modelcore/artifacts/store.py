"""Where artifacts are kept: one fsspec URL, every artifact under the digest of its manifest."""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import fsspec
from fsspec.implementations.local import LocalFileSystem

from modelcore.artifacts.errors import ArtifactError, ArtifactMissing
from modelcore.artifacts.manifest import MANIFEST, decode
from modelcore.artifacts.reading import Artifact, open_artifact
from modelcore.artifacts.writing import new_directory, sync
from modelcore.errors import InputError

_DIGEST = re.compile(r"[0-9a-f]{64}")


def put_whole(filesystem: fsspec.AbstractFileSystem, path: str, write: Callable[[str], object]) -> None:
    """Let a file of a store appear whole or not at all, whoever puts the same at once.

    Args:
        path: where it is to lie.
        write: writes it at the path that it is given. When it fails, what it wrote is taken away.
    """
    folder = path.rpartition("/")[0]
    filesystem.makedirs(folder, exist_ok=True)
    part = f"{path}.{uuid.uuid4().hex}.part"
    try:
        write(part)
        if isinstance(filesystem, LocalFileSystem):
            # A name may reach the disk long before what it names, and a row points at it at once.
            sync(Path(part))
        filesystem.mv(part, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            filesystem.rm_file(part)
        raise
    if isinstance(filesystem, LocalFileSystem):
        sync(Path(folder))


class ArtifactStore:
    """Content-addressed artifacts at an fsspec URL (`file://`, `s3://`, `memory://` …).

    An artifact lies under `<url>/<first two digits>/<digest>/`; its manifest is uploaded last, so that
    an upload which broke off is not there at all.
    """

    def __init__(self, url: str) -> None:
        self._filesystem, root = fsspec.core.url_to_fs(url)
        self._root = root.rstrip("/")

    def put(self, path: Path) -> str:
        """Verify a local artifact and upload what of it is not there, or not whole.

        Returns:
            Its digest.
        Raises:
            ArtifactError: see `open_artifact`.
        """
        artifact = open_artifact(path)
        target = self._place_of(artifact.digest)
        for name, digest in {**artifact.manifest.files, MANIFEST: artifact.digest}.items():
            remote = f"{target}/{name}"
            if self._digest_of(remote) != digest:
                put_whole(
                    self._filesystem, remote, partial(self._filesystem.put_file, str(artifact.path / name))
                )
        return artifact.digest

    def fetch(self, digest: str, cache: Path) -> Artifact:
        """Bring an artifact to this machine, verified.

        Args:
            digest: its content address.
            cache: a directory for copies; safe for many processes at once.
        Returns:
            The artifact in the cache.
        Raises:
            ArtifactMissing: the store hasn't got it.
            ArtifactError: what the store gave is damaged.
        """
        target = Path(cache) / _checked(digest)
        with _only_one(target), contextlib.suppress(FileNotFoundError):
            os.utime(target)  # so that `clear_copies` leaves it alone
        if copy := _copy_at(target, digest):
            return copy
        with _only_one(target):
            if copy := _copy_at(target, digest):
                return copy
            if not self.exists(digest):
                raise ArtifactMissing(
                    "The store has no artifact {digest}: put it there again or restore a backup.",
                    digest=digest,
                )
            # A copy that was touched gives way: the store has the truth.
            with new_directory(target) as folder:
                self._download(digest, folder)
                fetched = open_artifact(folder, digest=digest)
        return replace(fetched, path=target)

    def exists(self, digest: str) -> bool:
        return bool(self._filesystem.exists(f"{self._place_of(digest)}/{MANIFEST}"))

    def delete(self, digest: str) -> None:
        """Remove an artifact; one that isn't there is no error."""
        if self.exists(digest):
            # Without its manifest it is gone, whatever happens while the rest goes.
            self._filesystem.rm_file(f"{self._place_of(digest)}/{MANIFEST}")
        if self._filesystem.exists(self._place_of(digest)):
            self._filesystem.rm(self._place_of(digest), recursive=True)

    def _download(self, digest: str, folder: Path) -> None:
        source = self._place_of(digest)
        try:
            self._filesystem.get_file(f"{source}/{MANIFEST}", str(folder / MANIFEST))
            # Decoding refuses names that lead out of the folder before anything is written under them.
            for name in decode((folder / MANIFEST).read_bytes()).files:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                self._filesystem.get_file(f"{source}/{name}", str(folder / name))
        except FileNotFoundError as error:
            raise ArtifactMissing(
                "The store has only a part of the artifact {digest}: put it there again or restore a backup.",
                digest=digest,
            ) from error

    def _digest_of(self, remote: str) -> str:
        """Empty where there is no such file."""
        try:
            with self._filesystem.open(remote, "rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest()
        except FileNotFoundError:
            return ""

    def _place_of(self, digest: str) -> str:
        return f"{self._root}/{_checked(digest)[:2]}/{digest}"


def clear_copies(cache: Path, *, is_kept: Callable[[str], bool], before: datetime) -> int:
    """Remove copies that nobody fetched for long, and what a process that was killed left of one.

    Who has a file of one open or mapped keeps it until it lets go, and who fetches it again gets it again.

    Args:
        cache: as `fetch` got it; on a disk of this machine.
        is_kept: whether an artifact is to stay whoever fetched it, by its digest.
        before: what was fetched at this moment or later stays.

    Returns:
        How many folders went.
    """
    gone = 0
    for folder in cache.iterdir() if cache.exists() else ():
        is_copy = bool(_DIGEST.fullmatch(folder.name))
        if not folder.is_dir() or (is_copy and is_kept(folder.name)):
            continue
        with _only_one(folder) if is_copy else contextlib.nullcontext():
            gone += _remove_if_older(folder, before.timestamp())
    return gone


def _remove_if_older(folder: Path, seconds: float) -> bool:
    try:
        if folder.stat().st_mtime >= seconds:
            return False
        shutil.rmtree(folder)
    except FileNotFoundError:  # another was faster
        return False
    return True


def _copy_at(path: Path, digest: str) -> Artifact | None:
    """None where there is none, or one that is not whole."""
    try:
        return open_artifact(path, digest=digest)
    except ArtifactError:
        return None


@contextlib.contextmanager
def _only_one(target: Path) -> Iterator[None]:
    """One thread of one process at a time brings an artifact; the others wait and find it there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with (target.parent / f".{target.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _checked(digest: str) -> str:
    if not _DIGEST.fullmatch(digest):
        raise InputError(
            "{digest!r} is not the digest of an artifact: give 64 hexadecimal digits.", digest=digest[:80]
        )
    return digest
