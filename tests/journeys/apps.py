"""A product in small: what a new vertical adds is an app with a family and its line in the settings."""

from django.apps import AppConfig

FAMILY = "desk-intent"


class JourneysConfig(AppConfig):
    name = "tests.journeys"
    label = "journeys"

    def ready(self) -> None:
        from apps.registry import families
        from apps.registry.families import GatePolicy
        from modelcore.training.recipe import Recipe
        from tests.apps.registry.factories import make_family

        recipe = Recipe(method="full", epochs=6, max_tokens=16, batch_size=8, learning_rate=3e-3)
        families.register(
            make_family(FAMILY, label="Desk intent", recipe=recipe, gate=GatePolicy(minimum=0.5, margin=0.5))
        )
