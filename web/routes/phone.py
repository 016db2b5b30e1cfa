"""What makes the officer's pages an application of the phone: manifest, service worker, and the form without network.

Nothing of this is personal: it is what a phone may keep. Personal pages are ``no-store`` and never kept.
"""

import json
from typing import Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from db.queries.places import list_grids
from web import files
from web.language import mark
from web.officer import SHELL_FILES, choices, require_officer
from web.page import Content, render, visit
from web.session import signed_in

router = APIRouter()

_REVISITED: Final = {"Cache-Control": "no-cache"}
_NAME: Final = mark("闭环网格员")
_SHORT_NAME: Final = mark("网格员")
_GROUND: Final = "#f6f7f9"
_ACCENT: Final = "#1c5a9c"


@router.get("/manifest.webmanifest")
async def manifest(request: Request) -> Response:
    """What the phone calls it, and where it begins."""
    seen = visit(request)
    icon = {"src": files.address("icon.svg"), "sizes": "any", "type": "image/svg+xml"}
    content = {
        "id": "/officer",
        "name": seen.say(_NAME),
        "short_name": seen.say(_SHORT_NAME),
        "lang": seen.language,
        "start_url": "/officer",
        "scope": "/",
        "display": "standalone",
        "background_color": _GROUND,
        "theme_color": _ACCENT,
        "icons": [{**icon, "purpose": "any"}, {**icon, "purpose": "maskable"}],
        "shortcuts": [{"name": seen.say(mark("上报")), "url": "/officer/report"}],
    }
    body = json.dumps(content, ensure_ascii=False)
    return Response(body, media_type="application/manifest+json", headers=_REVISITED)


@router.get("/sw.js")
async def service_worker() -> Response:
    """The service worker, with the files that it keeps: a new version of any of them is a new worker."""
    kept = json.dumps([files.address(name) for name in SHELL_FILES])
    outbox, photos = (
        json.dumps(files.address("outbox.js")),
        "".join(files.files()[name].version for name in SHELL_FILES),
    )
    head = f'"use strict";\nconst FILES = {kept};\nconst VERSION = "{photos}";\nimportScripts({outbox});\n'
    body = head.encode() + files.files()["worker.js"].content
    return Response(body, media_type="text/javascript", headers={**_REVISITED, "Service-Worker-Allowed": "/"})


@router.get("/officer/offline")
async def offline(request: Request) -> Response:
    """The form of a report as a phone keeps it for when it is offline: nothing of anybody is on it."""
    seen, token = visit(request), signed_in(request)

    def read(connection: Connection) -> dict[str, str]:
        require_officer(token.actor(connection))
        return {row["code"]: row["name"] for row in list_grids(connection)}

    grids = await seen.here.database.read(read)
    content: Content = {"values": {}, "faults": {}, "attempt": None, "stopped": False, "key": "", "shell": None}
    response = render(seen, "officer_offline.html", {**choices(seen.here.rulebook, grids), **content})
    response.headers.update(_REVISITED)
    return response
