"""The parts that also start alone: API, worker, migration, seeding. What each is made of lives with itself."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from launch.lock import CannotStart
from settings import PREFIX, Settings, SettingsError

API_GRACE_S = 3
"""How long open requests (live pages above all) may hold up the end of the API."""

_FORMAT = "%(levelname)s %(name)s: %(message)s"


class WithoutQuery(logging.Filter):
    """Takes the query string out of access logs: it may carry a tracking code or words of a search."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple) and len(record.args) == 5:
            client, method, path, version, status = record.args
            record.args = (client, method, str(path).partition("?")[0], version, status)
        return True


def log_config(*, verbose: bool) -> dict[str, Any]:
    """How a part logs: warnings by default, requests too when asked for."""
    level = "INFO" if verbose else "WARNING"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"without_query": {"()": WithoutQuery}},
        "formatters": {"plain": {"format": _FORMAT}},
        "handlers": {
            "plain": {"class": "logging.StreamHandler", "formatter": "plain"},
            "access": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["without_query"]},
        },
        "root": {"handlers": ["plain"], "level": level},
        "loggers": {
            "uvicorn.access": {"handlers": ["access"], "level": level, "propagate": False},
            "httpx": {"level": "WARNING"},
        },
    }


def serve_api(settings: Settings, *, verbose: bool, app: str = "web.app:create_app") -> None:
    """Serve HTTP, the API and the pages, until SIGTERM or SIGINT. ``app`` names what makes the application."""
    import uvicorn

    uvicorn.run(
        app,
        factory=True,
        host=settings.http_host,
        port=settings.http_port,
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,  # it would name paths with usernames in them; api.edge logs templates of routes
        log_config=log_config(verbose=verbose),
        server_header=False,
        timeout_graceful_shutdown=API_GRACE_S,
    )


def serve_worker(settings: Settings, *, verbose: bool) -> None:
    """Work until SIGTERM or SIGINT."""
    import logging.config

    import uvloop

    import worker

    logging.config.dictConfig(log_config(verbose=verbose))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(worker.serve(settings))


def migrate_database(settings: Settings) -> None:
    """Bring the database to the newest revision. Raises CannotStart when it is away or not writable."""
    from db.engine import StoreUnavailable
    from db.migrations import upgrade

    _require_data_dir(settings)
    try:
        upgrade(settings.database_url)
    except StoreUnavailable as error:
        raise CannotStart(f"The database cannot be used: {error}. It is set by {PREFIX}DATABASE_URL.") from error


def seed_database(settings: Settings) -> None:
    """Write the rulebook's district, what is not there yet. Raises CannotStart: rulebook wrong, database away."""
    from db.engine import Database, StoreUnavailable, migrated
    from db.seed import seed
    from rulebook.load import RulebookInvalid, open_rulebook

    _require_data_dir(settings)
    try:
        opened = open_rulebook(settings.rulebook)
    except RulebookInvalid as error:
        raise CannotStart(f"The rulebook cannot be used (it is set by {PREFIX}RULEBOOK):\n{error}") from error
    if not migrated(settings.database_url):
        raise CannotStart("The database has not the newest revision: run `python -m launch migrate` first.")
    database = Database(settings.database_url)
    try:
        if not seed(database, opened, settings.demo_secret).followed:
            logging.getLogger("bihuan.seed").warning(
                "the rules in the files do not count: others were put in force since (launch rulebook list)"
            )
    except SettingsError as error:
        raise CannotStart(str(error)) from error
    except StoreUnavailable as error:
        raise CannotStart(f"The database cannot be used: {error}. It is set by {PREFIX}DATABASE_URL.") from error
    finally:
        database.close()


async def consult_doctor(settings: Settings, *, mend: bool, say: Callable[[str], None]) -> int:
    """Compare database and engine; how many discrepancies are left. Raises CannotStart when either is away."""
    from temporalio.service import RPCError

    from api.desk import EngineAway, OutcomeUnknown, lazy_client
    from db.engine import Database, StoreUnavailable
    from launch.doctor import Doctor, visit

    database = Database(settings.database_url)
    try:
        return await visit(Doctor(await lazy_client(settings), database), mend=mend, say=say)
    except StoreUnavailable as error:
        raise CannotStart(f"The database cannot be used: {error}. It is set by {PREFIX}DATABASE_URL.") from error
    except (RPCError, RuntimeError, EngineAway, OutcomeUnknown) as error:
        raise CannotStart(f"The engine at {settings.engine_address} cannot be used: {error}") from error
    finally:
        await database.aclose()


def _require_data_dir(settings: Settings) -> None:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStart(
            f"Cannot write in the data directory {settings.data_dir}: {error.strerror}. It is set by {PREFIX}DATA_DIR."
        ) from error
