"""Two versions on the same examples."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from apps.registry import content
from apps.registry.errors import RegistryError
from apps.registry.models import Dataset, Evaluation, Version
from apps.registry.selectors.cards import FIGURES
from modelcore.evaluation import PairedResult, paired_significance

FILTERS = ("all", "a_right", "b_right", "both_wrong")


class NotComparableError(RegistryError):
    code = "not_comparable"


@dataclass(frozen=True)
class MetricRow:
    name: str
    a: float | None
    b: float | None
    a_interval: tuple[float, float] | None
    b_interval: tuple[float, float] | None

    @property
    def difference(self) -> float | None:
        return None if self.a is None or self.b is None else self.b - self.a


@dataclass(frozen=True)
class LabelRow:
    label: str
    a: dict[str, float]
    b: dict[str, float]

    @property
    def difference(self) -> float:
        return self.b.get("f1", 0.0) - self.a.get("f1", 0.0)


@dataclass(frozen=True)
class Disagreement:
    text: str
    gold: str
    a: dict[str, Any]
    b: dict[str, Any]

    @property
    def kind(self) -> str:
        if self.a["label"] == self.gold:
            return "a_right"
        return "b_right" if self.b["label"] == self.gold else "both_wrong"


@dataclass(frozen=True)
class Comparison:
    """`paired` is how much better b is than a on the same examples."""

    a: Version
    b: Version
    suites: tuple[str, ...]
    suite: str
    suite_digest: str
    examples: int
    metrics: tuple[MetricRow, ...]
    metrics_a: dict[str, Any]
    metrics_b: dict[str, Any]
    paired: PairedResult
    labels: tuple[LabelRow, ...]
    disagreements: tuple[Disagreement, ...]

    @property
    def label_order(self) -> tuple[str, ...]:
        """The labels of both, those of a first."""
        return tuple(dict.fromkeys((*self.metrics_a.get("labels", ()), *self.metrics_b.get("labels", ()))))

    def filtered(self, kind: str) -> tuple[Disagreement, ...]:
        return tuple(one for one in self.disagreements if kind in ("all", one.kind))


def compare_versions(a: Version, b: Version, suite: str = "") -> Comparison:
    """Compare on a suite that both were measured on, the first by default.

    Raises:
        NotComparableError: there is no such suite.
    """
    shared = _shared_evaluations(a, b)
    if not shared or suite not in ("", *shared):
        raise NotComparableError(
            "{a} and {b} were not measured on the same rows of a suite; open Promote to have them measured.",
            a=a,
            b=b,
        )
    mine, theirs = shared[suite or next(iter(shared))]
    return Comparison(
        a=a,
        b=b,
        suites=tuple(shared),
        suite=mine.suite,
        suite_digest=mine.suite_digest,
        examples=len(mine.predictions),
        metrics=tuple(_metric_rows(mine.metrics, theirs.metrics)),
        paired=paired_significance(theirs.correct, mine.correct),
        labels=tuple(_label_rows(mine.metrics, theirs.metrics)),
        metrics_a=mine.metrics,
        metrics_b=theirs.metrics,
        disagreements=tuple(_disagreements(a.family, mine, theirs)),
    )


def _shared_evaluations(a: Version, b: Version) -> dict[str, tuple[Evaluation, Evaluation]]:
    """Of each suite the last edition that both versions answered."""
    if a.family != b.family:
        raise NotComparableError(
            "{a} and {b} are of different families; compare two versions of one family.", a=a, b=b
        )
    of_b = {(one.suite, one.suite_digest): one for one in b.evaluations.all()}
    shared = {}
    for mine in a.evaluations.order_by("suite", "pk"):
        theirs = of_b.get((mine.suite, mine.suite_digest))
        # Of an edition whose rows were all erased nothing is left to compare.
        if theirs is not None and mine.predictions and len(mine.predictions) == len(theirs.predictions):
            shared[mine.suite] = mine, theirs
    return shared


def _metric_rows(a: dict[str, Any], b: dict[str, Any]) -> Iterator[MetricRow]:
    for name in FIGURES:
        if name in a or name in b:
            interval = f"{name}_interval"
            yield MetricRow(name, a.get(name), b.get(name), a.get(interval), b.get(interval))


def _label_rows(a: dict[str, Any], b: dict[str, Any]) -> list[LabelRow]:
    of_a, of_b = a.get("per_label", {}), b.get("per_label", {})
    rows = [
        LabelRow(label, of_a.get(label, {}), of_b.get(label, {}))
        for label in sorted(of_a.keys() | of_b.keys())
    ]
    return sorted(rows, key=lambda row: row.difference)


def _disagreements(family: str, mine: Evaluation, theirs: Evaluation) -> Iterator[Disagreement]:
    texts = suite_texts(family, mine.suite, mine.suite_digest)
    for place, (a, b) in enumerate(zip(mine.predictions, theirs.predictions, strict=True)):
        if a["label"] != b["label"]:
            yield Disagreement(texts[place] if texts else "", a["gold"], a, b)


def suite_texts(family: str, suite: str, digest: str) -> tuple[str, ...]:
    """The texts of a pinned suite; none if it is no longer pinned under that digest."""
    dataset = Dataset.objects.filter(
        family=family, kind=Dataset.Kind.SUITE, suite=suite, digest=digest
    ).first()
    if dataset is None:
        return ()
    return content.rows_in(dataset).texts
