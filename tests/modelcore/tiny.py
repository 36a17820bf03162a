"""A two-layer BERT with fixed, non-constant weights: fits and serves in well under a second."""

from __future__ import annotations

import json
import string
from pathlib import Path

from tests.word_pieces import word_pieces

WORDS = """
the a i my your is are was not no yes and or but to of in on for with at from by how what when where
why who can do does did have has get got want need card cards money cash account bank pay paid
payment transfer top up price fee rate refund order parcel delivery lost stolen broken late new old
pin code app phone number address change cancel open close help please thanks good bad happy sad
love hate great poor profit loss rise fall share stock market sales red green blue cat dog bird
house car tree name city street john mary anna peter london paris berlin one two three four five six
seven eight nine ten day week month year today now soon never always 卡 钱 账 户 退 款
"""
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def make_tiny_backbone(path: Path) -> Path:
    """Write config.json, tokenizer.json and model.safetensors of a 2-layer, 32-wide BERT into `path`."""
    import torch
    from transformers import BertConfig, BertModel

    path.mkdir(parents=True, exist_ok=True)
    vocabulary = _write_tokenizer(path / "tokenizer.json")
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=128,
    )
    model = BertModel(config, add_pooling_layer=False)
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            noise = torch.randn(parameter.shape, generator=generator)
            is_scale = name.endswith("LayerNorm.weight")
            parameter.copy_(1 + 0.05 * noise if is_scale else 0.15 * noise)
    model.save_pretrained(path)
    return path


def _write_tokenizer(path: Path) -> int:
    letters = string.ascii_lowercase + string.digits + string.punctuation
    pieces = [
        *SPECIAL,
        *WORDS.split(),
        *letters,
        *(f"##{letter}" for letter in letters),
        "##s",
        "##ing",
        "##ed",
    ]
    tokenizer = word_pieces(pieces)
    tokenizer.save(str(path))
    settings = {"tokenizer_class": "BertTokenizer", "model_max_length": 128, "unk_token": "[UNK]"}
    settings |= {"pad_token": "[PAD]", "cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": "[MASK]"}
    path.with_name("tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")
    return int(tokenizer.get_vocab_size())
