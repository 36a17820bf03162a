import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from apps.accounts.models import User
from apps.streams.models import Event
from apps.support.engine.decision import Reason
from apps.support.models import Conversation, Visitor
from apps.support.models.conversations import DESK
from apps.support.selectors.conversations import current_conversation
from apps.support.services import sessions
from apps.support.services.identities import Identity, OldIdentityError, SignedIdentity
from apps.support.services.sessions import Session, open_session
from apps.support.services.visitors import VisitorTokenError, end_sessions, revoke_tokens, verify_token
from tests.apps.support.factories import NOW, hand_over, make_conversation, make_visitor
from tests.apps.support.identities import signed

pytestmark = pytest.mark.django_db
Owner, Status = Conversation.Owner, Conversation.Status
EARLIER = NOW - timedelta(hours=1)
PATIENCE = timedelta(minutes=15)  # of the policy


def test_a_known_visitor_stays_the_same() -> None:
    visitor = make_visitor()

    assert open_session(at=NOW, known=visitor, language="zh_CN").visitor == visitor
    assert Visitor.objects.get().language == "zh-hans"


def test_the_shops_customer_is_the_same_from_every_device(shop: None) -> None:
    first = open_session(at=NOW, signed=signed(name="Mara"))

    assert open_session(at=NOW, signed=signed()).visitor == first.visitor
    assert Visitor.objects.get().name == "Mara"


def test_who_signs_in_keeps_what_they_said_before(shop: None) -> None:
    anonymous = open_session(at=NOW).visitor

    assert open_session(at=NOW, known=anonymous, signed=signed()).visitor == anonymous


@pytest.mark.django_db(transaction=True)
def test_the_first_two_sessions_of_a_customer_at_once_are_one_visitors(
    shop: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_looked, look = threading.Barrier(2), sessions._of_identity

    def together(identity: Identity, known: Visitor | None) -> Visitor | None:
        found = look(identity, known)
        if found is None:
            both_looked.wait(timeout=5)
        return found

    monkeypatch.setattr(sessions, "_of_identity", together)
    with ThreadPoolExecutor(2) as tabs:
        opened = [tabs.submit(open_in_a_thread, signed()) for _ in range(2)]

    assert {one.result().visitor for one in opened} == {Visitor.objects.get()}


def open_in_a_thread(identity: SignedIdentity) -> Session:
    try:
        return open_session(at=NOW, signed=identity)
    finally:
        connections.close_all()


def test_a_token_from_before_signing_in_reads_nothing_of_the_customer(shop: None) -> None:
    anonymous = open_session(at=NOW)

    signed_in = open_session(at=NOW, known=anonymous.visitor, signed=signed())

    assert verify_token(signed_in.token) == anonymous.visitor
    with pytest.raises(VisitorTokenError):
        verify_token(anonymous.token)


def test_another_customer_on_the_same_device_is_another_visitor(shop: None) -> None:
    first = open_session(at=NOW, signed=signed()).visitor

    assert open_session(at=NOW, known=first, signed=signed(external_id="c-78")).visitor != first


def test_what_the_shop_signs_replaces_what_was_typed(shop: None) -> None:
    typed = make_visitor("Mallory", email="typed@example.com")

    visitor = open_session(at=NOW, known=typed, signed=signed(name="Mara", email="")).visitor

    assert (visitor.name, visitor.email) == ("Mara", "typed@example.com")


def test_whose_sessions_were_ended_gets_none_by_what_was_signed_before(shop: None, lead: User) -> None:
    visitor = open_session(at=NOW, signed=signed()).visitor
    end_sessions(visitor=visitor, actor=lead, at=NOW + timedelta(minutes=1))
    later = NOW + timedelta(minutes=2)

    with pytest.raises(OldIdentityError):
        open_session(at=later, signed=signed())
    assert open_session(at=later, signed=signed(issued=later.timestamp())).visitor == visitor


def test_a_returning_customer_brings_along_what_they_said_before_signing_in(shop: None) -> None:
    theirs = open_session(at=NOW, signed=signed()).visitor
    anonymous = open_session(at=NOW)
    Visitor.objects.filter(pk=anonymous.visitor.pk).update(name="Mara", email="mara@example.com")
    conversation = make_conversation(anonymous.visitor)

    assert open_session(at=NOW, known=anonymous.visitor, signed=signed()).visitor == theirs
    conversation.refresh_from_db()
    assert conversation.visitor == theirs
    assert Visitor.objects.get(name="Mara", email="mara@example.com") == theirs  # erased with them some day
    with pytest.raises(VisitorTokenError):
        verify_token(anonymous.token)


def test_who_was_erased_or_revoked_since_they_were_let_in_gets_no_session() -> None:
    erased, revoked = make_visitor(), make_visitor()
    Visitor.objects.filter(pk=erased.pk).update(erased_at=NOW, name="")
    revoke_tokens(visitor=revoked)

    for known in (erased, revoked):
        with pytest.raises(VisitorTokenError):
            open_session(at=NOW, known=known, language="ar")
    assert not Visitor.objects.filter(language="ar").exists()


def join(older: Conversation, newer: Conversation) -> None:
    """The customer of one signs in where they have begun the other."""
    Visitor.objects.filter(pk=older.visitor_id).update(external_id="c-77")
    open_session(at=NOW, known=newer.visitor, signed=signed())
    older.refresh_from_db()
    newer.refresh_from_db()


def test_what_people_had_goes_on_in_the_conversation_that_is_shown(shop: None, agent: User) -> None:
    older = make_conversation(agent=agent, created_at=EARLIER, intent="track_order", skill="orders")
    hand_over(older, summary={"questions": ["Where is it?"]})
    newer = make_conversation(owner=Owner.BOT)

    join(older, newer)

    assert (older.status, older.resolution, older.resolved_at) == (Status.RESOLVED, "duplicate", NOW)
    assert (newer.owner, newer.status, newer.response_due_at) == (Owner.QUEUE, Status.OPEN, NOW + PATIENCE)
    passed_on = newer.hand_overs.get()
    assert (passed_on.reason, passed_on.summary) == (Reason.JOINED, {"questions": ["Where is it?"]})
    told = Event.objects.filter(stream__name=DESK).values_list("payload__conversation", flat=True)
    assert {str(older.public_id), str(newer.public_id)} <= set(told)


@pytest.mark.parametrize(("older", "newer"), [("bot", "bot"), ("bot", "agent"), ("queue", "agent")])
def test_who_has_the_conversation_that_is_shown_keeps_it(
    shop: None, agent: User, older: str, newer: str
) -> None:
    begun = make_conversation(owner=older, created_at=EARLIER)
    shown = make_conversation(owner=newer, agent=agent if newer == "agent" else None)

    join(begun, shown)

    assert begun.status == Status.RESOLVED
    assert (shown.owner, shown.hand_overs.count()) == (newer, 0)


def test_what_is_over_takes_no_part_in_that(shop: None, agent: User) -> None:
    older = make_conversation(agent=agent, created_at=EARLIER)
    newer = make_conversation(status=Status.RESOLVED, resolved_at=NOW)

    join(older, newer)

    assert (older.status, newer.resolution) == (Status.OPEN, "")
    assert current_conversation(older.visitor, at=NOW) == older
