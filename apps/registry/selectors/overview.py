"""What the first page of the admin shows: what is live, what runs, what changed."""

from dataclasses import dataclass

from apps.registry import families
from apps.registry.families import Family
from apps.registry.models import Alias, AliasName, Promotion, Run
from apps.registry.models.runs import OPEN_STATES
from apps.registry.selectors.cards import Figure, headline, headlines_at, shown_on_its_page

PROMOTIONS_SHOWN = 8


@dataclass(frozen=True)
class LiveFamily:
    family: Family
    aliases: tuple[Alias, ...]
    headline: Figure | None


@dataclass(frozen=True)
class Overview:
    families: tuple[LiveFamily, ...]
    runs: tuple[Run, ...]
    promotions: tuple[Promotion, ...]


def overview() -> Overview:
    aliases = list(
        Alias.objects.filter(version__isnull=False)
        .select_related("version")
        .prefetch_related(headlines_at("version__evaluations"))
    )
    promotions = Promotion.objects.select_related("to_version", "from_version", "actor").defer(
        "gate_report", *shown_on_its_page("to_version__"), *shown_on_its_page("from_version__")
    )
    return Overview(
        families=tuple(_live(family, aliases) for family in families.all()),
        runs=tuple(Run.objects.filter(state__in=OPEN_STATES).select_related("dataset")),
        promotions=tuple(promotions[:PROMOTIONS_SHOWN]),
    )


def _live(family: Family, aliases: list[Alias]) -> LiveFamily:
    own = tuple(alias for alias in aliases if alias.family == family.name)
    champion = next((alias.version for alias in own if alias.name == AliasName.CHAMPION), None)
    return LiveFamily(family, own, headline(champion) if champion else None)
