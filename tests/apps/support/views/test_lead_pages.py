from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.accounts.models import User
from apps.support.models import (
    AnswerTemplate,
    Article,
    Example,
    Intent,
    IntentSuggestion,
    KnowledgeImport,
    Lesson,
    Placeholder,
)
from apps.support.selectors.standing import stamp_of
from apps.support.services.suggestions import finish_rounds
from tests.apps.support.factories import NOW, make_conversation, make_decision, make_example, make_intent, say

PAGES = [
    "/support/knowledge/",
    "/support/knowledge/intents/track_order/",
    "/support/knowledge/examples/",
    "/support/knowledge/conflicts/",
    "/support/knowledge/suggestions/",
    "/support/knowledge/articles/",
    "/support/knowledge/placeholders/",
    "/support/knowledge/imports/",
    "/support/teach/",
    "/support/reports/",
    "/support/policy/",
]
TABLES = ["outcomes", "effects", "times", "ratings", "intents", "versions", "risk-coverage"]
BUTTONS = ["knowledge/intents/add/", "knowledge/examples/judge/", "teach/start/", "knowledge/imports/upload/"]


@pytest.fixture(autouse=True)
def knowledge(tracking: Intent, refund: Intent) -> None:
    make_example(tracking, "where is it", state="pending")
    for intent in (tracking, refund):
        make_example(intent, "Money back")
    AnswerTemplate.objects.create(intent=tracking, number=1, body="It comes, {{order_id}}.", created_at=NOW)
    IntentSuggestion.objects.create(title="gift", cohesion=0.8, texts=["gift card"] * 8, created_at=NOW)
    conversation = make_conversation(rating=4, resolved_at=NOW + timedelta(hours=1), resolved_by="bot")
    make_decision(say(conversation, "where is it"), tracking.name)


@pytest.fixture
def as_lead(client: Client, lead: User) -> Client:
    client.force_login(lead)
    return client


@pytest.mark.parametrize("page", PAGES)
def test_a_lead_reads_every_page(as_lead: Client, page: str) -> None:
    assert as_lead.get(f"{page}?from=2026-03-01&to=2026-03-03&q=where").status_code == 200


@pytest.mark.parametrize("is_staff", [True, False])
def test_agents_are_linked_for_a_lead_who_gets_into_the_admin(
    as_lead: Client, lead: User, is_staff: bool
) -> None:
    User.objects.filter(pk=lead.pk).update(is_staff=is_staff)

    page = as_lead.get("/support/knowledge/")

    assert ("/admin/support/agentprofile/" in page.text) is is_staff


@pytest.mark.parametrize("page", [*PAGES, "/support/reports/outcomes.csv"])
def test_an_outsider_reads_none(client: Client, outsider: User, page: str) -> None:
    assert client.get(page).status_code == 302
    client.force_login(outsider)
    assert client.get(page).status_code == 403


@pytest.mark.parametrize("button", BUTTONS)
def test_an_agent_changes_nothing(client: Client, agent: User, button: str) -> None:
    client.force_login(agent)

    assert client.post(f"/support/{button}").status_code == 403
    assert client.get(f"/support/{button}").status_code in {403, 405}


def test_an_agent_is_led_to_the_knowledge(client: Client, agent: User) -> None:
    client.force_login(agent)
    assert 'href="/support/knowledge/"' in client.get("/").text


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_a_csv(as_lead: Client, table: str) -> None:
    response = as_lead.get(f"/support/reports/{table}.csv?from=2026-03-01&to=nonsense")

    assert response.headers["Content-Type"].startswith("text/csv")
    assert len(response.content.decode().splitlines()) >= 1


def test_a_missing_table_or_intent_is_not_found(as_lead: Client) -> None:
    assert as_lead.get("/support/reports/secrets.csv").status_code == 404
    assert as_lead.get("/support/knowledge/intents/none/").status_code == 404
    assert as_lead.get("/support/teach/99/").status_code == 404


def test_the_lead_approves_what_was_chosen(as_lead: Client) -> None:
    waiting = Example.objects.get(state="pending")
    as_lead.post("/support/knowledge/examples/judge/", {"example": [waiting.pk, "x"], "decision": "approve"})

    waiting.refresh_from_db()
    assert (waiting.state, waiting.reviewer.username) == ("approved", "lead")  # type: ignore[union-attr]  # it is there, or the test fails


