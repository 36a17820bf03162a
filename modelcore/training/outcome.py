"""What a task's fit hands over to be packed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from modelcore.tasks.weights import TaskModel


@dataclass(frozen=True)
class Outcome:
    """A trained module without PEFT wrappers, its outputs' names, its temperature and measured figures.

    `files` are what else the artifact must hold, by name.
    """

    model: TaskModel
    labels: tuple[str, ...]
    temperature: float
    metrics: dict[str, Any]
    files: dict[str, bytes] = field(default_factory=dict)
