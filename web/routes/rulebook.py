"""Versions of the rulebook, read and compared by everybody who is signed in."""

from fastapi import APIRouter, Request, Response

from api.fields import Contract, Label
from web.page import show, visit
from web.reading import asked
from web.rulesheet import compared, listed, sheet

router = APIRouter()

SENTENCES = frozenset({"kept", "scheduled", "withdrawn", "dropped"})
"""What a page may say was done."""


class CompareQuery(Contract):
    """Which two versions."""

    earlier: Label | None = None
    later: Label | None = None


@router.get("/admin/rulebook")
async def versions(request: Request) -> Response:
    """The version in force, what waits, what was."""
    seen = visit(request)
    return await show(
        request,
        "rulebook.html",
        lambda connection, actor: listed(seen, connection, actor),
        problem=None,
        done=done(request),
    )


@router.get("/admin/rulebook/versions/{version}")
async def one_version(request: Request, version: str) -> Response:
    """One version in tables; to administrators also what can be done with it."""
    seen = visit(request)
    return await show(
        request,
        "rulebook_version.html",
        lambda connection, actor: sheet(seen, connection, actor, version),
        problem=None,
        wanted="",
        done=done(request),
    )


@router.get("/admin/rulebook/compare")
async def compare(request: Request) -> Response:
    """What differs between two versions."""
    seen, wanted = visit(request), asked(request, CompareQuery)
    return await show(
        request,
        "rulebook_compare.html",
        lambda connection, actor: compared(seen, connection, actor, wanted.earlier, wanted.later),
    )


def done(request: Request) -> str:
    """What was done before this page was shown."""
    named = request.query_params.get("done", "")
    return named if named in SENTENCES else ""
