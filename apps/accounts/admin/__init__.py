from apps.accounts.admin import audit, keys, people

__all__ = ["audit", "keys", "people"]
