"""Where a tagger starts that learned from our sentences first."""

import torch
from torch import Tensor, nn

from modelcore.tasks.bio import bio_tags
from modelcore.training.batching import IGNORED, Tokenised
from modelcore.training.marked import Marked
from modelcore.training.taggers import starting_tags

OWN = bio_tags(["GPE", "PERSON"])  # O, B-GPE, I-GPE, B-PERSON, I-PERSON
TAGS = bio_tags(["LOC", "MISC", "PER"])


class Knows(nn.Module):
    """Says for each word piece the tag of OWN whose number it is."""

    def __init__(self) -> None:
        super().__init__()
        self.scores = nn.Parameter(torch.eye(len(OWN)))

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        return self.scores[ids]


def marked(pieces: list[int], tags: list[str | None]) -> Marked:
    places = [IGNORED if tag is None else TAGS.index(tag) for tag in tags]
    return Marked(("",), Tokenised([pieces], [[(0, 0)] * len(pieces)]), [places])


def test_a_label_starts_as_ours_that_most_of_its_words_get() -> None:
    texts = marked([3, 4, 2, 1, 0, 3], ["B-PER", "I-PER", "I-PER", "B-LOC", "O", None])

    assert starting_tags(Knows(), texts, TAGS, OWN) == {
        "B-LOC": "B-GPE",
        "I-LOC": "I-GPE",
        "B-PER": "B-PERSON",
        "I-PER": "I-PERSON",
    }


def test_a_label_that_we_do_not_know_starts_as_none() -> None:
    texts = marked([3, 1, 0, 0, 4], ["B-PER", "B-LOC", "B-MISC", "I-MISC", "I-PER"])

    assert set(starting_tags(Knows(), texts, TAGS, OWN)) == {"B-LOC", "I-LOC", "B-PER", "I-PER"}


def test_nothing_starts_as_ours_where_little_of_what_is_marked_is_found() -> None:
    texts = marked([3, 0, 0, 1, 3], ["B-PER", "B-MISC", "I-MISC", "O", "O"])

    assert starting_tags(Knows(), texts, TAGS, OWN) == {}
