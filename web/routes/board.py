"""The board: what goes wrong in the next hour, and whose is it (D1)."""

from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from pydantic import Field as Bounded
from sqlalchemy import Connection

from api.fields import Code, Contract
from db.queries.board import BOARD, MOST, Field, Lane, Moment, lanes, running_lights
from db.queries.paging import CaseSort
from domain.authority import Actor
from domain.vocabulary import Light
from domain.worktime import end_of_day
from web.directory import directory
from web.filterwords import LANES
from web.page import Content, fragment, show, visit
from web.reading import asked
from web.steplist import held_steps

router = APIRouter()

ROWS: Final = 8
_BY_DEADLINE: Final = (Lane.RED, Lane.TODAY)


class BoardQuery(Contract):
    """Of which part of the field the board is, and how much of each lane it shows."""

    unit: Code | None = None
    grid: Code | None = None
    category: Code | None = None
    rows: int = Bounded(default=ROWS, ge=1, le=50)


@router.get("/board")
async def board(request: Request) -> Response:
    """The whole board."""
    return await show(request, "board.html", lambda connection, actor: _content(request, connection, actor))


@router.get("/board/lanes")
async def board_lanes(request: Request) -> Response:
    """What of it changes."""
    return await fragment(request, "parts/board.html", lambda connection, actor: _content(request, connection, actor))


def _content(request: Request, connection: Connection, actor: Actor) -> Content:
    seen = visit(request)
    wanted = asked(request, BoardQuery)
    field = Field(unit=wanted.unit, grid=wanted.grid, category=wanted.category)
    moment = Moment(now=seen.at, day_ends=end_of_day(seen.at))
    filled = lanes(connection, actor, field, moment, BOARD, limit=wanted.rows)
    codes = directory(connection, seen.here, seen.words)
    shown = [row for lane in filled.values() for row in lane.rows]
    chosen = {name: value for name in ("unit", "grid", "category") if (value := getattr(field, name))}
    return {
        "lanes": filled,
        "names": LANES,
        "most": MOST,
        "lights": running_lights(connection, actor, field, seen.at),
        "drill": {lane: _cases(lane, chosen) for lane in BOARD},
        "drill_light": {light: _address({"light": light, "running": "true", **chosen}) for light in Light},
        "field": field,
        "lanes_path": "/board/lanes?" + urlencode(chosen),
        "codes": codes,
        "held": held_steps(seen, connection, actor, codes, shown),
    }


def _cases(lane: Lane, chosen: dict[str, str]) -> str:
    """The list of the cases of a lane."""
    sort = {"sort": CaseSort.DUE} if lane in _BY_DEADLINE else {}
    return _address({"lane": lane, **sort, **chosen})


def _address(wanted: dict[str, str]) -> str:
    return "/cases?" + urlencode(wanted)
