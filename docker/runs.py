"""How the runs of the registry are doing, for Prometheus: read from their rows, where the truth is."""

import sys
from collections.abc import Iterator

import psycopg
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

STATES = """
    SELECT state, count(*), extract(epoch FROM now() - min(queued_at)) FROM registry_run GROUP BY state
"""
# A run that has said nothing yet is silent since it started.
SILENCE = """
    SELECT extract(epoch FROM now() - min(greatest(run.started_at, said.at)))
    FROM registry_run run
    LEFT JOIN LATERAL (SELECT max(at) AS at FROM registry_runprogress WHERE run_id = run.id) said ON true
    WHERE run.state = 'running'
"""


class RunCollector(Collector):
    def __init__(self, database_url: str) -> None:
        self._database_url = database_url

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            with psycopg.connect(self._database_url, connect_timeout=3) as connection:
                states = connection.execute(STATES).fetchall()
                silent = connection.execute(SILENCE).fetchone()
        except psycopg.Error as error:
            # The rest of the page is still true; an alert watches for these figures to be missing.
            sys.stderr.write(f"the runs can't be read: {error}\n")
            return
        waits = {state: float(seconds) for state, _count, seconds in states}
        runs = GaugeMetricFamily("berth_runs", "Runs of the registry by state.", labels=["state"])
        for state, count, _seconds in states:
            runs.add_metric([state], count)
        yield runs
        yield GaugeMetricFamily(
            "berth_runs_oldest_queued_seconds",
            "Since when the oldest queued run waits, 0 for none.",
            waits.get("queued", 0.0),
        )
        yield GaugeMetricFamily(
            "berth_runs_longest_silence_seconds",
            "How long the quietest running run has reported no progress, 0 for none.",
            float(silent[0]) if silent and silent[0] is not None else 0.0,
        )
