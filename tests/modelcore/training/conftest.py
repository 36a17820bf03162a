"""The tiny backbone, made once for these tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.modelcore.tiny import make_tiny_backbone


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_backbone(tmp_path_factory.mktemp("tiny"))
