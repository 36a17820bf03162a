"""One conversation as an agent sees it: what was said, what the bot made of it, who the customer is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.streams.selectors import stream_position
from apps.support.models import Conversation, Decision, Draft, HandOver, Intent, Message, Note

PAGE = 100
LONGEST_THREAD = 2000
MOST_MESSAGES = 500


@dataclass(frozen=True)
class Entry:
    """One thing in the thread: a message, a note or a hand-over; `title` is of the intent that it's about."""

    at: datetime
    message: Message | None = None
    note: Note | None = None
    hand_over: HandOver | None = None
    decision: Decision | None = None
    title: str = ""
    continues: bool = False

    @property
    def is_masked(self) -> bool:
        said = self.message or self.note
        return said is not None and said.masked != said.body


@dataclass(frozen=True)
class Thread:
    entries: list[Entry]
    has_earlier: bool
    shown: int
    # How far the customer has read.
    read_seq: int = 0

    @property
    def decisions(self) -> list[Decision]:
        return [entry.decision for entry in self.entries if entry.decision is not None]

    @property
    def last_seq(self) -> int:
        return max((entry.message.seq for entry in self.entries if entry.message), default=0)

    @property
    def seen_seq(self) -> int:
        """Of the last message to the customer that they have read; 0 where that is none."""
        said = [entry.message for entry in self.entries if entry.message]
        to_customer = [message.seq for message in said if message.author != Message.Author.CUSTOMER]
        return max((seq for seq in to_customer if seq <= self.read_seq), default=0)


@dataclass(frozen=True)
class Followed:
    """The streams of a conversation, and up to where a page that is read now knows them."""

    streams: str
    seqs: str


def conversations_for_console() -> QuerySet[Conversation]:
    return Conversation.objects.select_related("visitor", "agent").prefetch_related("tags")


def followed(conversation: Conversation) -> Followed:
    """Asked before the rest of the page: what comes in between is then told again, and never missed."""
    streams = (conversation.stream, conversation.console)
    return Followed(" ".join(streams), " ".join(str(stream_position(stream).last_seq) for stream in streams))


def read_thread(conversation: Conversation, *, shown: int = PAGE) -> Thread:
    """The latest `shown` messages, with the notes and hand-overs among them."""
    latest = list(
        conversation.messages.select_related("user", "decision", "decision__corrected_intent")
        .select_related("decision__corrected_by")
        .order_by("-seq")[: shown + 1]
    )
    has_earlier = len(latest) > shown
    messages = latest[:shown][::-1]
    since = messages[0].created_at if has_earlier else None
    notes = conversation.notes.select_related("user")
    hand_overs = conversation.hand_overs.select_related("taken_by").order_by("created_at")
    if since is not None:
        notes, hand_overs = notes.filter(created_at__gte=since), hand_overs.filter(created_at__gte=since)
    decisions = {message.pk: message.decision for message in messages if hasattr(message, "decision")}
    passed_on = list(hand_overs)
    titles = intent_titles(
        [decision.intent for decision in decisions.values()] + [hand_over.intent for hand_over in passed_on]
    )
    entries = [_of_message(message, decisions.get(message.pk), titles) for message in messages]
    aside = [Entry(note.created_at, note=note) for note in notes] + [
        Entry(one.created_at, hand_over=one, title=titles.get(one.intent, one.intent)) for one in passed_on
    ]
    return Thread(_continued(_merged(entries, aside)), has_earlier, shown, conversation.visitor_read_seq)


def messages_after(conversation: Conversation, after: int) -> list[Message]:
    """What was said after a seq, in its order, up to MOST_MESSAGES."""
    return list(
        conversation.messages.filter(seq__gt=after)
        .select_related("user", "decision__version", "decision__corrected_intent")
        .order_by("seq")[:MOST_MESSAGES]
    )


def read_decision(pk: int) -> Decision | None:
    return (
        Decision.objects.select_related("message__conversation__visitor", "version", "certificate")
        .select_related("corrected_intent", "corrected_by", "template")
        .filter(pk=pk)
        .first()
    )


def latest_decision(conversation: Conversation) -> Decision | None:
    """Of the last message that says what the customer wants; small talk only where there is nothing else."""
    decisions = (
        Decision.objects.select_related("version", "certificate", "corrected_intent", "corrected_by")
        .select_related("message")
        .filter(message__conversation=conversation)
        .order_by("-message__seq")
    )
    return decisions.exclude(intent="").first() or decisions.first()


def latest_hand_over(conversation: Conversation) -> HandOver | None:
    return conversation.hand_overs.select_related("taken_by").order_by("-created_at", "-pk").first()


def draft_of(conversation: Conversation, user: User) -> str:
    return (
        Draft.objects.filter(conversation=conversation, user=user).values_list("body", flat=True).first()
        or ""
    )


def intent_titles(names: Iterable[str]) -> dict[str, str]:
    return dict(Intent.objects.filter(name__in=set(names) - {""}).values_list("name", "title"))


def _of_message(message: Message, decision: Decision | None, titles: dict[str, str]) -> Entry:
    intent = decision.intent if decision is not None else ""
    return Entry(message.created_at, message=message, decision=decision, title=titles.get(intent, intent))


def _merged(messages: list[Entry], aside: list[Entry]) -> list[Entry]:
    """Messages stay in the order of their seq whatever the clocks said; the rest goes where its time is."""
    merged: list[Entry] = []
    waiting = sorted(aside, key=lambda entry: entry.at)
    for entry in messages:
        while waiting and waiting[0].at < entry.at:
            merged.append(waiting.pop(0))
        merged.append(entry)
    return merged + waiting


def _continued(entries: list[Entry]) -> list[Entry]:
    """Whether a message goes on where the one before it stopped: same author, no minute between."""
    told: list[Entry] = []
    for entry in entries:
        before = told[-1] if told else None
        goes_on = (
            before is not None
            and before.message is not None
            and entry.message is not None
            and before.message.author == entry.message.author
            and before.message.user_id == entry.message.user_id
            and (entry.at - before.at).total_seconds() < 60
        )
        told.append(Entry(**{**vars(entry), "continues": goes_on}))
    return told
