from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SentimentConfig(AppConfig):
    name = "apps.sentiment"
    label = "sentiment"
    verbose_name = _("Sentiment")

    def ready(self) -> None:
        from apps.sentiment import family

        family.register()
