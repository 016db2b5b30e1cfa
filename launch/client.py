"""One report to the API, until it is taken or refused for good: signing in, waiting when told to, trying again."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final

import httpx

_INCIDENTS: Final = "/api/v1/incidents"
_SESSIONS: Final = "/api/v1/sessions"
_LATER: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_FIRST_DELAY_S: Final = 0.5
_LONGEST_DELAY_S: Final = 30.0


class GivenUp(Exception):
    """Going on makes no sense for any row; the message says why."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The report became this case."""

    number: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """The report was refused for good."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who hands in: a token or key, or a username with its password."""

    token: str | None = None
    username: str | None = None
    password: str | None = None


class ReportClient:
    """Sends reports through ``http``. ``patience``: seconds to go on while nothing at all gets through."""

    def __init__(self, http: httpx.AsyncClient, identity: Identity, *, patience: float) -> None:
        self._http = http
        self._identity = identity
        self._token = identity.token
        self._patience = patience
        self._clock = asyncio.get_running_loop().time
        self._progressed = self._clock()
        self._not_before = 0.0
        self._signing = asyncio.Lock()

    async def send(self, key: str, report: dict[str, Any]) -> Taken | Refusal:
        """Hand in one report under its key. Raises GivenUp."""
        delay = _FIRST_DELAY_S
        while True:
            await self._wait_for_turn()
            token = await self._signed_in()
            answer = await self._post(token, key, report)
            if answer is not None and answer.status_code not in _LATER:
                if answer.status_code == HTTPStatus.UNAUTHORIZED and await self._sign_in_again(token):
                    continue
                self._progressed = self._clock()
                return _outcome(answer)
            self._pause(answer, delay)
            delay = min(delay * 2, _LONGEST_DELAY_S)

    async def _post(self, token: str, key: str, report: dict[str, Any]) -> httpx.Response | None:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        try:
            return await self._http.post(_INCIDENTS, json=report, headers=headers)
        except httpx.TransportError:
            return None

    async def _wait_for_turn(self) -> None:
        """What one caller was told to wait for, all wait for."""
        while (wait := self._not_before - self._clock()) > 0:  # noqa: ASYNC110 (it may be put off meanwhile)
            await asyncio.sleep(wait)

    def _pause(self, answer: httpx.Response | None, delay: float) -> None:
        if self._clock() - self._progressed > self._patience:
            what = f"answers {answer.status_code}" if answer is not None else "does not answer"
            raise GivenUp(f"The API {what}; what was handed in is kept, and the same command goes on from there.")
        told = _retry_after(answer)
        self._not_before = max(self._not_before, self._clock() + (delay if told is None else told))

    async def _signed_in(self) -> str:
        async with self._signing:
            if self._token is None:
                self._token = await self._sign_in()
            return self._token

    async def _sign_in_again(self, token: str) -> bool:
        """After a 401: whether there is a new token to try. Raises GivenUp when there is none to be had."""
        if self._identity.username is None:
            raise GivenUp("The API does not know this token (401).")
        async with self._signing:
            if self._token == token:
                self._token = None
        return True

    async def _sign_in(self) -> str:
        body = {"username": self._identity.username, "password": self._identity.password}
        while True:
            try:
                answer = await self._http.post(_SESSIONS, json=body)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code == HTTPStatus.CREATED:
                return str(answer.json()["token"])
            if answer is not None and answer.status_code not in _LATER:
                raise GivenUp(f"Signing in as {self._identity.username} failed ({answer.status_code}).")
            self._pause(answer, _FIRST_DELAY_S)
            await self._wait_for_turn()


def _retry_after(answer: httpx.Response | None) -> float | None:
    """Seconds that the answer asks to wait; None when it does not say."""
    told = answer.headers.get("Retry-After") if answer is not None else None
    if told is None:
        return None
    if told.strip().isdigit():
        return float(told)
    try:
        return max(0.0, (parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def _outcome(answer: httpx.Response) -> Taken | Refusal:
    status, found = answer.status_code, _json(answer)
    if status == HTTPStatus.CREATED and isinstance(found.get("number"), str):
        return Taken(found["number"])
    code = found.get("code")
    if status == HTTPStatus.FORBIDDEN:
        raise GivenUp(f"This account may not hand in reports ({code or status}).")
    if status < HTTPStatus.BAD_REQUEST or not isinstance(code, str) or status == HTTPStatus.NOT_FOUND:
        raise GivenUp(f"{answer.url} is not Bihuan's API: it answered {status}.")
    return Refusal(*_most_telling(code, found))


def _most_telling(code: str, problem: dict[str, Any]) -> tuple[str, str]:
    """A validation problem says more in its first field than in its own code."""
    faults = [fault for fault in problem.get("errors") or [] if isinstance(fault, dict) and fault.get("code")]
    if not faults:
        return code, str(problem.get("detail") or problem.get("title") or "")
    reasons = "; ".join(f"{fault.get('field')}: {fault.get('message') or fault['code']}" for fault in faults)
    return str(faults[0]["code"]), reasons


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
