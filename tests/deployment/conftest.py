import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.databases import empty_database, redis_beside
from tests.deployment.native import STARTED, Deployment, make_deployment

REDIS_DATABASES_FROM = 32


@dataclass(frozen=True)
class Running:
    deployment: Deployment
    key: str
    run: int


@pytest.fixture(scope="module")
def database_url() -> Iterator[str]:
    with empty_database("deployment") as url:
        yield url


@pytest.fixture(scope="module")
def running(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """All services of ours, started in the order that the file asks for, with a model to answer with."""
    folder: Path = tmp_path_factory.mktemp("deployment")
    redis_url = redis_beside(REDIS_DATABASES_FROM)
    deployment = make_deployment(folder, database_url=database_url, redis_url=redis_url)
    try:
        with ThreadPoolExecutor() as beside:
            collected = beside.submit(deployment.run, "web", "python", "-m", "tests.deployment.static_files")
            deployment.run("migrate")
            collected.result()
        for name in STARTED:
            deployment.start(name)
        first = json.loads(deployment.run("web", "python", "-m", "tests.deployment.first_model", str(folder)))
        for name in STARTED:
            deployment.wait_until_well(name)
        yield Running(deployment, first["key"], first["run"])
    finally:
        deployment.stop()
