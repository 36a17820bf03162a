from apps.registry.models.datasets import Dataset, Remains
from apps.registry.models.promotions import Alias, AliasName, Promotion
from apps.registry.models.runs import Run, RunProgress, RunState
from apps.registry.models.versions import Evaluation, Version

__all__ = [
    "Alias",
    "AliasName",
    "Dataset",
    "Evaluation",
    "Promotion",
    "Remains",
    "Run",
    "RunProgress",
    "RunState",
    "Version",
]
