import time
from datetime import timedelta

import pytest

from apps.accounts.models import User
from apps.streams import presence
from apps.streams.models import Event
from apps.support.models import AgentProfile, Conversation, HandOver
from apps.support.selectors.agents import is_anybody_online
from apps.support.services import routing
from apps.support.services.ownership import return_to_queue, take_conversation
from apps.support.services.routing import open_desks, route_conversation, route_queue
from apps.support.services.status import confirm_resolution
from tests.apps.support.factories import NOW, hand_over, make_conversation, make_person
from tests.apps.support.presence import come_online

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_desk")]


def owner_of(conversation: Conversation) -> User | None:
    return Conversation.objects.get(pk=conversation.pk).agent


def test_what_waits_goes_to_who_is_there(agent: User, lead: User) -> None:
    come_online(agent)
    conversation = make_conversation()

    assert route_queue(at=NOW) == 1
    assert owner_of(conversation) == agent


def test_what_is_resolved_meanwhile_goes_to_nobody(agent: User) -> None:
    come_online(agent)
    seen = make_conversation()
    confirm_resolution(conversation=seen, is_solved=True, at=NOW)

    assert not route_conversation(seen, open_desks(), NOW)
    assert owner_of(seen) is None


def test_what_somebody_took_meanwhile_stays_theirs(agent: User, lead: User) -> None:
    come_online(agent)
    seen = make_conversation()
    take_conversation(conversation=seen, user=lead, revision=0, at=NOW)

    assert not route_conversation(seen, open_desks(), NOW)
    assert owner_of(seen) == lead


def test_what_nobody_took_by_hand_is_told_as_given(agent: User) -> None:
    come_online(agent)
    conversation = make_conversation()
    hand_over(conversation)

    route_queue(at=NOW)

    noted = HandOver.objects.get()
    told = {event.kind: event.payload for event in Event.objects.order_by("pk")}
    assert (noted.taken_by, noted.is_given) == (agent, True)
    assert told["owner"]["is_given"]
    assert told["given"]["agent"] == agent.pk


def test_nobody_there_means_it_waits(agent: User) -> None:
    conversation = make_conversation()

    assert route_queue(at=NOW) == 0
    assert owner_of(conversation) is None


def test_who_may_only_read_gets_nothing() -> None:
    come_online(make_person("auditor", "auditor"))
    make_conversation()

    assert (route_queue(at=NOW), is_anybody_online()) == (0, False)


def test_the_skill_decides_before_the_load(agent: User, lead: User) -> None:
    AgentProfile.objects.create(user=lead, skills=["billing"])
    make_conversation(agent=lead)
    come_online(agent, lead)
    conversation = make_conversation(skill="billing")

    route_queue(at=NOW)

    assert owner_of(conversation) == lead


def test_without_anybody_skilled_somebody_helps(agent: User) -> None:
    come_online(agent)
    conversation = make_conversation(skill="billing")

    route_queue(at=NOW)

    assert owner_of(conversation) == agent


def test_the_one_with_the_most_room_gets_it(agent: User, lead: User) -> None:
    for user, capacity, held in ((agent, 2, 1), (lead, 8, 2)):
        AgentProfile.objects.create(user=user, capacity=capacity)
        for _ in range(held):
            make_conversation(agent=user)
    come_online(agent, lead)
    conversation = make_conversation()

    route_queue(at=NOW)

    assert owner_of(conversation) == lead


def test_nobody_gets_more_than_they_can_hold(agent: User) -> None:
    AgentProfile.objects.create(user=agent, capacity=2)
    come_online(agent)
    for _ in range(3):
        make_conversation()

    assert route_queue(at=NOW) == 2
    assert Conversation.objects.filter(owner="queue").count() == 1


def test_who_takes_none_gets_none(agent: User) -> None:
    AgentProfile.objects.create(user=agent, is_taking=False)
    come_online(agent)
    make_conversation()

    assert route_queue(at=NOW) == 0
    assert is_anybody_online()


def test_the_longest_waiting_goes_first(agent: User) -> None:
    AgentProfile.objects.create(user=agent, capacity=1)
    come_online(agent)
    later = make_conversation(response_due_at=NOW.replace(hour=11))
    first = make_conversation(response_due_at=NOW.replace(hour=10))

    route_queue(at=NOW)

    assert (owner_of(first), owner_of(later)) == (agent, None)


def put_back(agent: User) -> Conversation:
    conversation = make_conversation(agent=agent)
    return_to_queue(conversation=conversation, actor=agent, at=NOW)
    return conversation


def test_what_somebody_put_back_goes_to_somebody_else(agent: User, lead: User) -> None:
    make_conversation(agent=lead)
    come_online(agent, lead)
    conversation = put_back(agent)

    route_queue(at=NOW)

    assert owner_of(conversation) == lead


@pytest.mark.parametrize(("minutes", "is_given"), [(4, False), (5, True)])
def test_where_nobody_else_comes_it_goes_back(agent: User, minutes: int, is_given: bool) -> None:
    come_online(agent)
    conversation = put_back(agent)

    route_queue(at=NOW + timedelta(minutes=minutes))

    assert (owner_of(conversation) == agent) == is_given


def test_what_waits_for_others_with_no_room_waits(agent: User, lead: User) -> None:
    AgentProfile.objects.create(user=lead, capacity=1)
    make_conversation(agent=lead)
    come_online(agent, lead)
    conversation = put_back(agent)

    assert route_queue(at=NOW + timedelta(hours=1)) == 0
    assert owner_of(conversation) is None


def test_who_says_nothing_more_is_gone(agent: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "EXPIRES_SECONDS", 0.2)
    come_online(agent)
    was_there = is_anybody_online()
    time.sleep(0.3)

    assert (was_there, is_anybody_online()) == (True, False)


def test_what_waits_for_full_people_stands_in_nobodys_way(
    agent: User, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routing, "ROUTED_AT_ONCE", 1)
    AgentProfile.objects.create(user=lead, skills=["billing"], capacity=1)
    make_conversation(agent=lead)
    come_online(agent, lead)
    make_conversation(skill="billing", response_due_at=NOW)
    later = make_conversation(response_due_at=NOW + timedelta(hours=1))

    route_queue(at=NOW)

    assert owner_of(later) == agent
