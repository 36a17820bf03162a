"""Who may do what with models: permissions of the roles, asked in one place by pages, API and streams."""

from datetime import timedelta
from typing import Any

from apps.streams import access as streams

MAY_READ = "registry.view_version"
MAY_CHANGE = "registry.change_version"
KEEP_RUN_EVENTS = timedelta(days=30)


def may_read(user: Any) -> bool:
    return bool(user.is_active and user.has_perm(MAY_READ))


def may_change(user: Any) -> bool:
    return bool(user.is_active and user.has_perm(MAY_CHANGE))


def register_streams() -> None:
    streams.register("run", lambda asked: [may_read(reader) for reader, _ in asked], keep=KEEP_RUN_EVENTS)
