"""How the service behaves, set by its lead."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.support.engine.decision import TARGETS


class Policy(models.Model):
    """The one row of settings."""

    target_precision = models.FloatField(
        _("target precision"), choices=[(target, f"{target:.0%}") for target in TARGETS], default=0.95
    )
    # Share of new conversations that go to people whatever the model knows.
    hold_out_share = models.FloatField(_("hold-out share"), default=0.0)
    response_minutes = models.PositiveIntegerField(_("minutes to a first response"), default=15)
    # Origins that may carry the widget, such as https://shop.example; the site's own always may.
    widget_origins = models.JSONField(_("sites with the widget"), default=list, blank=True)
    # Where the customer's context is asked for; empty: nowhere.
    context_url = models.URLField(_("address of the customer context"), blank=True)

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policy")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="support_policy_once"),
            models.CheckConstraint(
                condition=models.Q(hold_out_share__range=(0, 0.5)), name="support_policy_hold_out"
            ),
        ]

    def __str__(self) -> str:
        return str(_("Policy"))
