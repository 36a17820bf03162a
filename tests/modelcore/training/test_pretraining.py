from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelcore.artifacts import ArtifactNotWritten
from modelcore.backbones import resolve
from modelcore.errors import InputError
from modelcore.training import Cancelled, Progress, Recipe, fit, masking
from modelcore.training.batching import IGNORED
from modelcore.training.masking import mask_pieces
from modelcore.training.pretraining import pretrain
from tests.modelcore.training.samples import quick, topics


def test_pretraining_lowers_the_held_out_perplexity(tiny: Path, tmp_path: Path) -> None:
    recipe = Recipe(backbone=str(tiny), epochs=4, learning_rate=3e-3)

    result = pretrain(topics(200, seed=1).texts, recipe, tmp_path / "domain")

    assert result.perplexity_after < 0.85 * result.perplexity_before


def test_its_output_is_a_backbone(tiny: Path, tmp_path: Path) -> None:
    pretrain(topics(60, seed=1).texts, Recipe(backbone=str(tiny), epochs=1), tmp_path / "domain")

    assert resolve(str(tmp_path / "domain")).digest != resolve(str(tiny)).digest
    fit(topics(60, seed=1), topics(30, seed=2), quick(tmp_path / "domain", epochs=1), out=tmp_path / "m")


class Run:
    """A pre-training of six steps after three for the head, that remembers the steps that it saw."""

    def __init__(self, tiny: Path, folder: Path) -> None:
        self.recipe, self.folder = Recipe(backbone=str(tiny), epochs=2), folder
        self.steps: list[tuple[int, int]] = []

    def see(self, progress: Progress) -> None:
        if progress.phase == "train":
            self.steps.append((progress.step, progress.total_steps))

    def __call__(self, should_stop: Callable[[], bool] | None = None) -> None:
        pretrain(
            topics(120, seed=1).texts,
            self.recipe,
            self.folder / "domain",
            work=self.folder / "work",
            checkpoint_seconds=0,
            on_progress=self.see,
            should_stop=should_stop,
        )


def test_an_interrupted_pretraining_goes_on_and_ends_as_an_undisturbed_one(
    tiny: Path, tmp_path: Path
) -> None:
    first, second, undisturbed = Run(tiny, tmp_path), Run(tiny, tmp_path), Run(tiny, tmp_path / "another")
    with pytest.raises(Cancelled):
        first(lambda: (5, 9) in first.steps)
    assert not (tmp_path / "domain").exists()

    second()

    assert second.steps == [(6, 9), (7, 9), (8, 9), (9, 9)]
    undisturbed()
    ended, expected = (resolve(str(run.folder / "domain")).digest for run in (second, undisturbed))
    assert ended == expected != resolve(str(tiny)).digest


def test_a_disk_that_fails_leaves_no_half_folder(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("modelcore.training.pretraining.shutil.copyfile", fail)

    with pytest.raises(ArtifactNotWritten, match="disk is full"):
        pretrain(topics(60, seed=1).texts, Recipe(backbone=str(tiny), epochs=1), tmp_path / "domain")

    assert not list(tmp_path.glob("*domain*"))


def test_special_pieces_are_never_masked() -> None:
    ids = np.array([2, *range(10, 50), 3])
    random = np.random.default_rng(0)

    read, targets = mask_pieces(ids, 4, 100, {2, 3, 4}, random)

    assert read[0] == 2
    assert read[-1] == 3
    assert (targets != IGNORED).sum() == 6


def test_too_few_texts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="at least 20"):
        pretrain(["one text"], Recipe(), tmp_path / "domain")


def test_no_text_like_a_held_out_one_is_learned(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = topics(60, seed=1).texts
    learned: list[list[int]] = []
    judged: list[list[int]] = []

    def judge(model: object, held_out: list[list[int]], **_: object) -> float:
        judged.extend(held_out)
        return 1.0

    class Recorded(masking.Masked):
        def __init__(self, tokens: list[list[int]], **given: Any) -> None:
            learned.extend(tokens)
            super().__init__(tokens, **given)

    monkeypatch.setattr(masking, "pseudo_perplexity", judge)
    monkeypatch.setattr(masking, "Masked", Recorded)
    pretrain(
        [*texts, *(text.upper() for text in texts)], Recipe(backbone=str(tiny), epochs=1), tmp_path / "domain"
    )
    assert (len(learned), len(judged)) == (96, 24)
    assert not set(map(tuple, learned)) & set(map(tuple, judged))


def test_one_text_many_times_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="1 different texts are too few"):
        pretrain(["same text"] * 500, Recipe(), tmp_path / "domain")


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "domain").touch()

    with pytest.raises(InputError, match='domain" is a file'):
        pretrain([f"text {number}" for number in range(30)], Recipe(), tmp_path / "domain")


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    (tmp_path / "note.txt").touch()

    with pytest.raises(InputError, match="already holds something"):
        pretrain([f"text {number}" for number in range(30)], Recipe(), tmp_path)
