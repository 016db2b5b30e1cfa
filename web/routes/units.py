"""Units: how they stand among comparable ones, and each point down to its card and its case (D6)."""

from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.problems import not_found
from api.schemas.standings import StandingsQuery
from api.standing import Standings, standings_of
from db.queries.discipline import points_of
from db.queries.places import unit_row
from db.queries.standings import cards_of, named_cases
from db.scope import sees_points
from domain.authority import Actor
from domain.periods import Days
from domain.vocabulary import Figure, Period
from domain.worktime import shanghai_date
from web.directory import directory
from web.page import Content, Visit, show, visit
from web.reading import asked
from web.standing_view import TABLE, row_of, tables, weeks_of

router = APIRouter()

_OUT_OF_RATE: Final = (Figure.DEFERRED, Figure.EXCUSED)


@router.get("/units")
async def units(request: Request) -> Response:
    """The units that the reader may see, ranked among comparable ones."""
    seen, wanted = visit(request), asked(request, StandingsQuery)

    def read(connection: Connection, actor: Actor) -> Content:
        every = wanted.model_copy(update={"group": None})
        standings = standings_of(connection, actor, seen.here.rulebook, every, seen.at)
        found = tables(standings, actor, seen.words)
        return {
            **_period(standings.days, wanted),
            "tables": [one for one in found if wanted.group == one.group.key or (one.rows and not wanted.group)],
            "idle": [code for one in found if not one.rows and not wanted.group for code in one.idle],
            "groups": [one.group for one in found],
            "columns": TABLE,
            "codes": directory(connection, seen.here, seen.words),
            "least": seen.here.rulebook.standings.least_judged,
        }

    return await show(request, "units.html", read)


@router.get("/units/{code}")
async def unit(request: Request, code: str) -> Response:
    """How one unit stands; its cards with their appeals; its ledger, newest first."""
    seen, wanted = visit(request), asked(request, StandingsQuery)

    def read(connection: Connection, actor: Actor) -> Content:
        if unit_row(connection, code) is None or not sees_points(actor, code):
            raise not_found()
        standings = standings_of(connection, actor, seen.here.rulebook, wanted, seen.at)
        return {
            **_period(standings.days, wanted),
            **_standing(seen, standings, actor, code),
            **_ledger(connection, code, standings.days),
            "out": {figure: named_cases(connection, code, figure, standings.days) for figure in _OUT_OF_RATE},
            "columns": TABLE,
            "codes": directory(connection, seen.here, seen.words),
            "least": seen.here.rulebook.standings.least_judged,
        }

    return await show(request, "unit.html", read)


def _standing(seen: Visit, standings: Standings, actor: Actor, code: str) -> Content:
    group, one = next((group, one) for group in standings.groups for one in group.standings if one.counted.unit == code)
    found = standings.counts[code]
    return {
        "unit": found.unit,
        "group": group,
        "row": row_of(standings, one.counted, one.rank, actor, seen.words),
        "weeks": weeks_of(standings, found, actor),
        "on_time_word": Figure.ON_TIME,
        "late_word": Figure.LATE,
    }


def _ledger(connection: Connection, code: str, days: Days) -> Content:
    """The cards and entries of these days, the latest first; ``since``: the day of the first entry of all."""
    balance, entries = points_of(connection, code)
    shown = [entry for entry in entries if days.begins <= entry["at"] < days.ends]
    return {
        "balance": balance,
        "entries": shown[::-1],
        "shown": {entry["id"] for entry in shown},
        "further": len(entries) - len(shown),
        "since": min((shanghai_date(entry["at"]) for entry in entries), default=days.first),
        "cards": [card for card in cards_of(connection, code) if days.begins <= card["at"] < days.ends],
    }


def _period(days: Days, wanted: StandingsQuery) -> Content:
    """The days that are shown, and what leads to others."""
    given = {"from": wanted.first, "to": wanted.last} if wanted.first or wanted.last else {"period": wanted.period}
    kept = {name: str(value) for name, value in given.items() if value}
    return {
        "days": days,
        "chosen": None if wanted.first or wanted.last else wanted.period,
        "periods": list(Period),
        "chosen_group": wanted.group,
        "period_query": urlencode(kept),
    }
