"""Customers who asked to be forgotten, and what is still to be taken out because of that."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.support.models.people import Visitor


class Erasure(models.Model):
    """One customer's. Their rows are emptied with it; data sets and indexes were looked through at
    `looked_at`, and at `done_at` for the last time."""

    visitor = models.OneToOneField(Visitor, on_delete=models.PROTECT, related_name="erasure")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    requested_at = models.DateTimeField(_("requested at"))
    # Of the normalised texts that examples were made of; emptied when all is done.
    digests = models.JSONField(default=list)
    # Counts by what was taken out.
    removed = models.JSONField(_("removed"), default=dict)
    looked_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-requested_at"]

    def __str__(self) -> str:
        return str(self.visitor_id)
