from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.registry.models.fields import SentenceField
from apps.registry.models.versions import Version


class AliasName(models.TextChoices):
    CHAMPION = "champion", _("champion")
    CHALLENGER = "challenger", _("challenger")
    SHADOW = "shadow", _("shadow")


class Alias(models.Model):
    """Which version of a family answers under a name; services/promotion.py alone writes it."""

    family = models.CharField(_("family"), max_length=64)
    name = models.CharField(_("alias"), max_length=16, choices=AliasName)
    version = models.ForeignKey(
        Version,
        verbose_name=_("version"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="aliases",
    )
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ["family", "name"]
        constraints = [models.UniqueConstraint(fields=["family", "name"], name="registry_alias_once")]

    def __str__(self) -> str:
        return f"{self.family}@{self.name}"


class Promotion(models.Model):
    """One change of an alias. A trigger in the database refuses to change or delete a row."""

    class Kind(models.TextChoices):
        PROMOTION = "promotion", _("promotion")
        ROLLBACK = "rollback", _("rollback")

    family = models.CharField(_("family"), max_length=64)
    alias = models.CharField(_("alias"), max_length=16, choices=AliasName)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.PROMOTION)
    from_version = models.ForeignKey(
        Version, verbose_name=_("from"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    to_version = models.ForeignKey(
        Version, verbose_name=_("to"), on_delete=models.PROTECT, related_name="promotions"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("actor"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    reason = SentenceField(_("reason"), default=str)
    gate_report = models.JSONField(_("gate report"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.family}@{self.alias} → {self.to_version_id}"
