"""Accounts and keys of machine clients: the administrator's (C9)."""

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection, RowMapping

from api.administration import accounts as keeping
from api.answers import answer, items
from api.auth import acting, bearer, require_role
from api.bodies import body, query
from api.docs import described
from api.house import house
from api.schemas.people import AccountChange, AccountIn, AccountsQuery, KeyIn
from db.frontdesk import accounts
from domain.authority import Actor
from domain.vocabulary import Role

router = APIRouter(tags=["accounts"])


@router.get("/accounts", openapi_extra=described(query=AccountsQuery))
async def list_accounts(request: Request) -> Response:
    """Accounts, by username."""
    checked = query(request, AccountsQuery)

    def page(connection: Connection, actor: Actor) -> Response:
        require_role(actor, Role.ADMINISTRATOR)
        rows, more = accounts_page(connection, checked.demand())
        return items(list(rows), next_cursor=more)

    return await house(request).database.read(acting(request, page))


@router.post("/accounts", status_code=201, openapi_extra=described(body=AccountIn))
async def add_account(request: Request) -> Response:
    """A new account."""
    bearer(request)
    given = await keeping.add_account(request, await body(request, AccountIn))
    username = given.account["username"]
    return answer(_told(given), 201, headers={"Location": f"/api/v1/accounts/{username}"})


@router.get("/accounts/{username}", openapi_extra=described())
async def one_account(request: Request, username: str) -> Response:
    """One account."""

    def read(connection: Connection, actor: Actor) -> Response:
        require_role(actor, Role.ADMINISTRATOR)
        return answer(keeping.found_account(connection, username))

    return await house(request).database.read(acting(request, read))


@router.patch("/accounts/{username}", openapi_extra=described(body=AccountChange))
async def change_account(request: Request, username: str) -> Response:
    """Change an account. Deactivated, its access ends at once; a new password ends its sessions."""
    bearer(request)
    return answer(_told(await keeping.change_account(request, username, await body(request, AccountChange))))


@router.post("/accounts/{username}/password", openapi_extra=described())
async def reset_password(request: Request, username: str) -> Response:
    """A new password, made by the house and shown in this answer only."""
    bearer(request)
    return answer(_told(await keeping.reset_password(request, username)))


@router.get("/api-keys", openapi_extra=described())
async def list_keys(request: Request) -> Response:
    """The keys that count. What was handed out is shown once only, when a key is made."""

    def read(connection: Connection, actor: Actor) -> Response:
        require_role(actor, Role.ADMINISTRATOR)
        return items(list(accounts.keys(connection)))

    return await house(request).database.read(acting(request, read))


@router.post("/api-keys", status_code=201, openapi_extra=described(body=KeyIn))
async def add_key(request: Request) -> Response:
    """A new key, shown in this answer and never again."""
    bearer(request)
    made = await keeping.add_key(request, await body(request, KeyIn))
    return answer(made._asdict(), 201)


@router.delete("/api-keys/{name}", status_code=204, openapi_extra=described())
async def revoke_key(request: Request, name: str) -> Response:
    """The key ends at once."""
    await keeping.revoke_key(request, name)
    return Response(status_code=204)


def accounts_page(connection: Connection, wanted: AccountsQuery) -> tuple[list[RowMapping], str | None]:
    """A page of accounts, and where the next one begins."""
    sought = accounts.Sought(**wanted.model_dump(exclude={"cursor", "limit"}))
    rows = accounts.accounts(connection, sought, after=wanted.cursor, limit=wanted.limit)
    return rows, rows[-1]["username"] if len(rows) == wanted.limit else None


def _told(given: keeping.Given) -> dict[str, object]:
    return {**given.account, **({"password": given.password} if given.password else {})}
