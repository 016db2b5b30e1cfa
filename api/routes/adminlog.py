"""What administrators have done: for administrators and auditors."""

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.answers import answer
from api.auth import acting, require_role
from api.bodies import query
from api.docs import described
from api.house import house
from api.schemas.people import LogQuery
from db.queries.administration import admin_log
from domain.administration import READERS
from domain.authority import Actor

router = APIRouter(tags=["administration"])


@router.get("/admin-log", openapi_extra=described(query=LogQuery))
async def log(request: Request) -> Response:
    """Newest first: who, when, what; before and after, without secrets."""
    checked = query(request, LogQuery)

    def read(connection: Connection, actor: Actor) -> Response:
        require_role(actor, *READERS)
        page = admin_log(connection, **checked.demand().model_dump())
        return answer({"items": [dict(row) for row in page.items], "next_cursor": page.next_cursor})

    return await house(request).database.read(acting(request, read))
