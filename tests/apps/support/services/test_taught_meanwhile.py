"""An erasure that meets somebody who makes knowledge of the customer's words: either way none stays."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pkgutil import resolve_name
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections

from apps.accounts.models import User
from apps.support.models import Decision, Example, Intent, IntentSuggestion, Visitor
from apps.support.services import suggestions
from apps.support.services.conversations import ErasedCustomerError
from apps.support.services.corrections import correct_intent
from apps.support.services.erasure import erase_customer
from apps.support.services.examples import move_examples
from apps.support.services.suggestions import accept_suggestion, suggest_intents
from tests.apps.support.factories import NOW, make_conversation, make_decision, make_example, make_intent, say

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "where is my zebra-striped umbrella"
MASKING = "apps.support.services.examples.masker"
GROUPING = "apps.support.services.suggestions.cluster"
WRITING = "apps.support.services.suggestions.title_of"
Erase = Callable[[str], list[Future[object]]]


@pytest.fixture
def decision(agent: User, lead: User) -> Decision:
    conversation = make_conversation(agent=agent)
    return make_decision(say(conversation, WORDS), "refund", confidence=0.4)


@pytest.fixture
def erase_during(lead: User, monkeypatch: pytest.MonkeyPatch) -> Iterator[Erase]:
    """Has the customer erased, by somebody else, when a function is called for the first time."""
    with ThreadPoolExecutor(1) as others:

        def during(place: str) -> list[Future[object]]:
            erased: list[Future[object]] = []
            proceed = resolve_name(place)

            def meanwhile(*args: Any, **named: Any) -> Any:
                monkeypatch.setattr(place, proceed)
                erased.append(others.submit(erase, lead))
                wait(erased, timeout=0.5)
                return proceed(*args, **named)

            monkeypatch.setattr(place, meanwhile)
            return erased

        yield during


def erase(actor: User) -> object:
    try:
        return erase_customer(visitor=Visitor.objects.get(), actor=actor, at=NOW)
    finally:
        connections.close_all()


def correct(decision: Decision, actor: User) -> None:
    correct_intent(decision=decision, intent=make_intent(), actor=actor, at=NOW)


def accept(decision: Decision, actor: User) -> None:
    suggestion = IntentSuggestion.objects.create(
        title=WORDS, cohesion=0.8, texts=[WORDS], origins=[decision.message_id], created_at=NOW
    )
    suggestion.messages.set([decision.message])
    accept_suggestion(suggestion_id=suggestion.pk, intent=None, title="Umbrellas", actor=actor, at=NOW)


def move(decision: Decision, actor: User) -> None:
    example = make_example(make_intent("refund"), WORDS, message=decision.message)
    move_examples(ids=[example.pk], intent=make_intent(), reviewer=actor, at=NOW)


def group(decision: Decision, actor: User) -> None:
    suggest_intents(at=NOW)


@pytest.fixture
def one_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("modelcore.training.frozen.features_of", lambda texts: texts)
    all_in_one = [SimpleNamespace(places=[0], cohesion=0.9)]
    monkeypatch.setattr(suggestions, "cluster", lambda features: all_in_one)


@pytest.mark.parametrize(
    ("act", "place"),
    [(correct, MASKING), (accept, MASKING), (move, MASKING), (group, GROUPING), (group, WRITING)],
)
def test_nothing_is_kept(
    act: Callable[[Decision, User], None],
    place: str,
    decision: Decision,
    lead: User,
    one_group: None,
    erase_during: Erase,
) -> None:
    erased = erase_during(place)

    act(decision, lead)

    assert erased.pop().result(timeout=10)
    assert not Example.objects.exists()
    assert WORDS not in str(list(IntentSuggestion.objects.values()))


def test_who_was_erased_is_not_learned_from(decision: Decision, tracking: Intent, lead: User) -> None:
    erase_customer(visitor=decision.message.conversation.visitor, actor=lead, at=NOW)

    with pytest.raises(ErasedCustomerError):
        correct_intent(decision=decision, intent=tracking, actor=lead, at=NOW)
    decision.refresh_from_db()
    assert decision.corrected_intent is None
