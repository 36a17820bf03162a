"""A model's outputs in the arithmetic that the processor is quick at."""

from pathlib import Path

import numpy as np
import pytest
import torch

from modelcore.tasks.embedding import Embedder
from modelcore.tasks.encoder import load_encoder
from modelcore.training.inference import outputs


@pytest.mark.parametrize(("capabilities", "is_exact"), [({"avx2": True}, True), ({"amx_bf16": True}, False)])
def test_bf16_is_not_emulated(
    capabilities: dict[str, bool], is_exact: bool, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, tokens = Embedder(load_encoder(tiny)), [[2, 50, 51, 52, 3], [2, 60, 3]]
    exact = np.stack(outputs(model, tokens))
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities)

    found = np.stack(outputs(model, tokens, bf16=True))

    assert np.array_equal(found, exact) is is_exact
