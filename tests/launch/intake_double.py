"""A small real HTTP server that keeps the contract of the intake: keys, refusals, and being busy when told to."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

PASSWORD = "made-up-password"

Answer = JSONResponse | None


@dataclass
class Intake:
    """What came in. ``first``: what to answer before anything else, per request; ``signed_in`` counts sessions."""

    url: str = ""
    cases: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: int = 0
    abreast: int = 0
    most_abreast: int = 0
    signed_in: int = 0
    first: Callable[[int], Awaitable[Answer]] | None = None

    def words(self) -> list[str]:
        """The descriptions of the cases, sorted."""
        return sorted(case["description"] for case in self.cases.values())

    async def post(self, request: Request) -> JSONResponse:
        """``POST /api/v1/incidents``."""
        self.requests += 1
        self.abreast += 1
        self.most_abreast = max(self.most_abreast, self.abreast)
        try:
            await asyncio.sleep(0)
            return await self._answer(request)
        finally:
            self.abreast -= 1

    async def _answer(self, request: Request) -> JSONResponse:
        if self.first is not None and (answer := await self.first(self.requests)) is not None:
            return answer
        if request.headers["authorization"] != f"Bearer token-{self.signed_in}":
            return problem(401, "unauthenticated")
        report, key = json.loads(await request.body()), request.headers["idempotency-key"]
        if report["description"] == "refuse me":
            return problem(422, "validation_failed", errors=[{"field": "category", "code": "category_unknown"}])
        if self.cases.setdefault(key, report) != report:
            return problem(409, "idempotency_key_reused")
        return JSONResponse({"number": f"SJ-{list(self.cases).index(key) + 1}"}, 201)


def problem(status: int, code: str, *, retry_after: str | None = None, **more: Any) -> JSONResponse:
    """A problem as the contract has it."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    body = {"status": status, "code": code, "title": code, **more}
    return JSONResponse(body, status, headers=headers, media_type="application/problem+json")


@contextlib.asynccontextmanager
async def serving() -> AsyncIterator[Intake]:
    """An intake on a free port."""
    intake = Intake()
    app = FastAPI()

    @app.post("/api/v1/sessions")
    async def sign_in(request: Request) -> JSONResponse:
        if (await request.json())["password"] != PASSWORD:
            return problem(401, "credentials_wrong")
        intake.signed_in += 1
        return JSONResponse({"token": f"token-{intake.signed_in}"}, 201)

    app.post("/api/v1/incidents")(intake.post)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        intake.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        task = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:  # noqa: ASYNC110 (it sets no event)
            await asyncio.sleep(0.01)
        yield intake
        server.should_exit = True
        await task
