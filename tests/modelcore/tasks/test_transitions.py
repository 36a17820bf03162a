import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from modelcore.errors import InputError
from modelcore.tasks.bio import bio_tags
from modelcore.tasks.transitions import Transitions

TAGS = bio_tags(["PERSON", "PLACE"])  # O, B-PERSON, I-PERSON, B-PLACE, I-PLACE
PATHS = [[1, 2, 0, 3, 4, 4], [0, 0, 1, 0], [3, 4, 0, 1, 2]]


def log(probabilities: list[list[float]]) -> NDArray[np.float64]:
    return np.asarray(np.log(probabilities))


def test_a_label_is_neither_favoured_nor_its_sequence_learnt() -> None:
    scores = Transitions.count(PATHS, tags=TAGS).scores

    assert scores[:, 0].tolist() == [0.0] * 6
    np.testing.assert_array_equal(scores[[0, 3, 5], 1], scores[[0, 1, 5], 3])


def test_scores_are_the_shares_that_were_counted() -> None:
    scores = np.exp(Transitions.count(PATHS, tags=TAGS).scores)

    # Five words have another label than the word before and begin a span, five have the same and go on.
    assert scores[0, [1, 2]] == pytest.approx([5.1 / 5.2, 0.1 / 5.2])
    assert scores[1, [1, 2]] == pytest.approx([0.1 / 5.2, 5.1 / 5.2])


def test_a_beginning_inside_a_span_is_read_as_its_inside() -> None:
    words = log([[0.1, 0.8, 0.1 / 3, 0.1 / 3, 0.1 / 3], [0.1, 0.45, 0.4, 0.025, 0.025]])

    assert words.argmax(axis=1).tolist() == [1, 1]
    assert Transitions.count(PATHS, tags=TAGS).best_path(words) == [1, 2]


def test_no_words_no_tags() -> None:
    assert Transitions.count(PATHS, tags=TAGS).best_path(np.empty((0, 5))) == []


@given(st.integers(0, 10_000), st.integers(1, 5))
def test_no_other_path_is_likelier(seed: int, length: int) -> None:
    generator = np.random.default_rng(seed)
    words, model = generator.normal(size=(length, 3)), Transitions(generator.normal(size=(4, 3)))

    def score(path: tuple[int, ...]) -> float:
        steps = sum(model.scores[before, after] for before, after in itertools.pairwise((3, *path)))
        return float(steps + sum(words[place, tag] for place, tag in enumerate(path)))

    best = max(score(path) for path in itertools.product(range(3), repeat=length))
    assert score(tuple(model.best_path(words))) == pytest.approx(best)


def test_a_text_is_marked_by_words() -> None:
    text, offsets = "Anna is in Berlin", [(0, 0), (0, 4), (5, 7), (8, 10), (11, 14), (14, 17), (0, 0)]
    scores = np.zeros((7, 5))
    scores[[1, 2, 3, 4, 5], [1, 0, 0, 3, 0]] = 9.0  # the second piece of Berlin says nothing

    found = Transitions.count(PATHS, tags=TAGS).find_spans(scores, offsets, text, TAGS)

    assert list(found) == [(0, 4, "PERSON"), (11, 17, "PLACE")]


def test_what_was_written_is_read() -> None:
    written = Transitions.count(PATHS, tags=TAGS)
    np.testing.assert_allclose(
        Transitions.from_json(written.to_json(), tags=5).scores, written.scores, atol=1e-6
    )


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1]", b'{"scores": "x"}', b'{"scores": [[0.5, 0.5]]}', b'{"scores": [[NaN]]}']
)
def test_other_content_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match=r"transitions.json"):
        Transitions.from_json(content, tags=1)
