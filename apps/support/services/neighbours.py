"""Decisions name the examples that they stood on: what is erased or masked anew changes there, too."""

from collections.abc import Callable

from django.db.models import QuerySet

from apps.support.models import Decision


def rewrite_neighbours(decisions: QuerySet[Decision], rewritten: Callable[[str], str]) -> int:
    """Give the neighbours of decisions other words; how many decisions changed."""
    return sum(_rewrite(decision, rewritten) for decision in decisions.iterator(chunk_size=200))


def _rewrite(decision: Decision, rewritten: Callable[[str], str]) -> bool:
    changed = False
    for question in decision.detail.get("questions", ()):
        for neighbour in question.get("neighbours", ()):
            text = neighbour["text"] and rewritten(neighbour["text"])
            changed |= text != neighbour["text"]
            neighbour["text"] = text
    if changed:
        decision.save(update_fields=["detail"])
    return changed
