"""What was stored before a version looked for names is masked anew by it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Remasking(models.Model):
    """One pass over what is stored to learn from; open until data sets and indexes follow, too."""

    # Of Personal data; the champion of the moment, which may be another by the end.
    version = models.PositiveIntegerField(_("version"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    requested_at = models.DateTimeField(_("requested at"))
    # Digest of the normalised text before → the text now; emptied when all is done.
    texts = models.JSONField(default=dict)
    # Counts by what changed.
    changed = models.JSONField(_("changed"), default=dict)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("masking anew")
        verbose_name_plural = _("masking anew")
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=models.Q(done_at=None), name="support_remasking_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
