"""Prometheus metrics."""

from __future__ import annotations

from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from app.core.settings import Settings

BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

REQUESTS: Final = Histogram(
    "http_request_duration_seconds",
    "How long requests took",
    ("method", "route", "status"),
    buckets=BUCKETS,
)
IN_FLIGHT: Final = Gauge(
    "http_requests_in_flight", "Requests being answered", multiprocess_mode="livesum"
)
MAILS: Final = Counter("mails_total", "Mails by outcome", ("outcome",))


def render(settings: Settings) -> tuple[bytes, str]:
    """Return the metrics of every worker in this container, and their media type."""
    registry: CollectorRegistry = REGISTRY
    if settings.prometheus_multiproc_dir:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry), CONTENT_TYPE_LATEST
