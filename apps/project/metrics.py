"""Counts and times of requests and tasks, exact over all processes of a host."""

import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import psutil
from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from celery.signals import task_postrun, task_prerun, worker_process_shutdown
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
TASK_BUCKETS = (0.01, 0.1, 1.0, 10.0, 60.0, 300.0, 1800.0)

REQUESTS = Counter("berth_http_requests_total", "Requests answered.", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "berth_http_request_seconds", "Time until a response was ready.", ["method", "route"], buckets=BUCKETS
)
TASKS = Counter("berth_tasks_total", "Background tasks finished.", ["task", "state"])
TASK_SECONDS = Histogram("berth_task_seconds", "Time in background tasks.", ["task"], buckets=TASK_BUCKETS)

KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestMetricsMiddleware:
    """Labels are routes, not paths: a path holds what people asked for, and there is no end of them."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self.is_async:
            return self.answer_async(request)
        started = time.perf_counter()
        response: HttpResponseBase = self.get_response(request)
        observe_request(request, response, time.perf_counter() - started)
        return response

    async def answer_async(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response: HttpResponseBase = await self.get_response(request)
        observe_request(request, response, time.perf_counter() - started)
        return response


def observe_request(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    method = request.method if request.method in KNOWN_METHODS else "other"
    match = request.resolver_match
    route = match.route if match is not None else "unmatched"
    REQUESTS.labels(method, route, str(response.status_code)).inc()
    REQUEST_SECONDS.labels(method, route).observe(seconds)


def metrics_view(request: HttpRequest) -> HttpResponse:
    forget_dead_processes(Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]))
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # prometheus_client leaves it untyped
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def forget_dead_processes(folder: Path) -> None:
    """What was killed could not say so itself, and its gauges would be shown for ever."""
    for file in folder.glob("gauge_live*.db"):
        pid = int(file.stem.rpartition("_")[2])
        if not psutil.pid_exists(pid):
            forget_process(pid)


def forget_process(pid: int) -> None:
    """Drop the gauges of a process that ended; what it counted stays counted."""
    mark_process_dead(pid)  # type: ignore[no-untyped-call]  # prometheus_client leaves it untyped


_started_at: dict[str, float] = {}


@task_prerun.connect  # type: ignore[untyped-decorator]  # celery has no types
def start_clock(task_id: str, **_: Any) -> None:
    _started_at[task_id] = time.perf_counter()


@task_postrun.connect  # type: ignore[untyped-decorator]  # celery has no types
def observe_task(task_id: str, task: Any, state: str | None, **_: Any) -> None:
    TASKS.labels(task.name, state or "UNKNOWN").inc()
    started = _started_at.pop(task_id, None)
    if started is not None:
        TASK_SECONDS.labels(task.name).observe(time.perf_counter() - started)


@worker_process_shutdown.connect  # type: ignore[untyped-decorator]  # celery has no types
def forget_worker(pid: int, **_: Any) -> None:
    forget_process(pid)
