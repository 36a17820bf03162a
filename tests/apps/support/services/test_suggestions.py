import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.db import connections

from apps.accounts.models import AuditEntry, User
from apps.support.models import IntentSuggestion, KnowledgeImport, SuggestionRound
from apps.support.services import suggestions
from apps.support.services.suggestions import (
    accept_suggestion,
    ask_for_suggestions,
    finish_rounds,
    suggest_intents,
)
from tests.apps.support.factories import NOW, make_conversation, make_decision, say


def group() -> int:
    try:
        return suggest_intents(at=NOW)
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_two_groupings_at_once_leave_the_groups_of_one(lead: User, monkeypatch: pytest.MonkeyPatch) -> None:
    KnowledgeImport.objects.create(
        kind=KnowledgeImport.Kind.DIALOGUES,
        filename="said.jsonl",
        rows=[{"question": "where is my parcel", "intent": ""}],
        author=lead,
        created_at=NOW,
        imported_at=NOW,
    )
    both = threading.Barrier(2)
    monkeypatch.setattr("modelcore.training.frozen.features_of", lambda texts: both.wait(10))
    monkeypatch.setattr(suggestions, "cluster", lambda _: [SimpleNamespace(places=[0], cohesion=0.9)])

    with ThreadPoolExecutor(2) as pool:
        made = [one.result(20) for one in [pool.submit(group) for _ in range(2)]]

    assert (made, IntentSuggestion.objects.count()) == ([1, 1], 1)


@pytest.mark.django_db
def test_who_asks_while_a_worker_looks_waits_for_the_same_round(lead: User) -> None:
    first = ask_for_suggestions(actor=lead, at=NOW)
    assert ask_for_suggestions(actor=lead, at=NOW) == first
    assert finish_rounds(at=NOW) == 1
    assert ask_for_suggestions(actor=lead, at=NOW) != first


@pytest.mark.django_db
def test_a_round_whose_worker_died_is_finished_by_the_next(
    lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_for_suggestions(actor=lead, at=NOW)
    with monkeypatch.context() as dying:
        dying.setattr(suggestions, "unanswered_questions", lambda at: sys.exit())
        with pytest.raises(SystemExit):
            finish_rounds(at=NOW)
    assert SuggestionRound.objects.get().done_at is None
    assert finish_rounds(at=NOW) == 1
    assert SuggestionRound.objects.get().done_at == NOW


@pytest.mark.django_db
def test_a_round_that_fails_ends_and_another_begins(lead: User, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ask_for_suggestions(actor=lead, at=NOW)
    with monkeypatch.context() as failing:
        failing.setattr(suggestions, "unanswered_questions", lambda at: 1 / 0)
        assert finish_rounds(at=NOW) == 1

    first.refresh_from_db()
    assert (first.done_at, first.has_failed) == (NOW, True)
    assert ask_for_suggestions(actor=lead, at=NOW) != first


@pytest.mark.django_db
def test_chinese_questions_are_grouped() -> None:
    for text in ("我想退货怎么办理", "想退货怎么办理", "退货怎么办理呢", "发票在哪里"):
        make_decision(say(make_conversation(), text), "refund", confidence=0.4)

    assert suggest_intents(at=NOW) == 4
    assert sorted(IntentSuggestion.objects.get().texts) == [
        "想退货怎么办理",
        "我想退货怎么办理",
        "退货怎么办理呢",
    ]


@pytest.mark.django_db
def test_questions_of_two_languages_are_grouped_each_among_its_own() -> None:
    returns = ("我想退货怎么办理", "想退货怎么办理", "退货怎么办理呢")
    others = ("今天天气怎么样", "你们的老板是谁", "能推荐一本书吗", "狗粮有没有卖", "哪里可以停车")
    hirings = ("are you hiring", "are you hiring people", "are you hiring now")
    for text in (*returns, *others, *hirings, "48213", "#48214", "48215!"):
        make_decision(say(make_conversation(), text), "refund", confidence=0.4)

    assert suggest_intents(at=NOW) == len(returns + others + hirings)
    groups = {tuple(sorted(one.texts)) for one in IntentSuggestion.objects.all()}
    assert groups == {tuple(sorted(returns)), tuple(sorted(hirings))}


@pytest.mark.django_db
def test_the_trail_names_an_accepted_intent_by_number(lead: User) -> None:
    group = IntentSuggestion.objects.create(title="zebra", cohesion=1, texts=["zebra"], created_at=NOW)

    made = accept_suggestion(suggestion_id=group.pk, intent=None, title="zebra", actor=lead, at=NOW)

    assert AuditEntry.objects.get().subject == f"intent:{made.pk}"
