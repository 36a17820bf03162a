from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.registry.models.datasets import Dataset
from apps.registry.models.runs import Run


class Version(models.Model):
    """An artifact that has a number in its family."""

    family = models.CharField(_("family"), max_length=64)
    number = models.PositiveIntegerField(_("number"))
    digest = models.CharField(_("digest"), max_length=64)
    # One run has one version: a step that is executed twice registers nothing twice.
    run = models.OneToOneField(
        Run,
        verbose_name=_("run"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="version",
    )
    dataset = models.ForeignKey(
        Dataset,
        verbose_name=_("data set"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="versions",
    )
    size_bytes = models.PositiveBigIntegerField(_("size"))
    manifest = models.JSONField(_("manifest"))
    metrics = models.JSONField(_("metrics"), default=dict)
    latency = models.JSONField(_("latency"), default=dict)
    card = models.TextField(_("card"), blank=True)
    created_at = models.DateTimeField(_("created at"))
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("archived by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["family", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["family", "number"], name="registry_version_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.family} v{self.number}"


class Evaluation(models.Model):
    """What a version answered to every example of a suite."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="evaluations")
    suite = models.CharField(_("suite"), max_length=64)
    suite_digest = models.CharField(_("digest of the suite"), max_length=64)
    metrics = models.JSONField(_("metrics"))
    predictions = models.JSONField(_("predictions"))
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ["suite"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "suite", "suite_digest"], name="registry_evaluation_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} · {self.suite}"

    @property
    def correct(self) -> list[bool]:
        """Which examples were answered right, in the order of the suite."""
        return [one["label"] == one["gold"] for one in self.predictions]
