"""Where artifacts and the rows of data sets lie: one fsspec URL, everything under the digest of its bytes."""

import contextlib
import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import fsspec
from django.conf import settings

from modelcore.artifacts import Artifact, ArtifactStore, put_whole
from modelcore.errors import ModelcoreError


class ContentLostError(ModelcoreError):
    """The store no longer holds what the database points to, or holds something else under its name."""


def artifact_store() -> ArtifactStore:
    return ArtifactStore(settings.ARTIFACT_STORE)


def fetch_artifact(digest: str) -> Artifact:
    """Verified, so that nobody has to read it all again; see `ArtifactStore.fetch`."""
    return artifact_store().fetch(digest, Path(settings.ARTIFACT_CACHE))


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def remove_file(path: str) -> None:
    """Take a file below the root out of the store; one that is not there is as good as taken out."""
    filesystem, root = fsspec.core.url_to_fs(settings.ARTIFACT_STORE)
    place = f"{root.rstrip('/')}/{path}"
    for left in (
        place,
        *filesystem.glob(f"{place}.*.part"),
    ):  # a killed process may have written a part of it
        with contextlib.suppress(FileNotFoundError):
            filesystem.rm_file(left)
    filesystem.invalidate_cache()  # what was listed here hides what other processes put


@dataclass(frozen=True)
class Shelf:
    """Files of one kind in the store, each named by the digest of its bytes.

    Args:
        folder: below the root.
        ending: of the names.
    """

    folder: str
    ending: str

    def path(self, digest: str) -> str:
        """Where a file lies below the root of the store."""
        return f"{self.folder}/{digest[:2]}/{digest}.{self.ending}"

    def digest_at(self, path: str) -> str:
        """The digest that names the file at a path; empty where that is of another shelf."""
        digest = PurePosixPath(path).stem
        return digest if path == self.path(digest) else ""

    def put(self, content: bytes) -> str:
        """Its digest, under which it can be read from now on, whatever lay there."""
        digest = digest_of(content)
        try:
            self.read(digest)
        except ContentLostError:
            self._write(digest, content)
        return digest

    def has(self, digest: str) -> bool:
        """Whether there is a file under this name, whole or not."""
        filesystem, path = self._place(digest)
        return bool(filesystem.exists(path))

    def read(self, digest: str) -> bytes:
        """
        Raises:
            ContentLostError: the file is gone or damaged.
        """
        filesystem, path = self._place(digest)
        try:
            content: bytes = filesystem.cat_file(path)
        except FileNotFoundError as error:
            raise ContentLostError(
                "The store has no file {path}; restore it from a backup.", path=self.path(digest)
            ) from error
        if digest_of(content) != digest:
            raise ContentLostError(
                "The file {path} in the store is damaged; restore it from a backup.", path=self.path(digest)
            )
        return content

    def _write(self, digest: str, content: bytes) -> None:
        filesystem, path = self._place(digest)
        put_whole(filesystem, path, lambda part: filesystem.pipe_file(part, content))

    def _place(self, digest: str) -> tuple[fsspec.AbstractFileSystem, str]:
        filesystem, root = fsspec.core.url_to_fs(settings.ARTIFACT_STORE)
        return filesystem, f"{root.rstrip('/')}/{self.path(digest)}"


DATASET_ROWS = Shelf("datasets", "jsonl")
