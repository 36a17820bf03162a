"""Labelled texts as points on a sphere, and the nearest of them."""

from modelcore.vectors.index import Entry, Hit, VectorIndex

__all__ = ["Entry", "Hit", "VectorIndex"]
