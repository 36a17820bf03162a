import gzip
import tracemalloc
from pathlib import Path

import pytest

from modelcore.data import read_labelled, read_texts
from modelcore.data import sources as limits
from modelcore.errors import InputError
from tests.modelcore.data.conftest import Write

GOOD = "text,label\none,x\ntwo,y\n"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", "words,intent\none,x\n", "no column 'text'; its row 1 names: words, intent"),
        ("a.csv", "text,text,label\none,x,y\n", "column 'text' twice"),
        ("a.csv", "text,label\none,x\ntwo,x\n", "All 2 rows of a.csv have the label 'x'"),
        ("a.csv", "text,label\none,x\n ,y\n", "Row 3 has an empty text"),
        ("a.csv", "text,label\n,x\none,x\n,y\n", "2 rows have an empty text, the first is row 2"),
        ("a.csv", "text,label\none,x\ntwo,\n", "Row 3 has an empty label"),
        ("a.csv", "text,label\none,x\ntw\0o,y\n", "Row 3 has a NUL character in its text"),
        ("a.csv", "text,label\none,x\ntwo, three,y\n", "Row 3 has 3 fields where the header has 2"),
        ("a.csv", "text,label\none,x\ntwo\n", "Row 3 has 1 fields where the header has 2"),
        ("a.csv", 'text,label\none,x\n"two,y\nthree,x\n', "Row 3 of a.csv is not well-formed"),
        ("a.csv", "text,label\n", "has a header but no rows"),
        ("a.csv", "", "a.csv is empty"),
        ("a.csv", " \n\n", "a.csv is empty"),
        ("a.jsonl", '{"text": "one", "label": "x"}\n{"text": "tw', "Row 2 is not valid JSON"),
        ("a.jsonl", '{"text": "one", "label": "x"}\n{"body": "two"}', "Row 2 has no 'text'; it has: body"),
        ("a.jsonl", '["one"]', "Row 1 is not a JSON object"),
        ("a.jsonl", '{"text": ["one"], "label": "x"}', "Row 1 has a list where its 'text' should be"),
        ("a.jsonl", '{"text": {"a": 1}, "label": "x"}', "Row 1 has an object where its 'text' should be"),
        (
            "a.jsonl",
            '{"text": "one", "label": NaN}',
            "Row 1 has a number that is not finite where its 'label'",
        ),
        ("a.jsonl", '{"text": null, "label": "x"}\n{"text": "two", "label": "y"}', "Row 1 has an empty text"),
        ("a.jsonl", '{"text": "\\ud800", "label": "x"}', "Row 1 has half of a surrogate pair"),
        ("a.jsonl", "[" * 100_000, "Row 1 is not valid JSON"),
        ("a.json", "[1]", "Item 1 of a.json is not an object"),
        ("a.txt", "one@x\ntwo\n", "Row 2 has no @"),
        ("a.xlsx", "one", "ends in none of .csv, .tsv"),
        ("a.csv", b"PK\x03\x04rest", "ZIP archive or an Excel workbook"),
        ("a.csv.gz", GOOD.encode(), "ends in .gz but is not gzip"),
        ("a.csv.gz", gzip.compress(GOOD.encode())[:-9], "damaged or truncated gzip"),
        ("a.csv.gz", gzip.compress(GOOD.encode())[:12] + b"\xff" * 20, "damaged or truncated gzip"),
    ],
)
def test_a_bad_file_gets_a_sentence(write: Write, name: str, content: str | bytes, sentence: str) -> None:
    with pytest.raises(InputError) as raised:
        read_labelled(write(name, content))
    assert sentence in str(raised.value)
    assert str(raised.value).endswith(".")


PLAIN = "".join(f"plain text {number},{'ab'[number % 2]}\n" for number in range(60))


@pytest.mark.parametrize("before", ["", "one,a\n"])
def test_rows_that_an_open_quote_swallows_are_counted(write: Write, before: str) -> None:
    content = f'text,label\n{before}"Hello he said,a\n{PLAIN}she said hi",b\ntwo,c\n'
    with pytest.raises(InputError, match="swallows 62 lines that look like rows of their own"):
        read_labelled(write("a.csv", content))


def test_rows_that_a_quote_in_the_last_column_swallows_are_counted(write: Write) -> None:
    with pytest.raises(InputError, match="Row 3 swallows 3 lines"):
        read_labelled(write("a.csv", 'label,text\na,one\nb,"two\na,three\nb,four"\nb,five\n'))


@pytest.mark.parametrize("letter", ["Dear team,\nKind regards,\nAnna", "Hello,\nit came,\n\nBye,\nAnna"])
def test_the_lines_of_a_quoted_letter_are_no_rows(write: Write, letter: str) -> None:
    data = read_labelled(write("a.csv", f'text,label\n{PLAIN}"{letter}",a\n'))
    assert data.texts[-1] == letter


def test_a_text_of_five_megabytes_is_refused_with_its_row(write: Write) -> None:
    with pytest.raises(InputError, match="Row 3 has a text of 5,000,000 characters"):
        read_labelled(write("a.csv", f"text,label\none,x\n{'a' * 5_000_000},y\n"))


def test_a_text_of_five_megabytes_is_refused_in_txt(write: Write) -> None:
    with pytest.raises(InputError, match="Row 2 has a text of 5,000,000 characters"):
        read_texts(write("a.txt", f"one\n{'a' * 5_000_000}\n"))


def test_a_missing_file_and_a_folder_get_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_labelled(tmp_path / "none.csv")
    with pytest.raises(InputError, match="is a folder"):
        read_labelled(tmp_path)


def test_a_zip_bomb_is_refused_in_bounded_memory(write: Write) -> None:
    path = write("a.csv.gz", gzip.compress(b"text,label\n" + bytes(200 * 2**20)))
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match="zip bomb"):
            read_labelled(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 64 * 2**20


def test_a_gz_beyond_the_size_limit_is_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNPACKED_LIMIT", 2**20)
    rows = "".join(f"text number {number * 7919 % 100_003},x{number % 7}\n" for number in range(80_000))
    with pytest.raises(InputError, match="unpacks to more than"):
        read_labelled(write("a.csv.gz", gzip.compress(rows.encode())))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "text,label\n" + "a,x\nb,y\n" * 5),
        ("a.txt", "a@x\r" * 11),
        ("a.json", f"[{'{},' * 10}{{}}]"),
    ],
)
def test_more_rows_than_the_limit_are_refused(
    write: Write, monkeypatch: pytest.MonkeyPatch, name: str, content: str
) -> None:
    monkeypatch.setattr(limits, "ROW_LIMIT", 10)
    with pytest.raises(InputError, match="has 11 lines or rows, over the limit of 10: take a sample"):
        read_labelled(write(name, content))


def test_a_file_beyond_the_size_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(limits.UNPACKED_LIMIT + 1)
    with pytest.raises(InputError, match="over the limit of 256 MiB"):
        read_labelled(path)
