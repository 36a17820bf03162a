"""How good a model is, how sure one can be of that, and whether it is better than another."""

from modelcore.evaluation.calibration import (
    ReliabilityBin,
    expected_calibration_error,
    fit_temperature,
    reliability_bins,
    softmax,
)
from modelcore.evaluation.classification import ClassificationMetrics, LabelScores, classification_metrics
from modelcore.evaluation.comparison import (
    PairedResult,
    paired_significance,
    share_interval,
)
from modelcore.evaluation.confusion import ConfusionCell, confusion_cells
from modelcore.evaluation.entities import EntityMetrics, entity_metrics
from modelcore.evaluation.retrieval import RetrievalMetrics, nearest, retrieval_metrics

__all__ = [
    "ClassificationMetrics",
    "ConfusionCell",
    "EntityMetrics",
    "LabelScores",
    "PairedResult",
    "ReliabilityBin",
    "RetrievalMetrics",
    "classification_metrics",
    "confusion_cells",
    "entity_metrics",
    "expected_calibration_error",
    "fit_temperature",
    "nearest",
    "paired_significance",
    "reliability_bins",
    "retrieval_metrics",
    "share_interval",
    "softmax",
]
