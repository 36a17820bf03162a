"""A product in small: what a new vertical adds is an app with a family and its line in the settings."""

import dataclasses
import os
from pathlib import Path

from django.apps import AppConfig

FAMILY = "desk-intent"


class JourneysConfig(AppConfig):
    name = "tests.journeys"
    label = "journeys"

    def ready(self) -> None:
        from apps.registry import families
        from apps.registry.families import GatePolicy
        from apps.support.family import SUPPORT_INTENT
        from modelcore.training.recipe import Recipe
        from tests.apps.registry.factories import make_family

        recipe = Recipe(method="full", epochs=6, max_tokens=16, batch_size=8, learning_rate=3e-3)
        families.register(
            make_family(FAMILY, label="Desk intent", recipe=recipe, gate=GatePolicy(minimum=0.5, margin=0.5))
        )
        # A lesson of seconds: what it learns is not judged, only that it is taught, shown and promoted.
        tiny = str(Path(os.environ["BERTH_VAR"]).with_name("tiny"))
        quick = Recipe(method="head", backbone=tiny, max_tokens=16)
        gate = GatePolicy(minimum=0.0, margin=1.0, label_loss=1.0)
        families.unregister(SUPPORT_INTENT.name)
        families.register(dataclasses.replace(SUPPORT_INTENT, recipe=quick, gate=gate))
