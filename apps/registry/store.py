"""Where artifacts and the rows of data sets lie: one fsspec URL, everything under the digest of its bytes."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import fsspec
from django.conf import settings

from modelcore.artifacts import ArtifactStore
from modelcore.errors import ModelcoreError


class ContentLostError(ModelcoreError):
    """The store no longer holds what the database points to, or holds something else under its name."""


def artifact_store() -> ArtifactStore:
    return ArtifactStore(settings.ARTIFACT_STORE)


def fetch_artifact(digest: str) -> Path:
    return artifact_store().fetch(digest, Path(settings.ARTIFACT_CACHE))


def remove_file(path: str) -> None:
    """Take a file below the root out of the store; one that is not there is as good as taken out."""
    filesystem, root = fsspec.core.url_to_fs(settings.ARTIFACT_STORE)
    try:
        filesystem.rm_file(f"{root.rstrip('/')}/{path}")
    except FileNotFoundError:
        return


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

    def put(self, content: bytes) -> str:
        """Its digest, under which it can be read from now on."""
        digest = hashlib.sha256(content).hexdigest()
        filesystem, path = self._place(digest)
        if not filesystem.exists(path):
            filesystem.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
            # pipe_file writes a local file in place; the digest in the name lets a reader tell a torn one.
            filesystem.pipe_file(path, content)
        return digest

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
        if hashlib.sha256(content).hexdigest() != digest:
            raise ContentLostError(
                "The file {path} in the store is damaged; restore it from a backup.", path=self.path(digest)
            )
        return content

    def _place(self, digest: str) -> tuple[fsspec.AbstractFileSystem, str]:
        filesystem, root = fsspec.core.url_to_fs(settings.ARTIFACT_STORE)
        return filesystem, f"{root.rstrip('/')}/{self.path(digest)}"


DATASET_ROWS = Shelf("datasets", "jsonl")
