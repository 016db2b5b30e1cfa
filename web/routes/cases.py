"""The list of cases: search and filters, all in the address (D1)."""

from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.schemas.queries import CasesQuery
from db.queries.board import first_words
from db.queries.case_filter import CaseFilter
from db.queries.cases import list_cases
from domain.authority import Actor
from domain.vocabulary import CaseStatus, Light
from domain.worktime import SHANGHAI
from web.directory import directory
from web.narrowing import WAITING, due_choices, narrowed
from web.page import Content, fragment, show, visit
from web.reading import asked
from web.steplist import held_steps

router = APIRouter()

_PAGING: Final = frozenset({"sort", "cursor", "limit", "total"})
_COUNTED: Final = (
    "lane", "running", "due_from", "received_from", "received_to", "closed_from", "closed_to", "figure", "figure_unit",
    "figure_from", "figure_to",
)  # fmt: skip
"""Where a figure led here, the list says how many it has."""


@router.get("/cases")
async def cases(request: Request) -> Response:
    """A page of the cases that match."""
    return await show(request, "cases.html", lambda connection, actor: _content(request, connection, actor))


@router.get("/cases/rows")
async def case_rows(request: Request) -> Response:
    """The rows alone, while somebody types."""
    return await fragment(request, "parts/cases.html", lambda connection, actor: _content(request, connection, actor))


def _content(request: Request, connection: Connection, actor: Actor) -> Content:
    seen, wanted = visit(request), asked(request, CasesQuery)
    values: dict[str, Any] = {name: value for name, value in wanted if name not in _PAGING}
    codes = directory(connection, seen.here, seen.words)
    page = list_cases(
        connection, actor, CaseFilter(**values), seen.at, sort=wanted.sort, cursor=wanted.cursor, limit=wanted.limit,
        total=any(values[name] for name in _COUNTED),
    )  # fmt: skip
    kept = {name: value for name, value in request.query_params.items() if value.strip() and name != "cursor"}
    return {
        "page": page,
        "wanted": wanted,
        "told": first_words(connection, actor, [row["number"] for row in page.items]),
        "codes": codes,
        "held": held_steps(seen, connection, actor, codes, page.items),
        "statuses": list(CaseStatus),
        "colours": list(Light),
        "waits": WAITING,
        "due_choices": due_choices(seen, wanted.due_before),
        "chosen_due": wanted.due_before.astimezone(SHANGHAI).isoformat() if wanted.due_before else "",
        "given": kept,
        "marks": narrowed(seen, wanted, codes),
        "chosen_status": wanted.status[0] if len(wanted.status) == 1 else None,
        "more": "/cases?" + urlencode({**kept, "cursor": page.next_cursor}) if page.next_cursor else None,
        "narrowed": bool(kept.keys() - {"sort", "limit"}),
    }
