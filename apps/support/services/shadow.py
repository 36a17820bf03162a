"""The challenger answers beside the champion on questions that were decided already, never to customers."""

import functools
from datetime import datetime, timedelta

from apps.registry import store
from apps.registry.models import AliasName, Version
from apps.registry.selectors.aliases import champion_of, version_named
from apps.streams.sweeps import sweep
from apps.support.family_name import FAMILY
from apps.support.models import Decision, ShadowAnswer
from apps.support.services.corrections import question_of
from modelcore.serving import Predictor

ANSWERED_WITHIN = timedelta(days=30)
AT_ONCE = 200


def answer_in_shadow(*, at: datetime) -> int:
    """Let both versions answer the recent questions that they have not; returns how many answers."""
    champion, challenger = champion_of(FAMILY), version_named(FAMILY, AliasName.CHALLENGER)
    if champion is None or challenger is None or champion.pk == challenger.pk:
        return 0
    return sweep((champion, challenger), lambda version: _answer(version, at))


def _answer(version: Version, at: datetime) -> int:
    waiting = (
        Decision.objects.filter(created_at__gt=at - ANSWERED_WITHIN, intent__gt="")
        .exclude(shadow_answers__version=version)
        .exclude(message__masked="")  # of who was erased: never answered, they would be looked at for ever
        .select_related("message")
        .order_by("-created_at")[:AT_ONCE]
    )
    decisions = [decision for decision in waiting if question_of(decision).strip()]
    if not decisions:
        return 0
    answers = _predictor(version.digest).predict([question_of(decision) for decision in decisions])
    ShadowAnswer.objects.bulk_create(
        [
            ShadowAnswer(
                decision=decision,
                version=version,
                intent=answer.label,
                confidence=round(answer.score, 6),
                created_at=at,
            )
            for decision, answer in zip(decisions, answers, strict=True)
        ],
        ignore_conflicts=True,  # another worker was faster
    )
    return len(decisions)


@functools.lru_cache(maxsize=2)
def _predictor(digest: str) -> Predictor:
    return Predictor.open(store.fetch_artifact(digest))
