"""What machines ask: /health (it answers), /ready (it can do its work), /metrics (for whoever shows the token).

Strangers learn a word and no reason; whoever shows the token learns which check does not hold. From this computer they are
answered over plain HTTP and under any name too, for a container or a service asks its own server so.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from assessments import monitoring
from assessments.errors import AssessmentError
from assessments.keeping import readiness
from exports.printing import pdf
from pages._server import measuring, pools

HEALTH, READY, METRICS = "/health", "/ready", "/metrics"
PATHS = frozenset({HEALTH, READY, METRICS})
KEPT_SECONDS = 5.0
"""How long a look is told again: whoever asks often makes no work."""


class Looks:
    """The last look whether the server can do its work."""

    def __init__(self) -> None:
        self.tasks: Sequence[asyncio.Task[None]] = ()
        """What the server does beside answering, each until it is cancelled."""
        self._last: tuple[float, Mapping[str, bool]] | None = None

    def look(self) -> Mapping[str, bool]:
        """Check → whether it holds."""
        now = time.monotonic()
        if self._last is None or now - self._last[0] >= KEPT_SECONDS:
            checks = readiness.examine(self._workers)
            self._last = (time.monotonic(), {check.value: holds for check, holds in checks.items()})
        return self._last[1]

    def forget(self) -> None:
        self._last = None

    def _workers(self) -> bool:
        """The printing process is begun anew where it has died, as the next report would do. Raises: OSError."""
        pdf.start()
        return bool(self.tasks) and not any(task.done() for task in self.tasks)


LOOKS = Looks()


async def health(_: Request) -> Response:
    return PlainTextResponse("ok\n")


async def ready(request: Request) -> Response:
    checks = await pools.PROBES.run(LOOKS.look)
    status = 200 if all(checks.values()) else 503
    if _is_told(request):
        return Response(json.dumps(checks) + "\n", status, media_type="application/json")
    return PlainTextResponse("ready\n" if status == 200 else "not ready\n", status)


async def metrics(request: Request) -> Response:
    """401 also where there is no token to show: nobody learns which."""
    if not _is_told(request):
        return PlainTextResponse("401\n", 401, {"WWW-Authenticate": "Bearer"})
    checks = await pools.PROBES.run(LOOKS.look)
    return Response(measuring.text(checks), media_type=measuring.CONTENT_TYPE)


def _is_told(request: Request) -> bool:
    """Whether the token was shown; settings that cannot be used admit nobody."""
    kind, _space, shown = request.headers.get("authorization", "").partition(" ")
    try:
        return kind.lower() == "bearer" and monitoring.current().admits(shown.strip())
    except AssessmentError:
        return False


ROUTES = (
    Route(HEALTH, health, methods=["GET"]),
    Route(READY, ready, methods=["GET"]),
    Route(METRICS, metrics, methods=["GET"]),
)
