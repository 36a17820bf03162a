"""What people's work points to: new intents by unanswered questions, better answers by edited ones."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.support.models.conversations import Message
from apps.support.models.knowledge import Intent


class IntentSuggestion(models.Model):
    """A cluster of unanswered questions, ready to be labelled."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        DISMISSED = "dismissed", _("dismissed")

    title = models.CharField(_("title"), max_length=120)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.OPEN)
    # Mean cosine similarity of its questions to their centre, in [0, 1].
    cohesion = models.FloatField(_("cohesion"))
    # Masked texts, the most central first.
    texts = models.JSONField(_("questions"), default=list)
    # The key of the message that each text was taken from, or null: masked, it no longer tells whose it was.
    origins = models.JSONField(default=list)
    messages = models.ManyToManyField(Message, related_name="suggestions")
    intent = models.ForeignKey(
        Intent, verbose_name=_("intent"), on_delete=models.SET_NULL, null=True, blank=True
    )
    created_at = models.DateTimeField(_("created at"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("suggested intent")
        verbose_name_plural = _("suggested intents")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class SuggestionRound(models.Model):
    """One look for groups among the unanswered questions; open until a worker has made them."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    has_failed = models.BooleanField(_("has failed"), default=False)
    # That were compared.
    questions = models.PositiveIntegerField(_("questions"), default=0)

    class Meta:
        verbose_name = _("look for new intents")
        verbose_name_plural = _("looks for new intents")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=models.Q(done_at=None), name="support_suggestions_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class AnswerSuggestion(models.Model):
    """How an agent changed an answer before sending it: masked, for the lead to take over or not."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        DISMISSED = "dismissed", _("dismissed")

    intent = models.ForeignKey(
        Intent, verbose_name=_("intent"), on_delete=models.CASCADE, related_name="answer_suggestions"
    )
    language = models.CharField(_("language"), max_length=16)
    body = models.TextField(_("answer"))
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.OPEN)
    # The agent's message that it was sent as, for as long as that exists.
    message = models.OneToOneField(
        Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="answer_suggestion"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created at"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("suggested answer")
        verbose_name_plural = _("suggested answers")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.body[:80]
