import pytest

from modelcore.artifacts import Artifact
from tests.modelcore.serving.samples import write_served


@pytest.fixture(scope="session")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Artifact:
    return write_served(
        tmp_path_factory.mktemp("model") / "model", "classification", work=tmp_path_factory.mktemp("work")
    )


@pytest.fixture(scope="session")
def tagger(tmp_path_factory: pytest.TempPathFactory) -> Artifact:
    return write_served(
        tmp_path_factory.mktemp("model") / "model", "tagging", work=tmp_path_factory.mktemp("work")
    )


@pytest.fixture(scope="session")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Artifact:
    return write_served(
        tmp_path_factory.mktemp("model") / "model", "embedding", work=tmp_path_factory.mktemp("work")
    )
