from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    label = "accounts"
    verbose_name = _("People and keys")

    # Not once a day: a beat that starts again counts anew, and some are started every day.
    beat_schedule = {
        "accounts-clear-sessions": {"task": "apps.accounts.tasks.clear_sessions", "schedule": 3600.0},
    }

    def ready(self) -> None:
        from apps.accounts import openapi, signals  # noqa: F401 -- openapi tells the schema about keys by being imported
        from apps.accounts.services.roles import grant_role_permissions

        signals.connect()
        post_migrate.connect(grant_role_permissions, dispatch_uid="accounts.grant_role_permissions")
