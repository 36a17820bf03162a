"""Who talks with whom: visitors on one side, agents on the other."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Visitor(models.Model):
    """Somebody who writes through the widget or the API; known to Berth by a signed token only."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # The shop's own number of the customer, which it signs; empty for an anonymous visitor.
    external_id = models.CharField(_("customer number"), max_length=120, blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=16, default="en")
    # What the shop's customer-context hook said last.
    context = models.JSONField(_("context"), default=dict)
    context_at = models.DateTimeField(null=True, blank=True)
    # Raised to revoke every token that was given out before.
    token_version = models.PositiveIntegerField(default=1)
    # What the shop signed before is no proof any more.
    sessions_ended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))
    seen_at = models.DateTimeField(_("seen at"))
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)

    class Meta:
        verbose_name = _("visitor")
        verbose_name_plural = _("visitors")
        ordering = ["-seen_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["external_id"],
                condition=models.Q(external_id__gt=""),
                name="support_visitor_external_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.public_id)[:8]


class AgentProfile(models.Model):
    """What the routing has to know of an agent; presence itself lives in Redis and expires."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="agent_profile"
    )
    skills = models.JSONField(_("skills"), default=list)
    capacity = models.PositiveSmallIntegerField(_("conversations at once"), default=5)
    is_taking = models.BooleanField(_("takes conversations"), default=True)

    class Meta:
        verbose_name = _("agent")
        verbose_name_plural = _("agents")

    def __str__(self) -> str:
        return str(self.user_id)
