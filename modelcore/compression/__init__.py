"""Smaller and faster models that are as good, by measurement."""

from modelcore.compression.compress import CompressionResult, calibration_texts, compress
from modelcore.compression.errors import NotFaithful
from modelcore.compression.fidelity import Fidelity
from modelcore.compression.quantise import VARIANTS
from modelcore.compression.selection import Candidate, Limits

__all__ = [
    "VARIANTS",
    "Candidate",
    "CompressionResult",
    "Fidelity",
    "Limits",
    "NotFaithful",
    "calibration_texts",
    "compress",
]
