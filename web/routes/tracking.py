"""What a resident sees: where my matter is, how many days are left, and what to do. No account, no script (B2, D5)."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from api.bodies import of_validation
from api.house import house
from api.problems import Problem, of_refusal
from api.routes.public import followed, rate
from api.schemas.public import RatingIn
from db.queries.places import list_units
from domain.errors import Refused
from domain.vocabulary import CaseStatus, DossierKind, EventType
from web.happenings import DECIDED, Happenings
from web.page import Visit, render, visit
from web.session import read_form
from web.told import sentence_of

router = APIRouter()

_LONGEST: Final = 40
_AGAIN: Final = frozenset({404, 429})


@router.get("/track")
async def track_form(request: Request) -> Response:
    """Number and code; straight on when both are there."""
    number = request.query_params.get("number", "").strip().upper()[:_LONGEST]
    code = request.query_params.get("code", "").strip()[:_LONGEST]
    if number and code:
        return RedirectResponse(_address(number, code), 303)
    return render(visit(request), "track.html", {"number": number, "problem": None})


@router.get("/track/{number}")
async def track(request: Request, number: str) -> Response:
    """The case of this number and code; the form again when they do not go together."""
    return await _page(request, number, request.query_params.get("code", "")[:_LONGEST])


@router.post("/track/{number}/rating")
async def answer(request: Request, number: str) -> Response:
    """The resident's answer."""
    form = await read_form(house(request), request)
    code = form.get("code", "")[:_LONGEST]
    given = {name: form[name] for name in ("code", "score", "solved", "comment") if form.get(name, "").strip()}
    try:
        await rate(request, number, RatingIn.model_validate(given, strict=False))
    except ValidationError as error:
        return await _page(request, number, code, problem=of_validation(error), values=form)
    except Refused as refused:
        return await _page(request, number, code, problem=of_refusal(refused), values=form)
    return RedirectResponse(_address(number, code) + "&rated=1", 303)


async def _page(
    request: Request,
    number: str,
    code: str,
    *,
    problem: Problem | None = None,
    values: dict[str, str] | None = None,
) -> Response:
    seen = visit(request)
    try:
        way = await _named(request, seen, await followed(request, number, code))
    except Problem as refused:
        if refused.status not in _AGAIN:
            raise
        content: dict[str, Any] = {"number": number[:_LONGEST], "problem": refused}
        return render(seen, "track.html", content, status=refused.status)
    applied = way["kind"] is DossierKind.SERVICE_REQUEST
    told = Happenings(seen.words, seen.times, {}, {})
    content = {
        "way": way,
        "code": code,
        "sentence": sentence_of(seen.say, seen.words, way),
        "name_of": seen.words.called,
        "steps_named": {step["key"]: seen.words.called(step) for step in way["steps"]},
        "happening": lambda kind: seen.say(DECIDED) if applied and kind is EventType.COMPLETED else told.short(kind),
        "may_rate": way["status"] is CaseStatus.AWAITING_ANSWER and not way["answered"],
        "rated": "rated" in request.query_params,
        "problem": problem,
        "values": values or {},
    }
    return render(seen, "way.html", content, status=problem.status if problem else 200)


async def _named(request: Request, seen: Visit, way: Mapping[str, Any]) -> dict[str, Any]:
    """The way with its units called as in the language of the page: the contract tells their public names."""
    units = await house(request).database.read(list_units)
    called = {row["name"]: seen.words.called(dict(row)) for row in units}
    return {
        **way,
        "unit": called.get(way["unit"], way["unit"]),
        "steps": [_step(step, called) for step in way["steps"]],
    }


def _step(step: Mapping[str, Any], called: Mapping[str, str]) -> dict[str, Any]:
    unit = step.get("unit")
    return {**step, "unit": called.get(unit, unit)} if unit else dict(step)


def _address(number: str, code: str) -> str:
    return f"/track/{quote(number, safe='')}?{urlencode({'code': code})}"
