"""The product's API and pages as ``launch`` serves them, in a process that counts its SQL statements.

Each answer says in a header how many ran while it was made (one request at a time, so they are its own); an address of
its own says how many ran at all. The beginnings of transactions are not counted.
"""

from fastapi import FastAPI
from sqlalchemy import Engine, event
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import settings as configuration
from launch.parts import serve_api
from web.app import create_app as create_product

HEADER = "x-statements"
COUNTED = "/-/statements"


class Counter:
    """How many statements ran in this process."""

    def __init__(self) -> None:
        self.number = 0

    def listen(self) -> None:
        """From now on, on whichever engine."""
        event.listen(Engine, "before_cursor_execute", self._count)

    def _count(self, connection: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith("BEGIN"):
            self.number += 1


class Counting:
    """Tells the number with every answer."""

    def __init__(self, app: ASGIApp, counter: Counter) -> None:
        self._app = app
        self._counter = counter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"] == COUNTED:
            body = str(self._counter.number).encode()
            await send(
                {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]}
            )
            await send({"type": "http.response.body", "body": body})
            return
        before = self._counter.number

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                number = self._counter.number - before
                message["headers"] = [*message["headers"], (HEADER.encode(), b"%d" % number)]
            await send(message)

        await self._app(scope, receive, tell)


def create_app() -> FastAPI:
    """The product, counted."""
    counter = Counter()
    counter.listen()
    app = create_product()
    app.add_middleware(Counting, counter=counter)
    return app


if __name__ == "__main__":
    serve_api(configuration.load(), verbose=False, app="benchmarks.counted:create_app")
