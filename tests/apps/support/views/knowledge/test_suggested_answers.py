import pytest
from django.test import Client

from apps.accounts.models import User
from apps.support.models import AnswerSuggestion, AnswerTemplate, Intent
from tests.apps.support.factories import NOW


@pytest.fixture
def suggestion(tracking: Intent, agent: User) -> AnswerSuggestion:
    return AnswerSuggestion.objects.create(
        intent=tracking, language="en", body="Call [PHONE_NUMBER].", author=agent, created_at=NOW
    )


def decide(client: Client, suggestion: AnswerSuggestion, decision: str, **fields: str) -> str:
    path = f"/support/knowledge/answers/{suggestion.pk}/"
    return client.post(path, {"decision": decision, **fields}, follow=True).text


def test_the_lead_edits_what_is_taken_over(client: Client, suggestion: AnswerSuggestion, lead: User) -> None:
    client.force_login(lead)
    assert "Call [PHONE_NUMBER].</textarea>" in client.get("/support/knowledge/examples/").text

    decide(client, suggestion, "accept", body="Call us.")

    assert AnswerTemplate.objects.get().body == "Call us."


def test_what_was_masked_is_not_taken_over(client: Client, suggestion: AnswerSuggestion, lead: User) -> None:
    client.force_login(lead)

    assert "write what every customer may read" in decide(client, suggestion, "accept")
    assert not AnswerTemplate.objects.exists()


def test_the_lead_leaves_it(client: Client, suggestion: AnswerSuggestion, lead: User) -> None:
    client.force_login(lead)

    decide(client, suggestion, "dismiss")

    suggestion.refresh_from_db()
    assert suggestion.state == "dismissed"


def test_an_agent_reads_and_takes_nothing_over(
    client: Client, suggestion: AnswerSuggestion, agent: User
) -> None:
    client.force_login(agent)

    assert "<textarea" not in client.get("/support/knowledge/examples/").text
    assert client.post(f"/support/knowledge/answers/{suggestion.pk}/").status_code == 403


def test_a_refused_wording_stays_to_be_put_right(
    client: Client, suggestion: AnswerSuggestion, lead: User
) -> None:
    client.force_login(lead)

    assert "Call {{nobody}}.</textarea>" in decide(client, suggestion, "accept", body="Call {{nobody}}.")
    decide(client, suggestion, "dismiss")
    late = decide(client, suggestion, "accept", body="All that I wrote.")
    assert "This suggestion was decided already." in late
    assert "All that I wrote.</textarea>" in late
