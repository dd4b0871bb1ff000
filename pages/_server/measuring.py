"""What the server counts for whoever watches it, in the words of Prometheus: begin, text, and a function for each thing that happens.

Labels hold routes as they are written here, kinds and reasons from closed lists; never a name, an id, an address or a number of
anything that somebody wrote. Counted in this process: several servers are added up by whoever reads them.
"""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.types import Scope

from assessments import timing
from assessments.release import version
from assessments.security_log import Deed, Outcome
from exports.printing import pdf

CONTENT_TYPE = CONTENT_TYPE_LATEST
REGISTRY = CollectorRegistry()
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_LONG_SECONDS = (0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300)
_REQUESTS = Counter("haetae_requests", "Answers to requests", ("method", "route", "status"), registry=REGISTRY)
_REQUEST_SECONDS = Histogram(
    "haetae_request_seconds", "Seconds until an answer was whole", ("route",), buckets=_SECONDS, registry=REGISTRY
)
_SOCKETS = Gauge("haetae_sockets", "Open screens", registry=REGISTRY)
_MESSAGES = Counter("haetae_socket_messages", "Messages from browsers on sockets", registry=REGISTRY)
_TURNED_AWAY = Counter(
    "haetae_turned_away", "Requests and sockets that were not let in", ("reason",), registry=REGISTRY
)
_SIGN_INS = Counter("haetae_sign_ins", "Attempts to sign in", ("way", "outcome"), registry=REGISTRY)
_JOBS = Counter("haetae_jobs", "Work beside answering", ("job", "outcome"), registry=REGISTRY)
_JOB_SECONDS = Histogram(
    "haetae_job_seconds", "Seconds of work beside answering", ("job",), buckets=_LONG_SECONDS, registry=REGISTRY
)
_WAITS = Histogram(
    "haetae_database_wait_seconds", "Seconds until the database let in", ("way",), buckets=_SECONDS, registry=REGISTRY
)
_PRINTINGS = Gauge("haetae_printings_waiting", "Reports that are being made or wait to be", registry=REGISTRY)
_READY = Gauge("haetae_ready", "1 where the check holds", ("check",), registry=REGISTRY)
_RELEASE = Info("haetae_release", "Which release this is", registry=REGISTRY)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})
OTHER = "other"
WAYS = ("password", "second factor", "passkey", "link", "identity provider", "asked again")
"""Of signing in, as the security log names them; what is said beyond is left out."""
_WAIT_WAYS = {timing.READ_WAIT: "read", timing.WRITE_WAIT: "write"}


def begin() -> None:
    """Once, when the server starts."""
    ProcessCollector(namespace="haetae", registry=REGISTRY)
    _RELEASE.info({"version": version()})
    _PRINTINGS.set_function(pdf.waiting)
    timing.listen(_took)


def text(ready: Mapping[str, bool]) -> bytes:
    """All of it. ready: check → whether it holds."""
    for check, holds in ready.items():
        _READY.labels(check).set(int(holds))
    return generate_latest(REGISTRY)


def answered(scope: Scope, status: int, seconds: float) -> None:
    """An answer to a request; the route is the one that took it, not the address that was asked for."""
    method, route = scope["method"], route_of(scope)
    _REQUESTS.labels(method if method in METHODS else OTHER, route, str(status)).inc()
    _REQUEST_SECONDS.labels(route).observe(seconds)


def route_of(scope: Scope) -> str:
    """As it is written in the program; `other` where none took the request, as where it was refused before."""
    route = getattr(scope.get("route"), "path", "")
    return route if isinstance(route, str) and route else OTHER


def turned_away(reason: str) -> None:
    """reason: one of the gate's own."""
    _TURNED_AWAY.labels(reason).inc()


def socket_opened() -> None:
    _SOCKETS.inc()


def socket_closed() -> None:
    _SOCKETS.dec()


def said_on_socket() -> None:
    _MESSAGES.inc()


def noted(deed: Deed, outcome: Outcome, reason: str) -> None:
    """Of what the security log notes: who tried to sign in, by which way, and how it ended."""
    if deed is Deed.SIGN_IN:
        way = next((way for way in WAYS if reason.startswith(way)), OTHER)
        _SIGN_INS.labels(way, outcome.value).inc()


def _took(what: str, seconds: float, is_done: bool) -> None:
    if what in _WAIT_WAYS:
        _WAITS.labels(_WAIT_WAYS[what]).observe(seconds)
        return
    _JOBS.labels(what, "done" if is_done else "failed").inc()
    _JOB_SECONDS.labels(what).observe(seconds)
