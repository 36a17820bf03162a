"""The lists of the console: what waits, what is whose, and what is found."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlencode

from django.contrib.postgres.search import SearchQuery
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    OrderBy,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import JSONObject

from apps.accounts.models import User
from apps.accounts.whole_numbers import whole_number
from apps.support.models import Conversation, Intent, Message, Tag
from apps.support.models.conversations import IDEOGRAPHS, SAID

Owner, Status = Conversation.Owner, Conversation.Status
PAGE = 50
WORD = re.compile(rf"(?:(?=\w)[{IDEOGRAPHS}])+|[^\W{IDEOGRAPHS}]+")
IDEOGRAPH = re.compile(f"[{IDEOGRAPHS}]")
# Written without spaces between words too, and no character says anything without its marks.
THAI = re.compile(r"[\u0e00-\u0e7f]")
LONGEST_LIST = 500


class Desk(StrEnum):
    QUEUE = "queue"
    MINE = "mine"
    SNOOZED = "snoozed"
    OPEN = "open"
    RESOLVED = "resolved"


@dataclass(frozen=True)
class Wanted:
    """Which list, and what of it; `shown` rows of it at most."""

    desk: Desk = Desk.QUEUE
    text: str = ""
    tag: str = ""
    skill: str = ""
    intent: str = ""
    shown: int = PAGE

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Wanted":
        """What an address asks for; what it says wrongly counts as not said."""
        said = {name: value.replace("\0", "") for name, value in query.items()}
        desk, shown = said.get("list", ""), whole_number(said.get("shown", "")) or PAGE
        return cls(
            desk=Desk(desk) if desk in set(Desk) else Desk.QUEUE,
            text=said.get("q", "").strip()[:200],
            tag=said.get("tag", ""),
            skill=said.get("skill", ""),
            intent=said.get("intent", ""),
            shown=min(max(shown, PAGE), LONGEST_LIST),
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.tag or self.skill or self.intent)

    @property
    def more(self) -> "Wanted":
        return replace(self, shown=min(self.shown + PAGE, LONGEST_LIST))

    @property
    def query(self) -> str:
        said = {"q": self.text, "tag": self.tag, "skill": self.skill, "intent": self.intent}
        shown = {"shown": str(self.shown)} if self.shown != PAGE else {}
        return urlencode(
            {"list": self.desk, **{name: value for name, value in said.items() if value}, **shown}
        )


@dataclass(frozen=True)
class DeskList:
    rows: Sequence[Conversation]
    has_more: bool


@dataclass(frozen=True)
class Facets:
    tags: list[str]
    skills: list[str]
    intents: list[tuple[str, str]]


def desk_list(wanted: Wanted, user: User) -> DeskList:
    rows = list(desk_rows(wanted, user)[: wanted.shown + 1])
    return DeskList(rows[: wanted.shown], len(rows) > wanted.shown and wanted.shown < LONGEST_LIST)


def found_on_desk(wanted: Wanted, user: User) -> QuerySet[Conversation]:
    """In the order of their list."""
    return narrowed(on_desk(wanted.desk, user), wanted).order_by(*_order(wanted.desk))


def desk_rows(wanted: Wanted, user: User) -> QuerySet[Conversation]:
    """The rows as a list shows them: `last` is what was said last, masked; unread is what people have to
    read, neither what the bot answers nor thanks for what is resolved."""
    last = Message.objects.filter(conversation=OuterRef("pk")).order_by("-seq")
    unseen = Message.objects.filter(
        conversation=OuterRef("pk"), author=Message.Author.CUSTOMER, seq__gt=OuterRef("agent_read_seq")
    )
    title = Intent.objects.filter(name=OuterRef("intent")).values("title")
    return (
        found_on_desk(wanted, user)
        .select_related("visitor", "agent")
        .prefetch_related("tags")
        .annotate(
            last=Subquery(last.values(said=JSONObject(author="author", text="masked"))[:1]),
            is_unread=Case(
                When(Q(owner=Owner.BOT) | Q(status=Status.RESOLVED), then=False), default=Exists(unseen)
            ),
            intent_title=Subquery(title[:1]),
        )
    )


def desk_counts(user: User) -> dict[str, int]:
    """How many conversations are on each list that people work off."""
    working = Conversation.objects.filter(status__in=[Status.OPEN, Status.SNOOZED])
    return working.aggregate(
        queue=Count("pk", filter=Q(status=Status.OPEN, owner=Owner.QUEUE)),
        mine=Count("pk", filter=Q(status=Status.OPEN, agent=user)),
        snoozed=Count("pk", filter=Q(status=Status.SNOOZED, agent=user)),
        open=Count("pk", filter=Q(status=Status.OPEN)),
    )


def desk_facets() -> Facets:
    """What the lists can be narrowed by."""
    intents = list(Intent.objects.filter(is_active=True).values_list("name", "title", "skill"))
    return Facets(
        tags=list(Tag.objects.values_list("name", flat=True)),
        skills=sorted({skill for _name, _title, skill in intents if skill}),
        intents=[(name, title) for name, title, _skill in sorted(intents, key=lambda intent: intent[1])],
    )


def on_desk(desk: Desk, user: User) -> QuerySet[Conversation]:
    conversations = Conversation.objects.all()
    if desk == Desk.QUEUE:
        return conversations.filter(status=Status.OPEN, owner=Owner.QUEUE)
    if desk == Desk.MINE:
        return conversations.filter(status=Status.OPEN, agent=user)
    if desk == Desk.SNOOZED:
        return conversations.filter(status=Status.SNOOZED, agent=user)
    return conversations.filter(status=Status.OPEN if desk == Desk.OPEN else Status.RESOLVED)


def narrowed(conversations: QuerySet[Conversation], wanted: Wanted) -> QuerySet[Conversation]:
    if wanted.tag:
        conversations = conversations.filter(tags__name=wanted.tag)
    if wanted.skill:
        conversations = conversations.filter(skill=wanted.skill)
    if wanted.intent:
        conversations = conversations.filter(intent=wanted.intent)
    if wanted.text:
        # Masked text alone: a search for a card number must not tell whose it is.
        conversations = conversations.filter(pk__in=saying(wanted.text).values("conversation"))
    return conversations


def saying(text: str) -> QuerySet[Message]:
    """Messages with words that begin like each of the text's, and its ideographs as they follow; where it
    has no words apart, with all of it."""
    words = WORD.findall(text)
    if not words or THAI.search(text):
        return Message.objects.filter(masked__icontains=text)
    terms = (" <-> ".join(word) if IDEOGRAPH.match(word) else f"{word}:*" for word in words)
    query = SearchQuery(" & ".join(terms), search_type="raw", config="simple")
    return Message.objects.alias(words=SAID).filter(words=query)


def _order(desk: Desk) -> list[OrderBy | str]:
    """First who has to be answered first; elsewhere the latest first."""
    if desk in {Desk.QUEUE, Desk.MINE}:
        return [F("response_due_at").asc(nulls_last=True), "-last_message_at", "-pk"]
    if desk == Desk.SNOOZED:
        return ["snoozed_until", "pk"]
    if desk == Desk.RESOLVED:
        return [F("resolved_at").desc(nulls_last=True), "-pk"]
    return [F("last_message_at").desc(nulls_last=True), "-pk"]
