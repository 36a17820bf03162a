"""Artifacts travel under their digest and arrive as they left, or not at all."""

import os
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import fsspec
import pytest

from modelcore.artifacts import (
    Artifact,
    ArtifactError,
    ArtifactMissing,
    ArtifactStore,
    clear_copies,
    open_artifact,
)
from modelcore.errors import InputError
from tests.modelcore.artifacts.samples import write_sample


@pytest.fixture(params=["file", "memory"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"file://{tmp_path}/store" if request.param == "file" else f"memory://{uuid.uuid4().hex}"


@pytest.fixture
def store(url: str) -> ArtifactStore:
    return ArtifactStore(url)


NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def touch(path: Path, *, seconds: int) -> None:
    """As it was last used so long after NOW."""
    os.utime(path, (NOW.timestamp() + seconds,) * 2)


def file_in(url: str, digest: str, name: str) -> tuple[fsspec.AbstractFileSystem, str]:
    filesystem, root = fsspec.core.url_to_fs(url)
    return filesystem, f"{root}/{digest[:2]}/{digest}/{name}"


def folders(cache: Path) -> list[str]:
    return [path.name for path in cache.iterdir() if path.is_dir()]


def test_what_was_put_is_fetched_verified(store: ArtifactStore, artifact: Artifact, tmp_path: Path) -> None:
    digest = store.put(artifact.path)
    fetched = store.fetch(digest, tmp_path / "cache")
    assert digest == artifact.digest
    assert open_artifact(fetched.path) == fetched
    assert fetched.manifest == artifact.manifest


def test_putting_twice_changes_nothing(store: ArtifactStore, artifact: Artifact, url: str) -> None:
    digest = store.put(artifact.path)
    filesystem, folder = file_in(url, digest, "")
    before = sorted(filesystem.find(folder))
    assert store.put(artifact.path) == digest
    assert sorted(filesystem.find(folder)) == before
    assert len(before) == len(artifact.manifest.files) + 1


def test_an_upload_without_its_manifest_is_not_there(
    store: ArtifactStore, artifact: Artifact, url: str
) -> None:
    digest = store.put(artifact.path)
    filesystem, manifest = file_in(url, digest, "manifest.json")
    filesystem.rm_file(manifest)
    assert not store.exists(digest)
    assert store.put(artifact.path) == digest
    assert store.exists(digest)


def test_a_damaged_artifact_is_not_put(store: ArtifactStore, artifact: Artifact) -> None:
    (artifact.path / "config.json").write_text("{}")
    with pytest.raises(ArtifactError):
        store.put(artifact.path)
    assert not store.exists(artifact.digest)


def test_what_the_store_damaged_never_reaches_the_cache(
    store: ArtifactStore, artifact: Artifact, url: str, tmp_path: Path
) -> None:
    filesystem, config = file_in(url, store.put(artifact.path), "config.json")
    filesystem.pipe_file(config, b"{}")
    with pytest.raises(ArtifactError, match=r"config\.json"):
        store.fetch(artifact.digest, tmp_path / "cache")
    assert folders(tmp_path / "cache") == []


def test_a_file_that_the_store_lost_is_missing(
    store: ArtifactStore, artifact: Artifact, url: str, tmp_path: Path
) -> None:
    filesystem, config = file_in(url, store.put(artifact.path), "config.json")
    filesystem.rm_file(config)
    with pytest.raises(ArtifactMissing, match="only a part"):
        store.fetch(artifact.digest, tmp_path / "cache")


def test_an_upload_that_breaks_off_is_not_there(
    store: ArtifactStore, artifact: Artifact, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_file = store._filesystem.put_file

    def break_off(file: str, remote: str) -> None:
        put_file(file, remote)
        if file.endswith("config.json"):
            raise OSError("the disk is full")

    monkeypatch.setattr(store._filesystem, "put_file", break_off)
    with pytest.raises(OSError, match="full"):
        store.put(artifact.path)
    assert not store.exists(artifact.digest)
    filesystem, folder = file_in(url, artifact.digest, "")
    assert not [path for path in filesystem.find(folder) if "config" in path]


def test_two_may_put_the_same_at_once(
    store: ArtifactStore, artifact: Artifact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_file = store._filesystem.put_file

    def put_while_another_does(*places: str) -> None:
        monkeypatch.undo()
        put_file(*places)
        store.put(artifact.path)

    monkeypatch.setattr(store._filesystem, "put_file", put_while_another_does)
    store.put(artifact.path)

    assert store.fetch(artifact.digest, tmp_path / "cache").digest == artifact.digest


@pytest.mark.parametrize("left", [None, b"{", b'{"hidden_size": 9}'])
def test_a_file_that_the_store_lost_tore_or_damaged_is_put_again(
    store: ArtifactStore, artifact: Artifact, url: str, tmp_path: Path, left: bytes | None
) -> None:
    filesystem, config = file_in(url, store.put(artifact.path), "config.json")
    filesystem.rm_file(config)
    if left is not None:
        filesystem.pipe_file(config, left)

    store.put(artifact.path)

    assert store.fetch(artifact.digest, tmp_path / "cache").digest == artifact.digest


def test_what_has_its_name_has_reached_the_disk(
    artifact: Artifact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_disk: set[int] = set()
    sync = os.fsync

    def fsync(descriptor: int) -> None:
        sync(descriptor)
        on_disk.add(os.fstat(descriptor).st_ino)

    monkeypatch.setattr(os, "fsync", fsync)

    ArtifactStore((tmp_path / "store").as_uri()).put(artifact.path)

    assert {one.stat().st_ino for one in (tmp_path / "store").rglob("*") if one.is_file()} <= on_disk


def test_a_full_disk_leaves_nothing_of_a_file(
    artifact: Artifact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ArtifactStore((tmp_path / "store").as_uri())

    def torn(local: str, remote: str) -> None:
        Path(remote).write_bytes(Path(local).read_bytes()[:5])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store._filesystem, "put_file", torn)

    with pytest.raises(OSError, match="No space left"):
        store.put(artifact.path)

    assert [one for one in (tmp_path / "store").rglob("*") if one.is_file()] == []


@pytest.mark.parametrize("is_whole", [False, True])
def test_a_copy_that_is_damaged_or_of_another_is_fetched_again(
    store: ArtifactStore, artifact: Artifact, tmp_path: Path, is_whole: bool
) -> None:
    copy = store.fetch(store.put(artifact.path), tmp_path / "cache").path
    if is_whole:
        write_sample(copy, seed=8)
    else:
        (copy / "config.json").write_text("{}")

    assert store.fetch(artifact.digest, tmp_path / "cache").digest == artifact.digest


def test_many_fetch_at_once(store: ArtifactStore, artifact: Artifact, tmp_path: Path) -> None:
    digest = store.put(artifact.path)
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(lambda _: store.fetch(digest, tmp_path / "cache").path, range(32)))
    assert set(paths) == {tmp_path / "cache" / digest}
    assert folders(tmp_path / "cache") == [digest]


@pytest.mark.parametrize(
    ("seconds", "is_kept", "stays"), [(-1, False, False), (-1, True, True), (0, False, True)]
)
def test_a_copy_goes_when_nobody_fetched_it_for_long(
    store: ArtifactStore, artifact: Artifact, tmp_path: Path, seconds: int, is_kept: bool, stays: bool
) -> None:
    cache = tmp_path / "cache"
    digest = store.put(artifact.path)
    touch(store.fetch(digest, cache).path, seconds=seconds)

    gone = clear_copies(cache, is_kept={digest: is_kept}.__getitem__, before=NOW)

    assert gone == (not stays)
    assert folders(cache) == [digest] * stays
    assert store.fetch(digest, cache).digest == digest


def test_a_copy_that_is_fetched_again_stays(store: ArtifactStore, artifact: Artifact, tmp_path: Path) -> None:
    digest = store.put(artifact.path)
    touch(store.fetch(digest, tmp_path).path, seconds=-(10**9))

    store.fetch(digest, tmp_path)

    assert clear_copies(tmp_path, is_kept=lambda _: False, before=NOW) == 0


@pytest.mark.parametrize(("seconds", "stays"), [(-1, False), (0, True)])
def test_what_a_killed_process_left_of_a_copy_goes(tmp_path: Path, seconds: int, stays: bool) -> None:
    half = tmp_path / f".{'a' * 64}.k3x9"
    (half / "runtimes").mkdir(parents=True)
    touch(half, seconds=seconds)

    clear_copies(tmp_path, is_kept=lambda _: True, before=NOW)

    assert half.exists() == stays


def test_without_copies_nothing_goes(tmp_path: Path) -> None:
    assert clear_copies(tmp_path / "none", is_kept=lambda _: False, before=NOW) == 0


def test_a_deleted_artifact_is_missing(store: ArtifactStore, artifact: Artifact, tmp_path: Path) -> None:
    digest = store.put(artifact.path)
    store.delete(digest)
    store.delete(digest)
    with pytest.raises(ArtifactMissing, match="The store has no artifact"):
        store.fetch(digest, tmp_path / "cache")


@pytest.mark.parametrize("digest", ["", "../../etc", "A" * 64, "0" * 63])
def test_what_is_no_digest_is_refused(store: ArtifactStore, digest: str) -> None:
    with pytest.raises(InputError, match="64 hexadecimal digits"):
        store.exists(digest)
