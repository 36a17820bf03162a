import pytest

from modelcore.data import LabelledTexts, SpanTexts, TextPairs, read_task_rows
from modelcore.errors import InputError
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


def test_the_named_column_of_a_tagger_is_read(write: Write) -> None:
    path = write("a.jsonl", '{"body": "in Rome", "spans": [{"start": 3, "end": 7, "label": "CITY"}]}\n')
    rows = read_task_rows(path, "tagging", ("body", "label"))
    assert isinstance(rows, SpanTexts)
    assert rows.texts == ("in Rome",)


@pytest.mark.parametrize(("task", "name"), [("classification", "a.csv"), ("tagging", "a.jsonl")])
def test_a_mistake_is_told_with_its_file(write: Write, task: str, name: str) -> None:
    path = write(name, "text,label\none,x\n ,y\n")
    with pytest.raises(InputError, match=rf"^{name}: Row \d"):
        read_task_rows(path, task)


def test_a_file_is_named_once(write: Write) -> None:
    with pytest.raises(InputError, match=r"^a.csv has no column 'words'"):
        read_task_rows(write("a.csv", "text,label\none,x\n"), "classification", ("words", "label"))


@pytest.mark.parametrize("task", ["classification", "embedding"])
def test_one_column_is_not_two(write: Write, task: str) -> None:
    with pytest.raises(InputError, match="'text' is named twice"):
        read_task_rows(write("a.csv", "text,label\none,x\ntwo,y\n"), task, ("text", "text"))
