"""Tell whoever watches a run that there is more to read; written in the transaction that changed the row."""

from apps.streams.services.events import append_event


def run_stream(run_id: int | str) -> str:
    return f"run:{run_id}"


def announce_run(run_id: int) -> None:
    append_event(stream=run_stream(run_id), kind="run", payload={})
