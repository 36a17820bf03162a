import json
from collections.abc import Callable
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from modelcore.errors import InputError
from modelcore.tasks.encoder import load_encoder
from tests.modelcore.tiny import make_tiny_backbone

WEIGHTS = "model.safetensors"


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return make_tiny_backbone(tmp_path / "tiny")


def configure(folder: Path, **settings: object) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, **settings}))


@pytest.mark.parametrize(
    ("settings", "first"),
    [
        ({"num_hidden_layers": 4}, "encoder.layer.2"),
        ({"vocab_size": 99}, "embeddings.word_embeddings"),
        ({"max_position_embeddings": 64}, "embeddings.position_embeddings"),
        ({"hidden_size": 100}, "embeddings.LayerNorm"),
    ],
)
def test_weights_of_another_configuration_are_refused(
    tiny: Path, settings: dict[str, int], first: str
) -> None:
    configure(tiny, **settings)

    with pytest.raises(InputError, match=f"not those of its config.json: .* the first is {first}"):
        load_encoder(tiny)


def test_weights_under_other_names_are_refused(tiny: Path) -> None:
    named = {f"module.0.auto_model.{name}": value for name, value in load_file(tiny / WEIGHTS).items()}
    save_file(named, tiny / WEIGHTS, metadata={"format": "pt"})

    with pytest.raises(InputError, match="37 that it asks for are missing"):
        load_encoder(tiny)


DAMAGES: list[Callable[[Path], object]] = [
    lambda folder: (folder / WEIGHTS).write_bytes((folder / WEIGHTS).read_bytes()[:2000]),
    lambda folder: (folder / WEIGHTS).write_bytes(b""),
    lambda folder: (folder / "config.json").write_text("[]"),
    lambda folder: (folder / "config.json").write_text("{"),
    lambda folder: configure(folder, model_type="nonsense"),
    lambda folder: configure(folder, hidden_size=33),
    lambda folder: configure(folder, hidden_size="wide"),
    lambda folder: configure(folder, berth={"task": "classification", "labels": 2, "adapters": {}}),
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_backbone_is_named_with_the_cause(tiny: Path, damage: Callable[[Path], object]) -> None:
    damage(tiny)

    with pytest.raises(InputError, match=r'The backbone in ".*tiny" can\'t be loaded \(.+\): copy') as raised:
        load_encoder(tiny)

    assert "\n" not in str(raised.value)


def test_a_backbone_with_fewer_positions_than_max_tokens_is_refused(tiny: Path) -> None:
    load_encoder(tiny, max_tokens=128)

    with pytest.raises(InputError, match="reads 128 word pieces of a text, fewer than the 256 of max_tokens"):
        load_encoder(tiny, max_tokens=256)
