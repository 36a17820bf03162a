"""Who may do what in the support service: permissions of the roles, asked by pages, API and streams alike."""

from typing import Any

from apps.support.errors import NotAllowedError

MAY_READ = "support.view_conversation"
MAY_WORK = "support.work_conversation"
MAY_REASSIGN = "support.change_conversation"
MAY_UNMASK = "support.unmask_conversation"
MAY_ERASE = "support.erase_conversation"
MAY_EDIT_KNOWLEDGE = "support.change_intent"
MAY_TEACH = "support.teach_example"
MAY_REPORT = "support.view_decision"

AGENT = (
    "support.view_*",
    "support.work_conversation",
    "support.unmask_conversation",
)
LEAD = ("support.*", "registry.view_*")


def may(user: Any, permission: str) -> bool:
    return bool(user.is_active and user.has_perm(permission))


def require(user: Any, permission: str) -> None:
    """Raises NotAllowedError: who the user is does not allow it."""
    if not may(user, permission):
        raise NotAllowedError
