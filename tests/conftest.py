"""Every test run compiles the texts and has a PostgreSQL and a Redis of its own, gone with it."""

import gc
import os
import shutil
import tempfile
from pathlib import Path

import psutil
import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

from apps.project.embedded import start_stores
from apps.project.stores import EmbeddedStores
from apps.project.supervisor import Supervisor
from apps.ui.catalogues import compile_catalogues

STORES_KEY = pytest.StashKey[Supervisor]()
LONGEST_ID = 40


def pytest_configure(config: pytest.Config) -> None:
    is_parallel_child = hasattr(config, "workerinput")
    if not is_parallel_child:
        compile_catalogues()
    has_stores = bool(os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))
    if is_parallel_child or has_stores or config.option.collectonly:
        return
    remove_folders_of_killed_runs()
    supervisor = config.stash[STORES_KEY] = Supervisor()
    start_stores(EmbeddedStores(Path(os.environ["BERTH_TEST_FOLDER"])), supervisor.start, throw_away=True)


def pytest_collection_finish() -> None:
    """Each fit collects garbage twice; to look for it in what was imported takes longer than a small fit."""
    gc.collect()
    gc.freeze()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Parallel processes must name tests alike, and packed or signed values hold when they were made."""
    made = isinstance(val, bytes) or (isinstance(val, str) and len(val) > LONGEST_ID)
    return argname if made else None


def pytest_unconfigure(config: pytest.Config) -> None:
    supervisor = config.stash.get(STORES_KEY, None)
    if supervisor is not None:
        supervisor.stop()
        shutil.rmtree(os.environ["BERTH_TEST_FOLDER"], ignore_errors=True)


def remove_folders_of_killed_runs() -> None:
    for folder in Path(tempfile.gettempdir()).glob("berth-test-*"):
        owner = folder.name.rpartition("-")[2]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def store_environment(db: None) -> dict[str, str]:
    """What a process of its own needs to use the stores, and the database, of this test."""
    base, _, _ = str(settings.DATABASE_URL).rpartition("/")
    return {
        "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}",
        "REDIS_URL": str(settings.REDIS_URL),
        "BERTH_TEST_FOLDER": os.environ["BERTH_TEST_FOLDER"],
        "DJANGO_SETTINGS_MODULE": "apps.project.settings.test",
    }


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Tests with real transactions empty every table between them, which the audit trail refuses."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_auditentry DISABLE TRIGGER accounts_audit_no_truncate")
