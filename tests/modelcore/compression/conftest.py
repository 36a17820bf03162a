from pathlib import Path

import pytest

from modelcore.artifacts import Artifact
from modelcore.compression import CompressionResult, compress
from modelcore.data import LabelledTexts
from modelcore.serving import Predictor
from tests.modelcore.serving.samples import TEXTS, write_trained


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Artifact:
    """A classifier as training leaves it."""
    return write_trained(
        tmp_path_factory.mktemp("trained") / "model", "classification", work=tmp_path_factory.mktemp("work")
    )


@pytest.fixture(scope="session")
def rows(trained: Artifact) -> LabelledTexts:
    """Texts with the labels that the classifier gives them, so that fp32 is always right."""
    texts = tuple(f"{text} {word}" for text in TEXTS for word in ("card", "late", "money", "house", "now"))
    labels = (one.label for one in Predictor.open(trained, runtime="torch").predict(texts))
    return LabelledTexts(texts, tuple(labels))


@pytest.fixture(scope="session")
def said() -> list[str]:
    return []


@pytest.fixture(scope="session")
def result(
    trained: Artifact, rows: LabelledTexts, said: list[str], tmp_path_factory: pytest.TempPathFactory
) -> CompressionResult:
    out: Path = tmp_path_factory.mktemp("compressed") / "model"
    return compress(
        trained.path,
        evaluation=rows,
        calibration=rows.texts,
        out=out,
        on_progress=said.append,
    )
