"""From the Teach button to a challenger: check the labels, fit, let the gate judge, compare.

A lesson's rows say where it is. Each step claims it by a conditional update, may be done twice without harm,
and is taken over by another worker when the one that claimed it died.
"""

import contextlib
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import audit
from apps.registry import families
from apps.registry.errors import RegistryError, unforeseen
from apps.registry.models import AliasName, Dataset, RunState
from apps.registry.models.runs import ENDED_STATES
from apps.registry.selectors.aliases import champion_of
from apps.registry.services.audits import audit_labels
from apps.registry.services.datasets import grow_suite, import_snapshot
from apps.registry.services.evaluations import measure_on_grown_suites
from apps.registry.services.gate import Check, check_labels
from apps.registry.services.promotion import (
    AlreadyPromotedError,
    ChampionChangedError,
    GateRefusedError,
    promote_first,
    promote_version,
)
from apps.registry.services.runs import queue_run
from apps.support.engine.sentences import digest_of
from apps.support.errors import SupportError
from apps.support.family import TAUGHT
from apps.support.family_name import FAMILY
from apps.support.models import Lesson
from apps.support.selectors.examples import approved_texts, held_out_digests, new_texts, texts_of_lessons
from apps.support.services.shadow import answer_in_shadow
from modelcore.data import LabelledTexts
from modelcore.errors import ModelcoreError
from modelcore.sentence import Sentence

TAKEN_OVER_AFTER = timedelta(seconds=90)
HELD_OUT_SHARE = 0.2


class NothingToTeachError(SupportError):
    code = "nothing_to_teach"


class LessonOpenError(SupportError):
    code = "lesson_open"


def start_lesson(*, actor: User, method: str, at: datetime) -> Lesson:
    """Ask for a challenger that knows every approved example.

    Raises:
        NothingToTeachError: the champion knows all of them.
        LessonOpenError: there is a lesson under way.
    """
    champion = champion_of(FAMILY)
    rows = approved_texts()
    if len(set(rows.labels)) < 2:
        raise NothingToTeachError(_("Approve examples of two intents at least; a model tells intents apart."))
    new = len(new_texts(rows).texts)
    if not new and champion is not None and method == Lesson.Method.EXTEND:
        raise NothingToTeachError(
            _("The champion was taught every approved example; approve corrections or add examples first.")
        )
    try:
        with transaction.atomic():
            lesson = Lesson.objects.create(
                method=Lesson.Method(method) if champion else Lesson.Method.REFIT,
                champion=champion,
                new_examples=new,
                started_by=actor,
                started_at=at,
            )
            audit.record(
                actor=actor,
                action="support.lesson_started",
                subject=f"lesson:{lesson.pk}",
                detail={"method": lesson.method, "new_examples": new},
            )
    except IntegrityError as error:
        raise LessonOpenError(_("A lesson is under way; wait until it has ended.")) from error
    return lesson


def due_lessons(*, at: datetime) -> QuerySet[Lesson]:
    """Those that have a step to take which nobody is taking."""
    has_step = Q(state=Lesson.State.CHECKING) | Q(state=Lesson.State.TRAINING, run__state__in=ENDED_STATES)
    nobody = Q(claimed_at__isnull=True) | Q(claimed_at__lt=at - TAKEN_OVER_AFTER)
    return Lesson.objects.filter(has_step & nobody)


def advance_lesson(*, lesson_id: int, at: datetime) -> Lesson | None:
    """Take the lesson's next step; None if there is none or another worker is at it, or took it over."""
    due = due_lessons(at=at).filter(pk=lesson_id).values("pk")
    if not Lesson.objects.filter(pk__in=due).update(claimed_at=at):
        return None
    lesson = Lesson.objects.select_related("run", "champion", "started_by").get(pk=lesson_id)
    try:
        if lesson.state == Lesson.State.CHECKING:
            return _check_and_queue(lesson, at)
        return _judge_and_compare(lesson, at)
    except GateRefusedError as refusal:
        return _end(lesson, Lesson.State.REFUSED, at, checks=refusal.report.checks)
    except (ModelcoreError, RegistryError) as error:
        return _end(lesson, Lesson.State.FAILED, at, error=error.sentence)
    except (OperationalError, InterfaceError):
        # A database that went away says nothing about the lesson: another worker takes it over.
        raise
    except Exception as error:
        _end(lesson, Lesson.State.FAILED, at, error=unforeseen(error))
        raise


