"""Each service's own command and environment, started without containers; then what people see of it."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.deployment.composefile import ROOT, read_compose
from tests.deployment.conftest import Running
from tests.deployment.first_model import PASSWORD
from tests.deployment.markdown import programs
from tests.deployment.native import STARTED, VARIABLES
from tests.deployment.series import exposed_names, names_in_alerts, names_in_dashboards

pytestmark = pytest.mark.xdist_group("deployment")
NOT_STARTED = {
    "migrate": "it ends by itself: the fixture runs it before the others start",
    "postgres": "the embedded PostgreSQL of this test run stands in for it",
    "redis": "the embedded Redis of this test run stands in for it",
    "prometheus": "it is a program of its own; its files are checked against what the services expose",
    "grafana": "it is a program of its own; its dashboards are checked against what the services expose",
}


def fetch(address: str, *, host: str = "127.0.0.1") -> tuple[int, str]:
    request = urllib.request.Request(address, headers={"Host": host})
    with urllib.request.urlopen(request, timeout=20) as response:
        return response.status, response.read().decode()


def ask_model(running: Running, text: str) -> dict[str, Any]:
    body = {"inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": [text]}]}
    request = urllib.request.Request(
        running.deployment.address("web", "/v2/models/support-intent/infer"),
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {running.key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as response:
        answer: dict[str, Any] = json.loads(response.read())
    return {output["name"]: output["data"] for output in answer["outputs"]}


def run_documented(running: Running, program: str) -> str:
    """What a program of the documents prints, with this machine's address and person in place of theirs."""
    for theirs, ours in (
        ("http://127.0.0.1:8000", running.deployment.address("web", "")),
        ('"agent", "the password"', f'"owner", "{PASSWORD}"'),
    ):
        program = program.replace(theirs, ours)
    outcome = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert outcome.returncode == 0, outcome.stderr
    return outcome.stdout


@pytest.mark.parametrize("name", STARTED)
def test_a_service_stays_up_and_answers_prometheus(running: Running, name: str) -> None:
    assert "berth_process_memory_bytes" in running.deployment.metrics(name)
    assert running.deployment.processes[name].poll() is None


def test_every_service_is_started_or_has_a_reason_why_not() -> None:
    assert sorted([*STARTED, *NOT_STARTED]) == sorted(read_compose(VARIABLES)["services"])


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/v2/health/live", "/v2/health/ready"])
def test_the_web_service_is_live_and_ready(running: Running, path: str) -> None:
    assert fetch(running.deployment.address("web", path))[0] == 200


def test_a_page_is_shown_with_the_files_that_the_image_collected(running: Running) -> None:
    status, page = fetch(running.deployment.address("web", "/sign-in/"), host="berth.example")
    assert status == 200
    assert "/static/ui/berth." in page


def test_a_name_that_was_not_allowed_is_refused(running: Running) -> None:
    with pytest.raises(urllib.error.HTTPError, match="400"):
        fetch(running.deployment.address("web", "/sign-in/"), host="elsewhere.example")


def test_the_registered_model_answers_over_http(running: Running) -> None:
    assert ask_model(running, "where is my refund")["label"] == ["refund"]


def test_the_registered_model_answers_over_grpc(running: Running) -> None:
    grpcclient = pytest.importorskip("tritonclient.grpc")
    import numpy as np

    client = grpcclient.InferenceServerClient(f"127.0.0.1:{running.deployment.ports['grpc']['8001']}")
    given = grpcclient.InferInput("text", [1], "BYTES")
    given.set_data_from_numpy(np.array([b"my card"], dtype=np.object_))
    answer = client.infer("support-intent", [given], headers={"authorization": f"Bearer {running.key}"})
    assert answer.as_numpy("label").tolist() == [b"card"]


def test_a_queued_run_reaches_the_worker_through_beat_and_the_short_queue(running: Running) -> None:
    page = running.deployment.wait_for_metric("beat", 'berth_runs{state="failed"} 1.0')
    assert 'berth_runs{state="queued"}' not in page


def test_every_series_of_the_dashboards_and_alerts_is_exposed(running: Running) -> None:
    ask_model(running, "lost")
    running.deployment.wait_for_metric("worker", "apps.registry.tasks.execute_run")
    exposed = set().union(*(exposed_names(running.deployment.metrics(name)) for name in STARTED))
    assert names_in_dashboards() | names_in_alerts() <= exposed | {"up"}


def test_the_documented_programs_of_a_customer_and_an_agent_meet(running: Running) -> None:
    (chat,) = programs(ROOT / "docs/chat.md")
    (agent,) = [program for program in programs(ROOT / "docs/api.md") if "/sign-in/" in program]

    said = run_documented(running, chat)
    assert "'type': 'sent'" in said
    assert "'owner': 'queue'" in said
    assert "'owner': 'agent'" in run_documented(running, agent)
