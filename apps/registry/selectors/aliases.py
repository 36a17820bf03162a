"""What the aliases of a family point to, and what they pointed to before."""

from apps.registry.models import Alias, AliasName, Promotion, Version


def champion_of(family: str) -> Version | None:
    return version_named(family, AliasName.CHAMPION)


def version_named(family: str, name: str) -> Version | None:
    alias = Alias.objects.select_related("version").filter(family=family, name=name).first()
    return alias.version if alias else None


def present_and_previous(family: str, alias: str) -> tuple[Version | None, Version | None]:
    """Replay the history: a promotion goes on top, a rollback takes the top away."""
    stack: list[Version] = []
    history = Promotion.objects.filter(family=family, alias=alias).select_related("to_version").order_by("pk")
    for change in history:
        if change.kind == Promotion.Kind.PROMOTION:
            stack.append(change.to_version)
            continue
        while stack and stack[-1].pk != change.to_version_id:
            stack.pop()
    if not stack:
        return None, None
    earlier = [
        version for version in stack[:-1] if version.archived_at is None and version.pk != stack[-1].pk
    ]
    return stack[-1], earlier[-1] if earlier else None
