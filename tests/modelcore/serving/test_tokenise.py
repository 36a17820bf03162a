"""Batches hold every text once, with little padding, within the budget."""

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

from modelcore.errors import InputError
from modelcore.serving.tokenise import MOST_TEXTS, MOST_TOKENS, STARTS, Tokeniser, Tokens, batches
from tests.word_pieces import word_pieces

# Words, long ones, scripts with and without blanks, marks, runs of blanks, special tokens, what looks ahead.
PARTS = (
    *(
        "card",
        " ",
        " the late cardigan",
        "abcdefgh",
        "abcd" * 9,
        "x" * 130,
        "'re",
        "'r",
        "12345",
        "?!",
        "ΟΔΟΣ",
    ),
    *(
        "卡片退款",
        "我的包裹在哪里",
        "พัสดุของฉัน",
        "أين طردي",
        "e\u0301",
        "\u0301\u0316" * 40,
        "ﬁ",
        "👩‍👩‍👧",
        "\u200d",
    ),
    *("   ", " " * 90, "\n\n\t", "\u3000", "[SEP]", "[unused", "[MASK] ", "\x01", "한국어", "각"),
)


def pieces_of_words() -> Tokenizer:
    letters = "abcdefghijklmnopqrstuvwxyz卡片退款我的οδσς"
    known = ["[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    tokenizer = word_pieces([*known, "card", "ab", "abcde", "##cd", "##cdefgh", "?", "!", "'"])
    tokenizer.add_special_tokens(["[CLS]", "[SEP]", "[MASK]", "[UNK]"])
    return tokenizer


def pairs_of_bytes() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=400, initial_alphabet=alphabet, special_tokens=["[CLS]", "[SEP]"]
    )
    tokenizer.train_from_iterator([text * 3 for text in PARTS], trainer)
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 1), ("[CLS]", 0))
    return tokenizer


def likely_pieces() -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=160, special_tokens=["[UNK]"], unk_token="[UNK]")
    tokenizer.train_from_iterator([text * 3 for text in PARTS], trainer)
    return tokenizer


def some_tokens(count: int) -> list[Tokens]:
    generator = random.Random(1)
    return [Tokens(tuple(range(1, generator.choice([5, 9, 30, 128]) + 1))) for _ in range(count)]


def test_every_text_is_in_one_batch_with_its_own_tokens() -> None:
    tokens = some_tokens(500)
    found = {}
    for batch in batches(tokens):
        for row, position in enumerate(batch.positions):
            assert position not in found
            found[position] = tuple(batch.input_ids[row][batch.attention_mask[row] == 1])
    assert [found[position] for position in range(500)] == [one.ids for one in tokens]


def test_batches_stay_within_the_budget_and_pad_little() -> None:
    tokens = some_tokens(500)
    sizes = [batch.input_ids.size for batch in batches(tokens)]
    assert max(sizes) <= MOST_TOKENS
    assert max(len(batch.positions) for batch in batches(tokens)) <= MOST_TEXTS
    assert sum(len(one.ids) for one in tokens) / sum(sizes) > 0.9


def test_a_text_without_tokens_still_has_a_row() -> None:
    (batch,) = batches([Tokens(())])
    assert batch.input_ids.shape == (1, 1)
    assert not np.any(batch.attention_mask)


@pytest.mark.parametrize("make", [pieces_of_words, pairs_of_bytes, likely_pieces])
def test_a_long_text_has_the_pieces_that_its_whole_has(tmp_path: Path, make: Callable[[], Tokenizer]) -> None:
    generator = random.Random(3)
    few = [generator.sample(PARTS, 3) for _ in range(100)]
    texts = [
        "".join(generator.choices(parts, k=generator.randint(1, 150))) for parts in (*few, *[PARTS] * 100)
    ]
    whole = make()
    whole.save(str(tmp_path / "tokenizer.json"))
    for most in (8, 13, 40):
        whole.enable_truncation(most)
        tokeniser = Tokeniser(tmp_path / "tokenizer.json", most)
        expected = [Tokens(tuple(one.ids), tuple(one.offsets)) for one in whole.encode_batch(texts)]
        assert tokeniser.encode_with_offsets(texts) == expected
        assert [one.ids for one in tokeniser.encode(texts)] == [one.ids for one in expected]


@pytest.fixture
def tokeniser(tmp_path: Path) -> Tokeniser:
    pieces_of_words().save(str(tmp_path / "tokenizer.json"))
    return Tokeniser(tmp_path / "tokenizer.json", 8)


def test_of_a_long_text_only_the_start_is_read(tokeniser: Tokeniser, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    real = tokeniser._tokenizer

    class Counting:
        def encode_batch(self, texts: list[str]) -> object:
            read.extend(map(len, texts))
            return real.encode_batch(texts)

        def encode_batch_fast(self, texts: list[str]) -> object:
            read.extend(map(len, texts))
            return real.encode_batch_fast(texts)

    monkeypatch.setattr(tokeniser, "_tokenizer", Counting())
    tokeniser.encode(["where is it now? " * 5800])
    assert sum(read) <= 8 * sum(STARTS)


def test_a_long_text_is_valid_unicode_to_its_end(tokeniser: Tokeniser) -> None:
    with pytest.raises(InputError, match="valid Unicode"):
        tokeniser.encode(["card " * 5000 + "\ud800"])


def test_a_vocabulary_may_have_no_added_tokens(tmp_path: Path) -> None:
    word_pieces(["[UNK]", "[CLS]", "[SEP]", "card"]).save(str(tmp_path / "tokenizer.json"))
    (found,) = Tokeniser(tmp_path / "tokenizer.json", 8).encode(["card " * 5000])
    assert found.ids == (1, *[3] * 6, 2)
