"""What a product declares about a model it wants: its data, its recipe, its suites and its gate.

A product registers its families in `AppConfig.ready`; the registry knows nothing else about the product.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from django.utils.functional import Promise

from modelcore.compression.selection import STANDARD, Limits
from modelcore.data import Rows
from modelcore.errors import InputError
from modelcore.training.recipe import Recipe

THREADS = 2  # more make a batch of short texts little faster


class UnknownFamilyError(InputError):
    """No product has declared a family of this name."""


@dataclass(frozen=True)
class Snapshot:
    """The rows that a product hands over for training, and where they come from."""

    data: Rows
    source: str


@dataclass(frozen=True)
class Suite:
    """A fixed set of examples on which every version of a family is measured.

    It is carved out of the first snapshot and never changes afterwards: figures of two versions compare only
    when the examples are the same. One that grows begins empty, and each edition holds what still stands of
    the one before: what the first snapshot could not know, such as a new label, is measured there. A version
    that was measured on an earlier edition is measured again before it is compared.
    """

    name: str
    label: str | Promise
    evaluation_fraction: float = 0.2
    seed: int = 0
    grows: bool = False


@dataclass(frozen=True)
class GatePolicy:
    """What a version must show before an alias may point to it.

    Args:
        metric: the figure of the evaluation that `minimum` speaks of, in [0, 1].
        minimum: smallest acceptable value of `metric` on every suite.
        margin: how far the lower end of the 95 % interval of the paired difference to the champion may lie
            below zero; wide enough that the noise of a suite of some hundred texts does not decide.
        label_loss: F1 or recall that a label may lose before it has to be named in the promotion.
        wrong_labels: share of wrong labels in [0, 1) that is tolerated among the rows that the champion was
            not fitted on; refused is what surely holds more of them. None does not ask.
        limits: how far from fp32 the served runtime may be; compression chooses by the same.
    """

    metric: str = "accuracy"
    minimum: float = 0.5
    margin: float = 0.1
    label_loss: float = 0.02
    wrong_labels: float | None = None
    limits: Limits = STANDARD


@dataclass(frozen=True)
class Family:
    """
    Args:
        alone_ms: where texts come alone, what one may take; see `compression.choose`. None weighs single
            texts and batches alike.
        titles: what people call some of its labels; see `titles_of`.
        in_demo: whether `make demo` is ready with its model, goes on to make it while it is looked at, or
            leaves it to people.
    """

    name: str
    task: str
    label: str | Promise
    recipe: Recipe
    build_snapshot: Callable[[], Snapshot]
    suites: tuple[Suite, ...]
    gate: GatePolicy = field(default_factory=GatePolicy)
    alone_ms: float | None = None
    titles: Callable[[Iterable[str]], Mapping[str, str]] = lambda labels: {}
    in_demo: Literal["first", "later", "never"] = "first"

    @property
    def threads(self) -> int:
        """Of one call: a text alone is no faster with two, which take the other core from somebody's."""
        return 1 if self.alone_ms is not None else THREADS


_families: dict[str, Family] = {}


def register(family: Family) -> None:
    known = _families.get(family.name)
    if known is not None and known is not family:
        raise ValueError(f"two apps declare the family {family.name!r}")
    _families[family.name] = family


def unregister(name: str) -> None:
    _families.pop(name, None)


def get(name: str) -> Family:
    try:
        return _families[name]
    except KeyError:
        known = ", ".join(sorted(_families)) or "–"
        raise UnknownFamilyError(
            "There is no family {name!r}; choose one of: {known}.", name=name, known=known
        ) from None


def threads_of(name: str) -> int:
    """See `Family.threads`; also of a family that no product declares any more."""
    return _families[name].threads if name in _families else THREADS


def titles_of(name: str, labels: Iterable[str]) -> dict[str, str]:
    """What people call these labels of a family; one that its product has no other name for is its own."""
    labels = tuple(labels)
    titles = _families[name].titles(labels) if name in _families else {}
    return {label: titles.get(label, label) for label in labels}


def all() -> tuple[Family, ...]:  # noqa: A001  # families.all() reads like a manager
    return tuple(_families[name] for name in sorted(_families))


def choices() -> list[tuple[str, str]]:
    return [(family.name, str(family.label)) for family in all()]


def recipe_of(family: Family, changes: Mapping[str, object]) -> Recipe:
    """The family's recipe with a person's changes.

    Raises:
        InputError: a value that the recipe doesn't accept.
    """
    return Recipe.from_json({**family.recipe.to_json(), **changes})
