"""What the bot decided, on what ground, and how it went to people."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.registry.models import Version
from apps.registry.models.fields import SentenceField
from apps.support.models.conversations import Conversation, Message
from apps.support.models.knowledge import AnswerTemplate, Intent

# The words of the labelled questions that a decision stood on: what is erased is looked for among them.
NEIGHBOURS = models.Func(
    models.F("detail"),
    models.Value("$.questions[*].neighbours[*].text"),
    function="jsonb_path_query_array",
    output_field=models.JSONField(),
)


class Certificate(models.Model):
    """From which confidence on a version may answer: precision there is `target` or more, 95 % surely.

    Without a threshold nothing could be certified, `reason` says why, and the bot abstains.
    """

    version = models.ForeignKey(
        Version, verbose_name=_("version"), on_delete=models.PROTECT, related_name="certificates"
    )
    target = models.FloatField(_("target precision"))
    threshold = models.FloatField(_("threshold"), null=True, blank=True)
    # How confidences come from evidence: what engine.scoring.Scoring.to_json gave.
    scoring = models.JSONField(default=dict)
    # engine.scoring.REVISION when it was made; of another one it says nothing any more.
    scoring_revision = models.PositiveSmallIntegerField(default=0)
    # Of the calibration examples: all, those at or above the threshold, and the wrong ones of these.
    examples = models.PositiveIntegerField(_("examples"))
    answered = models.PositiveIntegerField(_("answered"), default=0)
    errors = models.PositiveIntegerField(_("errors"), default=0)
    # One-sided lower end of the precision, exact binomial.
    precision_at_least = models.FloatField(_("precision at least"), null=True, blank=True)
    reason = SentenceField(_("reason"), blank=True, default=str)
    # Of the calibration examples and of the knowledge whose neighbours were asked.
    calibration_digest = models.CharField(max_length=64)
    knowledge_digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-made_at", "target"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "target", "calibration_digest", "knowledge_digest", "scoring_revision"],
                name="support_certificate_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.target}"


class Decision(models.Model):
    """What the bot did with a customer's message; enough to see why, and to decide the same again."""

    class Action(models.TextChoices):
        ANSWER = "answer", _("answered")
        ASK = "ask", _("asked back")
        SMALL_TALK = "small_talk", _("small talk")
        HAND_OVER = "hand_over", _("handed over")
        # Of a message that people have to answer: shown to them, and never said.
        SUGGEST = "suggest", _("suggested")

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="decision")
    action = models.CharField(_("action"), max_length=16, choices=Action)
    # A code of engine.decision.Reason.
    reason = models.CharField(_("reason"), max_length=40)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    template = models.ForeignKey(
        AnswerTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    intent = models.SlugField(_("intent"), max_length=64, blank=True)
    confidence = models.FloatField(_("confidence"), null=True, blank=True)
    threshold = models.FloatField(_("threshold"), null=True, blank=True)
    # engine.decision.Verdict as JSON: questions, three best, neighbours, slots.
    detail = models.JSONField(_("detail"), default=dict)
    milliseconds = models.FloatField(_("milliseconds"))
    created_at = models.DateTimeField(_("created at"))
    # What an agent said it was.
    corrected_intent = models.ForeignKey(
        Intent, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    corrected_at = models.DateTimeField(null=True, blank=True)
    # When the customer said that the answer solved nothing.
    denied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["created_at"]),
            models.Index(fields=["intent", "created_at"]),
            GinIndex(NEIGHBOURS, name="support_decision_neighbours"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.action}"


class HandOver(models.Model):
    """How a conversation came to the queue, and what a person needs to know to go on with it."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="hand_overs")
    reason = models.CharField(_("reason"), max_length=40)
    intent = models.SlugField(_("intent"), max_length=64, blank=True)
    # Facts and slots: {"slots": {…}, "questions": […], "context": {…}, "top": [{"intent", "confidence"}]}
    summary = models.JSONField(_("summary"), default=dict)
    skill = models.SlugField(_("skill"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("created at"))
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    # By the routing or a colleague: `taken_by` took it without having looked, as far as is known.
    is_given = models.BooleanField(_("given"), default=False)
    # Whose it was where it was put back into the queue: the routing asks others first.
    returned_from = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Resolved, or in the queue again.
    ended_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.reason}"
