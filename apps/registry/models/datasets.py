from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_NAME = 120


class Dataset(models.Model):
    """Rows that never change but for erasure, stored under the digest of their content.

    `digest` names the rows as they came, which is what versions were fitted on; `erased_rows` says how many
    of them are gone since, with the customers who wrote them.
    """

    class Kind(models.TextChoices):
        TRAINING = "training", _("training")
        SUITE = "suite", _("suite")

    class Source(models.TextChoices):
        SNAPSHOT = "snapshot", _("snapshot of the product")
        UPLOAD = "upload", _("upload")

    family = models.CharField(_("family"), max_length=64)
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.TRAINING)
    suite = models.CharField(_("suite"), max_length=64, blank=True)
    format = models.CharField(_("format"), max_length=16)  # which reader of modelcore.data takes it back
    digest = models.CharField(_("digest"), max_length=64)
    content = models.CharField(_("content"), max_length=64)  # sha256 of the stored bytes: where they lie
    rows = models.PositiveIntegerField(_("rows"))
    erased_rows = models.PositiveIntegerField(_("erased rows"), default=0)
    labels = models.JSONField(_("labels"), default=list)
    profile = models.JSONField(_("profile"), default=dict)
    # When a worker took on the part of the profile that is too slow for a request; null: nobody has yet.
    profiling_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Of the rows that the champion of the time was not fitted on; see services/audits.py.
    audit = models.JSONField(_("audit of the labels"), default=dict)
    # A suite that grew, or that an erasure emptied: versions are measured on a later edition.
    superseded_at = models.DateTimeField(_("superseded at"), null=True, blank=True, editable=False)
    source = models.CharField(_("source"), max_length=16, choices=Source)
    source_name = models.CharField(_("source name"), max_length=255, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("data set")
        verbose_name_plural = _("data sets")
        ordering = ["-created_at", "-pk"]
        indexes = [
            # Asked for every two seconds while no run is under way; profiles are long.
            models.Index(
                fields=["created_at"],
                condition=~models.Q(profile__has_key="is_complete"),
                name="registry_dataset_unprofiled",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["family", "digest"],
                condition=models.Q(kind="training", erased_rows=0),
                name="registry_dataset_content_once",
            ),
            models.UniqueConstraint(
                fields=["family", "suite"],
                condition=models.Q(kind="suite", superseded_at__isnull=True),
                name="registry_suite_pinned_once",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="suite", suite__gt="") | models.Q(kind="training", suite=""),
                name="registry_suite_has_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.family} · {self.name}"


class Remains(models.Model):
    """A file of the store that held what was erased, until it is gone from there too."""

    path = models.CharField(max_length=255, unique=True)  # below the root of the store
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("remains")
        verbose_name_plural = _("remains")
        ordering = ["since"]

    def __str__(self) -> str:
        return self.path
