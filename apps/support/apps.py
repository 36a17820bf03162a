from datetime import datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from apps.support import access


class SupportConfig(AppConfig):
    name = "apps.support"
    label = "support"
    verbose_name = _("Support")
    role_permissions = {"agent": access.AGENT, "support_lead": access.LEAD}
    # One that waited longer has been overtaken by the next.
    beat_schedule = {
        "support-route": {
            "task": "apps.support.tasks.route",
            "schedule": 1.0,
            "options": {"expires": 3.0},
        },
        "support-keep-time": {
            "task": "apps.support.tasks.keep_time",
            "schedule": 5.0,
            "options": {"expires": 15.0},
        },
        "support-sweep-waiting": {
            "task": "apps.support.tasks.sweep_waiting",
            "schedule": 2.0,
            "options": {"expires": 4.0},
        },
        # Where versions are made, and where nothing that customers wait for is held up.
        "support-keep-certified": {
            "task": "apps.support.tasks.keep_certified",
            "schedule": 15.0,
            "options": {"queue": "training", "expires": 15.0},
        },
        "support-mask-imports": {
            "task": "apps.support.tasks.mask_imports",
            "schedule": 15.0,
            "options": {"queue": "training", "expires": 15.0},
        },
        "support-finish-erasures": {
            "task": "apps.support.tasks.finish_erasures",
            "schedule": 600.0,
            "options": {"queue": "training", "expires": 600.0},
        },
        "support-finish-remaskings": {
            "task": "apps.support.tasks.finish_remaskings",
            "schedule": 600.0,
            "options": {"queue": "training", "expires": 600.0},
        },
        "support-finish-suggestions": {
            "task": "apps.support.tasks.finish_suggestions",
            "schedule": 60.0,
            "options": {"queue": "training", "expires": 60.0},
        },
        "support-sweep-lessons": {
            "task": "apps.support.tasks.sweep_lessons",
            "schedule": 5.0,
            "options": {"expires": 5.0},
        },
        "support-sweep-shadow": {
            "task": "apps.support.tasks.sweep_shadow",
            "schedule": 60.0,
            "options": {"expires": 60.0},
        },
        "support-resolve-silent": {
            "task": "apps.support.tasks.resolve_silent",
            "schedule": 60.0,
            "options": {"expires": 60.0},
        },
    }

    def names_file(self, path: str) -> bool:
        from apps.support.models import KnowledgeIndex
        from apps.support.services.indexes import INDEXES

        return KnowledgeIndex.objects.filter(content=INDEXES.digest_at(path)).exists()

    def names_artifact(self, digest: str) -> bool:
        from apps.support.models import KnowledgeIndex
        from apps.support.selectors.grounds import newest_encoder

        newest = newest_encoder()
        is_newest = newest is not None and newest.digest == digest
        return is_newest or KnowledgeIndex.objects.filter(encoder__digest=digest).exists()

    def seed_samples(self, *, at: datetime) -> None:
        from apps.support.services.seeding import seed_knowledge

        seed_knowledge(at=at)

    def still_making(self) -> str:
        """What a worker has to finish before the bot answers with the model that is there."""
        from apps.support.selectors.grounds import awaits_certificates

        return "what the bot may answer" if awaits_certificates() else ""

    def ready(self) -> None:
        from apps.support import family, openapi, streams  # noqa: F401 -- openapi tells the schema about tokens

        family.register()
        streams.register()
