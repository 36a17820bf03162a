"""Conversations, and what was said in them."""

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.support.models.people import Visitor

# Prefixes of the streams of one conversation, and the stream of the agents' lists.
CONVERSATION = "conversation"
CONSOLE = "console"
DESK = "desk:support"
# What is written without spaces between words is indexed with each character as one, and signs part words: by
# itself PostgreSQL takes prices, numbers after a hyphen and addresses whole. Searches do the same, in
# selectors/queue.py.
IDEOGRAPHS = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
SAID = SearchVector(
    models.Func(
        models.F("masked"),
        models.Value(rf"([{IDEOGRAPHS}])|\W+"),
        models.Value(r" \1 "),
        models.Value("g"),
        function="regexp_replace",
        output_field=models.TextField(),
    ),
    config="simple",
)


class Tag(models.Model):
    name = models.SlugField(_("name"), max_length=40, unique=True, allow_unicode=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Conversation(models.Model):
    """One visitor's matter. It has one owner at any time, and `revision` grows with every change of that."""

    class Owner(models.TextChoices):
        BOT = "bot", _("bot")
        QUEUE = "queue", _("queue")
        AGENT = "agent", _("agent")

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        SNOOZED = "snoozed", _("snoozed")
        RESOLVED = "resolved", _("resolved")

    class Channel(models.TextChoices):
        WIDGET = "widget", _("widget")
        FORM = "form", _("offline form")

    class Resolution(models.TextChoices):
        ANSWERED = "answered", _("answered")
        NO_ANSWER_NEEDED = "no_answer_needed", _("no answer needed")
        DUPLICATE = "duplicate", _("duplicate")
        SPAM = "spam", _("spam")
        OTHER = "other", _("other")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    visitor = models.ForeignKey(
        Visitor, verbose_name=_("visitor"), on_delete=models.CASCADE, related_name="conversations"
    )
    channel = models.CharField(_("channel"), max_length=16, choices=Channel, default=Channel.WIDGET)
    language = models.CharField(_("language"), max_length=16, default="en")
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.OPEN)
    snoozed_until = models.DateTimeField(_("snoozed until"), null=True, blank=True)

    owner = models.CharField(_("owner"), max_length=16, choices=Owner, default=Owner.BOT)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("agent"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="conversations",
    )
    revision = models.PositiveIntegerField(default=0)
    # Drawn at the start: this one goes to people whatever the model knows, to measure what it brings.
    is_hold_out = models.BooleanField(_("hold-out"), default=False)
    # How many of a hundred were drawn then, as a share; only conversations with the same can be compared.
    hold_out_share = models.FloatField(null=True, blank=True, editable=False)

    intent = models.SlugField(_("intent"), max_length=64, blank=True)
    skill = models.SlugField(_("skill"), max_length=64, blank=True)
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), blank=True, related_name="conversations")

    created_at = models.DateTimeField(_("created at"))
    # Of any message, and of the customer's: lists sort by one, timers count from the other.
    last_message_at = models.DateTimeField(_("last message at"), null=True, blank=True)
    last_customer_at = models.DateTimeField(null=True, blank=True)
    response_due_at = models.DateTimeField(_("response due at"), null=True, blank=True)
    # Both once told: that the answer is late, and to the customer that nobody is there.
    breached_at = models.DateTimeField(null=True, blank=True)
    offline_at = models.DateTimeField(null=True, blank=True)
    first_response_at = models.DateTimeField(_("first response at"), null=True, blank=True)
    # Ends of what either side has read.
    visitor_read_seq = models.PositiveBigIntegerField(default=0)
    agent_read_seq = models.PositiveBigIntegerField(default=0)

    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    resolution = models.CharField(_("resolution"), max_length=24, choices=Resolution, blank=True)
    resolved_by = models.CharField(_("resolved by"), max_length=16, choices=Owner, blank=True)
    # The customer said so; without it a resolution is assumed.
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    reopened_at = models.DateTimeField(_("reopened at"), null=True, blank=True)
    # Whose resolution did not hold, whoever resolves it then.
    reopened_from = models.CharField(max_length=16, choices=Owner, blank=True)
    rating = models.PositiveSmallIntegerField(_("rating"), null=True, blank=True)
    rating_comment = models.TextField(_("comment"), blank=True)

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        ordering = ["-last_message_at", "-pk"]
        permissions = [
            ("work_conversation", _("May answer customers")),
            ("unmask_conversation", _("May see personal data")),
            ("erase_conversation", _("May erase a customer")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(owner="agent", agent__isnull=False)
                | (~models.Q(owner="agent") & models.Q(agent__isnull=True)),
                name="support_conversation_one_owner",
            ),
            models.CheckConstraint(
                condition=models.Q(rating__isnull=True) | models.Q(rating__range=(1, 5)),
                name="support_conversation_rating",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "owner", "-last_message_at"]),
            # Reports are of those that began in a period.
            models.Index(fields=["created_at"], name="support_conversation_created"),
            models.Index(
                models.F("resolved_at").desc(nulls_last=True),
                models.F("id").desc(),
                condition=models.Q(status="resolved"),
                name="support_conversation_resolved",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)[:8]

    @property
    def stream(self) -> str:
        """What both sides may read."""
        return f"{CONVERSATION}:{self.public_id}"

    @property
    def console(self) -> str:
        """What agents alone may read: notes, decisions, who has it."""
        return f"{CONSOLE}:{self.public_id}"


class Message(models.Model):
    """What somebody said, with the `seq` of its event in the conversation's stream."""

    class Author(models.TextChoices):
        CUSTOMER = "customer", _("customer")
        BOT = "bot", _("bot")
        AGENT = "agent", _("agent")

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    seq = models.PositiveBigIntegerField()
    author = models.CharField(_("author"), max_length=16, choices=Author)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Given by the sender, so that sending again changes nothing.
    client_id = models.CharField(max_length=100)
    body = models.TextField(_("text"))
    # The same without personal data: what lists, search, models, logs and most people get.
    masked = models.TextField(_("masked text"))
    # Of the customer's message that a bot's reply answers.
    answers_seq = models.PositiveBigIntegerField(null=True, blank=True)
    # Set with a customer's message while the bot owns the conversation; cleared with what the bot decided.
    awaits_bot = models.BooleanField(default=False)
    # The same for a message that people have to answer, of which the bot says only to them what it may be.
    awaits_suggestion = models.BooleanField(default=False)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["conversation", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="support_message_seq"),
            # Of each author by itself: what one side chooses must not take a name that the other will need.
            models.UniqueConstraint(
                fields=["conversation", "author", "client_id"], name="support_message_client_id_of_author"
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(awaits_bot=True),
                name="support_message_awaits_bot",
            ),
            models.Index(
                fields=["created_at"],
                condition=models.Q(awaits_suggestion=True),
                name="support_message_suggestion",
            ),
            GinIndex(SAID, name="support_message_said"),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}/{self.seq}"


class Note(models.Model):
    """What agents tell one another; no customer sees it."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="notes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # As of messages; empty for notes from before there was one.
    client_id = models.CharField(max_length=100, blank=True)
    body = models.TextField(_("text"))
    # The same without personal data, as of messages.
    masked = models.TextField(_("masked text"))
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "user", "client_id"],
                condition=models.Q(client_id__gt=""),
                name="support_note_client_id_of_author",
            ),
        ]

    def __str__(self) -> str:
        return self.masked[:80]


class Draft(models.Model):
    """A reply that an agent has begun, kept on the server: another browser goes on with it."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    body = models.TextField(blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "user"], name="support_draft_once"),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.user_id}"
