"""The least of an HTTP client: one connection kept alive, one request at a time; the load itself costs little."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

IDLE_S = 2.0
"""A connection that was idle for longer is not used again: the server closes it after some seconds."""

_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, body and ``Location`` of an answer, and all its headers, their names in lower case."""

    status: int
    body: bytes
    location: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    def expect(self, *statuses: int) -> Self:
        """Itself; raises RuntimeError when the status is none of these: a refused request measures nothing."""
        if self.status not in statuses:
            raise RuntimeError(f"HTTP {self.status}: {self.body[:400].decode(errors='replace')}")
        return self


class Wire:
    """A connection to the API, with the bearer's token once ``token`` is set, and ``more`` headers."""

    def __init__(self, host: str, port: int, token: str | None = None, more: Mapping[str, str] | None = None) -> None:
        self.host = host
        self.port = port
        self.token = token
        self.more = {"Accept": _JSON, **(more or {})}
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._used = 0.0

    async def get(self, path: str) -> Answer:
        """GET."""
        return await self._ask("GET", path, b"", None)

    async def post(self, path: str, body: Any, key: str | None = None) -> Answer:
        """POST of JSON; ``key`` is the Idempotency-Key."""
        return await self._ask("POST", path, json.dumps(body, ensure_ascii=False).encode(), key)

    def close(self) -> None:
        """Give the connection up."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def _ask(self, method: str, path: str, body: bytes, key: str | None) -> Answer:
        if time.monotonic() - self._used > IDLE_S:
            self.close()
        self._used = time.monotonic()
        if self._streams is None:
            self._streams = await asyncio.open_connection(self.host, self.port)
        reader, writer = self._streams
        head = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}"]
        head += [f"{name}: {value}" for name, value in self.more.items()]
        if self.token:
            head.append(f"Authorization: Bearer {self.token}")
        if key:
            head.append(f"Idempotency-Key: {key}")
        if method == "POST":
            head += [f"Content-Type: {_JSON}", f"Content-Length: {len(body)}"]
        writer.write("\r\n".join([*head, "", ""]).encode() + body)
        return await self._answer(reader)

    async def _answer(self, reader: asyncio.StreamReader) -> Answer:
        lines = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        status = int(lines[0].split(b" ", 2)[1])
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines[1:])}
        body = await reader.readexactly(int(headers.get(b"content-length", b"0")))
        if headers.get(b"connection", b"").lower() == b"close":
            self.close()
        named = {name.decode(): value.decode("latin-1") for name, value in headers.items() if name}
        return Answer(status, body, named.get("location", ""), named)
