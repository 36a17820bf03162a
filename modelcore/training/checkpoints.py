"""Which checkpoints of a run are whole, and whether they belong to it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from modelcore.errors import DISK_FULL, InputError, ModelcoreError
from modelcore.training import processes

COMPLETE_FILE = "complete"
THREADS_FILE = "threads"
ROOM = 2**20  # bytes; less is left where a checkpoint did not fit


class CheckpointNotWritten(ModelcoreError):
    """The disk is full; the checkpoint before stands, and the run goes on from it."""


@contextmanager
def told_when_full(run: Path) -> Iterator[None]:
    """For what writes a checkpoint of the run."""
    try:
        yield
    except Exception as error:
        if not _is_full(run, error):
            raise
        raise CheckpointNotWritten(
            'The disk is full: a checkpoint in "{run}" was not written. Free some space there and run it '
            "again; it goes on from the checkpoint before.",
            run=run,
        ) from error


def _is_full(run: Path, error: Exception) -> bool:
    """safetensors tells the number of the fault in its text, torch tells none."""
    if isinstance(error, OSError):
        return error.errno in DISK_FULL
    is_told = any(f"(os error {number})" in str(error) for number in DISK_FULL)
    return is_told or (isinstance(error, RuntimeError) and shutil.disk_usage(run).free < ROOM)


def mark_complete(checkpoint: Path) -> None:
    """Everything in the folder is on disk before the mark is: a checkpoint without one is not used."""
    with told_when_full(checkpoint.parent):
        for file in checkpoint.iterdir():
            with file.open("rb") as stream:
                os.fsync(stream.fileno())
        (checkpoint / COMPLETE_FILE).touch()


def last_complete(run: Path) -> Path | None:
    """The newest whole checkpoint of a run; half-written ones are removed."""
    found: list[tuple[int, Path]] = []
    for folder in run.glob("checkpoint-*"):
        if (folder / COMPLETE_FILE).is_file():
            found.append((int(folder.name.rpartition("-")[2]), folder))
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return max(found)[1] if found else None


def run_folder(work: Path, identity: dict[str, object]) -> Path:
    """The folder of one exact fit under `work`: another recipe or other data has another one.

    Raises:
        InputError: nothing can be kept there.
    """
    canonical = json.dumps(identity, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    folder = work / hashlib.sha256(canonical.encode()).hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            'No checkpoint can be kept in "{work}" ({cause}): name a folder that may be made and written to.',
            work=work,
            cause=error.strerror or error,
        ) from error
    return folder


@contextmanager
def kept_folder(work: Path | None, identity: dict[str, object]) -> Iterator[Path]:
    """`run_folder`, or one that goes with the run where nothing is to be kept, for each process its own."""
    if work is not None:
        # A checkpoint holds what each process was at, so another number of them can't go on from it.
        together = {"processes": processes.count()} if processes.count() > 1 else {}
        yield run_folder(Path(work), identity | together)
        return
    with tempfile.TemporaryDirectory(prefix="berth-work-") as folder:
        yield Path(folder)


@contextmanager
def same_threads(folder: Path) -> Iterator[None]:
    """Compute with as many threads as the fit of this folder began with.

    Another number adds up in another order, and a fit that goes on would end with other last bits.
    """
    from modelcore.tasks.threads import torch_threads

    with torch_threads(processes.once(lambda: _first_threads(folder / THREADS_FILE))):
        yield


def _first_threads(file: Path) -> int:
    import torch

    if not file.exists():
        written = file.with_suffix(".new")
        written.write_text(str(torch.get_num_threads()))
        written.replace(file)
    return int(file.read_text())
