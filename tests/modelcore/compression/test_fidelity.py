"""What a smaller model costs, by hand."""

import numpy as np
import pytest

from modelcore.artifacts import Artifact
from modelcore.compression.fidelity import Answers, answer, compare
from modelcore.data import LabelledTexts, TextPairs
from modelcore.errors import InputError
from modelcore.serving import Predictor


def answers(probabilities: list[list[float]], correct: list[bool]) -> Answers:
    outputs = tuple(np.array(row) for row in probabilities)
    return Answers(outputs, tuple(int(row.argmax()) for row in outputs), np.array(correct))


def test_differences_agreement_and_drop() -> None:
    reference = answers([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.3, 0.7]], [True, True, True, False])
    found = answers([[0.8, 0.2], [0.4, 0.6], [0.2, 0.8], [0.3, 0.7]], [True, False, True, False])
    fidelity = compare(found, reference)
    assert fidelity.max_difference == pytest.approx(0.2)
    assert fidelity.mean_difference == pytest.approx(0.3 / 4)
    assert fidelity.label_agreement == 0.75
    assert fidelity.accuracy_drop == 0.25
    assert fidelity.interval[0] <= 0.25 <= fidelity.interval[1]


def test_rows_of_unknown_labels_judge_no_runtime(trained: Artifact) -> None:
    with pytest.raises(InputError, match="No row has a label that the model knows"):
        answer(Predictor.open(trained), LabelledTexts(("a", "b"), ("CARD", "REFUND")))


def test_rows_of_another_task_are_refused(trained: Artifact) -> None:
    with pytest.raises(InputError, match="give rows of its task"):
        answer(Predictor.open(trained), TextPairs(("a", "b"), ("a", "b")))
