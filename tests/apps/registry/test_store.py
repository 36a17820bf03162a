"""A file of a shelf is whole under its name, or it is put there again."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import fsspec
import pytest
from django.conf import settings
from fsspec.implementations.local import LocalFileSystem

from apps.registry.store import ContentLostError, Shelf, remove_file

SHELF = Shelf("letters", "txt")
WORDS = b"where is my umbrella"


@pytest.fixture(params=["file", "memory"])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    kept = (tmp_path / "shelves").as_uri() if request.param == "file" else f"memory://{uuid.uuid4().hex}"
    monkeypatch.setattr(settings, "ARTIFACT_STORE", kept)
    return kept


def files(url: str) -> list[str]:
    filesystem, root = fsspec.core.url_to_fs(url)
    return [path.rpartition("/")[2] for path in filesystem.find(root)]


def write(url: str, digest: str, content: bytes, ending: str = "") -> None:
    filesystem, root = fsspec.core.url_to_fs(url)
    filesystem.pipe_file(f"{root}/{SHELF.path(digest)}{ending}", content)


def test_what_was_put_is_read_and_lies_there_once(url: str) -> None:
    digest = SHELF.put(WORDS)

    assert SHELF.put(WORDS) == digest
    assert SHELF.read(digest) == WORDS
    assert files(url) == [f"{digest}.txt"]


def test_a_torn_file_is_whole_when_it_is_put_again(url: str) -> None:
    digest = SHELF.put(WORDS)
    write(url, digest, WORDS[:5])
    with pytest.raises(ContentLostError, match="damaged"):
        SHELF.read(digest)

    SHELF.put(WORDS)

    assert SHELF.read(digest) == WORDS


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def torn(self: LocalFileSystem, path: str, value: bytes, **options: Any) -> None:
        Path(path).write_bytes(value[:5])
        raise OSError(28, "No space left on device")

    url = (tmp_path / "shelves").as_uri()
    monkeypatch.setattr(settings, "ARTIFACT_STORE", url)
    monkeypatch.setattr(LocalFileSystem, "pipe_file", torn)

    with pytest.raises(OSError, match="No space left"):
        SHELF.put(WORDS)

    assert files(url) == []


def test_many_put_the_same_at_once(url: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(lambda _: SHELF.put(WORDS), range(32)))

    (digest,) = digests
    assert (SHELF.read(digest), files(url)) == (WORDS, [f"{digest}.txt"])


def test_what_a_killed_process_left_of_a_file_is_removed_with_it(url: str) -> None:
    digest = SHELF.put(WORDS)
    write(url, digest, WORDS[:5], ending=".0f3a.part")

    remove_file(SHELF.path(digest))
    remove_file(SHELF.path(digest))

    assert files(url) == []
