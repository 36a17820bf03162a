from pathlib import Path

import numpy as np
import pytest

from modelcore.artifacts import Artifact
from modelcore.compression.backbone import pack_backbone
from modelcore.data import LabelledTexts
from modelcore.errors import InputError
from modelcore.serving import Predictor
from tests.modelcore.serving.samples import TEXTS
from tests.modelcore.tiny import make_tiny_backbone
from tests.modelcore.training.samples import ideographs


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Artifact:
    folder = tmp_path_factory.mktemp("backbone")
    texts = tuple(text for text in TEXTS if text.strip())
    rows = LabelledTexts(texts, tuple(str(number % 3) for number in range(len(texts))))
    backbone = make_tiny_backbone(folder / "tiny")
    return pack_backbone(folder / "encoder", rows, backbone=str(backbone))


def test_a_packed_backbone_embeds_as_the_untrained_one(packed: Artifact) -> None:
    served = Predictor.open(packed)
    reference = Predictor.open(packed, runtime="torch").embed(TEXTS)
    cosines = (served.embed(TEXTS) * reference).sum(axis=1)
    assert np.all(cosines > 0.98)
    assert np.allclose(np.linalg.norm(reference, axis=1), 1.0, atol=1e-5)


def test_a_backbone_that_is_nowhere_is_refused(tmp_path: Path) -> None:
    rows = LabelledTexts(("a", "b"), ("x", "y"))
    with pytest.raises(InputError):
        pack_backbone(tmp_path / "encoder", rows, backbone=str(tmp_path / "nothing here"))


def test_a_packed_backbone_tells_apart_what_it_could_not_read(tmp_path: Path) -> None:
    backbone = make_tiny_backbone(tmp_path / "tiny")
    known = ideographs(60, seed=1)

    packed = pack_backbone(tmp_path / "encoder", known, backbone=str(backbone))

    asked, vectors = ideographs(30, seed=2), Predictor.open(packed).embed(known.texts)
    nearest = (Predictor.open(packed).embed(asked.texts) @ vectors.T).argmax(axis=1)
    right = [known.labels[place] == label for place, label in zip(nearest, asked.labels, strict=True)]
    assert sum(right) > 20
    assert packed.manifest.backbone["added_pieces"] > 10
