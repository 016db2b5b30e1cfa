"""The catalogue of service items: finding one, its checklist and steps, its flow chart, its versions (B1, B6)."""

import base64
import hashlib
import json
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.answers import answer, items
from api.auth import acting, now
from api.bodies import query
from api.docs import described
from api.house import House, house
from api.problems import Problem, not_found
from api.schemas.catalogue import CatalogueQuery, ChartQuery, DiffQuery, ItemQuery
from db.queries.paging import page_limit
from db.queries.rulebooks import catalogue_versions
from domain.authority import Actor
from domain.catalogue.diff import difference
from domain.catalogue.items import CatalogueVersion, Item
from domain.errors import Unprocessable
from domain.worktime import shanghai_date
from rulebook.catalogue.chart import mermaid, svg
from rulebook.catalogue.shown import ChartFormat, difference_sheet, item_line, item_sheet

router = APIRouter(tags=["catalogue"])

_DRAWN = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
}


@router.get("/catalogue", openapi_extra=described(query=CatalogueQuery))
async def catalogue(request: Request) -> Response:
    """The items that fit, the likeliest first; all of them in the order of the catalogue when nothing is sought."""
    here = await _signed_in(request)
    wanted = query(request, CatalogueQuery).demand()
    version = await _version(here, wanted.version)
    if wanted.line is not None and wanted.line not in {line.code for line in version.lines}:
        raise Unprocessable("value_unknown", field="line")
    found = (await here.shelf.search(version)).find(wanted.q, line=wanted.line)
    of = _digest(version.version, wanted.q, wanted.line)
    start, size = _start(wanted.cursor, of), page_limit(wanted.limit)
    following = _cursor(start + size, of) if start + size < len(found) else None
    page = [item_line(item, version) for item in found[start : start + size]]
    return items(page, next_cursor=following, total=len(found), version=version.version)


@router.get("/catalogue/versions", openapi_extra=described())
async def versions(request: Request) -> Response:
    """Every version that was ever loaded, with its days."""
    here = house(request)
    rows = await here.database.read(acting(request, _loaded))
    today = shanghai_date(now())
    in_force = {found.version for found in here.shelf.catalogue.versions if found.in_force(today)}
    return items([{**row, "in_force": row["version"] in in_force} for row in rows])


@router.get("/catalogue/diff", openapi_extra=described(query=DiffQuery))
async def diff(request: Request) -> Response:
    """Which items came and went between two versions, and what changed in the others."""
    here = await _signed_in(request)
    wanted = query(request, DiffQuery).demand()
    earlier, later = await _version(here, wanted.from_, field="from"), await _version(here, wanted.to, field="to")
    return answer(difference_sheet(difference(earlier, later)))


@router.get("/catalogue/{item}", openapi_extra=described(query=ItemQuery))
async def one_item(request: Request, item: str) -> Response:
    """An item: checklist of materials, steps, limits, results."""
    here = await _signed_in(request)
    wanted = query(request, ItemQuery).demand()
    version = await _version(here, wanted.version)
    return answer(item_sheet(_item(here, version, item), version))


@router.get("/catalogue/{item}/chart", openapi_extra=described(query=ChartQuery))
async def chart(request: Request, item: str) -> Response:
    """The flow chart, drawn from the data: SVG, or text for Mermaid."""
    here = await _signed_in(request)
    wanted = query(request, ChartQuery).demand()
    version = await _version(here, wanted.version)
    found, wording = _item(here, version, item), here.shelf.wording(version, wanted.lang)
    if wanted.format is ChartFormat.MERMAID:
        return Response(mermaid(found, wording), media_type="text/plain; charset=utf-8")
    return Response(svg(found, wording), headers=_DRAWN, media_type="image/svg+xml")


async def _signed_in(request: Request) -> House:
    """The house, for whoever has an account. Raises Problem(401)."""
    here = house(request)
    await here.database.read(acting(request, lambda connection, actor: None))
    return here


async def _version(here: House, name: str | None, *, field: str = "version") -> CatalogueVersion:
    """The version of this name, with or without its digest; the one in force for none."""
    if name is None:
        return here.shelf.in_force(now())
    shelved = {found.version.partition("+")[0]: found for found in here.shelf.catalogue.versions}
    found = shelved.get(name) or await here.shelf.version(name)
    if found is None:
        raise Unprocessable("catalogue_version_unknown", field=field)
    return found


def _item(here: House, version: CatalogueVersion, code: str) -> Item:
    """The item of this version. Raises Problem(404), which says so when another version has it."""
    for item in version.items:
        if item.code == code:
            return item
    if any(here.shelf.catalogue.item_of(other.version, code) for other in here.shelf.catalogue.versions):
        raise Problem(404, "item_no_longer_valid")
    raise not_found()


def _loaded(connection: Connection, actor: Actor) -> list[dict[str, Any]]:
    return [dict(row) for row in catalogue_versions(connection)]


def _digest(*sought: str | None) -> str:
    return hashlib.sha256(json.dumps(sought).encode()).hexdigest()[:12]


def _cursor(place: int, of: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([of, place]).encode()).decode().rstrip("=")


def _start(cursor: str | None, of: str) -> int:
    """Where the page starts that a cursor of the same search names. Raises Unprocessable("cursor_invalid")."""
    if cursor is None:
        return 0
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        own, place = json.loads(text)
        if own != of or type(place) is not int or not 0 <= place < 1 << 31:
            raise ValueError(cursor)
    except (ValueError, TypeError) as error:
        raise Unprocessable("cursor_invalid", field="cursor") from error
    return place
