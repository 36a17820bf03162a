"""Characters that a backbone's vocabulary lacks: it reads all of them as one, so they get word pieces."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MOST_TEXTS = 2000
# A vocabulary can't read a text of whose pieces it knows fewer than three quarters.
UNREAD = 0.25
# Of so few texts next to none is the slip of a pen: a language that only some customers write is among them.
NOTABLE_SHARE = 0.01
# What only one text has tells nothing about another.
LEAST_TEXTS = 2


@dataclass(frozen=True)
class Gap:
    """What a vocabulary lacks for texts.

    Args:
        share: of the texts, those that it can't read, in [0, 1].
        missing: word pieces of one character that it can get, the most frequent first; none where the share
            is not notable.
    """

    share: float
    missing: tuple[str, ...]

    @property
    def is_notable(self) -> bool:
        return self.share >= NOTABLE_SHARE


def find_gap(texts: Sequence[str], tokenizer_json: bytes) -> Gap:
    """What a vocabulary lacks for texts.

    Args:
        texts: any number; of many some MOST_TEXTS, evenly over all, tell the share.
        tokenizer_json: the content of a `tokenizer.json`; one that has a piece for everything, such as one of
            bytes, lacks nothing, and only WordPiece can get pieces.
    """
    model, tokenizer = _read(tokenizer_json)
    share = _unread_share(texts, model, tokenizer)
    return Gap(share, _missing_pieces(texts, model, tokenizer) if share >= NOTABLE_SHARE else ())


def _unread_share(texts: Sequence[str], model: Mapping[str, Any], tokenizer: Tokenizer) -> float:
    # A vocabulary of Unigram has its unknown piece by number, the others by name.
    unknown = tokenizer.token_to_id(model["unk_token"]) if model.get("unk_token") else model.get("unk_id")
    if unknown is None:
        return 0.0
    sample = texts[:: max(1, len(texts) // MOST_TEXTS)]
    encoded = tokenizer.encode_batch(list(sample), add_special_tokens=False)
    unread = [one.ids.count(unknown) >= UNREAD * len(one.ids) for one in encoded if one.ids]
    return sum(unread) / max(1, len(unread))


def _missing_pieces(texts: Sequence[str], model: Mapping[str, Any], tokenizer: Tokenizer) -> tuple[str, ...]:
    """Those of words that it can't read, in at least LEAST_TEXTS texts."""
    if model["type"] != "WordPiece" or tokenizer.pre_tokenizer is None:
        return ()
    vocabulary, inside = model["vocab"], model["continuing_subword_prefix"]
    counts: Counter[str] = Counter()
    for text in texts:
        plain = tokenizer.normalizer.normalize_str(text) if tokenizer.normalizer else text
        words = {word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(plain)}
        pieces = {piece for word in words for piece in (word[0], *(inside + one for one in word[1:]))}
        counts.update(pieces - vocabulary.keys())
    often = [(-count, piece) for piece, count in counts.items() if count >= LEAST_TEXTS]
    return tuple(piece for _, piece in sorted(often))


def with_pieces(tokenizer_json: bytes, pieces: Sequence[str], *, first: int) -> bytes:
    """A tokenizer that knows more word pieces.

    Args:
        tokenizer_json: the content of a `tokenizer.json` of WordPiece.
        pieces: none that it has.
        first: the number of the first of them, which is how many embeddings the encoder has.

    Returns:
        The content of the new `tokenizer.json`.
    """
    content = json.loads(tokenizer_json)
    content["model"]["vocab"] |= {piece: first + place for place, piece in enumerate(pieces)}
    return json.dumps(content, ensure_ascii=False).encode()


def grow_embeddings(encoder: Any, count: int) -> None:
    """Give an encoder `count` more word embeddings, each drawn as if it were one of those that are there.

    Args:
        encoder: from transformers; changed in place. The draw is torch's, so seed it first.
        count: ≥ 1.

    Source: Hewitt, Initializing New Word Embeddings for Pretrained Language Models, 2021, with each component
        drawn by itself.
    """
    import torch

    known = encoder.get_input_embeddings().weight.detach().clone()
    encoder.resize_token_embeddings(len(known) + count, mean_resizing=False)
    with torch.no_grad():
        drawn = known.mean(dim=0) + known.std(dim=0) * torch.randn(count, known.shape[1])
        encoder.get_input_embeddings().weight[len(known) :] = drawn


def _read(tokenizer_json: bytes) -> tuple[dict[str, Any], Tokenizer]:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_buffer(tokenizer_json)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return json.loads(tokenizer_json)["model"], tokenizer
