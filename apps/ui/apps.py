from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "apps.ui"
    label = "ui"

    def ready(self) -> None:
        from django.contrib import admin

        admin.site.index_title = _("Model desk")
