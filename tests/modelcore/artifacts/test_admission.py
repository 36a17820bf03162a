"""Nothing that can run code gets into an artifact, whatever it is called."""

import gzip
import io
import pickle
import random
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch

from modelcore.artifacts import ArtifactIncompatible
from modelcore.artifacts.admission import refuse_foreign_content, refuse_foreign_path
from tests.modelcore.artifacts.samples import SAFETENSORS, write_sample


class Harmful:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (print, ("owned",))


def packed(value: object, *, zipped: bool) -> bytes:
    stream = io.BytesIO()
    torch.save(value, stream, _use_new_zipfile_serialization=zipped)
    return stream.getvalue()


def archived() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("data.pkl", pickle.dumps(Harmful()))
    return stream.getvalue()


def saved_array() -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.array([Harmful()], dtype=object), allow_pickle=True)
    return stream.getvalue()


PICKLES = {
    **{f"protocol {number}": pickle.dumps(Harmful(), number) for number in range(6)},
    "harmless": pickle.dumps({"weights": [1.0, 2.0]}),
    "torch": packed({"a": torch.zeros(2)}, zipped=True),
    "old torch": packed({"a": torch.zeros(2)}, zipped=False),
    "zip": archived(),
    "numpy": saved_array(),
    "gzip": gzip.compress(pickle.dumps(Harmful())),
}


@pytest.mark.parametrize("kind", PICKLES)
@pytest.mark.parametrize(
    "name", ["config.json", "model.safetensors", "runtimes/x/model.onnx", "runtimes/x/model.bin"]
)
def test_a_pickle_is_refused_by_its_content(tmp_path: Path, kind: str, name: str) -> None:
    (tmp_path / "file").write_bytes(PICKLES[kind])
    with pytest.raises(ArtifactIncompatible, match="pickle"):
        refuse_foreign_content(name, tmp_path / "file")


@pytest.mark.parametrize(
    "suffix", [".pkl", ".pickle", ".pt", ".pth", ".bin", ".npy", ".joblib", ".py", ".so", ".PT", ""]
)
def test_a_file_that_may_hold_a_pickle_is_refused_by_its_name(suffix: str) -> None:
    with pytest.raises(ArtifactIncompatible, match="never loads"):
        refuse_foreign_path(f"pytorch_model{suffix}")


def test_weights_that_begin_like_a_pickle_are_let_in(tmp_path: Path) -> None:
    # A header of 640 bytes: its length, little-endian, begins with the two bytes of a pickle of protocol 2.
    header = b'{"__metadata__": {"note": "' + b"x" * (640 - 30) + b'"}}'
    (tmp_path / "file").write_bytes((640).to_bytes(8, "little") + header)
    refuse_foreign_content("model.safetensors", tmp_path / "file")


def test_random_weights_are_let_in(tmp_path: Path) -> None:
    generator = random.Random(3)
    for _ in range(300):
        (tmp_path / "file").write_bytes(generator.randbytes(400))
        refuse_foreign_content("runtimes/openvino-fp32/model.bin", tmp_path / "file")


def test_writing_refuses_a_pickle_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ArtifactIncompatible, match=r"notes\.json"):
        write_sample(tmp_path / "model", files={"notes.json": pickle.dumps(Harmful())})
    assert list(tmp_path.iterdir()) == []


def test_plain_weights_are_let_in(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(SAFETENSORS)
    refuse_foreign_content("model.safetensors", tmp_path / "file")
