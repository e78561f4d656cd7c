"""Metrics for Prometheus. No label contains an id: a route is named by its template."""

from dataclasses import dataclass, field

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

MEDIA_TYPE = CONTENT_TYPE_LATEST
LATENCY_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


@dataclass(frozen=True, slots=True)
class Metrics:
    """The metrics of one server."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    requests: Counter = field(init=False)
    latency: Histogram = field(init=False)
    edits: Counter = field(init=False)
    publications: Counter = field(init=False)
    deliveries: Gauge = field(init=False)

    def __post_init__(self) -> None:
        metrics_by_name = {
            "requests": Counter(
                "kandian_requests", "Requests answered.", ("route", "method", "status"), registry=self.registry
            ),
            "latency": Histogram(
                "kandian_request_seconds",
                "Time to the end of the answer.",
                ("route",),
                buckets=LATENCY_BUCKETS_S,
                registry=self.registry,
            ),
            "edits": Counter("kandian_edits", "Operations recorded.", ("kind",), registry=self.registry),
            "publications": Counter("kandian_publications", "Calls to publish.", ("outcome",), registry=self.registry),
            "deliveries": Gauge(
                "kandian_deliveries", "Publications that webhooks tell of.", ("state",), registry=self.registry
            ),
        }
        for name, metric in metrics_by_name.items():
            object.__setattr__(self, name, metric)

    def prometheus_text(self) -> bytes:
        """All metrics in Prometheus' text format."""
        return generate_latest(self.registry)
