"""Run by alembic: one connection, one transaction, one migrator at a time."""

from typing import Any

from alembic import context
from sqlalchemy import Connection, Engine, event, text

from db.connections import make_engine
from db.tables import metadata

# Two processes that start together must not both migrate; any number will do that nobody else locks.
_LOCK = 0x62696875616E


def run() -> None:
    """Migrate the database that the caller named."""
    url = context.config.attributes.get("url") or context.get_x_argument(as_dictionary=True)["url"]
    engine = make_engine(url, writes=True, size=1)
    if engine.dialect.name == "sqlite":
        _loosen(engine)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL lock_timeout = '120s'"))
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
            with context.begin_transaction():
                context.run_migrations()
            if connection.dialect.name == "sqlite":
                _require_whole(connection)
    finally:
        engine.dispose()


def _loosen(engine: Engine) -> None:
    """SQLite changes a column by making the table anew: meanwhile rows refer to a table that is not there."""

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA foreign_keys=OFF")


def _require_whole(connection: Connection) -> None:
    """Raises RuntimeError, and so takes everything back, when a row refers to one that is not there."""
    broken = connection.execute(text("PRAGMA foreign_key_check")).first()
    if broken is not None:
        raise RuntimeError(f"table {broken[0]} refers to a row of {broken[2]} that is not there")


run()