def _check_and_queue(lesson: Lesson, at: datetime) -> Lesson | None:
    dataset = import_snapshot(family=FAMILY, at=at, actor=lesson.started_by)
    audit_labels(dataset=dataset)
    checks = tuple(check_labels(dataset, families.get(FAMILY).gate))
    if not all(check.passed for check in checks):
        lesson.dataset = dataset
        return _end(lesson, Lesson.State.REFUSED, at, checks=checks)
    if lesson.champion is not None:
        _hold_out(lesson, dataset, at)
    changes: dict[str, object] = {}
    if lesson.method == Lesson.Method.EXTEND and lesson.champion is not None:
        changes = {"method": "extend", "start": lesson.champion.digest}
    with transaction.atomic():
        held = Lesson.objects.select_for_update(of=("self",)).filter(pk=lesson.pk, claimed_at=at).first()
        if held is not None:
            held.run = queue_run(dataset=dataset, changes=changes, actor=held.started_by, at=at)
            held.dataset, held.state, held.claimed_at = dataset, Lesson.State.TRAINING, None
            held.save(update_fields=["run", "dataset", "state", "claimed_at"])
    return held


def _hold_out(lesson: Lesson, dataset: Dataset, at: datetime) -> None:
    approved = approved_texts()
    suspected = {digest_of(one["text"]) for one in dataset.audit.get("suspected", [])}
    rows = held_out_of(texts_of_lessons(approved), suspected, held_out_digests())
    grow_suite(family=FAMILY, suite=TAUGHT, rows=rows, gold=approved, source=str(lesson), at=at)


def held_out_of(
    rows: LabelledTexts, suspected: Collection[str] = (), held: Collection[str] = ()
) -> LabelledTexts:
    """A fifth of each label's rows, always the same ones of the same rows, to measure what was taught.

    What is held out already counts first, so that a lesson again asks for nothing more.

    Args:
        suspected, held: digests of texts.
    """
    digests = [digest_of(text) for text in rows.texts]
    of_label: dict[str, list[int]] = {}
    for place, (digest, label) in enumerate(zip(digests, rows.labels, strict=True)):
        if digest not in suspected:
            of_label.setdefault(label, []).append(place)
    kept: list[int] = []
    for places in of_label.values():
        places.sort(key=lambda place: (digests[place] not in held, digests[place]))
        kept += places[: int(len(places) * HELD_OUT_SHARE)]
    return rows.take(sorted(kept))


def _judge_and_compare(lesson: Lesson, at: datetime) -> Lesson | None:
    run, version = lesson.run, lesson.version
    if run is None or run.state != RunState.SUCCEEDED or version is None:
        error = run.error if run is not None and run.error else Sentence("The run was cancelled.")
        return _end(lesson, Lesson.State.FAILED, at, error=error)
    reason = Sentence("Lesson {number}.", number=lesson.pk)
    # The worker before this one may have died after a promotion.
    with contextlib.suppress(AlreadyPromotedError):
        if lesson.champion is None:
            try:
                promote_first(version=version, actor=lesson.started_by, reason=reason, at=at)
            except ChampionChangedError:
                lesson.champion = champion_of(FAMILY)  # chosen since the lesson began
        if lesson.champion is not None:
            measure_on_grown_suites(version=lesson.champion, at=at)
            measure_on_grown_suites(version=version, at=at)
            promote_version(
                version=version, alias=AliasName.CHALLENGER, actor=lesson.started_by, reason=reason, at=at
            )
    if lesson.champion is not None:
        answer_in_shadow(at=at)
    return _end(lesson, Lesson.State.READY, at)


def _end(
    lesson: Lesson,
    state: Lesson.State,
    at: datetime,
    *,
    error: str | Sentence = "",
    checks: tuple[Check, ...] = (),
) -> Lesson | None:
    """None if another worker took the lesson over: that one tells how it ends."""
    held = Lesson.objects.filter(pk=lesson.pk, claimed_at=at).update(
        state=state,
        ended_at=at,
        claimed_at=None,
        error=error,
        checks=[check.to_stored() for check in checks],
        dataset=lesson.dataset,
        champion=lesson.champion,
    )
    if not held:
        return None
    lesson.refresh_from_db()
    return lesson
