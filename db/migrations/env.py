"""Run by alembic: one connection, one transaction, one migrator at a time."""

from alembic import context
from sqlalchemy import text

from db.connections import make_engine
from db.tables import metadata

# Two processes that start together must not both migrate; any number will do that nobody else locks.
_LOCK = 0x62696875616E


def run() -> None:
    """Migrate the database that the caller named."""
    url = context.config.attributes.get("url") or context.get_x_argument(as_dictionary=True)["url"]
    engine = make_engine(url, writes=True, size=1)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL lock_timeout = '120s'"))
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
            with context.begin_transaction():
                context.run_migrations()
    finally:
        engine.dispose()


run()
