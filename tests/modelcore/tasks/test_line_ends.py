import json

from tokenizers import Tokenizer

from modelcore.backbones import resolve
from modelcore.tasks.line_ends import LINE_END_SIGN, mark_line_ends

TEXT = "Anna Lee\n\nParis"


def read_tokenizer() -> bytes:
    return (resolve("minilm").path / "tokenizer.json").read_bytes()


def test_each_line_end_has_a_piece_that_covers_it() -> None:
    tokenizer = Tokenizer.from_buffer(mark_line_ends(read_tokenizer()))
    tokenizer.no_padding()

    found = tokenizer.encode(TEXT)

    assert found.tokens == ["[CLS]", "anna", "lee", LINE_END_SIGN, LINE_END_SIGN, "paris", "[SEP]"]
    assert found.offsets[3:6] == [(8, 9), (9, 10), (10, 15)]


def test_a_tokenizer_that_marks_them_already_stays_as_it_is() -> None:
    once = mark_line_ends(read_tokenizer())

    assert json.loads(mark_line_ends(once)) == json.loads(once)


def test_a_tokenizer_without_a_normaliser_gets_one() -> None:
    content = json.loads(read_tokenizer())

    marked = json.loads(mark_line_ends(json.dumps({**content, "normalizer": None}).encode()))

    assert [step["type"] for step in marked["normalizer"]["normalizers"]] == ["Replace"]
