"""The board: what goes wrong in the next hour, and whose is it (D1)."""

from datetime import datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from pydantic import Field as Bounded
from sqlalchemy import Connection

from api.fields import Code, Contract
from db.queries.board import BOARD, MOST, Field, Lane, Moment, lanes, running_lights
from domain.authority import Actor
from domain.vocabulary import CaseStatus, Light, Waiting
from domain.worktime import SHANGHAI
from web.directory import directory
from web.language import mark
from web.page import Content, Visit, fragment, show, visit
from web.reading import asked
from web.steplist import held_steps

router = APIRouter()

ROWS: Final = 8

NAMES: Final = {
    Lane.DANGER: mark("险情，无人接手"),
    Lane.UNANSWERED: mark("无人响应"),
    Lane.RED: mark("红灯，逾期未办结"),
    Lane.TODAY: mark("今日到期"),
    Lane.EXTENSION: mark("延期待决定"),
    Lane.RETURNED: mark("退单待裁定"),
    Lane.TRIAGE: mark("待分派"),
    Lane.APPEAL: mark("申诉待裁定"),
    Lane.VERIFICATION: mark("待核查"),
    Lane.LATER: mark("办理中"),
    Lane.PAUSED: mark("挂账中"),
}
_DRILL: Final[dict[Lane, dict[str, str]]] = {
    Lane.DANGER: {"waiting": Waiting.ALARM},
    Lane.UNANSWERED: {"status": CaseStatus.DISPATCHED},
    Lane.RED: {"light": Light.RED, "status": CaseStatus.IN_PROGRESS},
    Lane.EXTENSION: {"waiting": Waiting.EXTENSION},
    Lane.RETURNED: {"waiting": Waiting.RETURN},
    Lane.TRIAGE: {"status": CaseStatus.AWAITING_DISPATCH},
    Lane.APPEAL: {"waiting": Waiting.APPEAL},
    Lane.VERIFICATION: {"status": CaseStatus.AWAITING_VERIFICATION},
}
_RUNNING: Final = ",".join((CaseStatus.DISPATCHED, CaseStatus.IN_PROGRESS))


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
        "names": NAMES,
        "most": MOST,
        "lights": running_lights(connection, actor, field, seen.at),
        "drill": {lane: _cases(seen, lane, chosen) for lane in BOARD},
        "drill_light": {light: _address({"light": light, "status": _RUNNING, **chosen}) for light in Light},
        "field": field,
        "lanes_path": "/board/lanes?" + urlencode(chosen),
        "codes": codes,
        "held": held_steps(seen, connection, actor, codes, shown),
    }


def _cases(seen: Visit, lane: Lane, chosen: dict[str, str]) -> str:
    """The list of the cases of a lane."""
    today = {"status": CaseStatus.IN_PROGRESS, "due_before": end_of_day(seen.at).isoformat(), "sort": "due_at"}
    return _address({**_DRILL.get(lane, today), **chosen})


def _address(wanted: dict[str, str]) -> str:
    return "/cases?" + urlencode(wanted)


def end_of_day(at: datetime) -> datetime:
    """When the day of people ends."""
    day = at.astimezone(SHANGHAI).date() + timedelta(days=1)
    return datetime.combine(day, time(), SHANGHAI)
