from apps.support.admin import agents, replies

__all__ = ["agents", "replies"]