def test_one_click_ends_a_conflict(as_lead: Client, refund: Intent) -> None:
    kept = Example.objects.get(intent=refund)
    as_lead.post("/support/knowledge/conflicts/resolve/", {"example": kept.pk})

    states = dict(Example.objects.filter(digest=kept.digest).values_list("intent__name", "state"))
    assert states == {"refund": "approved", "track_order": "rejected"}


@pytest.mark.parametrize("pk", ["²", "9" * 30, "x", ""])
def test_what_is_no_example_is_not_judged(as_lead: Client, pk: str) -> None:
    path = "/support/knowledge"
    assert as_lead.post(f"{path}/examples/judge/", {"example": pk}).status_code == 302
    assert as_lead.post(f"{path}/conflicts/resolve/", {"example": pk}).status_code == 404


def test_an_answer_needs_placeholders_that_somebody_described(as_lead: Client, refund: Intent) -> None:
    body = {"language": "en", "body": "You get {{Refund Amount}}."}
    refused = as_lead.post("/support/knowledge/intents/refund/answer/", body, follow=True)
    assert "{{refund_amount}}" in refused.content.decode()
    assert not refund.templates.exists()

    Placeholder.objects.create(name="refund_amount", source="setting", value="10 €")
    as_lead.post("/support/knowledge/intents/refund/answer/", body)
    assert refund.templates.get().body == "You get {{refund_amount}}."
    shown = as_lead.post("/support/knowledge/intents/refund/preview/", body).content.decode()
    assert "You get 10 €." in shown


def test_an_answer_is_shown_as_the_bot_would_fill_it(as_lead: Client) -> None:
    Placeholder.objects.create(name="customer_name", when_missing="fallback")
    Placeholder.objects.create(name="order_id", source="conversation", pattern=r"\d+")
    body = {"body": "Hello, {{customer_name}}! {{Order ID}} is on {{the way}}."}
    shown = as_lead.post("/support/knowledge/intents/refund/preview/", body).text

    assert "Hello! ‹order_id› is on {{the way}}." in shown
    assert "Nothing says what to put for: the_way." in shown


def test_examples_of_the_leads_own_come_one_a_line_and_say_so(as_lead: Client) -> None:
    text = "I want it all back\r\n\r\n Half of it back "
    page = as_lead.post("/support/knowledge/intents/refund/say/", {"text": text}, follow=True).text

    assert "2 examples were added." in page
    texts = Example.objects.filter(source="manual").values_list("text", flat=True)
    assert set(texts) == {"I want it all back", "Half of it back"}


def test_a_suggestion_becomes_an_intent_with_examples(as_lead: Client) -> None:
    suggestion = IntentSuggestion.objects.get()
    as_lead.post(f"/support/knowledge/suggestions/{suggestion.pk}/accept/", {"title": "Gift cards"})

    example = Example.objects.get(intent__name="gift_cards")
    assert (example.text, example.state, example.source) == ("gift card", "approved", "suggestion")


def test_who_looks_for_new_groups_sees_that_it_is_under_way_and_then_how_it_ended(as_lead: Client) -> None:
    page = "/support/knowledge/suggestions/"
    as_lead.post(f"{page}find/")
    assert "<progress" in as_lead.get(page).text
    finish_rounds(at=NOW)
    assert "among 0 unanswered questions" in as_lead.get(page).text


def test_a_group_that_was_made_anew_meanwhile_is_told_of(as_lead: Client) -> None:
    answer = as_lead.post("/support/knowledge/suggestions/999/accept/", {"title": "Gift cards"}, follow=True)
    assert "grouped anew meanwhile" in answer.text


def test_an_import_is_seen_before_it_counts(as_lead: Client) -> None:
    content = b"instruction,intent,response\nhow to pay from a@b.example,pay,Use {{Payment Page}}\n"
    file = SimpleUploadedFile("bitext.csv", content)
    as_lead.post("/support/knowledge/imports/upload/", {"file": file})
    kept = KnowledgeImport.objects.get()
    assert as_lead.get(f"/support/knowledge/imports/{kept.pk}/").status_code == 200
    assert not Intent.objects.filter(name="pay").exists()

    as_lead.post(f"/support/knowledge/imports/{kept.pk}/confirm/", {"language": "en"})
    assert AnswerTemplate.objects.get(intent__name="pay").body == "Use {{payment_page}}"
    example = Example.objects.get(intent__name="pay")
    assert (example.text, example.state) == ("how to pay from [EMAIL_ADDRESS]", "approved")


