"""Models that answer: predictors, their runtimes and the batcher in front of them."""

from modelcore.serving.batcher import BatchReport, Closed, DynamicBatcher, Overloaded, TooLarge
from modelcore.serving.prediction import Prediction
from modelcore.serving.predictor import Predictor
from modelcore.serving.tokenise import Text

__all__ = [
    "BatchReport",
    "Closed",
    "DynamicBatcher",
    "Overloaded",
    "Prediction",
    "Predictor",
    "Text",
    "TooLarge",
]
