"""What a run's page, its fragment and the API show of its progress."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.registry.models import Run, RunProgress

LOG_LINES = 60
CURVE_POINTS = 400

Curve = tuple[str, list[tuple[float, float]]]


def curves(run: Run) -> list[Curve]:
    """The loss and the metric by step; a step that was trained again after a lost worker shows its last.

    Those of the model that is kept, as soon as there are any, and not of one that rehearsed for it.
    """
    loss: dict[int, float] = {}
    metric: dict[int, float] = {}
    is_kept_one = run.progress.filter(phase="train", loss__isnull=False).exists()
    phases = ("train" if is_kept_one else "rehearse", "evaluate")
    lines = run.progress.filter(phase__in=phases).values_list("step", "loss", "metric")
    last_step = 0
    for step, loss_now, metric_now in lines.iterator():
        place = step or last_step
        last_step = place
        if loss_now is not None:
            loss[place] = loss_now
        if metric_now is not None:
            metric[place] = metric_now
    return [(_("Loss"), _thinned(loss)), (_("Metric"), _thinned(metric))]


def last_lines(run: Run) -> list[RunProgress]:
    """The newest line first: it is what people look for while the run goes on.

    What was said stays, however many lines of figures came after it.
    """
    newest = run.progress.order_by("-pk").values("pk")[:LOG_LINES]
    return list(run.progress.filter(Q(pk__in=newest) | ~Q(message="")).order_by("-pk"))


def lines_after(run: Run, after: int) -> QuerySet[RunProgress]:
    return run.progress.filter(pk__gt=after).order_by("pk")


def _thinned(values: dict[int, float]) -> list[tuple[float, float]]:
    points = [(float(step), values[step]) for step in sorted(values)]
    stride = max(1, len(points) // CURVE_POINTS)
    return points[:-1:stride] + points[-1:] if points else []
