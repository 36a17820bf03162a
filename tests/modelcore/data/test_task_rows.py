import pytest

from modelcore.data import LabelledTexts, TextPairs, read_task_rows
from tests.modelcore.data.conftest import Write


@pytest.mark.parametrize(
    ("content", "label", "kind"),
    [
        ("text,positive\na,b\n", "label", TextPairs),
        ("text,positive,label\na,b,x\n", "label", LabelledTexts),
        ("text,positive,label\na,b,x\n", "positive", TextPairs),
        ("text,label\na,x\n", "label", LabelledTexts),
    ],
)
def test_an_encoder_learns_from_pairs_where_a_positive_stands_for_the_label(
    write: Write, content: str, label: str, kind: type
) -> None:
    rows = read_task_rows(write("a.csv", content), "embedding", ("text", label), is_judge=True)
    assert isinstance(rows, kind)


def test_a_classifier_reads_labels_whatever_else_there_is(write: Write) -> None:
    path = write("a.csv", "text,positive,label\na,b,x\nc,d,y\n")
    assert isinstance(read_task_rows(path, "classification"), LabelledTexts)
