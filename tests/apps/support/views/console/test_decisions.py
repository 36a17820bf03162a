import pytest
from django.test import Client

from apps.accounts.models import User
from apps.serving.errors import Fault, ServingError
from apps.support.engine.weighing import Piece
from apps.support.models import Conversation, Decision, Example, Intent, Placeholder, Visitor
from apps.support.services.weighing import Weighed
from apps.support.views.console import decisions
from tests.apps.support.factories import make_conversation, make_decision, make_intent
from tests.apps.support.views.console.conftest import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision(conversation: Conversation) -> Decision:
    for name in ("track_order", "cancel_order"):
        make_intent(name)
    return make_decision(conversation.messages.get(), "track_order", "cancel_order", confidence=0.5)


def address(conversation: Conversation, decision: Decision, action: str = "") -> str:
    return f"/support/conversations/{conversation.public_id}/decisions/{decision.pk}/{action}"


def test_a_suggestion_is_offered_like_any_answer(
    agent: User, desk: Client, conversation: Conversation
) -> None:
    make_intent("lost_card", title="Lost card", answer="Block it in the app.")
    make_decision(conversation.messages.get(), "lost_card", action="suggest")
    Conversation.objects.filter(pk=conversation.pk).update(owner="agent", agent=agent)

    page = desk.get(f"/support/conversations/{conversation.public_id}/live/").text

    assert 'data-text="Block it in the app."' in page
    assert "suggested" in page


def test_an_answer_that_holds_a_mask_is_offered_to_nobody(desk: Client, conversation: Conversation) -> None:
    make_intent("lost_card", answer="Call [PHONE_NUMBER].")
    make_decision(conversation.messages.get(), "lost_card", action="suggest")

    assert "Call [PHONE" not in desk.get(f"/support/conversations/{conversation.public_id}/live/").text


@pytest.mark.parametrize(("order", "shown"), [("48213", "48213"), ("mara@example.com", "{{order_id}}")])
def test_an_answer_is_filled_with_what_the_page_shows_unasked(
    desk: Client, conversation: Conversation, order: str, shown: str
) -> None:
    Placeholder.objects.create(name="order_id", source=Placeholder.Source.CUSTOMER)
    Visitor.objects.filter(pk=conversation.visitor_id).update(context={"order_id": order})
    make_intent("lost_card", answer="Order {{order_id}} is on its way.")
    make_decision(conversation.messages.get(), "lost_card", action="suggest")

    page = desk.get(f"/support/conversations/{conversation.public_id}/live/").text

    assert f'data-text="Order {shown} is on its way."' in page
    assert "mara@example.com" not in page


def test_what_the_shop_tells_is_for_who_may_ask_for_personal_data(
    auditor: User, sign_in: SignIn, conversation: Conversation
) -> None:
    Visitor.objects.filter(pk=conversation.visitor_id).update(context={"birthday": "1980-05-03"})

    page = sign_in(auditor).get(f"/support/conversations/{conversation.public_id}/").text

    assert "birthday" in page
    assert "1980-05-03" not in page


def test_why_shows_the_nearest_questions(
    desk: Client, conversation: Conversation, decision: Decision
) -> None:
    page = desk.get(address(conversation, decision)).text

    assert "near My card [CARD] is gone 1" in page
    assert "0.85" in page


def test_both_figures_are_named_and_none_is_said_of_a_label_that_a_person_gave(
    agent: User, desk: Client, conversation: Conversation, decision: Decision
) -> None:
    page = desk.get(address(conversation, decision)).text
    assert "Sure enough to answer" in page
    assert "Among the intents" in page
    assert "sure-figure" in page

    Decision.objects.update(corrected_intent=Intent.objects.get(name="cancel_order"), corrected_by=agent)

    page = desk.get(address(conversation, decision)).text
    assert (
        "<s>Track an order</s> Cancel an order"
        in desk.get(f"/support/conversations/{conversation.public_id}/").text
    )
    assert "sure-figure" not in page


def test_a_decision_of_another_conversation_is_a_404(desk: Client, decision: Decision) -> None:
    assert desk.get(address(make_conversation(), decision)).status_code == 404
    assert desk.post(address(make_conversation(), decision, "correct/")).status_code == 404


def test_a_correction_becomes_an_example_to_review(
    agent: User, desk: Client, conversation: Conversation, decision: Decision
) -> None:
    page = desk.post(address(conversation, decision, "correct/"), {"intent": "cancel_order"}).text

    assert "anna says that it is “Cancel an order”" in page
    example = Example.objects.get()
    assert (example.text, example.state, example.author) == ("My card [CARD] is gone", "pending", agent)


def test_a_corrected_intent_offers_its_answer_first(
    desk: Client, conversation: Conversation, decision: Decision
) -> None:
    make_intent("lost_card", answer="Block it in the app.")

    page = desk.post(address(conversation, decision, "correct/"), {"intent": "lost_card"}).text

    assert 'id="answer-1" data-answer="1"' in page
    assert 'data-intent="lost_card"' in page


def test_an_intent_that_is_not_there_is_a_404(
    desk: Client, conversation: Conversation, decision: Decision
) -> None:
    assert desk.post(address(conversation, decision, "correct/"), {"intent": "none"}).status_code == 404


def test_an_auditor_corrects_nothing(
    auditor: User, sign_in: SignIn, conversation: Conversation, decision: Decision
) -> None:
    browser = sign_in(auditor)

    assert browser.get(address(conversation, decision)).status_code == 200
    assert browser.post(address(conversation, decision, "correct/")).status_code == 403


def test_without_a_live_model_the_weights_are_a_sentence(
    desk: Client, conversation: Conversation, decision: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing_is_live(*, decision: Decision) -> Weighed:
        raise ServingError(Fault.UNKNOWN_MODEL, "No model is live.")

    monkeypatch.setattr(decisions, "weigh_words", nothing_is_live)
    page = desk.get(address(conversation, decision, "words/"))

    assert page.status_code == 200
    assert "No model is live." in page.text


def test_the_words_that_weighed_are_marked(
    desk: Client, conversation: Conversation, decision: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    pieces = (Piece("my", 0.1), Piece(" "), Piece("card", 0.4))
    monkeypatch.setattr(decisions, "weigh_words", lambda *, decision: Weighed(7, pieces))

    page = desk.get(address(conversation, decision, "words/")).text

    assert '<mark class="w3" title="40">card</mark>' in page
    assert '<mark class="w1" title="10">my</mark>' in page
    assert "version 7" in page


def test_which_words_weighed_stays_through_a_refresh(
    desk: Client, conversation: Conversation, decision: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decisions, "weigh_words", lambda *, decision: Weighed(7, (Piece("card", 0.4),)))
    answer = desk.get(address(conversation, decision, "words/")).text
    refreshed = desk.get(f"/support/conversations/{conversation.public_id}/live/").text

    # htmx keeps what has this id, where what comes asks for it.
    assert f'<div id="words-{decision.pk}" tabindex="-1">' in answer
    assert f'id="words-{decision.pk}" hx-preserve="true"' in refreshed


@pytest.mark.parametrize(("confidence", "is_shown"), [(0.5, True), (None, False)])
def test_certainty_is_shown_where_it_was_measured(
    desk: Client, conversation: Conversation, decision: Decision, confidence: float | None, is_shown: bool
) -> None:
    Decision.objects.filter(pk=decision.pk).update(confidence=confidence)
    page = desk.get(f"/support/conversations/{conversation.public_id}/live/").text

    assert ("sure-figure" in page) == is_shown
    assert ("Sure enough to answer" in page) == is_shown
