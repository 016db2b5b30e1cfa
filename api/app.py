"""The application: its routes, its problems, and the house that it holds while it runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

import settings as configuration
from api import docs, problems
from api.desk import Desk, lazy_client
from api.edge import Edge
from api.house import House
from api.in_force import InForce
from api.metrics import Metrics
from api.opener import Opener
from api.routes import (
    account,
    accountability,
    accounts,
    adminlog,
    applicants,
    attachments,
    cases,
    catalogue,
    commands,
    duplicates,
    exports,
    health,
    incidents,
    interviews,
    live,
    looks,
    notices,
    outside,
    places,
    public,
    receipts,
    rulebooks,
    rules,
    services,
    sessions,
    standings,
    units,
)
from api.watch import Watch
from db.engine import Database
from rulebook.load import Opened, open_rulebook
from settings import Settings

_AREAS = (
    sessions,
    account,
    accounts,
    adminlog,
    applicants,
    incidents,
    duplicates,
    services,
    exports,
    cases,
    catalogue,
    commands,
    outside,
    attachments,
    interviews,
    accountability,
    notices,
    live,
    looks,
    units,
    standings,
    places,
    rulebooks,
    rules,
    public,
    receipts,
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The API on ``settings`` (default: the environment's). Needs no engine to begin with.

    Raises SettingsError and the rulebook's own errors when they cannot be used.
    """
    chosen = settings or configuration.load()
    metrics, opened, secret = Metrics(), open_rulebook(chosen.rulebook), chosen.secret().encode()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with _open_house(chosen, opened, secret, metrics) as app.state.house:
            yield

    app = FastAPI(title="Bihuan", version="0.1.0", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    problems.install(app)
    app.include_router(health.router)
    app.include_router(docs.docs_router())
    for area in _AREAS:
        app.include_router(area.router, prefix=docs.PREFIX)
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]
    app.add_middleware(Edge, metrics=metrics)
    return app


@asynccontextmanager
async def _open_house(settings: Settings, opened: Opened, secret: bytes, metrics: Metrics) -> AsyncIterator[House]:
    database = Database(settings.database_url)
    desk = Desk(await lazy_client(settings), database)
    opener, watch, in_force = Opener(desk), Watch(database), InForce(database, opened)
    opener.begin()
    await in_force.begin()
    try:
        yield House(
            settings=settings,
            database=database,
            in_force=in_force,
            desk=desk,
            opener=opener,
            watch=watch,
            secret=secret,
            metrics=metrics,
        )
    finally:
        await in_force.aclose()
        await watch.aclose()
        await opener.end()
        await database.aclose()


def _document(app: FastAPI) -> dict[str, object]:
    if app.openapi_schema is None:
        app.openapi_schema = docs.document(app)
    return app.openapi_schema
