"""Metrics for Prometheus. No label contains an id: a route is named by its template."""

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

MEDIA_TYPE = CONTENT_TYPE_LATEST
LATENCY_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """The metrics of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("route", "method", "status")
        self.requests = Counter("kandian_requests", "Requests answered.", labels, registry=self.registry)
        self.latency = Histogram(
            "kandian_request_seconds",
            "Time to the end of the answer.",
            ("route",),
            buckets=LATENCY_BUCKETS_S,
            registry=self.registry,
        )
        self.edits = Counter("kandian_edits", "Operations recorded.", ("kind",), registry=self.registry)
        self.publications = Counter("kandian_publications", "Calls to publish.", ("outcome",), registry=self.registry)
        self.deliveries = Gauge(
            "kandian_deliveries", "Publications that webhooks tell of.", ("state",), registry=self.registry
        )

    def prometheus_text(self) -> bytes:
        """All metrics in Prometheus' text format."""
        return generate_latest(self.registry)
