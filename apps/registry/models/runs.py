from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.registry.models.datasets import Dataset
from apps.registry.models.fields import SentenceField

HEART_STOPPED_AFTER = timedelta(seconds=15)
MAX_ATTEMPTS = 12
# From which to which per cent of a run each phase takes it.
PHASES = {
    "prepare": (0, 3),
    # Of several trainings in a run the steps count on from one to the next.
    "rehearse": (3, 75),
    "train": (3, 75),
    "evaluate": (75, 78),
    "package": (78, 80),
    "compress": (80, 93),
    "measure": (93, 97),
    "store": (97, 99),
}


class RunState(models.TextChoices):
    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    SUCCEEDED = "succeeded", _("succeeded")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


OPEN_STATES = (RunState.QUEUED, RunState.RUNNING)
ENDED_STATES = (RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED)


class Run(models.Model):
    """One fitting of a model: what was asked, how far it is, how it ended."""

    family = models.CharField(_("family"), max_length=64)
    dataset = models.ForeignKey(
        Dataset, verbose_name=_("data set"), on_delete=models.PROTECT, related_name="runs"
    )
    recipe = models.JSONField(_("recipe"))
    promote_when_passed = models.BooleanField(_("promote when the gate passes"), default=False)
    state = models.CharField(_("state"), max_length=16, choices=RunState, default=RunState.QUEUED)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    claim_token = models.UUIDField(null=True, blank=True, editable=False)
    claimed_by = models.CharField(_("worker"), max_length=120, blank=True)
    heartbeat_at = models.DateTimeField(_("last heart beat"), null=True, blank=True)
    dispatched_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancel_requested_at = models.DateTimeField(_("cancel requested at"), null=True, blank=True)
    queued_at = models.DateTimeField(_("queued at"))
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    error = SentenceField(_("error"), blank=True, default=str)
    phase = models.CharField(_("phase"), max_length=32, blank=True)
    step = models.PositiveIntegerField(_("step"), default=0)
    total_steps = models.PositiveIntegerField(_("total steps"), default=0)
    loss = models.FloatField(_("loss"), null=True, blank=True)
    metric = models.FloatField(_("metric"), null=True, blank=True)
    eta_seconds = models.FloatField(_("seconds left"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["-queued_at", "-pk"]
        indexes = [models.Index(fields=["state", "heartbeat_at"], name="registry_run_open")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=RunState.RUNNING)
                | models.Q(claim_token__isnull=False, heartbeat_at__isnull=False),
                name="registry_running_run_is_claimed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.family} · {_('run')} {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    def is_worker_lost(self, at: datetime | None = None) -> bool:
        """Whether nobody works on it although the row says running, or it waits for another worker."""
        if self.state == RunState.QUEUED:
            return self.attempt > 0
        if self.state != RunState.RUNNING or self.heartbeat_at is None:
            return False
        return (at or timezone.now()) - self.heartbeat_at > HEART_STOPPED_AFTER

    @property
    def percent(self) -> int:
        """How much of the whole run is done: training takes most of it, by its steps."""
        if self.state == RunState.SUCCEEDED:
            return 100
        begin, end = PHASES.get(self.phase, (0, 0))
        share = min(1.0, self.step / self.total_steps) if self.total_steps else 0.0
        return round(begin + (end - begin) * share)

    @property
    def situation(self) -> str:
        """What is true of the run now, in a sentence."""
        if self.is_open and self.cancel_requested_at is not None:
            return str(_("Stopping: it ends at the next step."))
        if self.is_worker_lost():
            return str(_("Worker lost; the run will resume from its last checkpoint."))
        sentences = {
            RunState.QUEUED: _("Waiting for a free worker."),
            RunState.RUNNING: _("A worker is on it."),
            RunState.SUCCEEDED: _("Finished; the version is in the registry."),
            RunState.FAILED: _("Failed."),
            RunState.CANCELLED: _("Cancelled."),
        }
        return str(sentences[RunState(self.state)])


class RunProgress(models.Model):
    """One line of a run's log and one point of its curve."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="progress")
    attempt = models.PositiveSmallIntegerField()
    phase = models.CharField(max_length=32)
    step = models.PositiveIntegerField()
    total_steps = models.PositiveIntegerField()
    loss = models.FloatField(null=True)
    metric = models.FloatField(null=True)
    eta_seconds = models.FloatField(null=True)
    message = SentenceField(blank=True, default=str)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("progress")
        verbose_name_plural = _("progress")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.phase} {self.step}/{self.total_steps}"
