from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServingConfig(AppConfig):
    name = "apps.serving"
    verbose_name = _("Serving")
    readiness_checks = ("apps.serving.health.ModelsLoaded",)
