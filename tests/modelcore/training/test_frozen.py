"""What tells texts apart before any training."""

import numpy as np
import pytest

from modelcore.data import LabelledTexts, find_label_errors
from modelcore.data.label_errors import cross_validated_probabilities
from modelcore.training.frozen import features_of

PARAPHRASES = {
    "where": (
        "Where is my parcel?",
        "Has the package left yet?",
        "My delivery has not come.",
        "Track shipment",
    ),
    "money": ("I want my money back.", "Refund me, please.", "Return the payment.", "Reimburse the purchase"),
}


@pytest.mark.quality
def test_labels_are_told_apart_by_meaning_and_not_by_words() -> None:
    rows = [(text, label) for label, texts in PARAPHRASES.items() for text in texts]
    wrong = [(text, "money" if number == 1 else label) for number, (text, label) in enumerate(rows)]
    data = LabelledTexts(tuple(text for text, _ in wrong), tuple(label for _, label in wrong))

    probabilities = cross_validated_probabilities(data, features=features_of)
    assert [error.text for error in find_label_errors(data, probabilities)] == [rows[1][0]]


@pytest.mark.quality
def test_features_are_unit_vectors_of_the_backbone() -> None:
    features = features_of(["one text", "another text that is longer"])

    assert features.shape == (2, 384)
    assert np.allclose(np.linalg.norm(features, axis=1), 1, atol=1e-3)


def test_chinese_needs_no_backbone_that_cannot_read_it() -> None:
    assert features_of(["我的包裹在哪里", "我的银行卡在哪里"]).shape[0] == 2
