from pathlib import Path

import pytest
from django.core.checks import run_checks
from pytest_django import Settings

from apps.registry.checks import check_rights


def found() -> list[str]:
    return [message.msg for message in run_checks() if message.id == "registry.E001"]


@pytest.mark.parametrize("address", ["s4://bucket/artifacts", "gcs+nothing://x"])
def test_a_store_of_no_known_scheme_is_told_before_it_is_needed(settings: Settings, address: str) -> None:
    settings.ARTIFACT_STORE = address

    (sentence,) = found()
    assert address.partition(":")[0] in sentence


def test_a_store_that_can_be_used_is_left_as_it_was(settings: Settings, tmp_path: Path) -> None:
    settings.ARTIFACT_STORE = (tmp_path / "store").as_uri()

    assert found() == []
    assert check_rights(databases=["default"]) == []
    assert list((tmp_path / "store").iterdir()) == []


def test_a_store_that_takes_no_files_is_told_why(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file where the folder should be")
    settings.ARTIFACT_STORE = (tmp_path / "store").as_uri()

    (error,) = check_rights(databases=["default"])
    assert "FileExistsError" in error.msg


def test_what_only_looks_at_the_code_asks_no_store(settings: Settings, tmp_path: Path) -> None:
    settings.ARTIFACT_STORE = (tmp_path / "store").as_uri()

    assert check_rights() == []
    assert not (tmp_path / "store").exists()
