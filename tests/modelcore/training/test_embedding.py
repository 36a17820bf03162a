from pathlib import Path

import pytest

from modelcore.data import LabelledTexts, TextPairs
from modelcore.errors import InputError
from modelcore.serving import Predictor
from modelcore.serving.evaluating import evaluate
from modelcore.training import fit
from modelcore.training.embedding import make_pairs
from tests.modelcore.training.samples import quick, topics


def test_labelled_texts_come_closer_to_their_like(tiny: Path, tmp_path: Path) -> None:
    recipe = quick(tiny, task="embedding", learning_rate=1e-3)

    metrics = fit(topics(90, seed=1), topics(30, seed=2), recipe, out=tmp_path / "m").metrics

    assert metrics["mrr"] > metrics["before"]["mrr"]
    assert metrics["recall_at_5"] > metrics["before"]["recall_at_5"]


def test_pairs_find_each_other(tiny: Path, tmp_path: Path) -> None:
    texts = topics(96, seed=1).texts
    pairs = TextPairs(texts[::3], texts[1::3])
    recipe = quick(tiny, task="embedding", learning_rate=1e-3, epochs=10)

    metrics = fit(pairs, pairs, recipe, out=tmp_path / "m").metrics

    assert metrics["mrr"] > metrics["before"]["mrr"]


def test_a_fit_and_an_evaluation_report_the_same_figures(tiny: Path, tmp_path: Path) -> None:
    texts = topics(60, seed=1).texts
    rows = TextPairs(texts[:20] * 2, (*texts[20:40], *texts[20:30], *texts[50:60]))

    result = fit(rows, rows, quick(tiny, task="embedding", epochs=1), out=tmp_path / "m")

    served = evaluate(Predictor.open(result.artifact, runtime="torch"), rows).metrics
    assert {name: result.metrics[name] for name in served} == pytest.approx(served, abs=1e-3)


def test_a_text_is_paired_with_another_of_its_label() -> None:
    pairs, numbers = make_pairs(topics(30, seed=1), seed=0)

    assert len(pairs) == 30
    assert all(anchor != positive for anchor, positive in pairs)
    assert len(set(numbers)) == 3


@pytest.mark.parametrize(
    ("anchors", "positives", "expected"),
    [
        (("A card", "a card", "a pin"), ("x", "y", "z"), [0, 0, 1]),
        (("a card", "a pin", "a fee"), ("Ask us.", "z", "ask us"), [0, 1, 0]),
        (("a card", "a pin", "a fee", "a loan"), ("x", "x", "a pin", "z"), [0, 0, 0, 1]),
    ],
)
def test_pairs_that_share_a_text_have_one_number(
    anchors: tuple[str, ...], positives: tuple[str, ...], expected: list[int]
) -> None:
    assert make_pairs(TextPairs(anchors, positives), seed=0)[1] == expected


def test_labels_that_occur_once_are_refused() -> None:
    with pytest.raises(InputError, match="No two training texts"):
        make_pairs(LabelledTexts(("a", "b"), ("x", "y")), seed=0)
