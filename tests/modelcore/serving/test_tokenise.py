"""Batches hold every text once, with little padding, within the budget."""

import random

import numpy as np

from modelcore.serving.tokenise import MOST_TEXTS, MOST_TOKENS, Tokens, batches


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
