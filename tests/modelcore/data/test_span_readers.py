import gzip
import json

import pytest

from modelcore.data import Span, SpanTexts, read_spans
from modelcore.errors import InputError
from tests.modelcore.data.conftest import Write

TEXT = "Write to Ada Lovelace in London"
PERSON, PLACE = Span(9, 21, "PER"), Span(25, 31, "LOC")


@pytest.mark.parametrize(
    "tags",
    [
        ("O", "O", "B-PER", "I-PER", "O", "B-LOC"),
        ("O", "O", "I-PER", "I-PER", "O", "I-LOC"),
        ("O", "O", "B-PER", "E-PER", "O", "S-LOC"),
        ("O", "O", "B-PER", "L-PER", "O", "U-LOC"),
        ("O", "O", "B-PER", "M-PER", "O", "S-LOC"),
        ("O", "O", "PER", "PER", "O", "LOC"),
    ],
)
def test_conll_tags_of_every_scheme_become_spans(write: Write, tags: tuple[str, ...]) -> None:
    lines = (f"{token} POS {tag}" for token, tag in zip(TEXT.split(), tags, strict=True))
    data = read_spans(write("a.conll", "-DOCSTART- X O\n\n" + "\n".join(lines) + "\n\nBye\tX\tO\n"))
    assert data.texts == (TEXT, "Bye")
    assert data.spans == ((PERSON, PLACE), ())
    assert data.rows == (3, 10)


@pytest.mark.parametrize(
    "content",
    [
        "#\thttp://a.org\t[2009]\tx\n1\tAda\tB-PER\tO\n2\tleft\tO\tO\n\n1\tBerth\tB-ORG\tB-ORGpart\n",
        "# text = Ada left us\n1 Ada B-PER - eve\n2 left O - eve\n\n# id = 2\n1 Berth B-ORG - eve\n",
        "0\tAda\tB-PER\n1\tleft\tO\n\n0\tBerth\tB-ORG\n",
        "1 Ada NNP PER\n2 left VBD O\n\n3 Berth NNP ORG\n",
        "1-2 Adaleft _ _\n1 Ada NNP B-PER\n2 left VBD O\n2.1 us _ _\n\n1 Berth NNP B-ORG\n",
    ],
)
def test_numbers_before_the_tokens_are_no_tokens(write: Write, content: str) -> None:
    data = read_spans(write("a.conll", content))
    assert data.texts == ("Ada left", "Berth")
    assert data.spans == ((Span(0, 3, "PER"),), (Span(0, 5, "ORG"),))


def test_numbers_that_do_not_count_are_tokens(write: Write) -> None:
    assert read_spans(write("a.conll", "1 CD B-AGE\n\n7 CD B-AGE\n")).texts == ("1", "7")


def test_the_named_encoding_is_the_one_that_is_read(write: Write) -> None:
    file = write("a.conll", "Zoë B-PER\n".encode("cp437"))
    assert read_spans(file, encoding="cp437").texts == ("Zoë",)


def test_a_new_beginning_parts_two_spans_of_one_label(write: Write) -> None:
    data = read_spans(write("a.bio", "Ada B-PER\nBob B-PER\nCy I-PER\n"))
    assert data.spans == ((Span(0, 3, "PER"), Span(4, 10, "PER")),)


def test_chinese_characters_are_joined_without_spaces(write: Write) -> None:
    data = read_spans(write("a.bio", "我 O\n在 O\n北 B-LOC\n京 I-LOC\nBerth B-ORG\n"))
    assert data.texts == ("我在北京 Berth",)
    assert data.spans == ((Span(2, 4, "LOC"), Span(5, 10, "ORG")),)


@pytest.mark.parametrize("comment", ["# text = Hello John", "# id 1", "# id", "#\tfirst", "# sent_id 1 x y"])
def test_comments_between_texts_are_left_out(write: Write, comment: str) -> None:
    data = read_spans(write("a.conll", f"{comment}\nAda B-PER\n\n{comment}\nBob B-PER\nleft O\n"))
    assert data.texts == ("Ada", "Bob left")
    assert data.rows == (2, 5)


@pytest.mark.parametrize("tag", ["O", "B-SIGN"])
def test_a_hash_with_a_tag_is_a_token(write: Write, tag: str) -> None:
    data = read_spans(write("a.conll", f"# {tag}\n1 O\n\nat O\n# {tag}\nAda B-PER\n"))
    assert data.texts == ("# 1", "at # Ada")


def test_a_hash_is_a_token_among_tags_without_positions(write: Write) -> None:
    assert read_spans(write("a.conll", "# SIGN\n1 O\n")).spans == ((Span(0, 1, "SIGN"),),)


