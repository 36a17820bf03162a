"""The readers on real files; skipped where the shared folder is absent."""

from collections import Counter

import pytest

from benchmarks.data.files import DATA as SHARED
from modelcore.data import folds, profile, read_labelled, read_spans, read_texts, split
from modelcore.errors import InputError

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the data sets are not there: BERTH_DATA names their folder"
)


@pytest.mark.parametrize(
    ("name", "text", "label", "rows", "labels", "encoding"),
    [
        ("banking77/train.csv", "text", "category", 10_003, 77, "utf-8"),
        ("banking77/test.csv", "text", "category", 3_080, 77, "utf-8"),
        ("financial_phrasebank/Sentences_AllAgree.txt", "text", "label", 2_264, 3, "latin-1"),
        ("financial_phrasebank/Sentences_75Agree.txt", "text", "label", 3_453, 3, "latin-1"),
        ("financial_phrasebank/Sentences_66Agree.txt", "text", "label", 4_217, 3, "latin-1"),
        ("financial_phrasebank/Sentences_50Agree.txt", "text", "label", 4_846, 3, "utf-8"),
        ("financial_phrasebank/phrasebank_utf8.csv", "sentence", "label", 4_846, 3, "utf-8"),
        ("ml_latest_small/ratings.csv.gz", "movieId", "rating", 100_836, 10, "utf-8"),
    ],
)
def test_labelled_files_have_the_published_counts(
    name: str, text: str, label: str, rows: int, labels: int, encoding: str
) -> None:
    data = read_labelled(SHARED / name, text_column=text, label_column=label)
    assert (len(data.texts), len(set(data.labels)), data.encoding) == (rows, labels, encoding)


def test_bitext_has_its_intents_despite_line_breaks_in_answers() -> None:
    path = SHARED / "bitext_support" / "Bitext_Sample_Customer_Support_Training_Dataset.csv.gz"
    data = read_labelled(path, text_column="instruction", label_column="intent")
    assert (len(data.texts), len(set(data.labels)), data.rows[-1]) == (4_514, 27, 4_515)
    assert read_texts(path, text_column="response")[0].startswith("I understand")


@pytest.mark.parametrize(
    ("name", "texts", "spans"), [("synth_dataset_v2", 1_500, 2_863), ("generated_large", 2_109, 4_055)]
)
def test_span_files_have_the_published_counts(name: str, texts: int, spans: int) -> None:
    data = read_spans(SHARED / "pii_presidio" / f"{name}.json")
    assert (len(data.texts), sum(map(len, data.spans))) == (texts, spans)
    parts = split(data)
    assert not set(parts.train.groups) & set(parts.evaluation.groups)


def test_a_span_that_does_not_hold_its_value_is_named() -> None:
    with pytest.raises(InputError, match="Row 57 has a span 21–26 that should hold 'Ayers'"):
        read_spans(SHARED / "pii_presidio" / "generated_small.json")


def test_catalogues_are_read_as_texts() -> None:
    assert len(read_texts(SHARED / "ml_latest_small" / "movies.csv", text_column="title")) == 9_742
    assert len(read_texts(SHARED / "pii_presidio" / "templates.txt")) == 210


def test_purchases_without_a_description_are_counted() -> None:
    with pytest.raises(InputError, match="1,454 rows have an empty Description"):
        read_texts(SHARED / "online_retail" / "online_retail.csv.gz", text_column="Description")


def test_banking77_is_split_by_the_share_of_each_label() -> None:
    data = read_labelled(SHARED / "banking77" / "train.csv", label_column="category")
    counts, held = Counter(data.labels), Counter(split(data).evaluation.labels)
    assert max(abs(held[label] - 0.2 * count) for label, count in counts.items()) <= 1


def test_ten_folds_of_phrasebank_are_even() -> None:
    data = read_labelled(SHARED / "financial_phrasebank" / "Sentences_AllAgree.txt")
    assert {len(part.evaluation.rows) for part in folds(data, count=10, seed=0)} <= {226, 227}


def test_banking77_leaks_a_few_test_texts() -> None:
    train = read_labelled(SHARED / "banking77" / "train.csv", label_column="category")
    test = read_labelled(SHARED / "banking77" / "test.csv", label_column="category")
    found = profile(train, evaluation=test, label_errors=False)
    # Six by lower case alone; punctuation folded, more.
    assert (found.leak_count, found.conflict_count, found.duplicate_count) == (25, 1, 29)
    assert found.languages == {"en": 1.0}
