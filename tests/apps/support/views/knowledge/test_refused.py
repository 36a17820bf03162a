"""What cannot be, or is there already: it is said, and nothing that was written is lost."""

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.support.models import AnswerTemplate, Example, Intent, IntentSuggestion, Placeholder
from apps.support.selectors.standing import stamp_of
from tests.apps.support.factories import NOW, make_example, make_intent

KNOWLEDGE = "/support/knowledge"


@pytest.fixture
def as_lead(client: Client, lead: User) -> Client:
    client.force_login(lead)
    return client


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_refused_answer_stays_in_its_form(as_lead: Client, language: str) -> None:
    make_intent("refund", answer="Within five days.")
    told = {"language": language, "body": "You get {{amount}} after all that I wrote."}
    seen = stamp_of(AnswerTemplate.objects.filter(language=language).first())
    page = as_lead.post(f"{KNOWLEDGE}/intents/refund/answer/", {**told, "seen": seen})

    assert "Nothing says what to put for {{amount}}" in page.text
    assert "You get {{amount}} after all that I wrote.</textarea>" in page.text
    assert f'name="language" value="{language}"' in page.text
    assert "not saved" in page.text


def test_the_address_of_a_refused_answer_leads_to_the_intent(as_lead: Client, refund: Intent) -> None:
    answer = as_lead.get(f"{KNOWLEDGE}/intents/refund/answer/")

    assert answer.headers["Location"] == f"{KNOWLEDGE}/intents/refund/"


def test_a_refused_placeholder_stays_in_its_form(as_lead: Client) -> None:
    told = {
        "name": "order_id", "kind": "text", "source": "conversation", "when_missing": "ask",
        "pattern": "(", "question": "Which order is it?",
    }  # fmt: skip
    page = as_lead.post(f"{KNOWLEDGE}/placeholders/save/", told).text

    assert "The pattern is not a regular expression." in page
    for value in ("order_id", "(", "Which order is it?"):
        assert f'value="{value}"' in page
    assert not Placeholder.objects.exists()
    assert as_lead.get(f"{KNOWLEDGE}/placeholders/save/").headers["Location"] == f"{KNOWLEDGE}/placeholders/"


def test_a_placeholder_says_no_more_than_there_is_room_for(as_lead: Client) -> None:
    told = {
        "name": "shop",
        "kind": "text",
        "source": "setting",
        "when_missing": "hand_over",
        "value": "x" * 501,
    }
    page = as_lead.post(f"{KNOWLEDGE}/placeholders/save/", told).text

    assert "“fixed value” has room for 500 characters" in page
    assert not Placeholder.objects.exists()


@pytest.mark.parametrize("path", ["?q=%00", "placeholders/?name=%00"])
def test_what_no_column_holds_is_looked_for_nowhere(as_lead: Client, path: str) -> None:
    assert as_lead.get(f"{KNOWLEDGE}/{path}").status_code == 200


def test_an_example_that_is_there_is_not_said_to_be_added(as_lead: Client, refund: Intent) -> None:
    said = [
        as_lead.post(f"{KNOWLEDGE}/intents/refund/say/", {"text": text}, follow=True).text
        for text in ("Money back", "money back!")
    ]

    assert ["1 example was added." in page for page in said] == [True, False]
    assert "The intent has this already." in said[1]


@pytest.mark.parametrize("decision", ["approve", "reject", "move"])
def test_who_chose_no_example_is_told_to(as_lead: Client, refund: Intent, decision: str) -> None:
    make_example(refund, "Money back", state="pending")
    chosen = {"decision": decision, "intent": "refund"}
    page = as_lead.post(f"{KNOWLEDGE}/examples/judge/", chosen, follow=True).text

    assert "Choose the examples first." in page
    assert "judged" not in page
    assert Example.objects.get().state == "pending"


def test_two_intents_have_no_title_in_common(as_lead: Client, refund: Intent) -> None:
    make_intent("money_back", title="Where is my money?")
    added = as_lead.post(f"{KNOWLEDGE}/intents/add/", {"title": "where is my money? "}, follow=True).text
    renamed = as_lead.post(
        f"{KNOWLEDGE}/intents/refund/change/", {"title": "Where is my money?", "is_active": "on"}, follow=True
    ).text

    assert "There is an intent where is my money? already." in added
    assert "There is an intent Where is my money? already." in renamed
    assert Intent.objects.count() == 2


def test_a_refused_article_stays_in_its_form(as_lead: Client, refund: Intent) -> None:
    told = {"title": "Money", "language": "zh-hans", "intent": "refund", "body": "  "}
    page = as_lead.post(f"{KNOWLEDGE}/articles/write/", told).text

    assert "An article needs a title and a text." in page
    assert 'name="title" value="Money"' in page
    assert 'name="language" value="zh-hans"' in page
    assert '<option value="refund" selected>' in page
    assert as_lead.get(f"{KNOWLEDGE}/articles/write/").headers["Location"] == f"{KNOWLEDGE}/articles/"


def test_a_refused_next_version_stays_beside_the_article(as_lead: Client) -> None:
    text = {"title": "Returns", "body": "Send it back."}
    as_lead.post(f"{KNOWLEDGE}/articles/write/", text)
    told = {"slug": "returns", "title": " ", "body": "All that I wrote since."}
    page = as_lead.post(f"{KNOWLEDGE}/articles/write/", told).text

    assert "<h1>Returns</h1>" in page
    assert "All that I wrote since.</textarea>" in page
    assert 'name="slug" value="returns"' in page


@pytest.mark.parametrize(
    ("path", "told", "field"),
    [
        ("intents/add/", {"title": "refund"}, 'name="title" value="refund"'),
        ("intents/refund/say/", {"text": "Money back"}, ">Money back</textarea>"),
        (
            "intents/refund/change/",
            {"title": " ", "description": "About money"},
            'name="description" value="About money"',
        ),
    ],
)
def test_what_was_refused_stays_and_its_address_leads_back(
    as_lead: Client, refund: Intent, path: str, told: dict[str, str], field: str
) -> None:
    Intent.objects.update(is_active=False)

    assert field in as_lead.post(f"{KNOWLEDGE}/{path}", told).text
    assert as_lead.get(f"{KNOWLEDGE}/{path}").status_code == 302


def test_a_refused_name_of_a_suggested_intent_stays(as_lead: Client, refund: Intent) -> None:
    suggestion = IntentSuggestion.objects.create(title="gift", cohesion=0.8, texts=["a"], created_at=NOW)
    path = f"{KNOWLEDGE}/suggestions/{suggestion.pk}/accept/"

    assert 'name="title" value="refund"' in as_lead.post(path, {"title": "refund"}).text
    assert as_lead.get(path).headers["Location"] == f"{KNOWLEDGE}/suggestions/"


def test_what_is_no_judgement_judges_nothing(as_lead: Client, refund: Intent) -> None:
    example = make_example(refund, "my money back")

    answer = as_lead.post(f"{KNOWLEDGE}/examples/judge/", {"example": example.pk, "decision": "yes"})

    assert answer.status_code == 400
    assert Example.objects.get().state == example.state
