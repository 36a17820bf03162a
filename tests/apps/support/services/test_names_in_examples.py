"""Names do not reach what is stored to learn from; where nobody could look for them, a person does."""

from types import ModuleType

import pytest

from apps.accounts.models import User
from apps.privacy.masking import Masker
from apps.support.models import AnswerSuggestion, Decision, Example, Intent, IntentSuggestion
from apps.support.services import corrections, examples, suggestions
from apps.support.services.corrections import correct_intent, learn_from_answer
from apps.support.services.erasure import erase_customer
from apps.support.services.examples import Saying, add_example, move_examples
from apps.support.services.suggestions import accept_suggestion, unanswered_questions
from tests.apps.privacy.taggers import WordTagger, put_masker
from tests.apps.support.factories import (
    NOW,
    make_conversation,
    make_decision,
    make_example,
    make_visitor,
    say,
)

pytestmark = pytest.mark.django_db

MODULES: tuple[ModuleType, ...] = (corrections, examples, suggestions)


@pytest.fixture
def third_version(monkeypatch: pytest.MonkeyPatch) -> None:
    put_masker(monkeypatch, Masker(version=3, tagger=WordTagger()), *MODULES)


@pytest.fixture
def broken_version(monkeypatch: pytest.MonkeyPatch) -> None:
    put_masker(monkeypatch, Masker(has_missed=True), *MODULES)


@pytest.fixture
def decision(db: None) -> Decision:
    return make_decision(say(make_conversation(), "Money back, Ann"), action="hand_over", reason="unsure")


def test_a_correction_is_stored_without_the_name(
    third_version: None, decision: Decision, refund: Intent, lead: User
) -> None:
    example = correct_intent(decision=decision, intent=refund, actor=lead, at=NOW)

    assert (example.text, example.names_version) == ("Money back, [PERSON]", 3)
    assert example.state == "approved"


def test_a_correction_that_nobody_could_look_at_waits_for_review(
    broken_version: None, decision: Decision, refund: Intent, lead: User
) -> None:
    example = correct_intent(decision=decision, intent=refund, actor=lead, at=NOW)

    assert (example.state, example.names_version, example.reviewer) == ("pending", None, None)


def test_two_customers_names_make_one_example(third_version: None, refund: Intent, agent: User) -> None:
    for name in ("Ann", "Mara"):
        saying = Saying(f"{name} here, money back", Example.Source.CORRECTION, agent)
        add_example(intent=refund, saying=saying, at=NOW)

    assert Example.objects.get().text == "[PERSON] here, money back"


def test_an_edited_answer_is_kept_without_the_name(
    third_version: None, decision: Decision, refund: Intent, agent: User
) -> None:
    reply = say(decision.message.conversation, "You get it, Ann.", author="agent", user=agent)

    learn_from_answer(decision=decision, intent=refund, inserted="You do.", reply=reply, at=NOW)

    assert AnswerSuggestion.objects.get().body == "You get it, [PERSON]."
    assert Example.objects.get().text == "Money back, [PERSON]"


def test_questions_are_grouped_without_names(third_version: None, decision: Decision) -> None:
    assert [one.text for one in unanswered_questions(at=NOW)] == ["Money back, [PERSON]"]


def test_moving_an_old_example_masks_it(
    third_version: None, refund: Intent, tracking: Intent, lead: User
) -> None:
    old = make_example(refund, "Ann asks")

    move_examples(ids=[old.pk], intent=tracking, reviewer=lead, at=NOW)

    assert tracking.examples.get().text == "[PERSON] asks"


def test_a_customer_whose_name_was_masked_is_erased_from_suggestions_all_the_same(
    third_version: None, refund: Intent, lead: User
) -> None:
    visitor = make_visitor()
    message = say(make_conversation(visitor), "Ann lost it")
    suggestion = IntentSuggestion.objects.create(
        title="lost", cohesion=1.0, texts=["[PERSON] lost it"], origins=[message.pk], created_at=NOW
    )
    suggestion.messages.add(message)
    accept_suggestion(suggestion_id=suggestion.pk, intent=refund, title="", actor=lead, at=NOW)

    erase_customer(visitor=visitor, actor=lead, at=NOW)

    suggestion.refresh_from_db()
    assert (suggestion.texts, suggestion.origins) == ([], [])
    assert not Example.objects.exists()
