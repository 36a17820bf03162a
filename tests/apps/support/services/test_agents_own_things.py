"""Notes, drafts and tags: what agents keep beside a conversation."""

from datetime import timedelta

import pytest

from apps.accounts.models import User
from apps.streams.models import Event
from apps.support.models import Conversation, Draft
from apps.support.services.conversations import ErasedCustomerError
from apps.support.services.drafts import DraftError, save_draft
from apps.support.services.erasure import erase_customer
from apps.support.services.notes import NoteError, add_note
from apps.support.services.tags import TagError, tag_conversation, untag_conversation
from tests.apps.support.factories import NOW, make_conversation, make_person

pytestmark = pytest.mark.django_db


def test_a_note_is_told_to_agents_alone(agent: User) -> None:
    conversation = make_conversation()

    note = add_note(conversation=conversation, user=agent, client_id="n-1", body="Called twice.", at=NOW)

    event = Event.objects.get()
    assert (event.stream.name, event.payload) == (conversation.console, {"note": note.pk})


@pytest.mark.parametrize("body", ["", " ", "\0", "x" * 10_001])
def test_a_note_that_is_none_is_refused(agent: User, body: str) -> None:
    with pytest.raises(NoteError):
        add_note(conversation=make_conversation(), user=agent, client_id="n-1", body=body, at=NOW)


def test_a_draft_is_kept_for_each_agent(agent: User) -> None:
    conversation, other = make_conversation(), make_person("agent2")

    for user, body in ((agent, "Dear"), (other, "Hi"), (agent, "Dear Mara")):
        save_draft(conversation=conversation, user=user, body=body, at=NOW)

    assert set(Draft.objects.values_list("user", "body")) == {(agent.pk, "Dear Mara"), (other.pk, "Hi")}


def test_an_older_draft_that_arrives_late_changes_nothing(agent: User) -> None:
    conversation = make_conversation()
    save_draft(conversation=conversation, user=agent, body="Dear Mara", at=NOW)

    for body in ("Dear", ""):
        save_draft(conversation=conversation, user=agent, body=body, at=NOW - timedelta(seconds=1))

    assert Draft.objects.get().body == "Dear Mara"


def test_an_emptied_draft_goes(agent: User) -> None:
    conversation = make_conversation()
    save_draft(conversation=conversation, user=agent, body="Dear", at=NOW)

    assert save_draft(conversation=conversation, user=agent, body="", at=NOW) is None
    assert not Draft.objects.exists()


def test_no_draft_outlives_its_customer(agent: User, lead: User) -> None:
    conversation = Conversation.objects.select_related("visitor").get(pk=make_conversation().pk)
    erase_customer(visitor=conversation.visitor, actor=lead, at=NOW)

    with pytest.raises(ErasedCustomerError):
        save_draft(conversation=conversation, user=agent, body="Dear Mara", at=NOW)
    assert not Draft.objects.exists()


@pytest.mark.parametrize("body", ["\0", "x" * 10_001])
def test_a_draft_that_cannot_be_stored_is_refused(agent: User, body: str) -> None:
    with pytest.raises(DraftError):
        save_draft(conversation=make_conversation(), user=agent, body=body, at=NOW)


def test_tags_come_and_go() -> None:
    conversation = make_conversation()

    tag = tag_conversation(conversation=conversation, name="Late parcel")
    assert [one.name for one in conversation.tags.all()] == ["late-parcel"]
    untag_conversation(conversation=conversation, tag=tag)

    assert not conversation.tags.exists()


@pytest.mark.parametrize("name", ["4111 1111 1111 1111", "mara@example.com", "4111111111111111"])
def test_a_tag_holds_no_personal_data(name: str) -> None:
    with pytest.raises(TagError, match="personal data"):
        tag_conversation(conversation=make_conversation(), name=name)


def test_a_tag_may_be_of_any_script() -> None:
    assert tag_conversation(conversation=make_conversation(), name="退款 标签").name == "退款-标签"


@pytest.mark.parametrize("name", ["", "!!", "x" * 41])
def test_a_tag_without_a_name_is_refused(name: str) -> None:
    with pytest.raises(TagError):
        tag_conversation(conversation=make_conversation(), name=name)
