"""New intents that the unanswered questions point to."""

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