def test_a_file_in_which_names_are_looked_for_says_how_far_and_waits(as_lead: Client, lead: User) -> None:
    rows = [{"row": 2, "question": "how to pay", "title": "pay", "answer": ""}] * 4
    kept = KnowledgeImport.objects.create(
        kind="questions", state="masking", rows=rows, searched_rows=3, author=lead, created_at=NOW
    )
    path = f"/support/knowledge/imports/{kept.pk}/"
    page = as_lead.get(path).content.decode()
    assert "looked for in 3 of 4 rows" in page
    assert 'hx-trigger="every 3s"' in page
    assert "how to pay" not in page  # it may hold personal data yet

    refused = as_lead.post(f"{path}confirm/", {"language": "en"}, follow=True).content.decode()
    assert "wait until that is done" in refused
    assert not Intent.objects.filter(name="pay").exists()


def test_a_page_that_waits_for_names_asks_for_its_progress_alone(as_lead: Client, lead: User) -> None:
    rows = [{"row": 2, "question": "how to pay", "intent": "pay", "title": "pay", "answer": ""}] * 4
    kept = KnowledgeImport.objects.create(
        kind="questions", state="masking", rows=rows, searched_rows=2, author=lead, created_at=NOW
    )
    path, asks = f"/support/knowledge/imports/{kept.pk}/", {"HX-Request": "true"}
    fragment = as_lead.get(path, headers=asks).content.decode()
    assert "looked for in 2 of 4 rows" in fragment
    assert "<h1>" not in fragment

    KnowledgeImport.objects.update(state="preview")
    assert as_lead.get(path, headers=asks)["HX-Refresh"] == "true"


def test_a_bad_file_is_refused_with_its_row(as_lead: Client) -> None:
    file = SimpleUploadedFile("bad.csv", b"text,label\nhow to pay,pay\nhello,\n")
    response = as_lead.post("/support/knowledge/imports/upload/", {"file": file}, follow=True)

    assert "Row 3" in response.text
    assert not KnowledgeImport.objects.exists()


def test_a_file_is_called_as_its_owner_calls_it(as_lead: Client) -> None:
    file = SimpleUploadedFile(f"{'常' * 200}.CSV", b" ")
    response = as_lead.post("/support/knowledge/imports/upload/", {"file": file}, follow=True)

    assert f"{'常' * 60}.csv is empty" in response.text


def test_an_article_keeps_its_versions(as_lead: Client) -> None:
    for body in ("First.", "Second."):
        seen = stamp_of(Article.objects.first())
        text = {"title": "Returns", "body": body, "seen": seen}
        as_lead.post("/support/knowledge/articles/write/", text)

    assert list(Article.objects.values_list("number", "is_current")) == [(2, True), (1, False)]
    assert as_lead.get(f"/support/knowledge/articles/{Article.objects.latest('pk').pk}/").status_code == 200


@pytest.mark.parametrize("titles", [("VIP 退货政策", "VIP 物流说明"), ("What is C?", "What is C++?")])
def test_an_article_of_another_title_is_another_article(as_lead: Client, titles: tuple[str, str]) -> None:
    for title in titles:
        as_lead.post("/support/knowledge/articles/write/", {"title": title, "body": "So."})

    assert Article.objects.filter(is_current=True, number=1).count() == 2


def test_an_article_of_a_new_title_stays_the_one_it_was(as_lead: Client) -> None:
    path = "/support/knowledge/articles/write/"
    as_lead.post(path, {"title": "Returns", "body": "First."})
    seen = stamp_of(Article.objects.get())
    as_lead.post(path, {"title": "Sending back", "body": "Second.", "slug": "returns", "seen": seen})

    assert Article.objects.get(is_current=True).number == 2


def test_the_button_begins_one_lesson(
    as_lead: Client, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    from apps.support import tasks

    sent: list[int] = []
    monkeypatch.setattr(tasks, "dispatch_lesson", sent.append)
    for name in ("a", "b"):
        make_example(make_intent(name), f"about {name}")
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            as_lead.post("/support/teach/start/", {"method": "extend"})

    lesson = Lesson.objects.get()
    assert (sent, lesson.method, lesson.state) == ([lesson.pk], "refit", "checking")
    assert as_lead.get(f"/support/teach/{lesson.pk}/").status_code == 200


@pytest.mark.parametrize("days", ["from=0001-01-01&to=9999-12-31", "from=9999-12-31", "to=0001-01-01"])
def test_a_report_of_all_times_is_one_of_the_times_there_were(as_lead: Client, days: str) -> None:
    assert as_lead.get(f"/support/reports/?{days}").status_code == 200
