"""Taking a report at a desk, by telephone or in the street; danger to life stops the form first (A1, A11, D3)."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from api.auth import bearer
from api.house import house
from api.joining import join
from api.problems import Problem, of_refusal
from api.receipt import receipt_path
from api.routes.incidents import take
from api.routes.receipts import report_number, written
from api.schemas.incidents import IncidentIn
from db.frontdesk.acceptance import was_accepted
from domain.authority import Actor, require_reporter
from domain.errors import Refused
from domain.rulebook import Rulebook
from domain.vocabulary import Role, Source
from web.ahead import YES, ahead, joinable
from web.casefile import Attempt
from web.directory import directory
from web.giving import fresh_key
from web.page import Content, fragment, show, visit
from web.reading import checked, moment
from web.routes.case import key_of
from web.session import Form, read_form

router = APIRouter()

_SHOWN_AGAIN: Final = frozenset({409, 422, 503})
INTO: Final = "into"
"""The field that names the case that a report is to share; empty: a case of its own."""


@router.get("/desk/incident")
async def incident_form(request: Request) -> Response:
    """The empty form."""
    return await _page(request, {}, None)


@router.post("/desk/incident")
async def take_incident(request: Request) -> Response:
    """Take the report; the form again with what is wrong, or with the telephone first when life is in danger."""
    here = house(request)
    form = await read_form(here, request)
    if _dangerous(here.rulebook, form) and form.get("called") != YES:
        return await _page(request, form, None, stopped=True)
    if INTO not in form and await _offers(request, form):
        return await _page(request, form, None, asked=True)
    try:
        return RedirectResponse(await _taken(request, form), 303)
    except (Problem, Refused) as error:
        problem = of_refusal(error) if isinstance(error, Refused) else error
        if problem.status not in _SHOWN_AGAIN:
            raise
        attempt = Attempt(kind="", values=form, problem=problem)
        return await _page(request, form, attempt)


@router.post("/desk/incident/ahead")
async def ahead_of_incident(request: Request) -> Response:
    """What is promised, and what it may be again, while somebody types."""
    seen = visit(request)
    form, places = await read_form(seen.here, request), await seen.here.places()

    def read(connection: Connection, actor: Actor) -> Content:
        require_reporter(actor)
        codes = directory(connection, seen.here, seen.words)
        return {**ahead(seen, connection, actor, places, form), "codes": codes}

    return await fragment(request, "parts/ahead.html", read)


async def _taken(request: Request, form: Form) -> str:
    """Where the receipt is of the report, which has a case of its own now or shares the one that was chosen."""
    report, key, into = checked(_body(form), IncidentIn), form.get("key", ""), form.get(INTO, "").strip()
    if into:
        return receipt_path(into, await join(request, into, report, lambda: key or None))
    taken = await take(request, report, lambda: key or None)
    return receipt_path(taken.case.number)


async def _offers(request: Request, form: Form) -> bool:
    """Whether cases are to be offered that nobody has seen yet; not when the form has made its case already."""
    seen, token = visit(request), bearer(request)
    places = await seen.here.places()

    def read(connection: Connection) -> bool:
        actor = token.actor(connection)
        require_reporter(actor)
        if was_accepted(connection, actor, form.get("key", "")):
            return False
        return bool(joinable(ahead(seen, connection, actor, places, form)))

    return await seen.here.database.read(read)


@router.get("/cases/{number}/reports/{report}/receipt")
async def receipt_of_joined(request: Request, number: str, report: str) -> Response:
    """The receipt of a report that shares a case, with its own code."""
    content = await written(request, number, report_number(report))
    return await show(request, "receipt.html", lambda connection, actor: {"receipt": content})


@router.get("/cases/{number}/receipt")
async def receipt(request: Request, number: str) -> Response:
    """The receipt, to be printed and handed over."""
    content = await written(request, number)
    return await show(request, "receipt.html", lambda connection, actor: {"receipt": content})


async def _page(
    request: Request, form: Form, attempt: Attempt | None, *, stopped: bool = False, asked: bool = False
) -> Response:
    seen = visit(request)
    places = await seen.here.places()

    def read(connection: Connection, actor: Actor) -> Content:
        require_reporter(actor)
        return {
            "values": form,
            "faults": attempt.faults if attempt else {},
            "attempt": attempt,
            "stopped": stopped,
            "asked": asked,
            **ahead(seen, connection, actor, places, form),
            "groups": _groups(seen.here.rulebook),
            "codes": directory(connection, seen.here, seen.words),
            "sources": _sources(actor),
        }

    status = attempt.problem.status if attempt else (422 if stopped else 200)
    key = form.get("key") or fresh_key() if stopped or asked else key_of(attempt)
    return await show(request, "incident.html", read, status=status, key=key)


def _dangerous(rules: Rulebook, form: Form) -> bool:
    """Said to be, or by its category."""
    category = rules.categories.get(form.get("category", ""))
    return form.get("danger") == YES or (category is not None and category.danger)


def _groups(rules: Rulebook) -> list[tuple[Any, list[Any]]]:
    """The categories by group, as the rulebook orders them."""
    return [
        (group, [category for category in rules.categories.values() if category.group == group.code])
        for group in rules.groups.values()
    ]


def _sources(actor: Actor) -> list[Source]:
    """Through which doors this person takes reports."""
    found = [Source.HOTLINE, Source.DESK] if actor.roles & {Role.INTAKE_CLERK, Role.SUPERVISOR} else []
    return [*found, Source.OFFICER] if Role.GRID_OFFICER in actor.roles else found


def _body(form: Form) -> dict[str, Any]:
    """The report as the API's contract has it; what is empty was not said."""
    place = {name: form[name] for name in ("grid", "address") if form.get(name, "").strip()}
    reporter: dict[str, Any] = {
        name: form[field] for name, field in (("name", "reporter_name"), ("phone", "reporter_phone"))
        if form.get(field, "").strip()
    }  # fmt: skip
    reporter |= {name: True for name in ("anonymous", "disclose") if form.get(name) == YES}
    body: dict[str, Any] = {name: form[name] for name in ("category", "description", "source") if name in form}
    if reporter:
        body["reporter"] = reporter
    if form.get("occurred_at", "").strip():
        body["occurred_at"] = moment(form["occurred_at"])
    return {**body, "place": place, "danger": form.get("danger") == YES}
