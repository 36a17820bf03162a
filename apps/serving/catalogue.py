"""The registry as serving sees it at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from apps.accounts.whole_numbers import whole_number
from apps.serving.errors import Fault, ServingError

CHAMPION = "champion"
SHOWN_CHARACTERS = 80


@dataclass(frozen=True)
class Release:
    """A version as serving needs it."""

    family: str
    number: int
    digest: str
    created_at: datetime


@dataclass(frozen=True)
class Catalogue:
    """Family → number → release, and family → alias → number."""

    families: frozenset[str] = frozenset()
    releases: Mapping[str, Mapping[int, Release]] = field(default_factory=dict)
    aliases: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def aliased(self) -> dict[tuple[str, str], Release]:
        return {
            (family, alias): self.releases[family][number]
            for family, named in self.aliases.items()
            for alias, number in named.items()
        }

    def checked_family(self, family: str) -> str:
        """
        Raises:
            ServingError: no product declares it and no version has it.
        """
        if family in self.families:
            return family
        # Which there are is for those with a key: readiness is told without one.
        sentence = (
            f"There is no model {family[:SHOWN_CHARACTERS]!r}. The index of models says which there are."
        )
        raise ServingError(Fault.UNKNOWN_MODEL, sentence, param="model")

    def find(self, family: str, version: str | None) -> Release:
        """The release that a number or alias names; None is the champion.

        Raises:
            ServingError: unknown family or version, or no champion yet.
        """
        self.checked_family(family)
        aliases, releases = self.aliases.get(family, {}), self.releases.get(family, {})
        wanted = version or CHAMPION
        if wanted in aliases:
            return releases[aliases[wanted]]
        if wanted == CHAMPION:
            # Not "come back later": it takes a person to change this.
            raise ServingError(Fault.UNKNOWN_VERSION, f"No version of {family} is champion yet. Promote one.")
        number = whole_number(wanted, digits=9)
        if number is not None and number in releases:
            return releases[number]
        sentence = f"{family} has no version {wanted[:SHOWN_CHARACTERS]!r}."
        raise ServingError(Fault.UNKNOWN_VERSION, sentence, param="version")
