"""Why a model answered what it did: the words that weighed."""

from modelcore.explain.attributions import Explainer, Explanation, Word

__all__ = ["Explainer", "Explanation", "Word"]
