"""Figures for operators, in the format of Prometheus: no person, no conversation, no text stands in them.

Each process counts what it does itself. What is queued is the same for all of them, and is read from the database
whenever it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from base import clock, outbox
from base.outbox import DONE, GIVEN_UP, Item, Queued
from casework.submissions import State
from conversations.models import Debug

CONFIRM_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 3600, 6 * 3600, 24 * 3600, 72 * 3600)
HTTP_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
NO_TOPIC = "none"


class Metrics:
    """What this process has done since it started."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._attempts = Counter(
            "cornavin_outbox_attempts",
            "Attempts at rows of the outbox whose outcome is recorded.",
            ["kind"],
            registry=self._registry,
        )
        self._failures = Counter(
            "cornavin_outbox_failures",
            "Attempts that failed, the last ones included, by the type of the error.",
            ["kind", "reason"],
            registry=self._registry,
        )
        self._given_up = Counter(
            "cornavin_outbox_given_up", "Rows that were given up.", ["kind"], registry=self._registry
        )
        self._deliveries = Counter(
            "cornavin_deliveries",
            "Submissions whose delivery came to an end.",
            ["kind", "outcome"],
            registry=self._registry,
        )
        self._confirm_to_receipt = Histogram(
            "cornavin_confirm_to_receipt_seconds",
            "From the person's «oui» to the receipt by the e-service.",
            ["kind"],
            buckets=CONFIRM_BUCKETS,
            registry=self._registry,
        )
        self._turns = Counter("cornavin_turns", "Turns of conversation that were answered.", registry=self._registry)
        self._answers = Counter(
            "cornavin_answers", "The same turns, by the topic that was understood.", ["topic"], registry=self._registry
        )
        self._http = Histogram(
            "cornavin_http_seconds",
            "From a request to the beginning of its answer.",
            ["method", "route", "status"],
            buckets=HTTP_BUCKETS,
            registry=self._registry,
        )

    def attempted(self, item: Item, state: str, reason: str | None) -> None:
        """An attempt at a row was made, and its outcome recorded: an observer of `base.outbox.Worker`."""
        self._attempts.labels(item.kind).inc()
        if state != DONE:
            self._failures.labels(item.kind, reason or "unknown").inc()
        if state == GIVEN_UP:
            self._given_up.labels(item.kind).inc()

    def delivered(self, kind: str, outcome: str, took: timedelta) -> None:
        """A submission was received, refused or given up.

        Args:
            kind: Of the submission.
            outcome: Its new state.
            took: Since the person confirmed it; kept for what was received.
        """
        self._deliveries.labels(kind, outcome).inc()
        if outcome == State.RECEIVED:
            self._confirm_to_receipt.labels(kind).observe(max(0.0, took.total_seconds()))

    def answered(self, debug: Debug) -> None:
        """A turn was answered."""
        self._turns.inc()
        self._answers.labels(debug.topic or NO_TOPIC).inc()

    def served(self, method: str, route: str, status: str, seconds: float) -> None:
        """A request was answered.

        Args:
            route: Its pattern, never the address itself.
            status: HTTP status.
            seconds: Until the answer began.
        """
        self._http.labels(method, route, status).observe(seconds)

    def write(self, queue: Sequence[Queued] | None) -> bytes:
        """Everything as text.

        Args:
            queue: What waits in the database; None when it does not answer.
        """
        snapshot = CollectorRegistry()
        snapshot.register(_Snapshot(queue))
        return generate_latest(self._registry) + generate_latest(snapshot)


class _Snapshot(Collector):
    """The figures that come from the database."""

    def __init__(self, queue: Sequence[Queued] | None) -> None:
        self._queue = queue

    def collect(self) -> Iterable[Metric]:
        is_up = self._queue is not None
        yield GaugeMetricFamily("cornavin_database_up", "Whether the database answered just now.", value=int(is_up))
        if self._queue is not None:
            yield from self._queued(self._queue)

    @staticmethod
    def _queued(queue: Sequence[Queued]) -> Iterator[Metric]:
        rows = GaugeMetricFamily(
            "cornavin_outbox_rows",
            "Rows in the outbox: due, later (with reminders and deletions), or given up.",
            labels=["kind", "state"],
        )
        oldest = GaugeMetricFamily(
            "cornavin_outbox_oldest_due_seconds", "How long the oldest row has been due.", labels=["kind"]
        )
        now = clock.now()
        for one in queue:
            rows.add_metric([one.kind, "due"], one.due)
            rows.add_metric([one.kind, "later"], one.later)
            rows.add_metric([one.kind, outbox.GIVEN_UP], one.given_up)
            age = 0.0 if one.oldest_due is None else max(0.0, (now - one.oldest_due).total_seconds())
            oldest.add_metric([one.kind], age)
        yield from (rows, oldest)
