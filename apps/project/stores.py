"""Where PostgreSQL and Redis are: named by the environment, or embedded below a folder of ours."""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import dj_database_url

DATABASE_NAME = "berth"
# A unix socket's path may have at most 107 bytes; postgres adds ".s.PGSQL.5432.lock" to the folder.
LONGEST_SOCKET_FOLDER = 85
# A PostgreSQL whose machine is gone does not even say so, and the system waits a quarter of an hour for it.
WHEN_SILENT = {
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,  # milliseconds
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}


@dataclass(frozen=True)
class EmbeddedStores:
    """Every path follows from the root, so that any process finds the running stores without asking."""

    root: Path

    @property
    def postgres_data(self) -> Path:
        return self.root / "postgres"

    @property
    def redis_data(self) -> Path:
        return self.root / "redis"

    @property
    def socket_folder(self) -> Path:
        folder = self.root / "run"
        # PostgreSQL and its clients read a comma as the end of one folder and the beginning of the next.
        if len(str(folder).encode()) <= LONGEST_SOCKET_FOLDER and "," not in str(folder):
            return folder
        name = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"berth-{name}"

    @property
    def postgres_socket_folder(self) -> Path:
        return self.socket_folder / "pg"

    @property
    def redis_socket(self) -> Path:
        return self.socket_folder / "redis.sock"

    @property
    def database_url(self) -> str:
        folder = quote(str(self.postgres_socket_folder), safe="")
        return f"postgres://postgres@{folder}/{DATABASE_NAME}"

    @property
    def redis_url(self) -> str:
        return f"unix://{quote(str(self.redis_socket))}?db=0"


def database_at(url: str) -> dict[str, Any]:
    """Django's settings of the PostgreSQL at an address, which may set other limits than these."""
    # A pool hands out no connection that a restart of PostgreSQL has ended.
    database: dict[str, Any] = dict(dj_database_url.parse(url, conn_health_checks=True))
    # PostgreSQL parses and plans once what a connection asks again and again.
    planned_once = {"server_side_binding": True, "prepare_threshold": 5}
    database["OPTIONS"] = {**WHEN_SILENT, **database.get("OPTIONS", {}), **planned_once}
    return database


def with_redis_database(redis_url: str, number: int) -> str:
    """The same Redis with another of its numbered key spaces."""
    parts = urlsplit(redis_url)
    if parts.scheme == "unix":
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        return f"unix://{parts.path}?{urlencode({**query, 'db': str(number)})}"
    return parts._replace(path=f"/{number}").geturl()


def celery_broker_url(redis_url: str) -> str:
    """Celery spells a Redis on a unix socket differently from redis-py, and asks none for its certificate."""
    parts = urlsplit(redis_url)
    if parts.scheme == "rediss" and "ssl_cert_reqs" not in parse_qs(parts.query):
        return parts._replace(query="&".join(filter(None, (parts.query, "ssl_cert_reqs=required")))).geturl()
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[-1]
    return f"redis+socket://{parts.path}?virtual_host={database}"


def limits_storage_url(redis_url: str) -> str:
    """The `limits` library spells a Redis on a unix socket differently from redis-py."""
    parts = urlsplit(redis_url)
    return redis_url if parts.scheme != "unix" else f"redis+unix://{parts.path}?{parts.query}"
