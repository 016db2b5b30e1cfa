"""Any matter at any desk: finding an item as people name it; its checklist, steps, chart and promise (B1, B6)."""

from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.fields import Code, Contract
from api.problems import not_found
from api.schemas.catalogue import Sought
from domain.authority import APPLICATION_TAKERS, Actor
from domain.catalogue.items import CatalogueVersion, Item
from domain.worktime import shanghai_date
from web.directory import directory
from web.itemsheet import holder_names, lines_of, promised_now
from web.page import Content, Visit, fragment, show, visit
from web.reading import asked

router = APIRouter()

MOST = 30


class ItemsQuery(Contract):
    """Which items: name, keyword, pinyin, initials, English; of which line."""

    q: Sought = ""
    line: Code | None = None


@router.get("/items")
async def items(request: Request) -> Response:
    """The search, and what it finds."""
    found = await _found(request)
    return await show(request, "items.html", lambda connection, actor: found)


@router.get("/items-found")
async def items_found(request: Request) -> Response:
    """What is found, while somebody types."""
    found = await _found(request)
    return await fragment(request, "parts/items.html", lambda connection, actor: found)


@router.get("/items/{code}")
async def one_item(request: Request, code: str) -> Response:
    """The page of an item."""
    seen = visit(request)
    version, item = item_in_force(seen, code)

    def read(connection: Connection, actor: Actor) -> Content:
        return {
            **sheet(seen, connection, version, item),
            "may_apply": bool(actor.roles & APPLICATION_TAKERS) and not item.is_draft,
        }

    return await show(request, "item.html", read)


def item_in_force(seen: Visit, code: str) -> tuple[CatalogueVersion, Item]:
    """The item for what is received now. Raises Problem(404)."""
    version = seen.here.shelf.catalogue.in_force(shanghai_date(seen.at))
    for item in version.items:
        if item.code == code:
            return version, item
    raise not_found()


def sheet(seen: Visit, connection: Connection, version: CatalogueVersion, item: Item) -> dict[str, Any]:
    """What pages say of an item."""
    codes = directory(connection, seen.here, seen.words)
    return {
        "item": item,
        "version": version,
        "lines": lines_of(seen.words, version),
        "holders": holder_names(seen, codes, version, item),
        "codes": codes,
        **promised_now(seen, item),
    }


async def _found(request: Request) -> Content:
    seen, wanted = visit(request), asked(request, ItemsQuery)
    version = seen.here.shelf.in_force(seen.at)
    found = (await seen.here.shelf.search(version)).find(wanted.q, line=wanted.line)
    return {
        "items": found[:MOST],
        "total": len(found),
        "wanted": wanted,
        "lines": lines_of(seen.words, version),
    }
