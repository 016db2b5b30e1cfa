"""Cases as people read them: one, its events, a list, figures."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.answers import answer, items
from api.auth import acting, now
from api.bodies import query
from api.commanding import Subject
from api.docs import described
from api.house import house
from api.kinds import CASES, case_events, shown_case
from api.problems import not_found
from api.schemas.queries import CasesQuery
from db.queries.case_filter import CaseFilter
from db.queries.cases import count_cases, list_cases
from domain.authority import Actor

router = APIRouter(tags=["cases"])

_PAGING = frozenset({"sort", "cursor", "limit", "total"})
_HIDDEN = frozenset(
    {"id", "source", "desk_unit", "taken_by", "reporting_officer", "frozen_at", "ack_yellow_at", "light_yellow_at",
     "light_due_at"}
)  # fmt: skip


@router.get("/cases", openapi_extra=described(query=CasesQuery))
async def cases(request: Request) -> Response:
    """A page of the cases that the reader may see."""
    checked = query(request, CasesQuery)

    def page(connection: Connection, actor: Actor) -> Response:
        wanted = checked.demand()
        found = list_cases(
            connection, actor, _filter(wanted), now(),
            sort=wanted.sort, cursor=wanted.cursor, limit=wanted.limit, total=wanted.total,
        )  # fmt: skip
        total = {} if found.total is None else {"total": found.total}
        return items([_listed(row) for row in found.items], next_cursor=found.next_cursor, **total)

    return await house(request).database.read(acting(request, page))


@router.get("/cases/counts", openapi_extra=described(query=CasesQuery))
async def counts(request: Request) -> Response:
    """How many cases there are by light, acknowledgement light and status, for the moment of the answer."""
    checked = query(request, CasesQuery)

    def figures(connection: Connection, actor: Actor) -> Response:
        return answer(asdict(count_cases(connection, actor, _filter(checked.demand()), now())))

    return await house(request).database.read(acting(request, figures))


@router.get("/cases/{number}", openapi_extra=described())
async def one_case(request: Request, number: str) -> Response:
    """One case."""

    def show(connection: Connection, actor: Actor) -> Response:
        return answer(shown_case(connection, actor, visible(connection, actor, number), now()))

    return await house(request).database.read(acting(request, show))


@router.get("/cases/{number}/events", openapi_extra=described())
async def events(request: Request, number: str) -> Response:
    """What happened, in order, complete, never edited."""

    def show(connection: Connection, actor: Actor) -> Response:
        return items(case_events(connection, actor, visible(connection, actor, number)))

    return await house(request).database.read(acting(request, show))


def visible(connection: Connection, actor: Actor, number: str) -> Subject:
    """The case. Raises Problem(404) when there is none, or the actor may not see it."""
    found = CASES.find(connection, actor, number, {})
    if found is None:
        raise not_found()
    return found


def _filter(wanted: CasesQuery) -> CaseFilter:
    values: dict[str, Any] = {name: value for name, value in wanted if name not in _PAGING}
    return CaseFilter(**values)


def _listed(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _HIDDEN}
