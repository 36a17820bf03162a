"""Agents' programs over REST: what they read is masked, what they do is theirs to do, and leaves a trace."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.accounts.models import AuditEntry, User
from apps.accounts.services.keys import issue_key
from apps.support import limits
from apps.support.models import Conversation, Decision, Example
from tests.apps.support.factories import NOW, make_conversation, make_decision, make_intent, make_person, say

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/support/conversations/"
SignIn = Callable[[User], APIClient]
ACTIONS = ("messages", "take", "transfer", "return", "resolve", "decisions/1/correct")


@pytest.fixture
def sign_in() -> SignIn:
    def signed_in(person: User) -> APIClient:
        client = APIClient()
        client.force_login(person)
        return client

    return signed_in


@pytest.fixture
def api(agent: User, sign_in: SignIn) -> APIClient:
    return sign_in(agent)


@pytest.fixture
def decision(db: None) -> Decision:
    make_intent("lost_card")
    message = say(make_conversation(), "My card 4111111111111111 is gone", masked="My card [CARD] is gone")
    return make_decision(message, "lost_card", confidence=0.4)


@pytest.fixture
def waiting(decision: Decision) -> Conversation:
    return decision.message.conversation


def address(conversation: Conversation, action: str = "") -> str:
    return f"{ROOT}{conversation.public_id}/{action}{'/' if action else ''}"


def take(api: APIClient, conversation: Conversation, revision: object = 0) -> Any:
    return api.post(address(conversation, "take"), {"revision": revision})


def reply(api: APIClient, conversation: Conversation, body: str = "It is blocked.") -> Any:
    return api.post(address(conversation, "messages"), {"client_id": "p-1", "body": body})


def test_what_the_customer_would_not_see_is_refused_with_what_they_see(agent: User, api: APIClient) -> None:
    hidden = make_conversation(agent=agent, created_at=NOW - timedelta(days=9))
    shown = make_conversation(hidden.visitor)

    refused = reply(api, hidden)

    assert (refused.status_code, refused.json()["code"]) == (409, "shown_elsewhere")
    assert refused.json()["conversation"] == str(shown.public_id)


def traces() -> list[str]:
    found = AuditEntry.objects.filter(action__startswith="support.").order_by("number")
    return list(found.values_list("action", flat=True))


def test_what_is_read_holds_no_personal_data(api: APIClient, waiting: Conversation) -> None:
    rows = api.get(ROOT, {"list": "queue", "q": "card"})
    one, said = api.get(address(waiting)), api.get(address(waiting, "messages"))

    assert (rows.json()["count"], one.json()["owner"]) == (1, "queue")
    (message,) = said.json()
    assert (message["text"], message["decision"]["intent"]) == ("My card [CARD] is gone", "lost_card")
    for answer in (rows, one, said):
        assert not any(secret in answer.text for secret in ("4111", "Mara", "mara@"))


def test_a_list_looks_nothing_up_for_each_row(api: APIClient) -> None:
    """Of earlier pages neither, of which there may be thousands."""
    asked = []
    for more in (2, 8):
        for _ in range(more):
            say(make_conversation(agent=make_person(str(uuid4()))), "hello")
        with CaptureQueriesContext(connection) as queries:
            assert api.get(ROOT, {"list": "open"}).status_code == 200
        asked.append([query["sql"] for query in queries])

    assert len(asked[0]) == len(asked[1])
    assert not any("support_message" in query for query in asked[1])


def test_only_what_was_said_since_is_told(api: APIClient, waiting: Conversation) -> None:
    last = say(waiting, "Hello?")

    told = api.get(address(waiting, "messages"), {"after": last.seq - 1}).json()
    assert [message["text"] for message in told] == ["Hello?"]


def test_an_agent_takes_answers_and_resolves(api: APIClient, agent: User, waiting: Conversation) -> None:
    assert take(api, waiting).json()["agent"] == agent.username
    assert [reply(api, waiting).status_code for _ in range(2)] == [201, 200]
    assert api.post(address(waiting, "resolve"), {"resolution": "answered"}).json()["status"] == "resolved"

    assert waiting.messages.filter(author="agent", user=agent).count() == 1
    assert traces() == ["support.api_taken", "support.api_message_sent", "support.api_resolved"]
    assert "blocked" not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_what_changes_nothing_leaves_no_trace(api: APIClient, waiting: Conversation) -> None:
    for act in (take, reply, lambda *it: api.post(address(it[1], "resolve"), {"resolution": "answered"})):
        act(api, waiting)
        before = traces()
        act(api, waiting)
        assert traces() == before


def test_nothing_is_said_in_what_is_resolved(api: APIClient, waiting: Conversation) -> None:
    take(api, waiting)
    api.post(address(waiting, "resolve"), {"resolution": "answered"})

    refused = reply(api, waiting)
    assert (refused.status_code, refused.json()["code"]) == (409, "resolved")


def test_what_is_somebody_elses_is_refused_and_leaves_no_trace(
    api: APIClient, sign_in: SignIn, waiting: Conversation
) -> None:
    take(sign_in(make_person("ben")), waiting)
    before = traces()

    answers = [
        reply(api, waiting),
        take(api, waiting, 1),
        api.post(address(waiting, "return")),
        api.post(address(waiting, "transfer"), {"to": "ben"}),
        api.post(address(waiting, "resolve"), {"resolution": "answered"}),
    ]

    assert {answer.status_code for answer in answers} == {409}
    assert {answer.json()["code"] for answer in answers} == {"not_owner", "already_taken"}
    assert traces() == before


def test_it_is_passed_on_and_given_back(api: APIClient, sign_in: SignIn, waiting: Conversation) -> None:
    ben = make_person("ben")
    take(api, waiting)

    assert api.post(address(waiting, "transfer"), {"to": "ben"}).json()["agent"] == "ben"
    assert sign_in(ben).post(address(waiting, "return")).json()["owner"] == "queue"
    assert traces()[-2:] == ["support.api_transferred", "support.api_returned"]


def test_a_corrected_intent_becomes_an_example(
    api: APIClient, waiting: Conversation, decision: Decision
) -> None:
    make_intent("refund_status")
    correct = address(waiting, f"decisions/{decision.pk}/correct")

    assert api.post(correct, {"intent": "refund_status"}).json()["corrected_intent"] == "refund_status"
    assert Example.objects.get().text == "My card [CARD] is gone"
    assert traces() == ["support.intent_corrected"]
    assert api.post(correct, {"intent": "none"}).status_code == 404
    elsewhere = address(make_conversation(), f"decisions/{decision.pk}/correct")
    assert api.post(elsewhere, {"intent": "refund_status"}).status_code == 404


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("messages", {"client_id": "", "body": "Hello"}),
        ("messages", {"client_id": "p-1", "body": " "}),
        ("messages", {"client_id": "p-1"}),
        ("take", {"revision": "x"}),
        ("transfer", {}),
        ("resolve", {"resolution": "tired"}),
    ],
)
def test_what_is_malformed_is_a_sentence(
    api: APIClient, waiting: Conversation, action: str, said: dict[str, str]
) -> None:
    answer = api.post(address(waiting, action), said)

    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_what_is_not_there_is_a_404(api: APIClient) -> None:
    said = {"client_id": "p", "body": "b", "revision": 0, "to": "agent", "resolution": "spam", "intent": "x"}

    assert api.get(f"{ROOT}{uuid4()}/").status_code == 404
    assert {api.post(f"{ROOT}{uuid4()}/{action}/", said).status_code for action in ACTIONS} == {404}


def test_an_auditor_reads_and_changes_nothing(sign_in: SignIn, waiting: Conversation) -> None:
    auditor = sign_in(make_person("auditor", "auditor"))

    assert auditor.get(address(waiting, "messages")).status_code == 200
    assert {auditor.post(address(waiting, action)).status_code for action in ACTIONS} == {403}


def test_an_outsider_nobody_and_a_key_read_nothing(
    sign_in: SignIn, outsider: User, lead: User, waiting: Conversation
) -> None:
    issued = issue_key(name="all", families=["*"], rate_per_minute=100, created_by=lead)
    key = APIClient()
    key.credentials(HTTP_AUTHORIZATION=f"Bearer {issued.raw}")

    for client, status in ((sign_in(outsider), 403), (APIClient(), 401), (key, 403)):
        assert {client.get(path).status_code for path in (ROOT, address(waiting))} == {status}


def test_a_program_that_asks_too_often_is_told_when_to_come_again(
    api: APIClient, waiting: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "REQUESTS", 2)
    answers = [api.get(address(waiting)) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].json()["code"] == "too_many"
    assert int(answers[-1].headers["Retry-After"]) > 0
