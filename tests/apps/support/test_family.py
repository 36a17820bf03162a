import csv
from collections import Counter

from apps.registry import families
from apps.support.family import SAMPLES, SUPPORT_INTENT, build_snapshot


def test_the_family_is_registered() -> None:
    assert families.get(SUPPORT_INTENT.name) is SUPPORT_INTENT


def test_the_samples_have_forty_intents_with_an_answer_each() -> None:
    data = build_snapshot().data
    counts = Counter(data.labels)  # type: ignore[union-attr]  # labelled texts
    with (SAMPLES / "answers.csv").open(newline="", encoding="utf-8") as file:
        answered = {row["label"] for row in csv.DictReader(file) if row["answer"].strip()}

    assert len(counts) >= 40
    assert min(counts.values()) >= 25
    assert set(counts) == answered
