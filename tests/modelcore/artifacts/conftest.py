from pathlib import Path

import pytest

from modelcore.artifacts import Artifact
from tests.modelcore.artifacts.samples import write_sample


@pytest.fixture
def artifact(tmp_path: Path) -> Artifact:
    return write_sample(tmp_path / "model")
