"""What Prometheus is told about serving; exact across processes by prometheus_client's multiprocess mode.

`family` and `version` are empty where a request was refused before it reached a model: label values never
come from a client.
"""

from collections.abc import Sequence

from prometheus_client import Counter, Gauge, Histogram

from modelcore.serving import BatchReport

SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
BATCH_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)

requests_total = Counter(
    "berth_serving_requests",
    "Requests by door (http, openai, grpc, playground) and code (ok, or why not)",
    ["door", "family", "version", "code"],
)
request_seconds = Histogram(
    "berth_serving_request_seconds",
    "From the body read to the answer",
    ["door", "family"],
    buckets=SECONDS,
)
texts_total = Counter("berth_serving_texts", "Texts answered", ["family", "version"])
tokens_total = Counter(
    "berth_serving_tokens", "Tokens of texts answered, without padding", ["family", "version"]
)
padding_total = Counter("berth_serving_padding_tokens", "Tokens computed for nothing but shape", ["family"])
batch_size = Histogram("berth_serving_batch_size", "Texts a batch", ["family"], buckets=BATCH_SIZES)
batch_seconds = Histogram(
    "berth_serving_batch_seconds", "The engine's time a batch", ["family"], buckets=SECONDS
)
wait_seconds = Histogram(
    "berth_serving_wait_seconds", "A text's time in the queue", ["family"], buckets=SECONDS
)
queued = Gauge(
    "berth_serving_queued",
    "Texts that wait for a batch or are in one",
    ["family"],
    multiprocess_mode="livesum",
)
# Of each process, for one that lags must not hide behind another that is up to date.
live_version = Gauge(
    "berth_serving_live_version",
    "Number of the version that answers under an alias, 0 for none",
    ["family", "alias"],
    multiprocess_mode="liveall",
)
wanted_version = Gauge(
    "berth_serving_wanted_version",
    "Number of the version that the registry names; not the live one while it loads or after a failure",
    ["family", "alias"],
    multiprocess_mode="liveall",
)
loads_total = Counter("berth_serving_loads", "Versions loaded, by outcome", ["family", "outcome"])


def observe_answered(family: str, version: str, token_counts: Sequence[int]) -> None:
    texts_total.labels(family, version).inc(len(token_counts))
    tokens_total.labels(family, version).inc(sum(token_counts))


def observe_batch(family: str, report: BatchReport) -> None:
    batch_size.labels(family).observe(report.size)
    batch_seconds.labels(family).observe(report.run_seconds)
    padding_total.labels(family).inc(report.padded_tokens - report.tokens)
    waited = wait_seconds.labels(family)
    for seconds in report.waited_seconds:
        waited.observe(seconds)
