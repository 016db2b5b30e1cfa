"""Revisions of the database, and how to bring one to the newest without a command line."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from db.connections import make_engine
from db.errors import is_unavailable, unavailable

HERE = Path(__file__).parent


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at ``url`` to ``revision``; harmless when it is there. Raises StoreUnavailable."""
    _run(command.upgrade, url, revision)


def downgrade(url: str, revision: str = "base") -> None:
    """Take the database at ``url`` back to ``revision``. Raises StoreUnavailable."""
    _run(command.downgrade, url, revision)


def current(url: str) -> str | None:
    """The revision of the database at ``url``; None: never migrated. Raises StoreUnavailable."""
    engine = make_engine(url, writes=False, size=1)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except Exception as error:
        if is_unavailable(error):
            raise unavailable(error) from error
        raise
    finally:
        engine.dispose()


@cache
def head() -> str | None:
    """The newest revision that this code knows."""
    return ScriptDirectory(str(HERE)).get_current_head()


def config(url: str) -> Config:
    """What alembic needs to know, for the database at ``url``."""
    made = Config()
    made.set_main_option("script_location", str(HERE))
    made.attributes["url"] = url
    return made


def _run(action: Callable[[Config, str], None], url: str, revision: str) -> None:
    try:
        action(config(url), revision)
    except Exception as error:
        if is_unavailable(error):
            raise unavailable(error) from error
        raise
