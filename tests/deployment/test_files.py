"""What the deployment's files say, checked without starting anything."""

import re
from typing import Any

import pytest
import yaml

from apps.project.settings.base import SCRATCH_DIR
from tests.deployment.composefile import DOCKER, OURS, ROOT, VariableMissingError, read_compose
from tests.deployment.native import STARTED, VARIABLES
from tests.deployment.series import alert_rules, dashboard_queries, dashboards

SERVICES: dict[str, Any] = read_compose(VARIABLES)["services"]
SECRETS = ("SECRET_KEY", "ALLOWED_HOSTS", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "GRAFANA_PASSWORD")


@pytest.mark.parametrize("name", SECRETS)
def test_a_missing_secret_stops_the_start_with_its_name(name: str) -> None:
    with pytest.raises(VariableMissingError, match=name):
        read_compose({key: value for key, value in VARIABLES.items() if key != name})


def test_a_dollar_that_is_meant_stays_one() -> None:
    from tests.deployment.composefile import interpolated

    assert interpolated("$${HOME} ${A:-b} ${C:-}", {}) == "${HOME} b "


@pytest.mark.parametrize("name", [name for name in SERVICES if name not in OURS])
def test_an_image_that_is_not_ours_is_pinned(name: str) -> None:
    assert re.search(r":v?\d+\.\d+\.\d+", SERVICES[name]["image"])


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_writes_only_where_it_was_told_and_has_a_limit(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["mem_limit"]


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "migrate"])
def test_a_service_that_stays_has_a_health_check(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]


def test_postgres_is_not_well_before_it_takes_the_connections_of_others() -> None:
    """The server that prepares a new volume answers on its socket, and `migrate` must not start for it."""
    test = SERVICES["postgres"]["healthcheck"]["test"]
    assert test[test.index("--host") + 1] == "127.0.0.1"


@pytest.mark.parametrize("name", OURS)
def test_our_services_have_no_privileges(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]


@pytest.mark.parametrize("name", OURS)
def test_what_is_counted_has_room_where_uploads_fill_the_rest(name: str) -> None:
    rooms = [mount.split(":")[0] for mount in SERVICES[name]["tmpfs"]]
    assert SERVICES[name]["environment"]["PROMETHEUS_MULTIPROC_DIR"] in rooms


def test_models_are_packed_on_the_volume_where_killed_workers_are_tidied_up_after() -> None:
    worker = SERVICES["worker"]
    assert worker["environment"]["TMPDIR"] == f"{worker['environment']['BERTH_VAR']}/{SCRATCH_DIR.name}"
    assert f"artifacts:{worker['environment']['BERTH_VAR']}" in worker["volumes"]


@pytest.mark.parametrize("name", STARTED)
def test_our_services_wait_for_the_tables_and_the_stores(name: str) -> None:
    conditions = {other: wait["condition"] for other, wait in SERVICES[name]["depends_on"].items()}
    assert conditions == {
        "migrate": "service_completed_successfully",
        "postgres": "service_healthy",
        "redis": "service_healthy",
    }


def test_the_stores_are_not_published() -> None:
    assert [name for name in ("postgres", "redis") if "ports" in SERVICES[name]] == []


def test_redis_refuses_to_write_before_the_kernel_would_kill_it() -> None:
    command = SERVICES["redis"]["command"]
    most = command[command.index("--maxmemory") + 1]
    assert int(most.removesuffix("mb")) < int(SERVICES["redis"]["mem_limit"].removesuffix("m"))


@pytest.mark.parametrize("name", SERVICES)
def test_files_and_volumes_that_a_service_mounts_exist(name: str) -> None:
    declared = read_compose(VARIABLES)["volumes"]
    sources = [volume.split(":")[0] for volume in SERVICES[name].get("volumes", [])]
    assert [s for s in sources if not (DOCKER / s).exists() and s not in declared] == []


def test_prometheus_reads_every_service_of_ours_at_its_metrics_port() -> None:
    content = yaml.safe_load((DOCKER / "prometheus.yml").read_text("utf-8"))
    read = {
        (name, found["port"])
        for job in content["scrape_configs"]
        for found in job["dns_sd_configs"]
        for name in found["names"]
    }
    assert read == {(name, int(SERVICES[name]["environment"]["METRICS_PORT"])) for name in STARTED}


@pytest.mark.parametrize("rule", alert_rules(), ids=lambda rule: rule["alert"])
def test_an_alert_says_what_is_wrong_and_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"]["summary"].endswith(".")
    assert rule["annotations"]["action"].endswith(".")


@pytest.mark.parametrize("query", [*dashboard_queries(), *(rule["expr"] for rule in alert_rules())])
def test_a_query_closes_what_it_opens(query: str) -> None:
    assert [query.count(bracket) for bracket in "([{"] == [query.count(bracket) for bracket in ")]}"]


def test_dashboards_are_told_apart_and_read_the_provisioned_source() -> None:
    provisioned = yaml.safe_load(
        (DOCKER / "grafana/provisioning/datasources/prometheus.yml").read_text("utf-8")
    )
    known = {source["uid"] for source in provisioned["datasources"]}
    assert len({board["uid"] for board in dashboards().values()}) == len(dashboards())
    assert {panel["datasource"]["uid"] for b in dashboards().values() for panel in b["panels"]} <= known


def test_the_image_is_pinned_and_runs_as_nobody_special() -> None:
    lines = (DOCKER / "Dockerfile").read_text("utf-8").splitlines()
    assert "ARG PYTHON=python:3.11.15-slim-bookworm" in lines
    assert "USER berth" in lines
    assert not [line for line in lines if "requirements-dev" in line]


def test_the_image_gets_every_file_that_its_build_copies() -> None:
    copied = re.findall(
        r"^COPY (?!--from)(.+) \S+$", (DOCKER / "Dockerfile").read_text("utf-8"), re.MULTILINE
    )
    allowed = (DOCKER / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    wanted = {source for line in copied for source in line.split()}
    assert {
        source for source in wanted if f"!{source}" not in allowed or not (ROOT / source).exists()
    } == set()
