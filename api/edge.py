"""The outermost layer, plain ASGI: counts and times requests, logs them without query strings, sets common headers."""

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import Metrics
from api.problems import not_found, render

_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
]
_NO_STORE = (b"cache-control", b"no-store")
_PREFIX = "/api/v1"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_log = logging.getLogger("bihuan.access")


async def _nowhere(scope: Scope, receive: Receive, send: Send) -> None:
    """No path has control characters; a database would choke on some of them."""
    await render(not_found())(scope, receive, send)


class Edge:
    """Wraps the application."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        status = 500
        app = self._app if scope["path"].isprintable() else _nowhere

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message.setdefault("headers", [])
                headers.extend(_HEADERS)
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append(_NO_STORE)
            await send(message)

        try:
            await app(scope, receive, answer)
        finally:
            self._note(scope, status, time.perf_counter() - begun)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        # The template, never the path: a path may hold a username or whatever somebody typed.
        route = getattr(scope.get("route"), "path", "unmatched")
        if scope["path"].startswith(_PREFIX) and route.startswith("/") and not route.startswith(_PREFIX):
            route = _PREFIX + route  # the framework names routes as their router does
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        self._metrics.answered(method, route, status, seconds)
        _log.info("%s %s %d %.1f ms", method, route, status, seconds * 1000)
