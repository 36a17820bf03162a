"""An index of unit vectors with what each stands for: built, written whole, memory-mapped, searched."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from modelcore.artifacts import ArtifactCorrupt, ArtifactMissing
from modelcore.artifacts.writing import new_directory
from modelcore.errors import InputError

Vectors = NDArray[np.float32]
# A search through all of 50,000 vectors of 384 numbers takes about a millisecond; beyond, only near cells
# are looked into.
EXACT_UP_TO = 50_000
CELLS_SEARCHED = 0.15  # of all cells: on 10,003 questions 99.8 % of the nearest were found
UNIT = 1e-3
INDEX, ENTRIES, DIGESTS = "index.faiss", "entries.jsonl", "digests.json"


@dataclass(frozen=True)
class Entry:
    """What a vector stands for; `key` is the caller's own name of it, different for each."""

    key: str
    text: str
    label: str


@dataclass(frozen=True)
class Hit:
    """A found entry and its cosine similarity in [-1, 1]."""

    entry: Entry
    similarity: float


class VectorIndex:
    """Entries by their vectors; never changes, so that any number of threads may search it.

    Source: Douze et al. 2024, "The Faiss library"; cells: Jegou, Douze and Schmid 2011, section IV.
    """

    def __init__(self, index: Any, entries: tuple[Entry, ...]) -> None:
        self._index = index
        self.entries = entries

    def __len__(self) -> int:
        return len(self.entries)

    @cached_property
    def digest(self) -> str:
        """Of the entries in their order: the same knowledge has the same digest."""
        return hashlib.sha256(_lines(self.entries)).hexdigest()

    @classmethod
    def build(cls, vectors: Vectors, entries: Sequence[Entry], *, exact_up_to: int = EXACT_UP_TO) -> Self:
        """Index vectors.

        Args:
            vectors: (n, D) float32, each of length 1.
            entries: n, each with a key of its own.
            exact_up_to: with more vectors only the nearest cells are searched.

        Raises:
            InputError: the shapes do not fit, a vector is not of length 1, or a key occurs twice.
        """
        _check(vectors, entries)
        return cls(_faiss_index(np.ascontiguousarray(vectors, np.float32), exact_up_to), tuple(entries))

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Map an index that `write` left into memory.

        Raises:
            ArtifactMissing: there is none.
            ArtifactCorrupt: a file is not as it was written.
        """
        import faiss

        folder = Path(folder)
        if not (folder / DIGESTS).is_file():
            raise ArtifactMissing('There is no vector index in "{folder}": build it.', folder=folder)
        for name, digest in json.loads((folder / DIGESTS).read_text("utf-8")).items():
            if not (folder / name).is_file() or _digest_of(folder / name) != digest:
                raise ArtifactCorrupt(
                    '"{file}" is not as it was written: build the vector index again.', file=folder / name
                )
        index = faiss.read_index(str(folder / INDEX), faiss.IO_FLAG_MMAP_IFC)
        lines = (folder / ENTRIES).read_text("utf-8").splitlines()
        return cls(index, tuple(Entry(**json.loads(line)) for line in lines))

    def write(self, folder: Path) -> None:
        """Write so that `folder` is either the whole index or what it was before.

        Raises:
            ArtifactNotWritten: the disk is full or another fault of the system.
        """
        import faiss

        with new_directory(Path(folder)) as new:
            faiss.write_index(self._index, str(new / INDEX))
            (new / ENTRIES).write_bytes(_lines(self.entries))
            digests = {name: _digest_of(new / name) for name in (INDEX, ENTRIES)}
            (new / DIGESTS).write_text(json.dumps(digests), "utf-8")

    def search(self, vectors: Vectors, *, k: int) -> list[tuple[Hit, ...]]:
        """The nearest entries of each vector.

        Args:
            vectors: (n, D) float32, each of length 1.
            k: how many are wanted, at least 1.

        Returns:
            n tuples of up to k hits, the nearest first.
        """
        if not len(self) or not len(vectors):
            return [()] * len(vectors)
        similarities, places = self._index.search(
            np.ascontiguousarray(vectors, np.float32), min(k, len(self))
        )
        return [
            tuple(
                Hit(self.entries[place], similarity)
                for place, similarity in zip(row_places, row, strict=True)
                if place >= 0
            )
            for row_places, row in zip(places.tolist(), similarities.tolist(), strict=True)
        ]

    def vectors(self, places: Sequence[int]) -> Vectors:
        """(n, D) float32 vectors of the entries at these places."""
        found: Vectors = self._index.reconstruct_n(0, len(self))[list(places)]
        return found


def _check(vectors: Vectors, entries: Sequence[Entry]) -> None:
    if vectors.ndim != 2 or len(vectors) != len(entries):
        raise InputError(
            "{vectors} vectors and {entries} entries cannot be indexed: give one of each.",
            vectors=len(vectors),
            entries=len(entries),
        )
    if len(vectors) and not np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=UNIT):
        raise InputError("Vectors of an index must have length 1: normalise them.")
    if len({entry.key for entry in entries}) != len(entries):
        raise InputError("Two entries of the index have the same key.")


def _faiss_index(vectors: Vectors, exact_up_to: int) -> Any:
    import faiss

    size = vectors.shape[1]
    if len(vectors) <= exact_up_to:
        exact = faiss.IndexFlatIP(size)
        exact.add(vectors)
        return exact
    cells = max(1, round(4 * math.sqrt(len(vectors))))
    index = faiss.IndexIVFFlat(faiss.IndexFlatIP(size), size, cells, faiss.METRIC_INNER_PRODUCT)
    index.train(vectors)
    index.add(vectors)
    index.nprobe = max(1, math.ceil(CELLS_SEARCHED * cells))
    return index


def _lines(entries: Sequence[Entry]) -> bytes:
    return b"".join(json.dumps(asdict(entry)).encode("ascii") + b"\n" for entry in entries)


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
