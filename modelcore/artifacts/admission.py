"""What may lie in an artifact: plain relative paths, kinds of file that can't run code, never a pickle."""

import pickletools
import struct
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from modelcore.artifacts.errors import ArtifactIncompatible

# Everything else is refused, so that no format which can carry code comes in by a new name.
SUFFIXES = frozenset(
    {".json", ".jsonl", ".txt", ".md", ".csv", ".safetensors", ".onnx", ".data", ".xml", ".bin"}
)
# Archives that torch.load, numpy.load and joblib.load look into for pickles.
ARCHIVES = (b"PK\x03\x04", b"\x93NUMPY", b"\x89HDF", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
# Opcodes with which a pickle imports and calls: plain text may look like a harmless pickle, never like these.
CALLS = frozenset({"GLOBAL", "STACK_GLOBAL", "INST", "OBJ", "REDUCE", "NEWOBJ", "NEWOBJ_EX", "BUILD"})
PROTOCOLS = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")


def is_plain_path(name: str) -> bool:
    """True for a relative path in canonical form that stays inside the folder, on every system."""
    parts = PurePosixPath(name).parts
    return (
        bool(parts)
        and name == "/".join(parts)
        and not name.startswith("/")
        and not any(part in {".", ".."} for part in parts)
        and not any(character in '\\:*?"<>|' or ord(character) < 32 for character in name)
    )


def refuse_foreign_path(name: str) -> None:
    """Refuse a file for its name alone.

    Args:
        name: path relative to the artifact, with slashes.
    Raises:
        ArtifactIncompatible: it leaves the folder, or its suffix is not of a kind that Berth loads.
    """
    if not is_plain_path(name):
        raise ArtifactIncompatible(
            '"{name}" is not a plain path inside the artifact: use relative names without "..".', name=name
        )
    suffix = PurePosixPath(name).suffix
    if suffix not in SUFFIXES or (suffix == ".bin" and not name.startswith("runtimes/")):
        raise ArtifactIncompatible(
            '"{name}" is of a kind that may hold a pickle or other code, which Berth never '
            "loads: keep weights as safetensors, ONNX or OpenVINO IR.",
            name=name,
        )


def refuse_foreign_content(name: str, path: Path) -> None:
    """Refuse a file for what is in it, whatever its name.

    Args:
        name: path relative to the artifact, for the sentence.
        path: where its bytes are.
    Raises:
        ArtifactIncompatible: a pickle, or an archive that may hold one.
    """
    with path.open("rb") as stream:
        if name.endswith(".safetensors"):
            refused = not _is_safetensors(stream)
        else:
            refused = stream.read(8).startswith(ARCHIVES) or _is_pickle(stream)
    if refused:
        raise ArtifactIncompatible(
            '"{name}" holds a pickle or an archive instead of what its name says; Berth never '
            "loads those: write the weights as safetensors, ONNX or OpenVINO IR.",
            name=name,
        )


def _is_safetensors(stream: BinaryIO) -> bool:
    # The format: a little-endian u64 header length, then a JSON object. That length may look like a pickle.
    head = stream.read(9)
    return len(head) == 9 and head[8:] == b"{" and struct.unpack("<Q", head[:8])[0] < 100 * 2**20


class _Clipped:
    """A file that never allocates more than it has: what only looks like a pickle may ask for any length."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._size = stream, stream.seek(0, 2)
        stream.seek(0)
        self.readline, self.tell = stream.readline, stream.tell

    def read(self, size: int) -> bytes:
        return self._stream.read(min(size, self._size))


def _is_pickle(stream: BinaryIO) -> bool:
    stream.seek(0)
    is_framed = stream.read(2) in PROTOCOLS
    opcodes, calls = 0, False
    try:
        for opcode, _, _ in pickletools.genops(cast(IO[bytes], _Clipped(stream))):
            opcodes += 1
            calls = calls or opcode.name in CALLS
            if is_framed and opcodes == 4:
                return True
    except (ValueError, IndexError, OverflowError, struct.error):
        # Not a pickle after all; one that breaks off would not be loaded either.
        return False
    return is_framed or calls
