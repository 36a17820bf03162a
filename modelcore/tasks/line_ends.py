"""A tagger sees where a line ends: a name and the town below it are two things."""

from __future__ import annotations

import json

LINE_END_SIGN = "¶"  # a word piece of its own where the vocabulary has it, the unknown one elsewhere
_STEP = {"type": "Replace", "pattern": {"String": "\n"}, "content": f" {LINE_END_SIGN} "}


def mark_line_ends(tokenizer: bytes) -> bytes:
    """A tokenizer that gives every line end a piece, which tokenizers of BERT skip as any space.

    Args:
        tokenizer: the content of a `tokenizer.json`; one that marks line ends already stays as it is.
    """
    content = json.loads(tokenizer)
    normalizer = content["normalizer"]
    steps = normalizer["normalizers"] if normalizer and normalizer["type"] == "Sequence" else [normalizer]
    if _STEP not in steps:
        content["normalizer"] = {"type": "Sequence", "normalizers": [_STEP, *filter(None, steps)]}
    return json.dumps(content, ensure_ascii=False).encode()
