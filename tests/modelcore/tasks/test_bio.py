import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelcore.data import Span
from modelcore.tasks.bio import bio_tags, decode_spans, encode_spans, entity_labels, first_pieces

TEXT = "Anna Lee is in Paris"
OFFSETS = [(0, 0), (0, 4), (5, 8), (9, 11), (12, 14), (15, 18), (18, 20), (0, 0)]
PERSON, PLACE = Span(0, 8, "PERSON"), Span(15, 20, "PLACE")


def test_spans_become_tags() -> None:
    tags = encode_spans([PERSON, PLACE], OFFSETS, TEXT)

    assert tags == [None, "B-PERSON", "I-PERSON", "O", "O", "B-PLACE", "I-PLACE", None]


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ("B-PERSON I-PERSON O O B-PLACE", [(0, 8, "PERSON"), (15, 20, "PLACE")]),
        ("O I-PERSON O O O", [(5, 8, "PERSON")]),
        ("B-PERSON B-PERSON O O O", [(0, 4, "PERSON"), (5, 8, "PERSON")]),
    ],
    ids=["both", "no-beginning", "two-beginnings"],
)
def test_tags_become_spans_again(tags: str, spans: list[tuple[int, int, str]]) -> None:
    assert list(decode_spans(tags.split(), OFFSETS, TEXT)) == spans


def test_a_word_begins_at_its_first_piece() -> None:
    assert first_pieces(OFFSETS, TEXT) == [1, 2, 3, 4, 5]


def test_a_line_end_is_no_word_and_takes_no_tag() -> None:
    text, offsets = "Anna\nParis", [(0, 4), (4, 5), (5, 10)]

    assert encode_spans([Span(0, 4, "PERSON"), Span(5, 10, "PLACE")], offsets, text) == [
        "B-PERSON",
        None,
        "B-PLACE",
    ]
    assert first_pieces(offsets, text) == [0, 2]


def test_an_ideograph_is_a_word_of_its_own() -> None:
    tags = ["B-PLACE", "I-PLACE", "O"]

    assert list(decode_spans(tags, [(0, 1), (1, 2), (2, 3)], "北京好")) == [(0, 2, "PLACE")]


def test_each_label_has_a_beginning_and_an_inside() -> None:
    assert bio_tags(["A", "B"]) == ("O", "B-A", "I-A", "B-B", "I-B")
    assert entity_labels(bio_tags(["A", "B-C"])) == ["A", "B-C"]


@given(st.lists(st.sampled_from(["O", "A", "B"]), min_size=1, max_size=12))
def test_encoding_and_decoding_are_inverse_over_whole_words(kinds: list[str]) -> None:
    text = " ".join("word" for _ in kinds)
    offsets = [(5 * place, 5 * place + 4) for place in range(len(kinds))]
    spans = [Span(*offsets[place], kind) for place, kind in enumerate(kinds) if kind != "O"]

    tags = [tag or "O" for tag in encode_spans(spans, offsets, text)]

    assert [Span(*parts) for parts in decode_spans(tags, offsets, text)] == spans


def test_a_span_does_not_begin_with_the_blank_that_its_piece_holds() -> None:
    offsets = [(0, 2), (2, 5), (5, 11)]  # as tokenizers cut that keep the blank before a word with it

    assert list(decode_spans(["O", "O", "B-LOC"], offsets, "Go to Paris")) == [(6, 11, "LOC")]
