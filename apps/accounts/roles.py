"""What people are here. A role is an auth group of the same name; nothing here needs Django's models."""

from enum import StrEnum


class Role(StrEnum):
    MODEL_OWNER = "model_owner"
    SUPPORT_LEAD = "support_lead"
    AGENT = "agent"
    ANALYST = "analyst"
    MERCHANDISER = "merchandiser"
    SHOPPER = "shopper"
    AUDITOR = "auditor"


# Patterns of `app.codename`. An app adds its own in its AppConfig: `role_permissions = {"agent": ("a.*",)}`
ROLE_PERMISSIONS: dict[str, tuple[str, ...]] = {
    Role.MODEL_OWNER: ("registry.*", "serving.*", "accounts.*_apikey", "accounts.view_auditentry"),
    Role.AUDITOR: ("*.view_*",),
}
