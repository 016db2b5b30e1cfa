"""``POST /outside-results``: what departments above have decided, as a file (B8)."""

from collections import Counter
from typing import Final

from fastapi import APIRouter, Request, Response

from api.answers import items
from api.auth import acting, bearer, now, require_role
from api.docs import described
from api.house import house
from api.outside_results import LARGEST, RowResult, apply_results
from api.uploads import FILE_BODY, one_file
from domain.vocabulary import Role

router = APIRouter(tags=["commands"])

_MAY_SEND: Final = (Role.INTAKE_CLERK, Role.HANDLER, Role.UNIT_LEADER, Role.SUPERVISOR)


@router.post("/outside-results", openapi_extra={**described(), "requestBody": FILE_BODY})
async def outside_results(request: Request) -> Response:
    """Results of outside steps as CSV or .xlsx: columns ``number``, ``step``, ``outcome`` and perhaps ``note``.

    Every row is answered by itself; the good ones are applied, once, however often the file is sent.
    """
    here, at = house(request), now()
    token = bearer(request)
    await here.database.read(acting(request, lambda _, actor: require_role(actor, *_MAY_SEND)))
    _, content = await one_file(request, LARGEST)
    rows = await apply_results(here, token, content, at)
    counted = Counter(row.result for row in rows)
    return items([row.shown() for row in rows], **{result.value: counted[result] for result in RowResult})
