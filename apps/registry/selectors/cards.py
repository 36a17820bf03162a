"""What the page of one version shows: its figures, its runtimes, its origin and its history."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from apps.registry.models import Alias, AliasName, Evaluation, Promotion, Version
from apps.registry.names import SETTINGS, spoken
from apps.registry.selectors.aliases import present_and_previous
from apps.registry.selectors.runs import Curve, curves
from modelcore.tasks.bio import entity_labels

HEADLINES = ("accuracy", "f1", "hit_rate_at_1")
FIGURES = (
    "accuracy",
    "macro_f1",
    "f1",
    "precision",
    "recall",
    "hit_rate_at_1",
    "hit_rate_at_10",
    "mrr",
    "ndcg_at_10",
    "ece",
)


# Its name, its length in [0, 1] and what is written beside it.
Bar = tuple[str, float, str]


@dataclass(frozen=True)
class Figure:
    name: str
    value: float
    interval: tuple[float, float] | None

    def __str__(self) -> str:
        return f"{100 * self.value:.1f} % {spoken(self.name)}"


@dataclass(frozen=True)
class SuiteResult:
    evaluation: Evaluation
    figures: tuple[Figure, ...]
    weakest_labels: tuple[Bar, ...]
    reliability: tuple[Bar, ...]


@dataclass(frozen=True)
class RuntimeRow:
    """A runtime as measured; `accuracy` is the share of texts right as a whole, also of a tagger's."""

    name: str
    is_default: bool
    size_bytes: int | None
    batch1_ms: float | None
    documents_per_second: float | None
    accuracy: float | None
    max_difference: float | None


class Setting(NamedTuple):
    name: str
    words: str | Promise
    value: Any


@dataclass(frozen=True)
class Card:
    version: Version
    label_count: int
    aliases: tuple[Alias, ...]
    rollbacks: tuple[tuple[Alias, Version], ...]
    suites: tuple[SuiteResult, ...]
    runtimes: tuple[RuntimeRow, ...]
    recipe: tuple[Setting, ...]
    curves: tuple[Curve, ...]
    history: tuple[Promotion, ...]

    @property
    def is_promotable(self) -> bool:
        return self.version.archived_at is None and len(self.aliases) < len(AliasName)


def card_of(version: Version) -> Card:
    manifest = version.manifest
    labels = manifest.get("labels", [])
    aliases = tuple(version.aliases.all())
    return Card(
        version=version,
        label_count=len(entity_labels(labels) if manifest["task"] == "tagging" else labels),
        aliases=aliases,
        rollbacks=tuple(
            (alias, previous)
            for alias in aliases
            if (previous := present_and_previous(alias.family, alias.name)[1]) is not None
        ),
        suites=tuple(_suite(one) for one in version.evaluations.defer("predictions")),
        runtimes=tuple(_runtime(version, name) for name in sorted(manifest["runtimes"])),
        recipe=tuple(_setting(*one) for one in manifest["recipe"].items() if one[1] not in (None, "")),
        curves=tuple(curves(version.run)) if version.run else (),
        history=tuple(
            version.promotions.select_related("actor", "from_version").defer(
                "gate_report", *shown_on_its_page("from_version__")
            )
        ),
    )


def headlines_at(path: str) -> "Prefetch[str]":
    """For lists: of the many figures and predictions of the evaluations at `path` what `headline` needs."""
    named = (key for name in HEADLINES for key in (name, f"{name}_interval"))
    figures = JSONObject(**{key: F(f"metrics__{key}") for key in named})
    return Prefetch(path, Evaluation.objects.only("version").annotate(figures=figures))


def shown_on_its_page(path: str = "") -> list[str]:
    """For lists: what is long of a version, the one at `path` if there is one, and is to be deferred."""
    return [f"{path}{name}" for name in ("manifest", "metrics", "latency", "card")]


def headline(version: Version) -> Figure | None:
    """The first figure that people ask for, of a version with its `headlines_at`."""
    for evaluation in version.evaluations.all():
        figures: dict[str, Any] = vars(evaluation)["figures"]
        for name in HEADLINES:
            if figures[name] is not None:
                return _figure(figures, name)
    return None


def comparable_versions(*also: Version) -> QuerySet[Version]:
    """Versions of families that have another one, and those that are compared whatever they are; those of a
    family lie together, the newest first."""
    kept = Version.objects.filter(archived_at__isnull=True)
    several = kept.values("family").annotate(count=Count("pk")).filter(count__gt=1).values("family")
    chosen = Q(pk__in=kept.filter(family__in=several)) | Q(pk__in=[version.pk for version in also])
    return Version.objects.filter(chosen).order_by("family", "-number").only("family", "number")


def _setting(name: str, value: Any) -> Setting:
    if isinstance(value, bool):
        value = _("yes") if value else _("no")
    return Setting(name, SETTINGS.get(name, name), value)


def _suite(evaluation: Evaluation) -> SuiteResult:
    metrics = evaluation.metrics
    figures = tuple(_figure(metrics, name) for name in FIGURES if name in metrics)
    # A label that the suite doesn't hold, such as a new one, was not measured: its F1 of 0 says nothing.
    measured = {label: one["f1"] for label, one in metrics.get("per_label", {}).items() if one["support"]}
    labels = sorted(measured.items(), key=lambda item: item[1])[:12]
    weakest = tuple((label, f1, f"{100 * f1:.0f} %") for label, f1 in labels)
    return SuiteResult(evaluation, figures, weakest, _reliability(metrics))


def _reliability(metrics: dict[str, Any]) -> tuple[Bar, ...]:
    """By how sure the answers were, from the surest on, how many of them were right."""
    filled = [part for part in metrics.get("reliability", ()) if part["count"]]
    return tuple(
        (
            f"{100 * part['confidence']:.0f}\N{NO-BREAK SPACE}%",
            part["accuracy"],
            _("%(right).0f %% of %(count)s") % {"right": 100 * part["accuracy"], "count": part["count"]},
        )
        for part in reversed(filled)
    )


def _figure(metrics: dict[str, Any], name: str) -> Figure:
    return Figure(name, metrics[name], metrics.get(f"{name}_interval"))


def _runtime(version: Version, name: str) -> RuntimeRow:
    runtime = version.manifest["runtimes"][name]
    speed = runtime.get("speed") or {}
    parity = runtime.get("parity") or {}
    return RuntimeRow(
        name=name,
        is_default=name == version.manifest["default_runtime"],
        size_bytes=runtime.get("size_bytes"),
        batch1_ms=speed.get("batch1_ms"),
        documents_per_second=speed.get("docs_per_second"),
        accuracy=runtime.get("accuracy"),
        max_difference=parity.get("max_difference"),
    )
