"""docker/compose.yaml as Compose reads it, and its services as they run without containers."""

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCKER = ROOT / "docker"
VARIABLE = re.compile(r"\$(?:\$|\{(?P<name>\w+)(?:(?P<operator>:[-?])(?P<rest>[^}]*))?\})")
OURS = ("migrate", "web", "grpc", "worker", "worker-short", "beat")


class VariableMissingError(ValueError):
    """What Compose says before it starts anything."""


@dataclass(frozen=True)
class Service:
    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    probe: tuple[str, ...]

    def with_replaced(self, replacements: Mapping[str, str]) -> "Service":
        """The same service where an address, port or folder of a container is one of this machine."""
        # One pass, so that nothing is replaced in what was put in; a number only as a whole.
        olds = sorted(replacements, key=len, reverse=True)
        pattern = re.compile("|".join(rf"\b{old}\b" if old.isdigit() else re.escape(old) for old in olds))

        def replaced(text: str) -> str:
            return pattern.sub(lambda found: replacements[found[0]], text)

        return Service(
            self.name,
            tuple(map(replaced, self.command)),
            {name: replaced(value) for name, value in self.environment.items()},
            tuple(map(replaced, self.probe)),
        )


def read_compose(variables: Mapping[str, str]) -> dict[str, Any]:
    """
    Raises:
        VariableMissingError: a variable that the file requires has no value.
    """
    content: dict[str, Any] = yaml.safe_load((DOCKER / "compose.yaml").read_text("utf-8"))
    filled: dict[str, Any] = interpolated(content, variables)
    return filled


def interpolated(node: Any, variables: Mapping[str, str]) -> Any:
    if isinstance(node, dict):
        return {key: interpolated(value, variables) for key, value in node.items()}
    if isinstance(node, list):
        return [interpolated(item, variables) for item in node]
    return VARIABLE.sub(lambda found: value_of(found, variables), node) if isinstance(node, str) else node


def value_of(found: re.Match[str], variables: Mapping[str, str]) -> str:
    name = found["name"]
    if name is None:
        return "$"
    if variables.get(name):
        return variables[name]
    if found["operator"] == ":?":
        raise VariableMissingError(f"{name}: {found['rest']}")
    return found["rest"] or ""


def our_services(compose: Mapping[str, Any]) -> dict[str, Service]:
    """Those that run this repository's own code, as the image's entry point starts them."""
    services = {}
    for name in OURS:
        entry = compose["services"][name]
        _how, *probe = entry["healthcheck"].get("test", [""])
        services[name] = Service(
            name,
            ("python", "docker/start.py", *map(str, entry["command"])),
            {key: str(value) for key, value in entry["environment"].items()},
            tuple(probe),
        )
    return services


def clean_environment() -> dict[str, str]:
    """What a container would have besides its own variables; nothing of this test run's."""
    path = os.pathsep.join((str(Path(sys.executable).parent), "/usr/bin", "/bin"))
    return {"PATH": path, "HOME": os.environ.get("HOME", "/tmp"), "PYTHONUNBUFFERED": "1"}
