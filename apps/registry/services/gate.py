"""What a version must show before an alias may point to it: named checks with a figure and a sentence."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.models import QuerySet

from apps.registry import families, store
from apps.registry.families import GatePolicy
from apps.registry.models import AliasName, Dataset, Evaluation, Version
from apps.registry.names import named, p_value
from apps.registry.selectors.aliases import champion_of
from apps.registry.selectors.suites import pinned_evaluations, pinned_suites, unmeasured_suites
from apps.ui.sentences import said
from modelcore.artifacts import ArtifactError
from modelcore.compression import Fidelity
from modelcore.data import surely_wrong
from modelcore.evaluation import paired_significance
from modelcore.sentence import Sentence

ROUNDING = 1e-9  # 49 of 50 is 2 points below 1, but not in floating point
SUITES = "suites"


@dataclass(frozen=True)
class Check:
    """`words` are stored, to be said to each reader in their language; `sentence` is for who asks now."""

    name: str
    passed: bool
    figure: str
    words: Sentence
    sentence: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sentence", said(self.words))

    def to_json(self) -> dict[str, Any]:
        """For whoever asks now."""
        return {"name": self.name, "passed": self.passed, "figure": self.figure, "sentence": self.sentence}

    def to_stored(self) -> dict[str, Any]:
        """For whoever reads it later; see `selectors.promotions`."""
        return {**self.to_json(), "sentence": self.words.to_json()}


@dataclass(frozen=True)
class LabelLoss:
    """A label on which the version is worse than the champion by more than the policy lets pass unnamed."""

    suite: str
    label: str
    figure: str
    champion: float
    version: float
    accepted: bool


@dataclass(frozen=True)
class GateReport:
    family: str
    version: int
    alias: str
    champion: int | None
    checks: tuple[Check, ...]
    label_losses: tuple[LabelLoss, ...]

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)

    @property
    def lacks_measures(self) -> bool:
        """Whether a suite has to be answered before anything can be said."""
        return any(check.name.startswith(SUITES) and not check.passed for check in self.checks)

    @property
    def losses_to_accept(self) -> tuple[str, ...]:
        return tuple(sorted({loss.label for loss in self.label_losses if not loss.accepted}))

    @property
    def refusal(self) -> str:
        return " ".join(check.sentence for check in self.checks if not check.passed)

    def to_json(self) -> dict[str, Any]:
        """For whoever asks now."""
        checks = [check.to_json() for check in self.checks]
        return {**asdict(self), "checks": checks, "passed": self.passed}

    def to_stored(self) -> dict[str, Any]:
        """For whoever reads it later; see `selectors.promotions`."""
        return {**self.to_json(), "checks": [check.to_stored() for check in self.checks]}


def evaluate_gate(
    version: Version,
    *,
    alias: str = AliasName.CHAMPION,
    accept_label_losses: tuple[str, ...] = (),
    is_rollback: bool = False,
) -> GateReport:
    """Judge a version for an alias.

    The champion answers to people, so it has to be as good as the one before it. A challenger or a shadow is
    there to be tried: it has to be complete, faithful and measured. A rollback goes back to what was judged
    before, perhaps in a hurry: its artifact has to be whole.
    """
    policy = families.get(version.family).gate
    champion = champion_of(version.family)
    checks = [_artifact(version)]
    losses: tuple[LabelLoss, ...] = ()
    if not is_rollback:
        checks += [
            *check_labels(version.dataset, policy),
            _parity(version, policy),
            _suites(version),
            *_minimum(version, policy),
        ]
    if not is_rollback and alias == AliasName.CHAMPION and champion is not None and champion.pk != version.pk:
        checks += [_suites_of_champion(champion), *_against_champion(version, champion, policy)]
        losses = tuple(_label_losses(version, champion, policy, accept_label_losses))
        checks.append(_losses_named(losses, policy))
    return GateReport(
        version.family, version.number, alias, champion.number if champion else None, tuple(checks), losses
    )


def _artifact(version: Version) -> Check:
    try:
        artifact = store.fetch_artifact(version.digest)
    except (ArtifactError, OSError) as error:
        return Check(
            "artifact",
            False,
            "",
            Sentence("The artifact can't be used: {error}", error=getattr(error, "sentence", error)),
        )
    files = len(artifact.manifest.files)
    return Check(
        "artifact", True, str(files), Sentence("All {files} files have their recorded hash.", files=files)
    )


def check_labels(dataset: Dataset | None, policy: GatePolicy) -> Iterator[Check]:
    """Whether the labels that are new in a data set can be trusted; asked before a fit on it, too."""
    if policy.wrong_labels is None or dataset is None or not dataset.audit.get("rows"):
        return
    rows = dataset.audit["rows"]
    suspected = dataset.audit.get("suspects", len(dataset.audit["suspected"]))  # erased ones count
    by_chance = dataset.audit.get("by_chance", 0.0)
    surely = surely_wrong(judged=rows, suspected=suspected, by_chance=by_chance)
    sentence = Sentence(
        "{suspected} of the {rows} labels that are new contradict what like texts are "
        "labelled: at least {surely:.0f} % are wrong (the policy lets {limit:.0f} % pass).",
        suspected=suspected,
        rows=rows,
        surely=100 * surely,
        limit=100 * policy.wrong_labels,
    )
    yield Check("new_labels", surely <= policy.wrong_labels, f"{suspected}/{rows}", sentence)


def _parity(version: Version, policy: GatePolicy) -> Check:
    name = version.manifest["default_runtime"]
    runtime = version.manifest["runtimes"].get(name) or {}
    parity = runtime.get("parity")
    if not parity:
        return Check("parity", False, "", Sentence("Runtime {name} was never compared with fp32.", name=name))
    fidelity = Fidelity.from_json(parity)
    sentence = Sentence(
        "Runtime {name} answers {agreement:.1f} % of the texts as fp32 does and costs "
        "{drop:.2f} points (limits {least:.1f} % and {points:.2f}).",
        name=name,
        agreement=100 * fidelity.label_agreement,
        drop=100 * fidelity.accuracy_drop,
        least=100 * policy.limits.min_agreement,
        points=100 * policy.limits.drop_for(name, fidelity.texts),
    )
    return Check("parity", policy.limits.admit(name, fidelity), f"{fidelity.label_agreement:.4f}", sentence)


def _suites(version: Version) -> Check:
    pinned = pinned_suites(version.family).count()
    missing = _names_of(unmeasured_suites(version))
    if missing or not pinned:
        sentence = Sentence("Not measured on the pinned suite: {names}.", names=missing or "–")
        return Check(SUITES, False, "", sentence)
    return Check(SUITES, True, str(pinned), Sentence("Measured on every pinned suite."))


def _suites_of_champion(champion: Version) -> Check:
    """Where the champion did not answer nothing is compared, which must not let anybody through."""
    name = f"{SUITES}:{AliasName.CHAMPION}"
    missing = _names_of(unmeasured_suites(champion))
    if missing:
        sentence = Sentence(
            "The champion v{champion} was not measured on the pinned suite: {names}. Measure it first.",
            champion=champion.number,
            names=missing,
        )
        return Check(name, False, "", sentence)
    return Check(name, True, "", Sentence("The champion was measured on every pinned suite."))


def _names_of(suites: QuerySet[Dataset]) -> str:
    return ", ".join(suites.order_by("suite").values_list("suite", flat=True))


def _minimum(version: Version, policy: GatePolicy) -> Iterator[Check]:
    growing = {suite.name for suite in families.get(version.family).suites if suite.grows}
    for evaluation in pinned_evaluations(version):
        value = float(evaluation.metrics.get(policy.metric, 0.0))
        # A suite that has just begun to grow holds a few examples: chance alone refuses nobody.
        reached = value if evaluation.suite not in growing else _at_most(evaluation, policy.metric, value)
        sentence = Sentence(
            "{metric} on {suite} is {value:.1f} %; the policy asks for {minimum:.1f} %.",
            metric=named(policy.metric),
            suite=named(evaluation.suite),
            value=100 * value,
            minimum=100 * policy.minimum,
        )
        yield Check(f"minimum:{evaluation.suite}", reached >= policy.minimum, f"{value:.4f}", sentence)


def _at_most(evaluation: Evaluation, metric: str, value: float) -> float:
    return float(evaluation.metrics.get(f"{metric}_interval", (value, value))[1])


def _pairs(version: Version, champion: Version) -> Iterator[tuple[Evaluation, Evaluation]]:
    of_champion = {one.suite: one for one in pinned_evaluations(champion)}
    for evaluation in pinned_evaluations(version):
        other = of_champion.get(evaluation.suite)
        if other is not None:
            yield evaluation, other


def _against_champion(version: Version, champion: Version, policy: GatePolicy) -> Iterator[Check]:
    for mine, theirs in _pairs(version, champion):
        result = paired_significance(mine.correct, theirs.correct)
        low, high = result.interval
        is_worse = result.difference < 0 and result.is_significant
        passed = not is_worse and low >= -policy.margin
        sentence = Sentence(
            "On {suite} {difference:+.1f} points against the champion v{champion} (95 % "
            "interval {low:+.1f} to {high:+.1f}, p {p}; it may not reach below "
            "{margin:+.1f}).",
            suite=named(mine.suite),
            difference=100 * result.difference,
            champion=champion.number,
            low=100 * low,
            high=100 * high,
            p=p_value(result.p_value),
            margin=-100 * policy.margin,
        )
        yield Check(f"champion:{mine.suite}", passed, f"{result.difference:+.4f}", sentence)


def _label_losses(
    version: Version, champion: Version, policy: GatePolicy, accepted: tuple[str, ...]
) -> Iterator[LabelLoss]:
    for mine, theirs in _pairs(version, champion):
        labels = mine.metrics.get("per_label", {})
        for label, before in theirs.metrics.get("per_label", {}).items():
            now = labels.get(label, {"f1": 0.0, "recall": 0.0})
            figure = max(("f1", "recall"), key=lambda name: before[name] - now[name])
            if before[figure] - now[figure] > policy.label_loss + ROUNDING:
                yield LabelLoss(mine.suite, label, figure, before[figure], now[figure], label in accepted)


def _losses_named(losses: tuple[LabelLoss, ...], policy: GatePolicy) -> Check:
    open_losses = sorted({loss.label for loss in losses if not loss.accepted})
    if open_losses:
        sentence = Sentence(
            "These labels lose more than {points:.0f} points; name each to accept it: {labels}.",
            points=100 * policy.label_loss,
            labels=", ".join(open_losses),
        )
        return Check("labels", False, str(len(open_losses)), sentence)
    sentence = Sentence(
        "No label loses more than {points:.0f} points unnamed.", points=100 * policy.label_loss
    )
    return Check("labels", True, str(len(losses)), sentence)
