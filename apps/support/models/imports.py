"""Files of knowledge: read and shown first, taken over when somebody says so."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class KnowledgeImport(models.Model):
    """What a file held, masked unless a worker has still to do that; its bytes are not kept."""

    class Kind(models.TextChoices):
        QUESTIONS = "questions", _("questions with intents")
        FAQ = "faq", _("questions and answers")
        PAIRS = "pairs", _("questions with intents and answers")
        DIALOGUES = "dialogues", _("past dialogues")

    class State(models.TextChoices):
        MASKING = "masking", _("personal data is looked for")
        PREVIEW = "preview", _("to be confirmed")
        IMPORTED = "imported", _("imported")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.PREVIEW)
    filename = models.CharField(_("file"), max_length=255)
    # [{"row", "question", "intent", "title", "answer"}]; intent and answer may be empty, and masking gives
    # the intent.
    rows = models.JSONField(default=list)
    searched_rows = models.PositiveIntegerField(_("rows in which names were looked for"), default=0)
    # As of an example; and whether a version was live that could not look for names then.
    names_version = models.PositiveIntegerField(_("names masked by version"), null=True, blank=True)
    has_missed_names = models.BooleanField(_("names were not looked for"), default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("author"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("created at"))
    imported_at = models.DateTimeField(_("imported at"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.filename
