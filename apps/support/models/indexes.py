"""What the nearest labelled questions are looked up in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.support.models.knowledge import Example


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
    # Of the examples, in their order, and of the encoder.
    knowledge_digest = models.CharField(_("digest of the knowledge"), max_length=64)
    content = models.CharField(_("content"), max_length=64)
    examples = models.PositiveIntegerField(_("examples"))
    made_at = models.DateTimeField(_("made at"))
    # When its near duplicates were looked for; of one index at a time.
    compared_at = models.DateTimeField(null=True, blank=True, editable=False)

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


class NearDuplicate(models.Model):
    """Two approved examples that say nearly the same, as the index of the present knowledge has them."""

    one = models.ForeignKey(Example, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Example, on_delete=models.CASCADE, related_name="+")
    similarity = models.FloatField(_("similarity"))

    class Meta:
        verbose_name = _("near duplicate")
        verbose_name_plural = _("near duplicates")
        ordering = ["-similarity", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="support_near_duplicate_once"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} {self.other_id} {self.similarity:.3f}"
