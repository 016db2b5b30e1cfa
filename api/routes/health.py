"""Whether the process is up, whether everything it needs is there, and its figures."""

import asyncio

from fastapi import APIRouter, Request, Response

from api.answers import answer
from api.house import House, house
from api.metrics import CONTENT_TYPE
from db.engine import StoreUnavailable, migrated
from db.queries.rulebooks import is_seeded

router = APIRouter(tags=["operations"])


@router.get("/healthz")
async def healthz() -> Response:
    """The process is up."""
    return answer({"status": "up"})


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """200 when migrated, seeded, engine reachable and a worker polling; else 503 with the part that is missing."""
    missing = await _missing(house(request))
    if missing is None:
        return answer({"status": "ready"})
    return answer({"status": "not_ready", "missing": missing}, 503, headers={"Retry-After": "2"})


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """For Prometheus."""
    here = house(request)
    return Response(here.metrics.page(here.opener.backlog), media_type=CONTENT_TYPE)


async def _missing(here: House) -> str | None:
    try:
        if not await asyncio.to_thread(migrated, here.settings.database_url):
            return "migrations"
        if not await here.database.read(is_seeded):
            return "seed"
    except StoreUnavailable:
        return "database"
    if here.in_force.behind is not None:
        return "rulebook"
    return await here.desk.missing()
