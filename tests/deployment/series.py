"""Names of series: those that queries ask for and those that a metrics page offers."""

import json
import re
from typing import Any

import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.deployment.composefile import DOCKER

# What stands in quotes is a label's value; what is followed by a bracket is a function.
QUOTED = re.compile(r'"[^"]*"')
SERIES = re.compile(r"\b(?:berth_\w+|up)\b")


def names_in(query: str) -> set[str]:
    return set(SERIES.findall(QUOTED.sub("", query)))


def dashboards() -> dict[str, dict[str, Any]]:
    folder = DOCKER / "grafana" / "dashboards"
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}


def dashboard_queries() -> list[str]:
    return [
        target["expr"]
        for board in dashboards().values()
        for panel in board["panels"]
        for target in panel["targets"]
    ]


def alert_rules() -> list[dict[str, Any]]:
    content = yaml.safe_load((DOCKER / "alerts.yml").read_text("utf-8"))
    return [rule for group in content["groups"] for rule in group["rules"]]


def names_in_dashboards() -> set[str]:
    return set().union(*map(names_in, dashboard_queries()))


def names_in_alerts() -> set[str]:
    return set().union(*(names_in(rule["expr"]) for rule in alert_rules()))


def exposed_names(page: str) -> set[str]:
    return {sample.name for family in text_string_to_metric_families(page) for sample in family.samples}
