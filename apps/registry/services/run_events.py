"""Tell the people who watch a run; the event is written in the transaction that changed the row."""

from typing import Any

from apps.registry.models import Run, RunProgress
from apps.streams.services.events import append_event


def run_stream(run_id: int | str) -> str:
    return f"run:{run_id}"


def announce_state(run: Run) -> None:
    payload: dict[str, Any] = {
        "run": run.pk,
        "state": run.state,
        "attempt": run.attempt,
        "situation": run.situation,
        "error": run.error,
    }
    append_event(stream=run_stream(run.pk), kind="run.state", payload=payload)


def announce_progress(progress: RunProgress) -> None:
    payload: dict[str, Any] = {
        "run": progress.run_id,
        "id": progress.pk,
        "phase": progress.phase,
        "step": progress.step,
        "total_steps": progress.total_steps,
        "loss": progress.loss,
        "metric": progress.metric,
        "eta_seconds": progress.eta_seconds,
        "message": progress.message,
    }
    append_event(stream=run_stream(progress.run_id), kind="run.progress", payload=payload)
