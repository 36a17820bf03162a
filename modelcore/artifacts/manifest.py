"""What an artifact says about itself: manifest.json, its fields, its one way of being written."""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from modelcore.artifacts.admission import refuse_foreign_path
from modelcore.artifacts.errors import ArtifactCorrupt, ArtifactIncompatible

SCHEMA_VERSION = 1
TASKS = ("classification", "tagging", "embedding")
MANIFEST = "manifest.json"
CARD = "card.md"
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Manifest:
    """What an artifact is, came from and can be run with.

    Args:
        task: one of TASKS.
        labels: in the order of the model's outputs; for tagging with B- and I-; empty for embedding.
        backbone: {"name", "digest"} of the encoder that training began with, and in "added_pieces" how many
            word pieces its vocabulary got; artifacts of before it could get any don't say.
        dataset: {"digest", "rows"} of the training data.
        recipe: the training recipe as JSON.
        metrics: what training measured on held-out data.
        calibration: {"temperature": t}; probabilities are softmax(logits / t).
        runtimes: name to {"file": path or None, "parity": {...} or None, ...}.
        default_runtime: the one of `runtimes` that serves when nobody names another.
        max_tokens: longer texts are cut to so many tokens.
        libraries: name to version of what made it.
        created_at: instant, ISO 8601 with zone.
        files: relative path to sha256 (hex) of every file but manifest.json.
    """

    task: str
    labels: tuple[str, ...]
    backbone: dict[str, Any]
    dataset: dict[str, Any]
    recipe: dict[str, Any]
    seed: int
    metrics: dict[str, Any]
    runtimes: dict[str, dict[str, Any]]
    default_runtime: str
    max_tokens: int
    libraries: dict[str, str]
    created_at: str
    files: dict[str, str]
    calibration: dict[str, float] = field(default_factory=lambda: {"temperature": 1.0})
    schema_version: int = SCHEMA_VERSION

    @property
    def temperature(self) -> float:
        return float(self.calibration.get("temperature", 1.0))

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "labels": list(self.labels)}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Check every field and every promise between fields.

        Raises:
            ArtifactIncompatible: another schema version, or a task, runtime or path that Berth doesn't know.
            ArtifactCorrupt: fields lacking or of a wrong type.
        """
        if content.get("schema_version") != SCHEMA_VERSION:
            raise ArtifactIncompatible(
                "{manifest} has schema version {found!r} and this Berth reads "
                "{readable}: use the Berth that wrote it, or pack the model again.",
                manifest=MANIFEST,
                found=content.get("schema_version"),
                readable=SCHEMA_VERSION,
            )
        if content.get("task") not in TASKS:
            raise ArtifactIncompatible(
                "{manifest} names the task {task!r}; this Berth knows {tasks}: use the Berth that wrote it.",
                manifest=MANIFEST,
                task=content.get("task"),
                tasks=", ".join(TASKS),
            )
        _check_types(content)
        manifest = cls(**{**content, "labels": tuple(content["labels"])})
        _check_promises(manifest)
        return manifest


def encode(manifest: Manifest) -> bytes:
    """The bytes of manifest.json, the same for equal manifests; the last line seals the ones before it."""
    content = manifest.to_json()
    return _canonical({**content, "seal": hashlib.sha256(_canonical(content)).hexdigest()})


def decode(content: bytes) -> Manifest:
    """Read manifest.json and refuse it if a single bit has changed.

    Raises:
        ArtifactCorrupt: not the bytes that were written.
        ArtifactIncompatible: see `Manifest.from_json`.
    """
    try:
        fields_given = json.loads(content)
        seal = fields_given.pop("seal")
        whole = content == _canonical({**fields_given, "seal": seal})
        whole = whole and seal == hashlib.sha256(_canonical(fields_given)).hexdigest()
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        whole = False
    if not whole:
        raise ArtifactCorrupt(
            "{manifest} was changed or damaged after it was written: fetch the artifact again.",
            manifest=MANIFEST,
        )
    return Manifest.from_json(fields_given)


def _canonical(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False).encode() + b"\n"


def _check_types(content: Mapping[str, Any]) -> None:
    kinds: dict[str, type] = {"labels": list, "seed": int, "default_runtime": str, "max_tokens": int}
    kinds |= {"created_at": str, "task": str, "schema_version": int}
    for one in fields(Manifest):
        wanted = kinds.get(one.name, dict)
        given = content.get(one.name)
        if not isinstance(given, wanted) and not (one.name == "labels" and isinstance(given, tuple)):
            raise ArtifactCorrupt(
                '{manifest} needs "{name}" as a {kind}: pack the model again.',
                manifest=MANIFEST,
                name=one.name,
                kind=wanted.__name__,
            )
    unknown = sorted(set(content) - {one.name for one in fields(Manifest)})
    if unknown:
        raise ArtifactIncompatible(
            "{manifest} has fields that this Berth doesn't know ({unknown}): use the Berth that wrote it.",
            manifest=MANIFEST,
            unknown=", ".join(unknown),
        )
    _check_runtimes(content["runtimes"])
    temperature = content["calibration"].get("temperature", 1.0)
    if not isinstance(temperature, int | float) or not 0 < temperature < math.inf:
        raise ArtifactCorrupt(
            "{manifest} has the temperature {temperature!r}, no number above 0: pack the model again.",
            manifest=MANIFEST,
            temperature=temperature,
        )


def _check_runtimes(runtimes: Mapping[str, Any]) -> None:
    for name, runtime in runtimes.items():
        if not isinstance(runtime, dict) or not isinstance(runtime.get("file"), str | None):
            raise ArtifactCorrupt(
                '{manifest} does not say which file the runtime "{name}" has: pack the model again.',
                manifest=MANIFEST,
                name=name,
            )


def _check_promises(manifest: Manifest) -> None:
    for name, digest in manifest.files.items():
        refuse_foreign_path(name)
        if not isinstance(digest, str) or not _SHA256.fullmatch(digest):
            raise ArtifactCorrupt(
                '{manifest} has no sha256 for "{name}": pack the model again.', manifest=MANIFEST, name=name
            )
    if manifest.default_runtime not in manifest.runtimes:
        raise ArtifactIncompatible(
            '{manifest} chooses the runtime "{default_runtime}", which is not among its '
            "runtimes: pack the model again.",
            manifest=MANIFEST,
            default_runtime=manifest.default_runtime,
        )
    for name, runtime in manifest.runtimes.items():
        file = runtime.get("file")
        if file is not None and file not in manifest.files:
            raise ArtifactIncompatible(
                '{manifest} gives the runtime "{name}" the file "{file}", which it doesn\'t list: '
                "pack the model again.",
                manifest=MANIFEST,
                name=name,
                file=file,
            )
