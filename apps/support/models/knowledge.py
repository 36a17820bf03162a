"""What the service knows: intents, how customers say them, and what is answered."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Intent(models.Model):
    """Something that customers want; its `name` is the label that the model learns."""

    name = models.SlugField(_("name"), max_length=64, unique=True)
    title = models.CharField(_("title"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    # Who takes it when it is handed over; empty means anybody.
    skill = models.SlugField(_("skill"), max_length=64, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("intent")
        verbose_name_plural = _("intents")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.title


class Example(models.Model):
    """One way of saying an intent, masked. Only approved ones are learned from and looked up."""

    class Source(models.TextChoices):
        SAMPLE = "sample", _("sample")
        MANUAL = "manual", _("written by hand")
        IMPORT = "import", _("import")
        DIALOGUE = "dialogue", _("past dialogue")
        CORRECTION = "correction", _("correction")
        EDITED_ANSWER = "edited_answer", _("edited answer")
        SUGGESTION = "suggestion", _("suggested intent")

    class State(models.TextChoices):
        PENDING = "pending", _("to be reviewed")
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("rejected")

    intent = models.ForeignKey(
        Intent, verbose_name=_("intent"), on_delete=models.PROTECT, related_name="examples"
    )
    text = models.TextField(_("text"))
    # Of the normalised text: the same question with another case or spacing is the same example.
    digest = models.CharField(max_length=64, editable=False)
    source = models.CharField(_("source"), max_length=16, choices=Source)
    # The version of Personal data that looked for names in it; without one rules alone masked it.
    names_version = models.PositiveIntegerField(_("names masked by version"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.PENDING)
    # The message that it was taken from, for as long as that exists.
    message = models.ForeignKey(
        "support.Message", on_delete=models.SET_NULL, null=True, blank=True, related_name="examples"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reviewer"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created at"))
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("example")
        verbose_name_plural = _("examples")
        ordering = ["pk"]
        permissions = [("teach_example", _("May review examples, retrain and promote"))]
        constraints = [
            # The same text under two intents is a conflict, which is shown and not forbidden.
            models.UniqueConstraint(fields=["intent", "digest"], name="support_example_once"),
        ]
        indexes = [models.Index(fields=["state", "source"]), models.Index(fields=["digest"])]

    def __str__(self) -> str:
        return self.text[:80]


class AnswerTemplate(models.Model):
    """One version of what an intent is answered with in a language; older ones are kept."""

    intent = models.ForeignKey(
        Intent, verbose_name=_("intent"), on_delete=models.PROTECT, related_name="templates"
    )
    language = models.CharField(_("language"), max_length=16, default="en")
    number = models.PositiveIntegerField(_("version"))
    # Plain text with {{placeholders}}.
    body = models.TextField(_("answer"))
    # The agent's message that it was taken over from; erased with it, it is empty and never current again.
    origin = models.ForeignKey(
        "support.Message", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_current = models.BooleanField(_("current"), default=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("answer template")
        verbose_name_plural = _("answer templates")
        ordering = ["intent", "language", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["intent", "language", "number"], name="support_template_number_once"
            ),
            models.UniqueConstraint(
                fields=["intent", "language"],
                condition=models.Q(is_current=True),
                name="support_template_current_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.intent_id} {self.language} v{self.number}"


class Placeholder(models.Model):
    """What stands for `{{name}}` in answers: where its value comes from, and what to do without one."""

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        NUMBER = "number", pgettext_lazy("kind of value", "number")
        DATE = "date", _("date")
        MONEY = "money", _("amount of money")
        IDENTIFIER = "identifier", _("identifier")
        URL = "url", _("address of a page")

    class Source(models.TextChoices):
        CONVERSATION = "conversation", _("what the customer wrote")
        CUSTOMER = "customer", _("customer context")
        SETTING = "setting", _("fixed value")

    class WhenMissing(models.TextChoices):
        ASK = "ask", _("ask the customer")
        HAND_OVER = "hand_over", _("hand over to a person")
        FALLBACK = "fallback", _("use the fallback")

    name = models.SlugField(_("name"), max_length=64, unique=True, allow_unicode=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.TEXT)
    source = models.CharField(_("source"), max_length=16, choices=Source, default=Source.CUSTOMER)
    # A regular expression for what the customer writes; its first group, or all of it, is the value.
    pattern = models.CharField(_("pattern"), max_length=200, blank=True)
    value = models.CharField(_("fixed value"), max_length=500, blank=True)
    when_missing = models.CharField(
        _("when missing"), max_length=16, choices=WhenMissing, default=WhenMissing.HAND_OVER
    )
    question = models.CharField(_("question to ask"), max_length=300, blank=True)
    question_in_chinese = models.CharField(_("question to ask in Chinese"), max_length=300, blank=True)
    fallback = models.CharField(_("fallback"), max_length=300, blank=True)
    fallback_in_chinese = models.CharField(_("fallback in Chinese"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("placeholder")
        verbose_name_plural = _("placeholders")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Article(models.Model):
    """One version of a longer text for customers and agents."""

    slug = models.SlugField(_("name"), max_length=80)
    number = models.PositiveIntegerField(_("version"))
    language = models.CharField(_("language"), max_length=16, default="en")
    title = models.CharField(_("title"), max_length=160)
    body = models.TextField(_("text"))
    intent = models.ForeignKey(
        Intent,
        verbose_name=_("intent"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="articles",
    )
    is_current = models.BooleanField(_("current"), default=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["slug", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["slug", "language", "number"], name="support_article_number_once"
            ),
            models.UniqueConstraint(
                fields=["slug", "language"],
                condition=models.Q(is_current=True),
                name="support_article_current_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CannedReply(models.Model):
    """A text that an agent inserts by its shortcut; without an owner it is everybody's."""

    shortcut = models.SlugField(_("shortcut"), max_length=32)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("canned reply")
        verbose_name_plural = _("canned replies")
        ordering = ["shortcut"]
        constraints = [
            models.UniqueConstraint(
                Lower("shortcut"), "owner", name="support_canned_shortcut_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.shortcut
