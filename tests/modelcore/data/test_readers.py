import gzip
import hashlib
import json

import pytest

from modelcore.data import read_labelled, read_pairs, read_texts
from modelcore.errors import InputError
from tests.modelcore.data.conftest import Write

PARKING = "Where may I park?"
REFUND = "Can I have my money back?"
DIGEST = hashlib.sha256(f'["{PARKING}","parking"]\n["{REFUND}","refund"]\n'.encode()).hexdigest()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", f"text,label\n{PARKING},parking\n{REFUND},refund\n"),
        ("a.tsv", f"text\tlabel\n{PARKING}\tparking\n{REFUND}\trefund\n"),
        ("a.csv", f"text;label\r\n{PARKING};parking\r\n{REFUND};refund\r\n"),
        (
            "a.jsonl",
            f'{{"text": "{PARKING}", "label": "parking"}}\n{{"text": "{REFUND}", "label": "refund"}}',
        ),
        (
            "a.json",
            json.dumps([{"text": PARKING, "label": "parking"}, {"text": REFUND, "label": "refund"}]),
        ),
        ("a.txt", f"{PARKING}@parking\n{REFUND}@refund\n"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_every_format_gives_the_same_texts(write: Write, name: str, content: str, packed: bool) -> None:
    path = write(name + ".gz", gzip.compress(content.encode())) if packed else write(name, content)
    data = read_labelled(path)
    assert data.texts == (PARKING, REFUND)
    assert data.labels == ("parking", "refund")
    assert data.digest == DIGEST


def test_a_quoted_text_may_hold_line_breaks_and_quotes(write: Write) -> None:
    path = write("a.csv", 'text,label\n"one\r\ntwo, ""three""",x\nfour,y\n')
    data = read_labelled(path)
    assert data.texts == ('one\r\ntwo, "three"', "four")
    assert data.rows == (2, 3)


def test_quotation_marks_between_tabs_are_part_of_a_text(write: Write) -> None:
    data = read_labelled(write("a.tsv", 'text\tlabel\n"I love it" said mum\tpos\n"No\tneg\n'))
    assert (data.texts, data.labels) == (('"I love it" said mum', '"No'), ("pos", "neg"))


def test_quotation_marks_far_apart_between_tabs_merge_no_rows(write: Write) -> None:
    plain = "".join(f"plain text {number}\tpos\n" for number in range(200))
    data = read_labelled(
        write("a.tsv", f'text\tlabel\n"wonderful movie\tpos\n{plain}what a film"\tpos\nx\tneg\n')
    )
    assert (len(data.texts), data.texts[0], data.texts[-2]) == (203, '"wonderful movie', 'what a film"')


def test_a_quoted_text_may_hold_lines_with_as_many_marks_as_columns(write: Write) -> None:
    letters = ("Hello, team\nthe printer, again\nthanks", "Hello, team\nmy screen, too\nbest, Ada")
    rows = "".join(f'"{letter}",{label}\n' for letter in letters for label in "xy")
    assert read_labelled(write("a.csv", f"text,label\n{rows}")).texts[::2] == letters


def test_texts_between_tabs_may_be_quoted(write: Write) -> None:
    data = read_labelled(write("a.tsv", 'text\tlabel\n"one\tand ""two"""\tx\nthree\ty\n'))
    assert data.texts == ('one\tand "two"', "three")


@pytest.mark.parametrize("header", ['"text", "label"', "text,label"])
def test_blanks_before_quotes_do_not_count(write: Write, header: str) -> None:
    data = read_labelled(write("a.csv", f'{header}\n"one, two", "x"\n"three", "y, z"\n'))
    assert (data.texts, data.labels) == (("one, two", "three"), ("x", "y, z"))


def test_other_blanks_stay_in_their_texts(write: Write) -> None:
    content = 'label,text\nx, one\ny,"she said, ""two"", ""three"""\nz, "four" it is\n'
    assert read_texts(write("a.csv", content)) == (" one", 'she said, "two", "three"', ' "four" it is')


def test_rows_count_the_header_and_blank_rows(write: Write) -> None:
    data = read_labelled(write("a.csv", "text,label\n\none,x\n,\ntwo,y\n"))
    assert data.rows == (3, 5)


def test_other_columns_may_hold_text_and_label(write: Write) -> None:
    path = write("a.csv", "id,question,intent\n1,one,x\n2,two,y\n")
    data = read_labelled(path, text_column="question", label_column="intent")
    assert (data.texts, data.labels) == (("one", "two"), ("x", "y"))


def test_spaces_around_headers_and_labels_do_not_count(write: Write) -> None:
    data = read_labelled(write("a.csv", "text , label\none, x\ntwo,y \n"))
    assert data.labels == ("x", "y")


def test_a_whole_number_is_a_label_in_json(write: Write) -> None:
    data = read_labelled(write("a.jsonl", '{"text": "one", "label": 0}\n{"text": "two", "label": 1}'))
    assert data.labels == ("0", "1")


@pytest.mark.parametrize(
    ("written", "labels"),
    [(("true", "false"), ("true", "false")), (("1.0", "2"), ("1", "2")), (("0.5", "-1.0"), ("0.5", "-1"))],
)
def test_truth_values_and_numbers_are_labels_in_json(
    write: Write, written: tuple[str, str], labels: tuple[str, str]
) -> None:
    lines = [f'{{"text": "text {number}", "label": {value}}}' for number, value in enumerate(written)]
    assert read_labelled(write("a.jsonl", "\n".join(lines))).labels == labels


def test_the_label_is_what_follows_the_last_at(write: Write) -> None:
    data = read_labelled(write("a.txt", "Write to me@example.org@contact\nDone .@neutral\n"))
    assert data.texts == ("Write to me@example.org", "Done .")


def test_empty_cells_beyond_the_last_column_are_left_out(write: Write) -> None:
    assert read_labelled(write("a.csv", "text,label\none,x,,\ntwo,y\n")).texts == ("one", "two")


def test_a_long_text_within_the_limit_is_read(write: Write) -> None:
    data = read_labelled(write("a.csv", f"text,label\n{'word ' * 180_000},x\ntwo,y\n"))
    assert len(data.texts[0]) == 900_000


def test_truth_values_and_numbers_are_texts_in_json(write: Write) -> None:
    assert read_texts(write("a.jsonl", '{"text": true}\n{"text": 1.5}\n{"text": 2}')) == ("true", "1.5", "2")


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_columns_are_parted_where_their_names_are(write: Write, mark: str) -> None:
    other = ",;\t|".replace(mark, "")
    path = write("a.csv", f"a{other}b{mark}text{mark}label\n1{mark}one{mark}x\n2{mark}two{mark}y\n")
    assert read_labelled(path).labels == ("x", "y")


@pytest.mark.parametrize("blank", ["\n\n", ";\r\n", " \n"])
def test_blank_lines_may_come_before_the_header(write: Write, blank: str) -> None:
    data = read_labelled(write("a.csv", f"{blank}text;label\none;x\ntwo;y\n"))
    assert data.labels == ("x", "y")


@pytest.mark.parametrize(("first", "mark"), [("sep=;", ";"), ('"sep=|"', "|"), ("sep=,", ",")])
def test_a_first_line_that_names_the_mark_is_no_header(write: Write, first: str, mark: str) -> None:
    data = read_labelled(write("a.csv", f"{first}\r\ntext{mark}label\r\none{mark}x\r\ntwo{mark}y\r\n"))
    assert (data.texts, data.rows) == (("one", "two"), (2, 3))


def test_pairs_keep_both_columns(write: Write) -> None:
    pairs = read_pairs(
        write("a.csv", "title,description\nlamp,gives light\ncup,holds tea\n"),
        text_column="title",
        positive_column="description",
    )
    assert pairs.anchors == ("lamp", "cup")
    assert pairs.positives == ("gives light", "holds tea")


def test_pairs_are_refused_in_txt(write: Write) -> None:
    with pytest.raises(InputError, match="holds no pairs"):
        read_pairs(write("a.txt", "one@two\n"))


def test_plain_txt_has_one_text_a_line(write: Write) -> None:
    assert read_texts(write("a.txt", "one@home\r\n\r\ntwo\u2028three\n")) == ("one@home", "two\u2028three")


@pytest.mark.parametrize(
    ("name", "content", "blank"),
    [
        ("a.txt", "one\n\n \ntwo\n", [2, 3]),
        ("a.csv", '\ntext\none\n""\n\ntwo\n', [4, 5]),
        ("a.jsonl", '{"text": "one"}\n\n{"text": "two"}\n', [2]),
    ],
)
def test_blank_rows_are_left_out_and_told(write: Write, name: str, content: str, blank: list[int]) -> None:
    told: list[int] = []
    assert read_texts(write(name, content), on_blank=told.append) == ("one", "two")
    assert told == blank


def test_texts_are_read_from_a_column(write: Write) -> None:
    assert read_texts(write("a.csv", "body,other\none,1\ntwo,2\n"), text_column="body") == ("one", "two")


def test_a_file_for_evaluation_may_have_one_label(write: Write) -> None:
    assert read_labelled(write("a.csv", "text,label\none,x\n"), minimum_labels=1).labels == ("x",)


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [
        ("a.csv", f"text,label\n{PARKING},parking\n", f"text,label\n{REFUND},refund\n"),
        ("a.csv", f"label,text\nparking,{PARKING}\n", f"refund,{REFUND}\n"),
        ("a.txt", f"{PARKING}@parking\n", f"{REFUND}@refund\n"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_files_that_were_put_together_are_read_as_one(
    write: Write, name: str, one: str, other: str, encoding: str
) -> None:
    whole = f"{one}\ufeff{other}".encode(encoding)
    assert read_labelled(write(name, whole)).digest == DIGEST
