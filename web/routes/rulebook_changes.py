"""What administrators do with versions of the rulebook: upload, change by form, schedule, take back, drop.

All of it is done by the API's own functions; what they refuse comes back on the page that it was sent from.
"""

from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from api import rulebook_view
from api.administration import rulebooks
from api.administration.base import administrator_asks
from api.administration.rulebooks import NOW
from api.auth import of_cookie, require_role
from api.fields import Contract, Label
from api.house import House, house
from api.problems import Fault, Problem, invalid
from api.schemas.rulebooks import RevisionIn
from api.uploads import read_parts
from domain.authority import Actor
from domain.errors import Refused
from domain.rulebook import Rulebook
from domain.vocabulary import Role
from rulebook.zipped import LARGEST
from web.administering import shown_again
from web.navigation import RULEBOOK
from web.page import Content, show, visit
from web.reading import asked, checked, moment
from web.rule_forms import GENERAL, NONE, SERVICES, asked_of, faults_by_name, next_name, revision, sent_back
from web.rulesheet import frame_of, listed, sheet
from web.session import FIELD, Form, read_form, require_token

router = APIRouter()

HOME: Final = RULEBOOK


class ChangeQuery(Contract):
    """What is to change, and of which version."""

    scope: Label = GENERAL
    based_on: Label | None = None


@router.post("/admin/rulebook")
async def upload(request: Request) -> Response:
    """Check a ZIP and keep it as a draft; the page again with every fault of it."""
    here, token = house(request), of_cookie(request)
    await here.database.read(lambda connection: require_role(token.actor(connection), Role.ADMINISTRATOR))
    parts = await read_parts(request, most=LARGEST, total=LARGEST, files=1, fields=4)
    require_token(here, request, dict(parts.fields).get(FIELD, ""))
    try:
        sent = next((sent for field, sent in parts.files if field == "file" and sent.content), None)
        if sent is None:
            raise invalid(Fault("file", "file_missing"))
        version = await rulebooks.keep(request, await rulebooks.of_zip(here, sent.content))
    except (Problem, Refused) as error:
        seen, problem = visit(request), shown_again(error)
        return await show(
            request,
            "rulebook.html",
            lambda connection, actor: listed(seen, connection, actor),
            status=problem.status,
            problem=problem,
            done="",
        )
    return _done(version, "kept")


@router.get("/admin/rulebook/change")
async def form(request: Request) -> Response:
    """The values of a version, to be changed."""
    wanted = asked(request, ChangeQuery)
    return await _form(request, wanted.scope, wanted.based_on, {}, None)


@router.post("/admin/rulebook/change")
async def change(request: Request) -> Response:
    """Make a draft of what was changed; the form again with what is wrong."""
    here = house(request)
    sent = await read_form(here, request)
    await administrator_asks(request)
    scope, based_on = sent.get("scope", GENERAL), sent.get("based_on") or None
    try:
        rules = await _base(here, based_on)
        body = {"version": sent.get("version", ""), "based_on": based_on, "draft": True}
        wanted = checked({**body, **revision(asked_of(rules, scope), scope, sent)}, RevisionIn).demand()
        version = await rulebooks.keep(request, await rulebooks.of_revision(here, wanted))
    except (Problem, Refused) as error:
        return await _form(request, scope, based_on, sent, shown_again(error))
    return _done(version, "kept")


@router.post("/admin/rulebook/versions/{version}/schedule")
async def schedule(request: Request, version: str) -> Response:
    """The version counts from an instant on."""
    here = house(request)
    sent = await read_form(here, request)
    wanted = NOW if sent.get("act") == NOW else moment(sent.get("effective_from", ""))
    try:
        await administrator_asks(request, lambda connection: rulebooks.known(connection, version))
        await rulebooks.schedule(request, here, version, wanted)
    except (Problem, Refused) as error:
        return await _version_again(request, version, shown_again(error), sent.get("effective_from", ""))
    return _done(version, "scheduled")


@router.post("/admin/rulebook/versions/{version}/withdraw")
async def withdraw(request: Request, version: str) -> Response:
    """The version does not come into force."""
    await read_form(house(request), request)
    try:
        await rulebooks.take_back(request, version)
    except (Problem, Refused) as error:
        return await _version_again(request, version, shown_again(error), "")
    return _done(version, "withdrawn")


@router.post("/admin/rulebook/versions/{version}/drop")
async def drop(request: Request, version: str) -> Response:
    """Throw a draft away."""
    await read_form(house(request), request)
    try:
        await rulebooks.throw_away(request, version)
    except (Problem, Refused) as error:
        return await _version_again(request, version, shown_again(error), "")
    return RedirectResponse(f"{HOME}?done=dropped", 303)


def _done(version: str, what: str) -> Response:
    return RedirectResponse(f"{HOME}/versions/{quote(version, safe='')}?done={what}", 303)


async def _version_again(request: Request, version: str, problem: Problem, wanted: str) -> Response:
    seen = visit(request)
    return await show(
        request,
        "rulebook_version.html",
        lambda connection, actor: sheet(seen, connection, actor, version),
        status=problem.status,
        problem=problem,
        wanted=wanted,
        done="",
    )


async def _base(here: House, name: str | None) -> Rulebook:
    return (await rulebooks.opened_version(here, name)).rulebook if name else here.rulebook


async def _form(request: Request, scope: str, based_on: str | None, sent: Form, problem: Problem | None) -> Response:
    seen = visit(request)
    rules = await _base(seen.here, based_on)
    values = asked_of(rules, scope)

    def read(connection: Connection, actor: Actor) -> Content:
        require_role(actor, Role.ADMINISTRATOR)
        names = [found["version"] for found in rulebook_view.versions(connection, actor, seen.at)]
        return {
            **frame_of(seen, connection, actor),
            "rules": rules,
            "scope": scope,
            "based_on": based_on or "",
            "asked": sent_back(values, sent) if sent else values,
            "version": sent.get("version") or next_name(rules.version, names),
        }

    faults = faults_by_name({fault.field: fault.code for fault in problem.faults}) if problem else {}
    return await show(
        request,
        "rulebook_change.html",
        read,
        status=problem.status if problem else 200,
        problem=problem,
        faults=faults,
        general=GENERAL,
        services=SERVICES,
        none=NONE,
    )
