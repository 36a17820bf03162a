from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    name = "apps.registry"
    label = "registry"
    verbose_name = _("Models")
    beat_schedule = {
        "registry-sweep-runs": {
            "task": "apps.registry.tasks.sweep_runs",
            "schedule": 2.0,
            "options": {"expires": 10.0},
        },
        # Where the folders are.
        "registry-clear-files": {
            "task": "apps.registry.tasks.clear_files",
            "schedule": 3600.0,
            "options": {"queue": "training", "expires": 3600.0},
        },
    }

    def names_file(self, path: str) -> bool:
        from apps.registry.models import Dataset
        from apps.registry.store import DATASET_ROWS

        return Dataset.objects.filter(content=DATASET_ROWS.digest_at(path)).exists()

    def names_artifact(self, digest: str) -> bool:
        from apps.registry.models import Alias, Run
        from apps.registry.models.runs import OPEN_STATES

        aliased = Alias.objects.filter(version__digest=digest)
        return aliased.exists() or Run.objects.filter(state__in=OPEN_STATES, recipe__start=digest).exists()

    def key_families(self) -> set[str]:
        """Those that a product declares, and those of which only versions are left."""
        from apps.registry import families
        from apps.registry.models import Version

        declared = {family.name for family in families.all()}
        return declared | set(Version.objects.values_list("family", flat=True).distinct())

    def ready(self) -> None:
        from apps.registry import access, checks  # noqa: F401 -- the checks register by being imported

        access.register_streams()
