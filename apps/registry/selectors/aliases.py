"""What the aliases of a family point to, and what they pointed to before."""

from apps.registry.models import Alias, AliasName, Promotion, Version


def champion_of(family: str) -> Version | None:
    return version_named(family, AliasName.CHAMPION)


def version_named(family: str, name: str) -> Version | None:
    alias = Alias.objects.select_related("version").filter(family=family, name=name).first()
    return alias.version if alias else None


def present_and_previous(family: str, alias: str) -> tuple[Version | None, Version | None]:
    """Replay the history: a promotion goes on top, a rollback takes the top away."""
    stack: list[int] = []
    history = Promotion.objects.filter(family=family, alias=alias).order_by("pk")
    for kind, version in history.values_list("kind", "to_version"):
        if kind == Promotion.Kind.PROMOTION:
            stack.append(version)
            continue
        while stack and stack[-1] != version:
            stack.pop()
    if not stack:
        return None, None
    kept = set(Version.objects.filter(pk__in=stack, archived_at=None).values_list("pk", flat=True))
    earlier = [version for version in stack[:-1] if version in kept and version != stack[-1]]
    # Of a long history no more than these two are read whole, for a version is large.
    found = Version.objects.in_bulk([stack[-1], *earlier[-1:]])
    return found[stack[-1]], found[earlier[-1]] if earlier else None
