"""People at their desks: who there is, who signs in as whom, one request after the other, and what was refused."""

import asyncio
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, Self

import httpx

from domain.vocabulary import Role

Json = dict[str, Any]

_API: Final = "/api/v1"
_LATER: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_TRIES: Final = 20
_TIMEOUT_S: Final = 30.0
_AGAIN_S: Final = 0.5


class Declined(Exception):
    """A single request that was refused; ``code`` says why. The day goes on without it."""

    def __init__(self, path: str, code: str) -> None:
        super().__init__(f"{path}: {code}")
        self.code = code


class NoStage(Exception):
    """There is nothing to play on; the message says why."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who may play whom: accounts by unit and role, and the officer of each grid."""

    accounts: tuple[Json, ...]
    officers: dict[str, str]

    def one(self, role: Role, unit: str | None = None) -> str:
        """Somebody with this role, whoever is called like it before others; ``unit``: of it.

        Raises Declined("nobody").
        """
        fit = [
            str(account["username"])
            for account in self.accounts
            if role in account["roles"] and unit in (None, account["unit"])
        ]
        if not fit:
            raise Declined(f"{role} of {unit}", "nobody")
        return role.value if role in fit else fit[0]

    def grid_of(self, officer: str) -> str:
        """The first grid of an officer. Raises Declined("nobody")."""
        for grid, who in self.officers.items():
            if who == officer:
                return grid
        raise Declined(f"grid of {officer}", "nobody")

    def worker(self, unit: str) -> str:
        """Whoever takes the cases of a unit: a handler, else its leader."""
        try:
            return self.one(Role.HANDLER, unit)
        except Declined:
            return self.one(Role.UNIT_LEADER, unit)


@dataclass
class Stage:
    """The API at the other end of ``http``, for everybody who plays.

    every                    seconds between two requests
    played, declined, dealt  how often which scene began, what was refused, and which matter is next
    """

    http: httpx.AsyncClient
    password: str
    every: float = 0.04
    played: Counter[str] = field(default_factory=Counter)
    declined: Counter[str] = field(default_factory=Counter)
    dealt: Counter[str] = field(default_factory=Counter)
    cast: Cast = field(init=False)
    _tokens: dict[str, "asyncio.Task[str]"] = field(default_factory=dict)
    _free_at: float = 0.0

    @classmethod
    def at(cls, url: str, password: str) -> Self:
        """The stage at an address."""
        limits = httpx.Limits(max_connections=16, max_keepalive_connections=16)
        return cls(httpx.AsyncClient(base_url=url, timeout=_TIMEOUT_S, limits=limits, trust_env=False), password)

    async def set(self) -> None:
        """Learn who there is. Raises NoStage."""
        try:
            administrator = Role.ADMINISTRATOR.value
            accounts = await self.get(administrator, "accounts?limit=500")
            grids = await self.get(administrator, "grids")
        except (Declined, httpx.HTTPError, ValueError) as error:
            raise NoStage(f"{self.http.base_url} cannot be played on: {error}") from error
        active = tuple(found for found in accounts["items"] if found["active"])
        self.cast = Cast(active, {grid["code"]: grid["officer"] for grid in grids["items"]})

    async def get(self, who: str, path: str) -> Json:
        """What somebody reads. Raises Declined."""
        return await self._sent(who, "GET", path)

    async def post(self, who: str | None, path: str, body: Json) -> Json:
        """What somebody does; None: a resident, without an account. Raises Declined."""
        return await self._sent(who, "POST", path, json=body)

    async def attach(self, who: str, number: str, name: str, content: bytes) -> Json:
        """A photo of a case. Raises Declined."""
        return await self._sent(who, "POST", f"cases/{number}/attachments", files={"file": (name, content)})

    def tally(self) -> Iterable[str]:
        """What was played, and what was refused, in a few lines."""
        yield f"{self.played.total()} scenes were played"
        if self.declined:
            yield "refused on the way: " + ", ".join(f"{code} x{n}" for code, n in self.declined.most_common())

    async def _sent(self, who: str | None, method: str, path: str, **more: Any) -> Json:
        headers = {} if who is None else {"Authorization": f"Bearer {await self._token(who)}"}
        if method == "POST":
            headers["Idempotency-Key"] = uuid.uuid4().hex  # asked again, it is done once
        answer = await self._answer(method, f"{_API}/{path}", headers=headers, **more)
        if not answer.is_success:
            raise Declined(path, _code(answer))
        found: Json = answer.json() if answer.content else {}
        return found

    async def _answer(self, method: str, url: str, **more: Any) -> httpx.Response:
        """The final answer: asked again while it is told to come later, or nothing is heard. Raises HTTPError."""
        for left in reversed(range(_TRIES)):
            await self._turn()
            try:
                answer = await self.http.request(method, url, **more)
            except httpx.TransportError:
                if not left:
                    raise
                await asyncio.sleep(_AGAIN_S)
                continue
            if answer.status_code not in _LATER or not left:
                return answer
            await asyncio.sleep(min(float(answer.headers.get("Retry-After") or _AGAIN_S), 10.0))
        raise AssertionError("unreachable")

    async def _turn(self) -> None:
        """One after the other, a little apart."""
        now = asyncio.get_running_loop().time()
        self._free_at = max(self._free_at, now) + self.every
        await asyncio.sleep(self._free_at - self.every - now)

    async def _token(self, who: str) -> str:
        """Each signs in once, however many wait for it."""
        if who not in self._tokens:
            self._tokens[who] = asyncio.create_task(self._sign_in(who))
        return await asyncio.shield(self._tokens[who])

    async def _sign_in(self, who: str) -> str:
        answer = await self._answer("POST", f"{_API}/sessions", json={"username": who, "password": self.password})
        if answer.status_code != HTTPStatus.CREATED:
            raise Declined(f"signing in as {who}", _code(answer))
        return str(answer.json()["token"])


def _code(answer: httpx.Response) -> str:
    try:
        found = answer.json()
        return ",".join(sorted({fault["code"] for fault in found.get("errors") or ()})) or str(found["code"])
    except (ValueError, KeyError, AttributeError, TypeError):
        return str(answer.status_code)
