from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from apps.support import access


class SupportConfig(AppConfig):
    name = "apps.support"
    label = "support"
    verbose_name = _("Support")
    role_permissions = {"agent": access.AGENT, "support_lead": access.LEAD}

    def ready(self) -> None:
        from apps.support import family

        family.register()
