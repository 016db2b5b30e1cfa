"""The rulebook in force, its categories and calendar, and what a matter would be promised."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.administration import calendars
from api.answers import answer, items
from api.auth import acting, bearer, now, require_role
from api.bodies import body, query
from api.docs import described
from api.house import house
from api.problems import not_found
from api.schemas.calendars import NoticeIn
from api.schemas.queries import PromiseQuery, instant_or
from db.queries.rulebooks import rulebook_content
from domain.administration import READERS
from domain.authority import Actor
from domain.limits import Limit
from domain.promising import promise_for_limit
from domain.rulebook import Category

router = APIRouter(tags=["rulebook"])

_PROMISED = ("due_at", "yellow_at", "extension_by", "provisional", "rule", "rulebook_version", "calendar_version")


@router.get("/rulebook", openapi_extra=described())
async def rulebook(request: Request) -> Response:
    """The version in force, as it was loaded."""
    rules = house(request).rulebook

    def read(connection: Connection, actor: Actor) -> Response:
        return answer(
            {
                "name": rules.name,
                "version": rules.version,
                "effective_from": rules.effective_from,
                "calendar_version": rules.calendar.version,
                "content": rulebook_content(connection, rules.version),
            }
        )

    return await house(request).database.read(acting(request, read))


@router.get("/categories", openapi_extra=described())
async def categories(request: Request) -> Response:
    """All categories with their limits."""
    rules = house(request).rulebook
    return await house(request).database.read(
        acting(request, lambda connection, actor: items([_category(item) for item in rules.categories.values()]))
    )


@router.get("/calendar/{year}", openapi_extra=described())
async def calendar(request: Request, year: str) -> Response:
    """The working days of a year. Without its notice it is provisional: Monday to Friday."""
    rules = house(request).rulebook

    def read(connection: Connection, actor: Actor) -> Response:
        if not year.isascii() or not year.isdigit() or len(year) != 4 or not 1900 <= int(year) < 2200:
            raise not_found()
        first, last = date(int(year), 1, 1), date(int(year), 12, 31)
        days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
        working = [day for day in days if rules.calendar.is_working_day(day)]
        return answer(
            {
                "year": int(year),
                "version": rules.calendar.version,
                "provisional": rules.calendar.is_provisional(first, last),
                "working_days": len(working),
                "days_off": [day for day in days if day.weekday() < 5 and not rules.calendar.is_working_day(day)],
                "make_up_days": [day for day in working if day.weekday() >= 5],
            }
        )

    return await house(request).database.read(acting(request, read))


@router.get("/calendar", openapi_extra=described())
async def known_years(request: Request) -> Response:
    """The years whose notice is known, and from where."""
    here = house(request)
    return await here.database.read(acting(request, lambda connection, actor: items(calendars.years(connection, here))))


@router.post("/calendar/{year}", status_code=201, openapi_extra=described(body=NoticeIn))
async def add_notice(request: Request, year: str) -> Response:
    """Load a year's notice. What was promised for want of it is then counted again."""
    bearer(request)
    wanted = calendars.year_in(year)
    found = await calendars.add_notice(request, wanted, await body(request, NoticeIn))
    worked = calendars.days_worked(found, wanted)
    return answer({"year": wanted, "version": found.version, "working_days": worked}, 201)


@router.get("/rebase", openapi_extra=described())
async def rebase(request: Request) -> Response:
    """How far the calendar in force has been carried into the running cases."""
    here = house(request)
    await here.database.read(acting(request, lambda _, actor: require_role(actor, *READERS)))
    return answer(await calendars.progress(here))


@router.get("/promise", openapi_extra=described(query=PromiseQuery))
async def promise(request: Request) -> Response:
    """What a matter received then would be promised."""
    rules, checked = house(request).rulebook, query(request, PromiseQuery)

    def work_out(connection: Connection, actor: Actor) -> Response:
        wanted = checked.demand()
        received_at = instant_or(wanted.received_at, now())
        made = asdict(promise_for_limit(rules, Limit.parse(wanted.limit, field="limit"), received_at))
        legal = Limit.parse(wanted.legal, field="legal") if wanted.legal else None
        legal_due_at = rules.worktime.deadline(legal, received_at).at if legal else None
        return answer({**{name: made[name] for name in _PROMISED}, "legal_due_at": legal_due_at})

    return await house(request).database.read(acting(request, work_out))


def _category(category: Category) -> dict[str, Any]:
    return {
        "code": category.code,
        "name": category.name,
        "name_en": category.name_en,
        "group": category.group,
        "limit": str(category.limit),
        "danger": category.danger,
    }
