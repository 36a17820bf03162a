from apps.accounts.models.audit import AuditEntry
from apps.accounts.models.keys import ApiKey
from apps.accounts.models.user import User

__all__ = ["ApiKey", "AuditEntry", "User"]
