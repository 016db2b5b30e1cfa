"""``POST /applicants/lookup``: what the register gives a desk for the form of one item (B5, C7, C8).

A number that the register does not know is answered in the same shape, and the look is noted all the same.
"""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.answers import answer
from api.applications import odd
from api.auth import acting, now
from api.bodies import Checked, body
from api.docs import described
from api.house import House, house
from api.schemas.register import LookupIn
from db.frontdesk.register import Seen, look_up
from domain.authority import Actor, require_desk
from domain.identity import Identity, read_identity
from domain.register import Purpose
from domain.worktime import shanghai_date

router = APIRouter(tags=["intake"])


@router.post("/applicants/lookup", openapi_extra=described(body=LookupIn))
async def lookup(request: Request) -> Response:
    """What is known of the holder of this number, as far as the item needs it. The look is noted."""
    return answer(await looked_up(request, await body(request, LookupIn)))


async def looked_up(request: Request, checked: Checked[LookupIn]) -> dict[str, Any]:
    """The answer to a look, whatever it was read from. Raises Problem and Refused in the order of refusal."""
    here, at = house(request), now()

    def look(connection: Connection, actor: Actor) -> dict[str, Any]:
        require_desk(actor)
        wanted = checked.demand()
        purpose = _purpose(here, wanted.item, at)
        identity = read_identity(wanted.id_number, today=shanghai_date(at), kind=wanted.id_type)
        seen = look_up(connection, actor, identity, purpose, at)
        papers = purpose.papers(seen.facts, here.rulebook.worktime, at)
        return {**_shown(wanted.item, identity, seen), "papers": papers}

    return await here.database.write(acting(request, look))


def _purpose(here: House, code: str, at: datetime) -> Purpose:
    """Raises Unprocessable("item_unknown") and ("item_no_longer_valid")."""
    item = here.shelf.catalogue.item(code, shanghai_date(at))
    return Purpose(item=item.code, line=item.line, materials={each.code: each.name for each in item.materials})


def _shown(item: str, identity: Identity, seen: Seen) -> dict[str, Any]:
    return {
        "item": item,
        "id_type": identity.kind,
        "id_number": identity.masked,
        "fields": {name: {"value": known.value, "as_of": known.as_of} for name, known in seen.fields.items()},
        "warnings": odd("id_number", identity),
    }
