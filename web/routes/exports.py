"""Every list as it is filtered, as a spreadsheet: ``/cases.xlsx?…`` beside ``/cases?…`` (D8)."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection, RowMapping

from api.case_sheet import case_pages
from api.problems import not_found
from api.schemas.discipline import AccountabilityQuery, InterviewsQuery
from api.schemas.queries import CasesQuery
from api.schemas.standings import StandingsQuery
from api.sheets import MOST_ROWS, Rows, SheetFormat, given_out, require_room
from api.standing import days_of, standings_of
from db.queries.board import BOARD, Lane, Moment, lanes
from db.queries.board import Field as Part
from db.queries.discipline import list_accountability, list_interviews, points_of
from db.queries.paging import MAX_LIMIT, Page
from db.queries.places import unit_row
from db.scope import sees_points
from domain.authority import Actor
from domain.worktime import end_of_day
from web import sheets
from web.directory import directory
from web.filterwords import LANES
from web.language import mark
from web.page import Visit, visit
from web.reading import asked
from web.routes.board import BoardQuery
from web.routes.extensions import waiting_extensions
from web.routes.work import LANES as OWN_LANES
from web.session import signed_in
from web.sheets import Column, Reader
from web.steplist import StepRow, own_steps

router = APIRouter()

ROWS_OF_A_LANE: Final = MOST_ROWS // 5
MOST_EXTENSIONS: Final = 500

Read = Callable[[Visit, Connection, Actor], Sequence[Mapping[str, Any]]]


@router.get("/cases.{form}")
async def cases(request: Request, form: str) -> Response:
    """The list of cases."""
    chosen, seen, wanted = _form(form), visit(request), asked(request, CasesQuery)
    token, here = signed_in(request), seen.here

    def named(connection: Connection) -> Reader:
        token.actor(connection)
        return Reader(seen=seen, codes=directory(connection, here, seen.words))

    reader = await here.database.read(named)
    pages = case_pages(here, token, wanted, lambda rows: sheets.cells(reader, sheets.CASES, rows))
    return await given_out(here, sheets.sheet(seen, "cases", mark("案件"), sheets.CASES), chosen, pages, seen.at)


@router.get("/board.{form}")
async def board(request: Request, form: str) -> Response:
    """The lanes of the board, one below the other."""
    wanted = asked(request, BoardQuery)
    part = Part(unit=wanted.unit, grid=wanted.grid, category=wanted.category)

    def read(seen: Visit, connection: Connection, actor: Actor) -> list[dict[str, Any]]:
        moment = Moment(now=seen.at, day_ends=end_of_day(seen.at))
        filled = lanes(connection, actor, part, moment, BOARD, limit=ROWS_OF_A_LANE)
        _require_whole(all(len(lane.rows) < ROWS_OF_A_LANE for lane in filled.values()))
        return [{**row, "lane": seen.say(LANES[lane])} for lane, found in filled.items() for row in found.rows]

    return await _given(request, form, "board", mark("监管看板"), sheets.LANES, read)


@router.get("/work.{form}")
async def work(request: Request, form: str) -> Response:
    """The work list of the own unit: cases and steps."""

    def read(seen: Visit, connection: Connection, actor: Actor) -> list[dict[str, Any]]:
        moment = Moment(now=seen.at, day_ends=end_of_day(seen.at))
        own = Part(unit=actor.unit, leads=True)
        filled = lanes(connection, actor, own, moment, OWN_LANES, limit=ROWS_OF_A_LANE)
        _require_whole(all(len(lane.rows) < ROWS_OF_A_LANE for lane in filled.values()))
        steps = own_steps(seen, connection, actor, moment)
        rows: list[dict[str, Any]] = []
        for lane, found in filled.items():
            name = seen.say(LANES[lane])
            rows += [{**row, "lane": name, "step": None, "until": _until(lane, row)} for row in found.rows]
            rows += [_step(step, name) for step in steps.get(lane, ())]
        return rows

    return await _given(request, form, "work", mark("待办"), sheets.WORK, read)


@router.get("/extensions.{form}")
async def extensions(request: Request, form: str) -> Response:
    """The requests for extensions that wait."""

    def read(seen: Visit, connection: Connection, actor: Actor) -> list[dict[str, Any]]:
        found, total = waiting_extensions(seen, connection, actor, limit=MOST_EXTENSIONS)
        _require_whole(total <= MOST_EXTENSIONS)
        return [
            {**item.row, **item.extension, "unit": item.unit, "due_at": item.due_at, "number": item.row["number"]}
            for item in found
        ]

    return await _given(request, form, "extensions", mark("延期待决定"), sheets.EXTENSIONS, read)


@router.get("/interviews.{form}")
async def interviews(request: Request, form: str) -> Response:
    """The interview files."""
    wanted = asked(request, InterviewsQuery)

    def read(seen: Visit, connection: Connection, actor: Actor) -> list[Any]:
        return _every(
            lambda cursor: list_interviews(
                connection, actor, status=wanted.status, unit=wanted.unit, cursor=cursor, limit=MAX_LIMIT
            )
        )

    return await _given(request, form, "interviews", mark("约谈"), sheets.INTERVIEWS, read)


@router.get("/accountability.{form}")
async def accountability(request: Request, form: str) -> Response:
    """The accountability files."""
    wanted = asked(request, AccountabilityQuery)

    def read(seen: Visit, connection: Connection, actor: Actor) -> list[Any]:
        given = wanted.model_dump(include={"status", "unit", "case"})
        return _every(lambda cursor: list_accountability(connection, actor, **given, cursor=cursor, limit=MAX_LIMIT))

    return await _given(request, form, "accountability", mark("问责"), sheets.ACCOUNTABILITY, read)


@router.get("/units.{form}")
async def units(request: Request, form: str) -> Response:
    """The standings of the units, group by group."""
    wanted = asked(request, StandingsQuery)

    def read(seen: Visit, connection: Connection, actor: Actor) -> list[sheets.Row]:
        found = standings_of(connection, actor, seen.here.rulebook, wanted, seen.at)
        return [sheets.standing(group.kind, one) for group in found.groups for one in group.standings]

    return await _given(request, form, "units", mark("绩效"), sheets.STANDINGS, read)


@router.get("/units/{code}/points.{form}")
async def points(request: Request, code: str, form: str) -> Response:
    """The ledger of a unit over the days of its page, newest first."""
    wanted = asked(request, StandingsQuery)

    def read(seen: Visit, connection: Connection, actor: Actor) -> list[Any]:
        if unit_row(connection, code) is None or not sees_points(actor, code):
            raise not_found()
        _, entries = points_of(connection, code)
        days = days_of(wanted, seen.at)
        found = [entry for entry in entries if days.begins <= entry["at"] < days.ends]
        require_room(len(found))
        return found[::-1]

    return await _given(request, form, "points", mark("台账"), sheets.POINTS, read)


async def _given(request: Request, form: str, name: str, title: str, columns: Sequence[Column], read: Read) -> Response:
    """The table of a list that is read at once."""
    chosen, seen, token = _form(form), visit(request), signed_in(request)

    def whole(connection: Connection) -> Rows:
        actor = token.actor(connection)
        reader = Reader(seen=seen, codes=directory(connection, seen.here, seen.words))
        return sheets.cells(reader, columns, read(seen, connection, actor))

    async def pages() -> AsyncIterator[Rows]:
        yield await seen.here.database.read(whole)

    return await given_out(seen.here, sheets.sheet(seen, name, title, columns), chosen, pages(), seen.at)


def _every(page_from: Callable[[str | None], Page]) -> list[Any]:
    """The rows of all pages."""
    rows: list[Any] = []
    cursor: str | None = None
    while True:
        page = page_from(cursor)
        rows += page.items
        require_room(len(rows))
        cursor = page.next_cursor
        if cursor is None:
            return rows


def _form(form: str) -> SheetFormat:
    if form not in set(SheetFormat):
        raise not_found()
    return SheetFormat(form)


def _require_whole(whole: bool) -> None:
    """Raises Problem(422, "export_too_large") when not every row was read."""
    require_room(0 if whole else MOST_ROWS + 1)


def _until(lane: Lane, row: RowMapping) -> Any:
    """What is due next, as the page says it."""
    return row["ack_by"] if lane in (Lane.UNANSWERED, Lane.DANGER) else row["light_due_at"] or row["due_at"]


def _step(step: StepRow, lane: str) -> dict[str, Any]:
    return {
        "lane": lane,
        "number": step.number,
        "category": step.category,
        "item": step.item,
        "step": step.name,
        "status": None,
        "light": step.light,
        "grid": step.grid,
        "until": step.until,
        "description": None,
    }
