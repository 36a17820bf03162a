"""A classifier that gets a label more and forgets none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from modelcore.artifacts import Artifact, open_artifact
from modelcore.data import LabelledTexts
from modelcore.errors import InputError
from modelcore.serving import Predictor
from modelcore.training import fit
from modelcore.training.recipe import Recipe

WORDS = {"card": "card pin code", "parcel": "parcel delivery late", "refund": "money back refund"}
FILLERS = ("please", "now", "today", "help", "why", "when", "my", "the", "how", "where", "can", "need")


def questions(*labels: str, fillers: tuple[str, ...] = FILLERS) -> LabelledTexts:
    rows = [(f"{filler} {WORDS[label]}", label) for filler in fillers for label in labels]
    return LabelledTexts(tuple(text for text, _ in rows), tuple(label for _, label in rows))


@pytest.fixture(scope="module")
def champion(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Artifact:
    recipe = Recipe(method="head", backbone=str(tiny), max_tokens=16)
    out = tmp_path_factory.mktemp("extension") / "champion"
    return open_artifact(
        fit(questions("card", "parcel"), questions("card", "parcel"), recipe, out=out).artifact
    )


def extended(champion: Artifact, data: LabelledTexts, out: Path) -> Artifact:
    recipe = Recipe(method="extend", start=champion.digest, max_tokens=16)
    result = fit(data, data, recipe, out=out, start=champion.path)
    return open_artifact(result.artifact)


def test_a_new_label_is_learned_and_the_known_ones_are_kept(champion: Artifact, tmp_path: Path) -> None:
    artifact = extended(champion, questions("card", "parcel", "refund"), tmp_path / "extended")

    asked = questions("card", "parcel", "refund", fillers=("no", "yes", "get"))
    said = [answer.label for answer in Predictor.open(artifact, runtime="torch").predict(asked.texts)]
    assert artifact.manifest.labels == ("card", "parcel", "refund")
    assert said == list(asked.labels)


def test_the_encoder_stays_as_it_is(champion: Artifact, tmp_path: Path) -> None:
    from modelcore.tasks.classification import load_model

    artifact = extended(champion, questions("card", "parcel", "refund"), tmp_path / "extended")

    before, after = load_model(champion.path).encoder, load_model(artifact.path).encoder
    pairs = zip(before.parameters(), after.parameters(), strict=True)
    assert all(np.array_equal(a.detach().numpy(), b.detach().numpy()) for a, b in pairs)
    assert artifact.manifest.backbone["name"] == f"artifact {champion.digest[:12]}"


def test_the_same_data_give_the_same_model(champion: Artifact, tmp_path: Path) -> None:
    data = questions("card", "parcel", "refund")
    files = [extended(champion, data, tmp_path / name).manifest.files for name in ("one", "two")]

    assert files[0]["model.safetensors"] == files[1]["model.safetensors"]


def test_a_label_that_is_taught_no_more_is_dropped(champion: Artifact, tmp_path: Path) -> None:
    artifact = extended(champion, questions("card", "refund"), tmp_path / "extended")

    assert artifact.manifest.labels == ("card", "refund")


@pytest.mark.parametrize("fields", [{"method": "extend"}, {"method": "head", "start": "0" * 64}])
def test_extending_needs_an_artifact_and_nothing_else_takes_one(fields: dict[str, str]) -> None:
    with pytest.raises(InputError, match="extend"):
        Recipe(**fields)  # type: ignore[arg-type]  # only texts among these fields


def test_a_known_label_loses_only_what_a_new_one_takes(champion: Artifact, tmp_path: Path) -> None:
    from modelcore.tasks.classification import load_model

    artifact = extended(champion, questions("card", "parcel", "refund"), tmp_path / "extended")

    before, after = load_model(champion.path).head, load_model(artifact.path).head
    assert torch.allclose(after.weight[:2], before.weight, atol=1e-6)
    assert torch.allclose(after.bias[:2], before.bias, atol=1e-6)


def test_without_a_new_label_the_known_ones_learn(champion: Artifact, tmp_path: Path) -> None:
    moved = LabelledTexts(("the gate is shut", "shut the gate") * 10, ("parcel",) * 20)
    known = questions("card", "parcel")
    data = LabelledTexts(known.texts + moved.texts, known.labels + moved.labels)

    artifact = extended(champion, data, tmp_path / "extended")

    said = Predictor.open(artifact, runtime="torch").predict(("shut the gate",))
    assert said[0].label == "parcel"


def test_a_language_that_the_champion_cannot_read_is_taught_and_costs_nothing(
    champion: Artifact, tmp_path: Path
) -> None:
    known, taught = questions("card", "parcel"), ("发票在哪", "要发票", "开发票", "发票抬头", "发票抬头在哪")
    data = LabelledTexts(known.texts + taught, known.labels + ("invoice",) * len(taught))

    artifact = extended(champion, data, tmp_path / "extended")

    before, after = (Predictor.open(one, runtime="torch") for one in (champion, artifact))
    assert [one.label for one in after.predict(["发票", "我要发票"])] == ["invoice", "invoice"]
    assert np.allclose(after.scores(known.texts)[:, [0, 2]], before.scores(known.texts), atol=1e-5)
