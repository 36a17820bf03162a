"""Labels whose names say what they mean, so that a name is one more text of its label."""

import re

from modelcore.data.texts import LabelledTexts

# A border inside a name such as card_arrival, card-arrival or cardArrival.
BORDER = re.compile(r"[\W_]+|(?<=[a-z])(?=[A-Z])")
FEWEST_LETTERS = 2


def with_label_names(data: LabelledTexts) -> LabelledTexts:
    """Add each label's name, in words, to the texts of that label.

    Args:
        data: n texts of L labels.

    Returns:
        n + L texts; the data as they came where the names mean nothing: some name has no letters, or two of
        them are one but for their digits, as LABEL_0 and LABEL_1 are.

    Source: the idea of Mueller et al., Label Semantic Aware Pre-training for Few-shot Text Classification,
        2022, applied in fine-tuning.
    """
    labels = sorted(set(data.labels))
    names = [in_words(label) for label in labels]
    kernels = {re.sub(r"[\W\d_]", "", name) for name in names}
    if len(kernels) < len(names) or min(map(len, kernels)) < FEWEST_LETTERS:
        return data
    return LabelledTexts(data.texts + tuple(names), data.labels + tuple(labels), encoding=data.encoding)


def in_words(label: str) -> str:
    """A label as a person would say it: "card_arrival" and "cardArrival" are "card arrival"."""
    return " ".join(part for part in BORDER.split(label) if part).lower()