@pytest.mark.parametrize("blank", ["\u00a0", "\u3000"])
def test_wide_blanks_part_no_columns(write: Write, blank: str) -> None:
    data = read_spans(write("a.bio", f"10{blank}km B-LENGTH\n{blank} O\naway O\n\n{blank} O\n"))
    assert data.texts == (f"10{blank}km away",)
    assert data.spans == ((Span(0, 5, "LENGTH"),),)


def test_a_blank_between_two_tokens_ends_a_span(write: Write) -> None:
    data = read_spans(write("a.bio", "北 B-LOC\n\u3000 O\n京 I-LOC\n"))
    assert data.spans == ((Span(0, 1, "LOC"), Span(1, 2, "LOC")),)


def test_positions_alone_mark_one_label(write: Write) -> None:
    data = read_spans(write("a.tsv", "# id\nbreast\tB\ncancer\tI\nis\tO\n\nthe\tO\nflu\tB\n"))
    assert data.spans == ((Span(0, 13, "ENTITY"),), (Span(4, 7, "ENTITY"),))


def test_a_label_may_begin_as_a_position_does(write: Write) -> None:
    data = read_spans(write("a.bio", "B-52 PLANE\nada@x.org E_MAIL\n"))
    assert [span.label for span in data.spans[0]] == ["PLANE", "E_MAIL"]


def test_a_file_without_blank_lines_is_one_text(write: Write) -> None:
    data = read_spans(write("a.bio", "to O\nAda B-PER\n" * 100_000))
    assert (len(data.texts[0]), data.spans[0][-1]) == (699_999, Span(699_996, 699_999, "PER"))


def test_a_file_for_evaluation_may_mark_nothing(write: Write) -> None:
    data = read_spans(write("a.conll", "left O\n"), minimum_labels=0)
    assert (data.texts, data.spans) == (("left",), ((),))


def test_span_json_is_read_in_both_spellings(write: Write) -> None:
    plain = {
        "text": TEXT,
        "spans": [{"start": 25, "end": 31, "label": "LOC"}, {"start": 9, "end": 21, "label": "PER"}],
    }
    presidio = {
        "full_text": TEXT,
        "template_id": 4,
        "spans": [
            {"entity_type": "PER", "entity_value": "Ada Lovelace", "start_position": 9, "end_position": 21},
            {"entity_type": "LOC", "entity_value": "London", "start_position": 25, "end_position": 31},
        ],
    }
    first = read_spans(write("a.jsonl", json.dumps(plain)))
    second = read_spans(write("a.json.gz", gzip.compress(json.dumps([presidio]).encode())))
    assert first.spans == second.spans == ((PERSON, PLACE),)
    assert (first.digest, first.groups, second.groups) == (second.digest, (), ("4",))


@pytest.mark.parametrize(
    "marks",
    [
        {"spans": [[9, 21, "PER"], [25, 31, "LOC"]]},
        {"label": [[25, 31, "LOC"], [9, 21, "PER"]]},
        {"entities": [{"id": 1, "start_offset": 9, "end_offset": 21, "label": "PER"}, [25, 31, "LOC"]]},
        {"spans": [{"start": 9.0, "end": 21.0, "type": "PER"}, {"start": 25, "end": 31, "label": "LOC"}]},
        {"spans": [[9, 21, "PER"], [8, 21, "PER"], [25, 31, "LOC"], [25, 31, "LOC"]], "label": "letter"},
        {"tokens": TEXT.split(), "ner_tags": ["O", "O", "B-PER", "I-PER", "O", "LOC"]},
    ],
)
def test_span_json_is_read_as_other_tools_write_it(write: Write, marks: dict[str, object]) -> None:
    text = {} if "tokens" in marks else {"text": TEXT}
    data = read_spans(write("a.jsonl", json.dumps(text | marks)))
    assert (data.texts, data.spans) == ((TEXT,), ((PERSON, PLACE),))


def test_null_marks_nothing(write: Write) -> None:
    data = read_spans(write("a.jsonl", '{"text": "left", "spans": null}'), minimum_labels=0)
    assert data.spans == ((),)


@pytest.mark.parametrize("tags", [[0, 1], ["O"], None, "O"])
def test_tags_that_are_no_texts_for_each_token_get_a_sentence(write: Write, tags: object) -> None:
    with pytest.raises(InputError, match="Row 1 needs a list of tokens and as many ner_tags, each a text"):
        read_spans(write("a.jsonl", json.dumps({"tokens": ["Ada", "left"], "ner_tags": tags})))


def test_blanks_at_the_ends_of_a_span_are_no_part_of_it(write: Write) -> None:
    spans = [{"start": 8, "end": 22, "label": "PER"}]
    assert read_spans(write("a.jsonl", json.dumps({"text": TEXT, "spans": spans}))).spans == ((PERSON,),)


