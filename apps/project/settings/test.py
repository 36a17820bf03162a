"""Tests: stores of their own that tests/conftest.py starts, and cheap password hashing."""

import os
import tempfile
from pathlib import Path

from apps.project.stores import EmbeddedStores, with_redis_database

# One folder per test run, named by its process, handed to the processes that the run starts. Never the
# folder of a demo: base reads it from here.
os.environ.setdefault("BERTH_TEST_FOLDER", f"{tempfile.gettempdir()}/berth-test-{os.getpid()}")
os.environ["BERTH_VAR"] = os.environ["BERTH_TEST_FOLDER"]
# Parallel test processes must not see one another's gauges, nor erase one another's files.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = (
    f"{os.environ['BERTH_TEST_FOLDER']}/metrics{os.environ.get('PYTEST_XDIST_WORKER', '')}"
)
os.environ["ARTIFACT_STORE"] = Path(
    os.environ["BERTH_TEST_FOLDER"], f"artifacts{os.environ.get('PYTEST_XDIST_WORKER', '')}"
).as_uri()
# Test processes with a pool of threads each would only wait for one another.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["STATIC_ROOT"] = f"{os.environ['BERTH_TEST_FOLDER']}/static"

if "PYTEST_XDIST_WORKER" in os.environ:
    # Parallel test processes share one Redis and must not see one another's keys.
    shared = os.environ.get("REDIS_URL") or EmbeddedStores(Path(os.environ["BERTH_VAR"])).redis_url
    number = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw"))
    os.environ["REDIS_URL"] = with_redis_database(shared, number + 1)

from apps.project.settings.base import *  # noqa: F403 -- base reads the environment that is set above
from apps.project.settings.base import REST_FRAMEWORK, STATIC_ROOT

SECRET_KEY = "tests-sign-nothing-that-leaves-this-machine"  # noqa: S105 -- not a secret
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
REST_FRAMEWORK["TEST_REQUEST_DEFAULT_FORMAT"] = "json"

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns of a folder that is missing
