"""What Prometheus is told: requests, how long they took, documents, database connections."""

from __future__ import annotations

import os
from collections.abc import Iterator

from django.db import connection
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from transactions.models import NumberSeries

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

REQUESTS = Counter(
    "serialbook_requests", "Requests by view, method and status.", ["view", "method", "status"]
)
SECONDS = Histogram(
    "serialbook_request_seconds", "How long requests took, by view.", ["view"], buckets=BUCKETS
)


def text() -> bytes:
    """Everything, in Prometheus's format; of all server processes where there are several."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)
    else:
        registry.register(REGISTRY)
    registry.register(OfTheDatabase())
    return generate_latest(registry)


class OfTheDatabase(Collector):
    """What the database knows better than any process: it survives them, and is one for all."""

    def collect(self) -> Iterator[Metric]:
        yield _documents()
        if connection.vendor == "postgresql":
            yield _connections()


def _documents() -> Metric:
    """Out of the counters of their numbers, which have no gaps: a row a kind, not a count."""
    metric = CounterMetricFamily(
        "serialbook_documents", "Documents posted, by kind.", labels=["kind"]
    )
    for kind, following in NumberSeries.objects.order_by("type").values_list("type", "next"):
        metric.add_metric([kind], following - 1)
    return metric


def _connections() -> Metric:
    """Those of all processes, pooled or not."""
    metric = GaugeMetricFamily(
        "serialbook_database_connections", "Connections to our database, by state.",
        labels=["state"],
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(state, 'unknown'), count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() GROUP BY 1 ORDER BY 1"
        )
        for state, count in cursor.fetchall():
            metric.add_metric([state], count)
    return metric
