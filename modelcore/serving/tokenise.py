"""Texts to token ids with the artifact's own tokenizer.json, in batches of similar length."""

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding, Tokenizer

from modelcore.errors import InputError

Ids = npt.NDArray[np.int64]
# A text, or its token ids as the model reads them.
Text = str | tuple[int, ...]
# Padded tokens of one call into a runtime: more doesn't get faster on a few cores, it only waits longer.
MOST_TOKENS = 2048
MOST_TEXTS = 64
# Of a long text so many characters a token are read first, then so many; all only where those gave too few.
STARTS = (8, 32)
# So far ahead, and to the end of a word, a tokeniser looks before it decides on a piece.
LEAST_AHEAD = 64


@dataclass(frozen=True)
class Tokens:
    """One text's token ids and, where asked for, the characters (start, end) that each covers."""

    ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Batch:
    """Token ids and mask (n, T) of the texts at `positions`, padded on the right."""

    positions: tuple[int, ...]
    input_ids: Ids
    attention_mask: Ids


class Tokeniser:
    """
    Args:
        path: a tokenizer.json.
        max_tokens: longer texts are cut to so many tokens, the special ones included.
    """

    def __init__(self, path: Path, max_tokens: int) -> None:
        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens)
        self._max_tokens = max_tokens
        added = self._tokenizer.get_added_tokens_decoder().values()
        self._ahead = max([LEAST_AHEAD, *(len(token.content) for token in added)])

    def encode(self, texts: Sequence[Text]) -> list[Tokens]:
        """
        Args:
            texts: what is token ids already stays as it is.
        Raises:
            InputError: a text isn't valid Unicode.
        """
        found = iter(self._encoded(self._tokenizer.encode_batch_fast, texts))
        return [Tokens(tuple(next(found).ids) if isinstance(text, str) else text) for text in texts]

    def encode_with_offsets(self, texts: Sequence[str]) -> list[Tokens]:
        """
        Raises:
            InputError: a text isn't valid Unicode.
        """
        found = self._encoded(self._tokenizer.encode_batch, texts)
        return [Tokens(tuple(one.ids), tuple(one.offsets)) for one in found]

    def _encoded(
        self, encode: Callable[[list[str]], list[Encoding]], texts: Sequence[Text]
    ) -> list[Encoding]:
        given = [text for text in texts if isinstance(text, str)]
        try:
            found = self._from_starts(given)
            rest = [place for place in range(len(given)) if place not in found]
            found.update(zip(rest, encode([given[place] for place in rest]), strict=True))
        except (TypeError, UnicodeEncodeError) as error:
            raise InputError(
                "A text is not a string of valid Unicode: decode it as UTF-8 and send it again."
            ) from error
        return [found[place] for place in range(len(given))]

    def _from_starts(self, texts: Sequence[str]) -> dict[int, Encoding]:
        """By position what the whole of a long text gives, where some of its start settles it.

        Raises:
            UnicodeEncodeError: a long text isn't valid Unicode, wherever.
        """
        settled: dict[int, Encoding] = {}
        for characters in STARTS:
            size = characters * self._max_tokens
            longer = [place for place, text in enumerate(texts) if len(text) > size and place not in settled]
            for place in longer:
                texts[place].encode()
            starts = self._tokenizer.encode_batch([texts[place][:size] for place in longer])
            for place, one in zip(longer, starts, strict=True):
                if self._is_settled(one, size):
                    settled[place] = one
        return settled

    def _is_settled(self, found: Encoding, size: int) -> bool:
        """Whether the pieces that are kept would be the same, whatever followed after `size` characters."""
        if not found.overflowing:
            return False
        kept = _last_piece(found)
        cut = _last_piece(found.overflowing[-1])
        # The word at the cut may go on, and as another word it may be made of other pieces from its start.
        return found.word_ids[kept] != found.overflowing[-1].word_ids[cut] and (
            found.offsets[kept][1] <= size - self._ahead
        )

    def enclose(self, ids: Sequence[int]) -> tuple[int, ...]:
        """Token ids as the model reads them: between the special ones of a text, and cut like one.

        Args:
            ids: from 0 up, with or without the special ones at their ends.
        Raises:
            InputError: an id that the vocabulary lacks, or nothing between the special ones.
        """
        size = self._tokenizer.get_vocab_size()
        if max(ids, default=0) >= size:
            raise InputError(
                "The token id {token} is none of this model's: they go from 0 to {last}.",
                token=max(ids),
                last=size - 1,
            )
        before, after = self._ends
        start, end = 0, len(ids)
        while start < end and ids[start] in before:
            start += 1
        while end > start and ids[end - 1] in after:
            end -= 1
        if start == end:
            raise InputError("A list of token ids holds none of a text: leave it out.")
        most = self._max_tokens - len(before) - len(after)
        return (*before, *ids[start:end][:most], *after)

    @functools.cached_property
    def _ends(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The special ids that come before and after every text."""
        probe = self._tokenizer.encode("a")
        special = probe.special_tokens_mask
        first = special.index(0)
        last = len(special) - special[::-1].index(0)
        return tuple(probe.ids[:first]), tuple(probe.ids[last:])


def _last_piece(encoding: Encoding) -> int:
    """The position of the last piece that isn't special."""
    return max(place for place, word in enumerate(encoding.word_ids) if word is not None)


def batches(tokens: Sequence[Tokens]) -> Iterator[Batch]:
    """Texts of similar length together, so that little is padded; longest first: memory peaks at once."""
    order = sorted(range(len(tokens)), key=lambda position: -len(tokens[position].ids))
    start = 0
    while start < len(order):
        longest = max(1, len(tokens[order[start]].ids))
        size = max(1, min(MOST_TEXTS, MOST_TOKENS // longest))
        chosen = order[start : start + size]
        yield pad([tokens[position] for position in chosen], positions=tuple(chosen))
        start += size


def pad(tokens: Sequence[Tokens], *, positions: tuple[int, ...]) -> Batch:
    length = max(1, *(len(one.ids) for one in tokens))
    input_ids = np.zeros((len(tokens), length), dtype=np.int64)
    attention_mask = np.zeros_like(input_ids)
    for row, one in enumerate(tokens):
        input_ids[row, : len(one.ids)] = one.ids
        attention_mask[row, : len(one.ids)] = 1
    return Batch(positions, input_ids, attention_mask)
