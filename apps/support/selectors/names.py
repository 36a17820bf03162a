"""Whether names are looked for in what is stored to learn from, and what was stored before."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from apps.privacy.family import PERSONAL_DATA
from apps.privacy.masking import Search, search_for_names
from apps.registry.models import Version
from apps.registry.selectors.aliases import champion_of
from apps.support.models import Example, Remasking


@dataclass(frozen=True)
class NamesState:
    """
    Args:
        family: the name of Personal data in the registry.
        version: the champion, to link to.
        search: what this process looks for names with.
        stale: examples that this version has not looked at.
        is_masking: whether a worker is at them.
    """

    family: str
    version: Version | None
    search: Search
    stale: int
    is_masking: bool


def names_state() -> NamesState:
    version = champion_of(PERSONAL_DATA.name)
    return NamesState(
        PERSONAL_DATA.name,
        version,
        search_for_names(),
        not_masked_by(version.number).count() if version else 0,
        Remasking.objects.filter(done_at=None).exists(),
    )


def not_masked_by(version: int) -> QuerySet[Example]:
    return Example.objects.filter(~Q(names_version=version) | Q(names_version=None))
