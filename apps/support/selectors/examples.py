"""What was approved to be learned, and what of it the champion has not seen."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from apps.registry import content
from apps.registry.models import Dataset
from apps.registry.selectors.aliases import champion_of
from apps.registry.selectors.suites import pinned_suites
from apps.support.engine.sentences import digest_of
from apps.support.family import TAUGHT
from apps.support.family_name import FAMILY
from apps.support.models import Example
from modelcore.data import LabelledTexts
from modelcore.vectors import Entry

# The digest of a text and its label: nothing that is erased stays in the cache below.
Pair = tuple[str, str]


def approved_texts() -> LabelledTexts:
    """Every approved example, to learn from."""
    approved = approved_entries()
    return LabelledTexts(tuple(one.text for one in approved), tuple(one.label for one in approved))


def approved_entries() -> list[Entry]:
    """Every approved example of an intent in use, the oldest first, but for texts that two intents claim."""
    rows = Example.objects.filter(state=Example.State.APPROVED, intent__is_active=True).order_by("pk")
    entries = [Entry(*row) for row in rows.values_list("digest", "text", "intent__name")]
    # An intent has a text once.
    claims = Counter(entry.key for entry in entries)
    return [entry for entry in entries if claims[entry.key] == 1]


def count_new(entries: Iterable[Entry]) -> int:
    """How many of these `new_texts` would be, told by the digests that the examples have: a page asks."""
    known = _known(pinned_suites(FAMILY))
    return sum((entry.key, entry.label) not in known for entry in entries)


def new_texts(rows: LabelledTexts) -> LabelledTexts:
    """The rows that the champion was neither fitted nor measured on, with their labels."""
    return _outside(rows, pinned_suites(FAMILY))


def texts_of_lessons(rows: LabelledTexts) -> LabelledTexts:
    """The rows that came after the champion's data set, with those of them that are held out already."""
    return _outside(rows, pinned_suites(FAMILY).exclude(suite=TAUGHT))


def held_out_digests() -> set[str]:
    """Of the texts that lessons hold out now."""
    return {digest for suite in pinned_suites(FAMILY).filter(suite=TAUGHT) for digest, _ in pairs_in(suite)}


def _outside(rows: LabelledTexts, suites: Iterable[Dataset]) -> LabelledTexts:
    known = _known(suites)
    return rows.take([place for place, pair in enumerate(pairs_of(rows)) if pair not in known])


def _known(suites: Iterable[Dataset]) -> frozenset[Pair]:
    """What the champion was fitted or measured on."""
    champion = champion_of(FAMILY)
    if champion is None or champion.dataset is None:
        return frozenset()
    return pairs_in(champion.dataset).union(*map(pairs_in, suites))


def pairs_in(dataset: Dataset) -> frozenset[Pair]:
    return _pairs_in(dataset, dataset.content)


@lru_cache(maxsize=4)
def _pairs_in(dataset: Dataset, _content: str) -> frozenset[Pair]:
    """Kept, for a page asks with each view; rows that were erased are other content."""
    rows = content.rows_in(dataset)
    return frozenset(pairs_of(rows)) if isinstance(rows, LabelledTexts) else frozenset()


def pairs_of(rows: LabelledTexts) -> list[Pair]:
    return list(zip(map(digest_of, rows.texts), rows.labels, strict=True))
