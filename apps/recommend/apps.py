from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecommendConfig(AppConfig):
    name = "apps.recommend"
    label = "recommend"
    verbose_name = _("Recommend")

    def ready(self) -> None:
        from apps.recommend import family

        family.register()
