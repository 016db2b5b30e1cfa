"""The application that people meet: the API and the pages on it."""

from fastapi import FastAPI

from api.app import create_app as create_api
from settings import Settings
from web import errors, files
from web.routes import PAGES


def create_app(settings: Settings | None = None) -> FastAPI:
    """The API and the pages on ``settings`` (default: the environment's). Raises as ``api.app.create_app``."""
    app = create_api(settings)
    errors.install(app)
    app.include_router(files.router)
    for page in PAGES:
        app.include_router(page.router, include_in_schema=False)
    return app
