from pathlib import Path

import pytest

from modelcore.backbones import MINILM_SHA256, resolve
from modelcore.errors import InputError
from tests.modelcore.tiny import make_tiny_backbone


def test_the_bundled_weights_are_the_published_ones() -> None:
    assert resolve("minilm").digest == MINILM_SHA256


def test_a_local_folder_is_a_backbone(tmp_path: Path) -> None:
    backbone = resolve(str(make_tiny_backbone(tmp_path / "tiny")))

    assert backbone.path == (tmp_path / "tiny").resolve()
    assert len(backbone.digest) == 64


def test_the_tiny_backbone_is_always_the_same(tmp_path: Path) -> None:
    one, two = (make_tiny_backbone(tmp_path / name) for name in "ab")

    assert resolve(str(one)).digest == resolve(str(two)).digest


def test_a_folder_without_weights_is_named_with_what_it_lacks(tmp_path: Path) -> None:
    (make_tiny_backbone(tmp_path) / "model.safetensors").unlink()

    with pytest.raises(InputError, match=r"lacks model\.safetensors"):
        resolve(str(tmp_path))


@pytest.mark.parametrize("content", ["{}", "[]", "no JSON", ""])
def test_a_damaged_tokenizer_is_named(tmp_path: Path, content: str) -> None:
    (make_tiny_backbone(tmp_path) / "tokenizer.json").write_text(content)

    with pytest.raises(InputError, match=r"The tokenizer\.json in .* can't be read"):
        resolve(str(tmp_path))


def test_changed_weights_have_another_digest(tmp_path: Path) -> None:
    before = resolve(str(make_tiny_backbone(tmp_path))).digest
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")

    assert resolve(str(tmp_path)).digest != before


def test_a_hub_id_out_of_reach_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)

    with pytest.raises(InputError, match="download it to a folder"):
        resolve("someone/no-such-encoder")


def test_a_name_that_cannot_be_one_is_refused() -> None:
    with pytest.raises(InputError, match="existing folder"):
        resolve("no such place/")
