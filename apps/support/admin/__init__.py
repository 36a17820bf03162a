from apps.support.admin import policy, replies

__all__ = ["policy", "replies"]
