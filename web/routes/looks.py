"""Personal data on purpose: "show (reason)" on the page of a case, and the log of who looked (C7, C8)."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlalchemy import Connection

from api.contacts import contact
from api.fields import Code, Contract
from api.house import house
from api.problems import Problem, of_refusal
from api.schemas.looks import ContactIn
from api.schemas.queries import Cursor
from db.queries.looks import LookFilter, list_looks
from domain.authority import Actor
from domain.errors import Forbidden, Refused
from domain.looks import ContactField, Oddity
from domain.visibility import reviews_looks
from domain.vocabulary import LookKind, LookPurpose
from domain.worktime import SHANGHAI
from web.casefile import Attempt, case_content
from web.directory import directory
from web.giving import fresh_key
from web.page import Content, Visit, show, visit
from web.reading import asked, filled_in
from web.session import read_form

router = APIRouter()

SHOWN: Final = "contact"
"""Kind of the form that asks for a contact, beside those of commands."""

_DAYS: Final = r"\d{4}-\d\d-\d\d"


class LooksAsked(Contract):
    """Which looks; days are days of people."""

    username: Code | None = None
    unit: Code | None = None
    case: Code | None = None
    kind: LookKind | None = None
    unusual: bool | None = None
    first: str | None = Field(default=None, pattern=_DAYS, max_length=10)
    last: str | None = Field(default=None, pattern=_DAYS, max_length=10)
    cursor: Cursor | None = None


@router.post("/cases/{number}/contact")
async def reveal(request: Request, number: str) -> Response:
    """The page of the case with its contact in full, on this answer only; or the form with what is wrong."""
    form = await read_form(house(request), request)
    try:
        revealed = await contact(request, number, filled_in(form, ContactIn))
    except (Problem, Refused) as error:
        problem = of_refusal(error) if isinstance(error, Refused) else error
        if problem.status != 422:
            raise
        attempt = Attempt(kind=SHOWN, values=form, problem=problem)
        return await _page(request, number, attempt=attempt, status=422)
    return await _page(request, number, revealed=revealed)


async def _page(request: Request, number: str, *, status: int = 200, **more: Any) -> Response:
    seen = visit(request)

    def read(connection: Connection, actor: Actor) -> Content:
        return {**case_content(seen, connection, actor, number), "added": 0, "photos_lost": False, **more}

    return await show(request, "case.html", read, status=status, key=fresh_key(), done=None)


@router.get("/looks")
async def looks(request: Request) -> Response:
    """The log: who looked at whose data, when and why; what was unusual stands out."""
    seen, wanted = visit(request), asked(request, LooksAsked)
    return await show(request, "looks.html", lambda connection, actor: _log(seen, connection, actor, wanted))


def _log(seen: Visit, connection: Connection, actor: Actor, wanted: LooksAsked) -> Content:
    if not reviews_looks(actor):
        raise Forbidden("not_allowed")
    page = list_looks(connection, actor, _filter(wanted), cursor=wanted.cursor)
    codes = directory(connection, seen.here, seen.words, [row["username"] for row in page.items])
    return {
        "page": page,
        "wanted": wanted,
        "codes": codes,
        "kinds": list(LookKind),
        "told": {row["id"]: _told(seen, row) for row in page.items},
        "onward": urlencode({**_kept(wanted), "cursor": page.next_cursor or ""}),
        "narrowed": any(value is not None for name, value in wanted if name != "cursor"),
    }


def _kept(wanted: LooksAsked) -> dict[str, str]:
    """The filters, as the next page asks for them again."""
    plain = wanted.model_dump(mode="json", exclude_none=True, exclude={"cursor"})
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in plain.items()}


def _told(seen: Visit, row: Any) -> Content:
    """A look in words: why, at which fields, what was unusual."""
    words, purpose, item = seen.words, row["purpose"], row["kind"] is LookKind.REGISTER
    names = [ContactField(name) for name in row["fields"] if name in set(ContactField)]
    return {
        "purpose": purpose if item else words.word(LookPurpose(purpose)),
        "fields": [words.word(name) for name in names] if not item else [],
        "count": len(row["fields"]),
        "oddities": [words.word(Oddity(name)) for name in row["oddities"] or ()],
    }


def _filter(wanted: LooksAsked) -> LookFilter:
    return LookFilter(
        username=wanted.username,
        unit=wanted.unit,
        case=wanted.case,
        kind=wanted.kind,
        unusual=wanted.unusual or None,
        looked_from=_day(wanted.first),
        looked_to=_day(wanted.last, later=1),
    )


def _day(text: str | None, later: int = 0) -> datetime | None:
    """When the day of people begins. Raises Problem(422) for one that no calendar has."""
    if text is None:
        return None
    try:
        day = datetime.fromisoformat(text).replace(tzinfo=SHANGHAI) + timedelta(days=later)
        return day.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Problem(422, "invalid_fields") from None
