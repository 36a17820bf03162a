from pathlib import Path

import pytest
import torch

from modelcore.errors import InputError
from modelcore.tasks import classification, load_model
from modelcore.tasks.adapters import adapter_parameters, attach, attached
from modelcore.tasks.encoder import load_encoder, mean_pool
from modelcore.tasks.weights import new_model, read_weights, write_weights
from tests.modelcore.tiny import make_tiny_backbone

IDS = torch.tensor([[2, 40, 41, 42, 3], [2, 50, 3, 0, 0]])
MASK = (IDS != 0).long()
ADAPTERS: tuple[dict[str, int], ...] = ({}, {"bottleneck": 4}, {"prefix": 3}, {"bottleneck": 4, "prefix": 3})


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    return make_tiny_backbone(tmp_path / "tiny")


@pytest.mark.parametrize("adapters", ADAPTERS)
@pytest.mark.parametrize("task", ["classification", "tagging", "embedding"])
def test_a_written_model_reads_back_the_same(task: str, adapters: dict[str, int], tiny: Path) -> None:
    encoder = load_encoder(tiny)
    attach(encoder, adapters)
    for parameter in adapter_parameters(encoder):
        torch.nn.init.normal_(parameter, std=0.3)
    model = new_model(task, encoder, labels=5).eval()

    write_weights(model, tiny.parent)

    with torch.no_grad():
        assert torch.equal(load_model(tiny.parent)(IDS, MASK), model(IDS, MASK))
    assert attached(read_weights(tiny.parent).encoder) == adapters


@pytest.mark.parametrize("adapters", ADAPTERS)
def test_padding_changes_nothing(adapters: dict[str, int], tiny: Path) -> None:
    encoder = load_encoder(tiny)
    attach(encoder, adapters)
    model = new_model("classification", encoder, labels=5).eval()

    with torch.no_grad():
        padded, alone = model(IDS, MASK)[1], model(IDS[1:, :3], MASK[1:, :3])[0]

    assert torch.allclose(padded, alone, atol=1e-5)


def test_a_fresh_bottleneck_changes_nothing(tiny: Path) -> None:
    encoder = load_encoder(tiny)
    with torch.no_grad():
        before = encoder(IDS, MASK).last_hidden_state
        attach(encoder, {"bottleneck": 4})
        after = encoder(IDS, MASK).last_hidden_state

    assert torch.allclose(before, after)


def test_the_mean_leaves_padding_out() -> None:
    states = torch.tensor([[[1.0], [3.0], [100.0]]])

    assert mean_pool(states, torch.tensor([[1, 1, 0]])).item() == 2.0


def test_an_embedding_has_length_one(tiny: Path) -> None:
    model = new_model("embedding", load_encoder(tiny), labels=0).eval()

    assert torch.allclose(model(IDS, MASK).norm(dim=1), torch.ones(2))


def test_a_model_of_another_task_is_refused(tiny: Path) -> None:
    write_weights(new_model("embedding", load_encoder(tiny), labels=0), tiny.parent)

    with pytest.raises(InputError, match="is for embedding, not for classification"):
        classification.load_model(tiny.parent)


def test_a_plain_encoder_is_no_artifact(tiny: Path) -> None:
    with pytest.raises(InputError, match="holds a plain encoder"):
        load_model(tiny)


def test_an_empty_folder_is_no_artifact(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"lacks config\.json"):
        load_model(tmp_path)
