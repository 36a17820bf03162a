"""Who gets what waits in the queue: somebody online, with the skill, and with the most room left."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.accounts.models import User
from apps.streams.sweeps import sweep
from apps.support.models import AgentProfile, Conversation, HandOver
from apps.support.selectors.agents import held_by_agents, online_agents
from apps.support.services.ownership import AlreadyTakenError, ResolvedError, give_conversation

ROUTED_AT_ONCE = 50
# For so long nobody is given what they have put back, though nobody else is there.
KEPT_FROM = timedelta(minutes=5)


@dataclass
class Desk:
    """An agent who is there, and how much they have; `capacity` as their profile says."""

    user: User
    held: int
    capacity: int
    skills: frozenset[str]

    @property
    def load(self) -> float:
        return self.held / self.capacity

    @property
    def is_free(self) -> bool:
        return self.held < self.capacity


def route_queue(*, at: datetime) -> int:
    """Give what waits to those who are there, the longest waiting first; how many found somebody."""
    desks = open_desks()
    if not any(desk.is_free for desk in desks):
        return 0
    waiting = Conversation.objects.filter(owner=Conversation.Owner.QUEUE, status=Conversation.Status.OPEN)
    # What waits for people with no room left stands in nobody's way.
    skills = {skill for desk in desks for skill in desk.skills}
    full = [skill for skill in skills if best_desk(desks, skill) is None]
    first = list(waiting.exclude(skill__in=full).order_by("response_due_at", "pk")[:ROUTED_AT_ONCE])
    returned = _returned(first)
    return sweep(
        first,
        lambda waits: route_conversation(waits, asked_first(desks, returned.get(waits.pk), at), at),
    )


def _returned(waiting: list[Conversation]) -> dict[int, HandOver]:
    """By their conversations: what somebody has put back and nobody has taken since."""
    put_back = HandOver.objects.filter(conversation__in=waiting, returned_from__isnull=False, ended_at=None)
    return {hand_over.conversation_id: hand_over for hand_over in put_back}


def asked_first(desks: list[Desk], returned: HandOver | None, at: datetime) -> list[Desk]:
    """Everybody but who has put it back; these too where nobody else has come for a while."""
    if returned is None:
        return desks
    others = [desk for desk in desks if desk.user.pk != returned.returned_from_id]
    is_alone = not others and at - returned.created_at >= KEPT_FROM
    return desks if is_alone else others


def route_conversation(conversation: Conversation, desks: list[Desk], at: datetime) -> bool:
    desk = best_desk(desks, conversation.skill)
    if desk is None:
        return False
    try:
        give_conversation(conversation=conversation, to=desk.user, revision=conversation.revision, at=at)
    except (AlreadyTakenError, ResolvedError):
        return False
    desk.held += 1
    return True


def open_desks() -> list[Desk]:
    """Of agents who are online and take conversations; how they are set is in their profile."""
    agents, held = online_agents(), held_by_agents()
    profiles = {profile.user_id: profile for profile in AgentProfile.objects.filter(user__in=agents)}
    desks = []
    for agent in agents:
        profile = profiles.get(agent.pk, AgentProfile(user=agent))
        if profile.is_taking and profile.capacity:
            desks.append(Desk(agent, held.get(agent.pk, 0), profile.capacity, frozenset(profile.skills)))
    return desks


def best_desk(desks: list[Desk], skill: str) -> Desk | None:
    """Where nobody who is there has the skill, anybody is better than nobody."""
    skilled = [desk for desk in desks if skill in desk.skills] if skill else []
    free = [desk for desk in skilled or desks if desk.is_free]
    return min(free, key=lambda desk: (desk.load, desk.held, desk.user.pk), default=None)
