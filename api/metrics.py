"""What Prometheus is told: requests by route and status, cases opened, what waits to be started. No personal data."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """The figures of this process, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "bihuan_http_requests", "Requests by method, route and status", ("method", "route", "status"),
            registry=self._registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "bihuan_http_request_seconds", "Time to the answer", ("method", "route"),
            registry=self._registry, buckets=_BUCKETS,
        )  # fmt: skip
        self._cases = Counter("bihuan_cases_accepted", "Reports accepted", registry=self._registry)
        self._backlog = Gauge(
            "bihuan_opener_backlog", "Accepted here, workflow not started yet", registry=self._registry
        )
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered."""
        key = (method, route, status)
        if key not in self._known:
            counted = self._requests.labels(method, route, str(status))
            self._known[key] = (counted, self._seconds.labels(method, route))
        counter, histogram = self._known[key]
        counter.inc()
        histogram.observe(seconds)

    def accepted(self) -> None:
        """A report became a case."""
        self._cases.inc()

    def page(self, backlog: int) -> bytes:
        """The exposition, with what waits to be started now."""
        self._backlog.set(backlog)
        return generate_latest(self._registry)
