"""From labelled text to a model; importing this loads no model library."""

from modelcore.training.fit import fit
from modelcore.training.progress import Cancelled, FitResult, Progress
from modelcore.training.recipe import Recipe

__all__ = ["Cancelled", "FitResult", "Progress", "Recipe", "fit"]
