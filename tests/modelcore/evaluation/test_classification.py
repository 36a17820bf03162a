import json

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, f1_score, precision_recall_fscore_support

from modelcore.errors import InputError
from modelcore.evaluation import ConfusionCell, classification_metrics, confusion_cells, share_interval

LABELS = ("a", "b", "c")


def one_hot(predicted: str, sure: float = 1.0) -> list[float]:
    return [sure if label == predicted else (1 - sure) / 2 for label in LABELS]


def random_case(seed: int) -> tuple[list[str], np.ndarray]:
    generator = np.random.default_rng(seed)
    truth = generator.choice(LABELS, size=200, p=[0.6, 0.3, 0.1]).tolist()
    return truth, generator.dirichlet([1, 1, 1], size=200)


def test_a_case_worked_out_by_hand() -> None:
    # Truth a a a b b c, predicted a a b b c c.
    found = classification_metrics(list("aaabbc"), np.array([one_hot(p) for p in "aabbcc"]), LABELS)
    assert found.confusion == ((0, 0, 2), (0, 1, 1), (1, 1, 1), (1, 2, 1), (2, 2, 1))
    assert found.accuracy == pytest.approx(4 / 6)
    assert found.per_label["a"] == {
        "precision": 1.0,
        "recall": pytest.approx(2 / 3),
        "f1": pytest.approx(0.8),
        "support": 3,
    }
    assert found.macro_f1 == pytest.approx((4 / 5 + 1 / 2 + 2 / 3) / 3)
    assert found.ece == pytest.approx(2 / 6)


def test_a_label_that_the_model_lacks_is_one_that_it_never_predicts() -> None:
    truth, predicted = list("aabd"), list("abbc")
    found = classification_metrics(truth, np.array([one_hot(p) for p in predicted]), LABELS)
    assert found.labels == (*LABELS, "d")
    assert found.macro_f1 == pytest.approx(f1_score(truth, predicted, average="macro"))
    assert found.per_label["d"] == {"precision": 0, "recall": 0, "f1": 0, "support": 1}
    assert found.confusion[-1] == (3, 2, 1)


@pytest.mark.parametrize("seed", range(3))
def test_scores_are_those_of_scikit_learn(seed: int) -> None:
    truth, probabilities = random_case(seed)
    predicted = [LABELS[i] for i in probabilities.argmax(axis=1)]
    found = classification_metrics(truth, probabilities, LABELS)
    assert found.macro_f1 == pytest.approx(f1_score(truth, predicted, average="macro"))
    matrix = confusion_matrix(truth, predicted, labels=LABELS)
    assert found.confusion == confusion_cells({"confusion": matrix.tolist()})
    expected = np.array(precision_recall_fscore_support(truth, predicted, labels=LABELS)).T
    scores = [list(found.per_label[label].values()) for label in LABELS]
    np.testing.assert_allclose(np.array(scores, dtype=float), expected)


def test_stored_cells_are_read_as_they_were_and_as_whole_matrices() -> None:
    truth, probabilities = random_case(0)
    found = classification_metrics(truth, probabilities, LABELS)
    assert confusion_cells(found.to_json()) == found.confusion
    assert confusion_cells({"confusion": [[2, 0], [1, 0]]}) == (
        ConfusionCell(0, 0, 2),
        ConfusionCell(1, 0, 1),
    )
    assert confusion_cells({"accuracy": 1.0}) == ()


def test_metrics_of_thousands_of_labels_stay_small() -> None:
    labels = [f"label {number}" for number in range(2000)]
    sure = np.full((2000, 2000), 1e-7)
    np.fill_diagonal(sure, 1 - 1999e-7)
    plain = classification_metrics(labels, sure, labels).to_json()
    assert len(json.dumps(plain, indent=1)) < 2**20


def test_a_label_that_does_not_occur_leaves_macro_f1_alone() -> None:
    found = classification_metrics(["a", "b"], np.array([one_hot("a"), one_hot("b")]), LABELS)
    assert found.macro_f1 == 1.0
    assert found.per_label["c"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 0}


def test_the_intervals_agree_with_resampling_the_texts() -> None:
    truth, probabilities = random_case(0)
    predicted = [LABELS[i] for i in probabilities.argmax(axis=1)]
    found = classification_metrics(truth, probabilities, LABELS)
    generator = np.random.default_rng(1)
    scores = []
    for _ in range(400):
        drawn = generator.integers(0, len(truth), len(truth))
        scores.append(f1_score(np.array(truth)[drawn], np.array(predicted)[drawn], average="macro"))
    assert found.macro_f1_interval == pytest.approx(tuple(np.percentile(scores, [2.5, 97.5])), abs=0.02)
    assert found.accuracy_interval[0] < found.accuracy < found.accuracy_interval[1]


def test_the_interval_of_macro_f1_lies_around_it_where_labels_have_few_texts() -> None:
    generator = np.random.default_rng(0)
    labels = [f"{number:03}" for number in range(300)]
    truth = np.repeat(np.arange(300), 3)
    answered = np.where(generator.random(900) < 0.6, truth, generator.integers(0, 300, 900))
    found = classification_metrics([labels[place] for place in truth], np.eye(300)[answered], labels)

    low, high = found.macro_f1_interval
    assert (low + high) / 2 == pytest.approx(found.macro_f1, abs=0.005)
    assert low <= 0.601 <= high  # what this classifier has in the long run


def test_a_model_without_an_error_on_few_texts_may_yet_make_some() -> None:
    found = classification_metrics(LABELS, np.eye(len(LABELS)), LABELS)
    assert (found.accuracy, found.macro_f1) == (1, 1)
    assert found.accuracy_interval == found.macro_f1_interval == share_interval(len(LABELS), len(LABELS))


def test_the_same_seed_gives_the_same_intervals() -> None:
    truth, probabilities = random_case(0)
    assert classification_metrics(truth, probabilities, LABELS, seed=7) == classification_metrics(
        truth, probabilities, LABELS, seed=7
    )


def test_float32_probabilities_are_taken() -> None:
    truth, probabilities = random_case(0)
    assert classification_metrics(truth, probabilities.astype(np.float32), LABELS).count == 200


def test_json_holds_plain_types() -> None:
    truth, probabilities = random_case(0)
    plain = classification_metrics(truth, probabilities, LABELS).to_json()
    assert json.loads(json.dumps(plain)) == plain
    assert len(plain["reliability"]) == 15
    assert plain["labels"] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("truth", "probabilities", "sentence"),
    [
        ([], np.zeros((0, 3)), "no texts to evaluate on"),
        (["a"], np.ones((1, 2)) / 2, "1 texts by 3 labels are needed"),
        (["a"], np.array([[2.0, -1.0, 0.5]]), "do not sum to 1"),
        (["a"], np.array([[np.nan, 0.5, 0.5]]), "do not sum to 1"),
    ],
)
def test_what_cannot_be_evaluated_gets_a_sentence(
    truth: list[str], probabilities: np.ndarray, sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        classification_metrics(truth, probabilities, LABELS)
