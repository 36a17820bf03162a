"""What serving reads of the registry: which versions there are, and what each alias names."""

from collections import defaultdict

from django.db.models import Q

from apps.registry import families
from apps.registry.models import Alias, Version
from apps.serving.catalogue import Catalogue, Release


def read_catalogue() -> Catalogue:
    releases: dict[str, dict[int, Release]] = defaultdict(dict)
    # An alias may keep an archived version alive for a moment: what it names is served whatever its state.
    servable = Version.objects.filter(Q(archived_at__isnull=True) | Q(aliases__isnull=False)).distinct()
    for family, number, digest, created_at in servable.values_list(
        "family", "number", "digest", "created_at"
    ):
        releases[family][number] = Release(family, number, digest, created_at)
    aliases: dict[str, dict[str, int]] = defaultdict(dict)
    named = Alias.objects.filter(version__isnull=False)
    for family, name, number in named.values_list("family", "name", "version__number"):
        # Two reads are not one moment: a version that came in between is there at the next poll.
        if number in releases[family]:
            aliases[family][name] = number
    declared = {family.name for family in families.all()}
    return Catalogue(frozenset(declared | set(releases)), dict(releases), dict(aliases))
