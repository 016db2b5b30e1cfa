"""``GET /board/stream``: server-sent events for live pages. Says that something happened, never what."""

from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from api.auth import bearer
from api.docs import described
from api.house import House, house

router = APIRouter(tags=["live"])

_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_AGAIN_MS = 2000


@router.get("/board/stream", openapi_extra=described())
async def board_stream(request: Request) -> StreamingResponse:
    """Events named ``changed``, without data: fetch again what you show."""
    here = house(request)
    await here.database.read(bearer(request).identify)
    return StreamingResponse(_events(here), media_type="text/event-stream", headers=_HEADERS)


async def _events(here: House) -> AsyncIterator[bytes]:
    yield b"retry: %d\n\n" % _AGAIN_MS
    async for changed in here.watch.changes():
        yield b"event: changed\ndata:\n\n" if changed else b": waiting\n\n"
