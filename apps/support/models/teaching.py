"""What the model was taught, and how it and the one before it would have answered."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.registry.models import Dataset, Run, Version
from apps.registry.models.fields import SentenceField
from apps.support.family_name import FAMILY
from apps.support.models.decisions import Decision


class Lesson(models.Model):
    """One press of the Teach button. Its rows tell where it is, so that any worker can go on with it."""

    class State(models.TextChoices):
        CHECKING = "checking", _("checking the labels")
        TRAINING = "training", _("training")
        READY = "ready", _("ready to compare")
        REFUSED = "refused", _("refused by the gate")
        FAILED = "failed", _("failed")

    class Method(models.TextChoices):
        EXTEND = "extend", _("add to the champion")
        REFIT = "refit", _("train anew")

    family = models.CharField(max_length=64, default=FAMILY, editable=False)
    method = models.CharField(_("method"), max_length=16, choices=Method)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.CHECKING)
    # Whose place the new version is to take.
    champion = models.ForeignKey(
        Version, verbose_name=_("champion"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    dataset = models.ForeignKey(
        Dataset, verbose_name=_("data set"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    run = models.OneToOneField(
        Run,
        verbose_name=_("run"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="lesson",
    )
    new_examples = models.PositiveIntegerField(_("new examples"))
    # What the gate said where it refused, as the JSON of its checks.
    checks = models.JSONField(_("checks"), default=list)
    error = SentenceField(_("error"), blank=True, default=str)
    # A worker has it; another one takes it over when that was too long ago.
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("started by"), on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["family"],
                condition=models.Q(state__in=("checking", "training")),
                name="support_lesson_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{_('Lesson')} {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.CHECKING, self.State.TRAINING)

    @property
    def version(self) -> Version | None:
        return None if self.run is None else Version.objects.filter(run=self.run).first()


class ShadowAnswer(models.Model):
    """What a version makes of a question that was decided already; customers never see it."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="shadow_answers")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    intent = models.SlugField(_("intent"), max_length=64)
    confidence = models.FloatField(_("confidence"))
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("shadow answer")
        verbose_name_plural = _("shadow answers")
        constraints = [
            models.UniqueConstraint(fields=["decision", "version"], name="support_shadow_answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.version_id} {self.intent}"
