"""What a lesson changed: the questions on which champion and challenger differ, and the recall of intents."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from apps.registry.models import AliasName, Version
from apps.registry.selectors.aliases import champion_of, version_named
from apps.registry.selectors.comparison import suite_texts
from apps.support.family_name import FAMILY
from apps.support.models import Decision, Lesson, ShadowAnswer
from modelcore.data.normal import normalise

BETTER, WORSE, BOTH_WRONG, UNKNOWN = "better", "worse", "both_wrong", "unknown"
VERDICTS = (WORSE, BETTER, BOTH_WRONG, UNKNOWN)
LATEST = 20
COMPARED = 2000  # questions; a challenger may stay for months


@dataclass(frozen=True)
class Answered:
    intent: str
    confidence: float


@dataclass(frozen=True)
class Change:
    """A question that the two versions answer differently; without `right` nobody has said which is."""

    text: str
    source: str
    right: str
    before: Answered
    after: Answered

    @property
    def verdict(self) -> str:
        if not self.right:
            return UNKNOWN
        if self.after.intent == self.right:
            return BETTER
        return WORSE if self.before.intent == self.right else BOTH_WRONG


@dataclass(frozen=True)
class RecallRow:
    intent: str
    examples: int
    before: float | None
    after: float | None

    @property
    def difference(self) -> float:
        return (self.after or 0.0) - (self.before or 0.0)

    @property
    def is_moved(self) -> bool:
        return self.before is None or self.before != self.after


@dataclass(frozen=True)
class Shadowed:
    """How the two versions got on with recent questions."""

    asked: int
    alike: int

    @property
    def disagreement(self) -> float | None:
        return 1 - self.alike / self.asked if self.asked else None


def latest_lessons() -> list[Lesson]:
    return list(Lesson.objects.select_related("started_by")[:LATEST])


def is_live(lesson: Lesson) -> bool:
    version, champion = lesson.version, champion_of(FAMILY)
    return version is not None and champion is not None and version.pk == champion.pk


def is_in_shadow(lesson: Lesson) -> bool:
    """Whether its version is the challenger still, neither live nor replaced by that of a later lesson."""
    return has_challenger() and version_named(FAMILY, AliasName.CHALLENGER) == lesson.version


def has_challenger() -> bool:
    challenger, champion = version_named(FAMILY, AliasName.CHALLENGER), champion_of(FAMILY)
    return challenger is not None and champion is not None and challenger.pk != champion.pk


def changed_answers(lesson: Lesson) -> list[Change]:
    """What got worse first, recent questions before those of the suites; each once, wherever it was asked."""
    before, after = lesson.champion, lesson.version
    if before is None or after is None:
        return []
    found = [*_changed_recently(before, after), *_changed_in_suites(before, after)]
    in_order = sorted(found, key=lambda change: VERDICTS.index(change.verdict))
    # So of a question that somebody has labelled, and that was asked again, the label is told.
    first_of_each: dict[str, Change] = {}
    for change in in_order:
        first_of_each.setdefault(normalise(change.text), change)
    return list(first_of_each.values())


def shadowed(lesson: Lesson) -> Shadowed:
    pairs = _pairs(lesson.champion, lesson.version) if lesson.champion and lesson.version else []
    return Shadowed(len(pairs), sum(before.intent == after.intent for _, before, after in pairs))


def recall_changes(lesson: Lesson) -> list[RecallRow]:
    """Recall of each intent over all suites that both versions answered, the largest loss first."""
    before, after = lesson.champion, lesson.version
    if before is None or after is None:
        return []
    counted: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for _suite, _texts, mine, theirs in _shared(before, after):
        for was, now in zip(mine, theirs, strict=True):
            row = counted[was["gold"]]
            row[0] += 1
            row[1] += was["label"] == was["gold"]
            row[2] += now["label"] == now["gold"]
    known = set(before.manifest["labels"])
    rows = [
        RecallRow(intent, total, was / total if intent in known else None, now / total)
        for intent, (total, was, now) in counted.items()
    ]
    return sorted(rows, key=lambda row: (row.difference, row.intent))


def _changed_recently(before: Version, after: Version) -> list[Change]:
    return [
        Change(
            decision.message.masked,
            "live",
            decision.corrected_intent.name if decision.corrected_intent else "",
            Answered(was.intent, was.confidence),
            Answered(now.intent, now.confidence),
        )
        for decision, was, now in _pairs(before, after)
        if was.intent != now.intent
    ]


def _pairs(before: Version, after: Version) -> list[tuple[Decision, ShadowAnswer, ShadowAnswer]]:
    """The last questions that both answered, the last one first."""
    latest = (
        ShadowAnswer.objects.filter(version=after, decision__shadow_answers__version=before)
        .select_related("decision__message", "decision__corrected_intent")
        .order_by("-decision__created_at")[:COMPARED]
    )
    decisions = [now.decision_id for now in latest]
    answered = ShadowAnswer.objects.filter(version=before, decision__in=decisions)
    was = {answer.decision_id: answer for answer in answered}
    return [(now.decision, was[now.decision_id], now) for now in latest if now.decision_id in was]


def _changed_in_suites(before: Version, after: Version) -> list[Change]:
    return [
        Change(
            text,
            suite,
            was["gold"],
            Answered(was["label"], was["score"]),
            Answered(now["label"], now["score"]),
        )
        for suite, texts, mine, theirs in _shared(before, after)
        for text, was, now in zip(texts, mine, theirs, strict=True)
        if was["label"] != now["label"]
    ]


def _shared(
    before: Version, after: Version
) -> list[tuple[str, tuple[str, ...], list[dict[str, Any]], list[dict[str, Any]]]]:
    """The last edition of every suite that both answered."""
    of_after = {(one.suite, one.suite_digest): one for one in after.evaluations.all()}
    shared = {}
    for mine in before.evaluations.order_by("pk"):
        theirs = of_after.get((mine.suite, mine.suite_digest))
        texts = suite_texts(FAMILY, mine.suite, mine.suite_digest)
        if theirs is not None and texts:
            shared[mine.suite] = (mine.suite, texts, mine.predictions, theirs.predictions)
    return list(shared.values())
