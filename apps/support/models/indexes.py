"""What the nearest labelled questions are looked up in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Encoder(models.Model):
    """An embedding artifact in the store that turns questions into vectors; the newest one is used."""

    digest = models.CharField(_("digest"), max_length=64, unique=True)
    backbone = models.CharField(_("backbone"), max_length=120)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("encoder")
        verbose_name_plural = _("encoders")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.backbone} {self.digest[:8]}"


class KnowledgeIndex(models.Model):
    """The approved examples of one moment with their vectors, kept in the store under `content`."""

    encoder = models.ForeignKey(
        Encoder, verbose_name=_("encoder"), on_delete=models.PROTECT, related_name="indexes"
    )
    # Of the examples, in their order.
    knowledge_digest = models.CharField(_("digest of the knowledge"), max_length=64)
    content = models.CharField(_("content"), max_length=64)
    examples = models.PositiveIntegerField(_("examples"))
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("index of the knowledge")
        verbose_name_plural = _("indexes of the knowledge")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["encoder", "knowledge_digest"], name="support_index_of_knowledge_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.knowledge_digest[:8]} ({self.examples})"
