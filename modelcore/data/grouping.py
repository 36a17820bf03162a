"""Which rows belong together, and what a row counts as when shares are kept."""

from collections import defaultdict
from collections.abc import Iterator

from modelcore.data.normal import normalise
from modelcore.data.texts import LabelledTexts, Rows, SpanTexts, TextPairs


def group_indices(data: Rows) -> list[list[int]]:
    """Row indices by group: rows that share a normalised text or a declared group, be it through others.

    Args:
        data: any of the three shapes; for pairs, an anchor equals a positive of the same text.

    Returns:
        Disjoint lists of indices that cover all rows, each ascending, ordered by their first row.
    """
    parents = list(range(len(data.rows)))

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    first: dict[str, int] = {}
    for index, key in _keys(data):
        old, new = root(first.setdefault(key, index)), root(index)
        parents[max(old, new)] = min(old, new)
    groups: dict[int, list[int]] = defaultdict(list)
    for index in range(len(parents)):
        groups[root(index)].append(index)
    return list(groups.values())


def strata(data: Rows) -> list[tuple[str, ...]]:
    """What each row counts as: its label, the labels of its spans (`O` if none), or nothing for pairs."""
    match data:
        case LabelledTexts():
            return [(label,) for label in data.labels]
        case SpanTexts():
            return [tuple(sorted({span.label for span in spans})) or ("O",) for spans in data.spans]
        case TextPairs():
            return [("",)] * len(data.rows)


def _keys(data: Rows) -> Iterator[tuple[int, str]]:
    for index, text in enumerate(data.texts):
        yield index, "text " + normalise(text)
    if isinstance(data, TextPairs):
        for index, text in enumerate(data.positives):
            yield index, "text " + normalise(text)
    if isinstance(data, SpanTexts):
        for index, group in enumerate(data.groups):
            yield index, "group " + group