@pytest.mark.parametrize(
    ("spans", "sentence"),
    [
        ([{"start": 5, "end": 6, "label": "X"}], "Row 1 has a span 5–6 of blanks alone"),
        ([{"start": 0, "end": 99, "label": "X"}], "Row 1 has a span 0–99 outside its text of 31 characters"),
        ([{"start": 5, "end": 5, "label": "X"}], "Row 1 has a span 5–5 outside"),
        ([{"start": 0, "end": 9, "label": "X"}, {"start": 6, "end": 8, "label": "X"}], "overlaps"),
        ([{"start": 0, "end": 5, "label": " "}], "without a label"),
        ([{"start": 0, "end": 5}], "it has: start, end"),
        ([{"start": True, "end": 5, "label": "X"}], "without whole numbers"),
        (
            [{"start": 0, "end": 5, "label": "X", "entity_value": "Wrote"}],
            "should hold 'Wrote' but holds 'Write'",
        ),
        ([{"start": 0, "end": 5, "label": "X", "text": "Wrote"}], "should hold 'Wrote'"),
        (["X"], "neither an object with start, end and label nor a list of these three"),
        ([[0, 5]], "nor a list of these three"),
        ([[0, 5.5, "X"]], "it has: 0, 5.5, X"),
        ("X", "no list of spans: give one as spans, entities or label"),
        ([], "marks no span in 1 texts"),
    ],
)
def test_bad_spans_get_a_sentence(write: Write, spans: object, sentence: str) -> None:
    with pytest.raises(InputError) as raised:
        read_spans(write("a.jsonl", json.dumps({"text": TEXT, "spans": spans})))
    assert sentence in str(raised.value)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.conll", "Ada B-PER\nBob\n", "Row 2 has the token 'Bob' without a tag"),
        ("a.conll", "Ada X-PER\n", "Row 1 has the tag 'X-PER'"),
        ("a.conll", "Ada B-\n", "Row 1 has the tag 'B-'"),
        ("a.conll", "1 Ada NOUN B-PER\n2 left VERB _\n", "Row 2 has the tag '_'"),
        ("a.conll", "1 Ada NOUN _\n2 left VERB _\n", "Row 1 has the tag '_': write O"),
        ("a.conll", "Ada B-PER\nBob X I-PER\n", "Row 2 has 3 columns where row 1 has 2"),
        ("a.conll", "Ada B_PER\nBob B-PER\n", "Row 1 has the tag 'B_PER' where others begin with B- or I-"),
        ("a.conll", "token\ttag\nAda\tB-PER\n", "Row 1 has the tag 'tag' where others begin"),
        ("a.conll", "Ada B-PER\n\u3000 I-PER\n", "Row 2 marks a blank as 'I-PER': tag it O"),
        ("a.conll", "Ada B_PER\nBell I_PER\nis O\n", "a.conll has tags such as 'B_PER': write a hyphen"),
        ("a.conll", "B-PER Ada\nO is\n", "a.conll has tags such as 'B-PER' in its first column"),
        ("a.conll", "Ada B\n# x\n", "Row 2 has the tag 'x'"),
        ("a.bio", "Ada O\n" * 250_001, "Row 1 has a text of 1,000,003 characters"),
        ("a.conll", "-DOCSTART- O\n", "holds no texts"),
        ("a.csv", "text,label\n", "ends in none of .conll"),
    ],
)
def test_bad_conll_gets_a_sentence(write: Write, name: str, content: str, sentence: str) -> None:
    with pytest.raises(InputError) as raised:
        read_spans(write(name, content))
    assert sentence in str(raised.value)


@pytest.mark.parametrize("text", ["😀 {} is here", "👍👍 am {}", "{} 😀"])
def test_offsets_that_count_an_emoji_as_two_are_told(text: str, write: Write) -> None:
    full = text.format("Anna")
    start = full.index("Anna")
    units = start + sum(character > "\uffff" for character in full[:start])

    def read(place: int) -> SpanTexts:
        row = {"text": full, "spans": [[place, place + 4, "PER"]]}
        return read_spans(write("a.jsonl", json.dumps(row)))

    assert read(start).spans == ((Span(start, start + 4, "PER"),),)
    if units != start:
        with pytest.raises(InputError, match="as it does in JavaScript"):
            read(units)


def test_a_span_may_end_within_a_word_beside_an_emoji(write: Write) -> None:
    row = {"text": "😀 Annalise", "spans": [[2, 6, "PER"]]}
    assert read_spans(write("a.jsonl", json.dumps(row))).spans == ((Span(2, 6, "PER"),),)


def test_parts_of_speech_after_the_tags_are_none(write: Write) -> None:
    found = read_spans(write("a.conll", "Anna B-PER NNP\nsaid O VBD\n"))
    assert found.spans == ((Span(0, 4, "PER"),),)
    chunks = read_spans(write("a.conll", "Anna B-NP PER\nsaid B-VP O\n"))
    assert chunks.spans == found.spans
