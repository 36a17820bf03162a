"""The service's work outside of requests: ids in, one service call."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from apps.accounts.locks import only_one
from apps.registry.tasks import TRAINING_QUEUE, send
from apps.streams.sweeps import sweep
from apps.support.selectors.knowledge import read_examples
from apps.support.selectors.lessons import has_challenger
from apps.support.selectors.waiting import conversations_that_wait, conversations_without_suggestions
from apps.support.services import routing, timers

# Younger messages are in the hands of the process that took them.
LEFT_ALONE = timedelta(seconds=3)
SWEPT_EVERY = 5.0


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def route() -> None:
    """Every second: who is there, and who waits for them."""
    at = timezone.now()
    sweep((routing.route_queue, timers.tell_nobody_is_there), lambda work: work(at=at))


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def keep_time() -> None:
    at = timezone.now()
    sweep((timers.announce_breaches, timers.return_abandoned, timers.wake_due), lambda work: work(at=at))


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def resolve_silent() -> None:
    timers.resolve_silent(at=timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def sweep_waiting() -> None:
    """Messages whose process died before it answered, or whose model could not answer then."""
    from apps.support.services.answering import answer_left_over
    from apps.support.services.suggesting import suggest_left_over

    now = timezone.now()
    waiting = conversations_that_wait(since=now - LEFT_ALONE)
    # Customers who wait for an answer come first.
    unsuggested = conversations_without_suggestions(since=now - LEFT_ALONE)
    turns = [(answer_left_over, pk) for pk in waiting] + [(suggest_left_over, pk) for pk in unsuggested]
    sweep(turns, lambda turn: turn[0](conversation_id=turn[1], at=now))


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def keep_certified() -> None:
    """Encoder, index and certificates follow the knowledge and the versions; one worker sees to it."""
    from apps.support.services.certificates import certify_wanted_versions
    from apps.support.services.encoders import pack_encoder

    with only_one("support.keep_certified") as is_mine:
        if is_mine:
            entries = read_examples()
            pack_encoder(entries=entries, at=timezone.now())
            certify_wanted_versions(entries=entries, at=timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def finish_erasures() -> None:
    """Right after a customer was erased, an hour later, and now and then for what a dead worker left."""
    from apps.support.services.erasure import finish_erasures as finish

    with only_one("support.finish_erasures") as is_mine:
        if is_mine:
            finish(at=timezone.now())


def dispatch_erasures() -> None:
    send(finish_erasures, queue=TRAINING_QUEUE, expires=600)


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def finish_remaskings() -> None:
    """Right after it was asked for, and now and then for what a dead worker left."""
    from apps.support.services.remasking import finish_remaskings as finish

    finish(at=timezone.now())


def dispatch_remasking() -> None:
    send(finish_remaskings, queue=TRAINING_QUEUE, expires=600)


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def mask_imports() -> None:
    """Right after a file was uploaded, and now and then for what a dead worker left."""
    from apps.support.services.imports import mask_imports as mask

    mask()


def dispatch_mask_imports() -> None:
    send(mask_imports, queue=TRAINING_QUEUE, expires=60)


@shared_task(acks_late=True)  # type: ignore[untyped-decorator]  # celery has no types
def advance_lesson(lesson_id: int) -> None:
    from apps.support.services.lessons import advance_lesson as advance

    advance(lesson_id=lesson_id, at=timezone.now())


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def sweep_lessons() -> None:
    """Hand out the steps that nobody is taking: of ended runs, lost messages and dead workers."""
    from apps.support.services.lessons import due_lessons

    for lesson_id in due_lessons(at=timezone.now()).values_list("pk", flat=True):
        dispatch_lesson(lesson_id)


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def sweep_shadow() -> None:
    if has_challenger():
        answer_in_shadow.apply_async(queue=TRAINING_QUEUE, expires=60)


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def answer_in_shadow() -> None:
    from apps.support.services.shadow import answer_in_shadow as answer

    answer(at=timezone.now())


def dispatch_lesson(lesson_id: int) -> None:
    """To the worker that has the models loaded; a step that is taken already is not taken again."""
    send(advance_lesson, lesson_id, queue=TRAINING_QUEUE, expires=SWEPT_EVERY)


@shared_task  # type: ignore[untyped-decorator]  # celery has no types
def finish_suggestions() -> None:
    """Right after they were asked for, and now and then for what a dead worker left."""
    from apps.support.services.suggestions import finish_rounds

    finish_rounds(at=timezone.now())


def dispatch_suggestions() -> None:
    send(finish_suggestions, queue=TRAINING_QUEUE, expires=60)
