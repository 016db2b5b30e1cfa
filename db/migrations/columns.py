"""Shorthands of revisions: the types of columns as both databases store them.

A revision never imports ``db.tables``: these change, a revision does not.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB


def _column(name: str, kind: Any, *, key: bool = False, null: bool = False, refers: str | None = None) -> Any:
    links = [sa.ForeignKey(refers)] if refers else []
    return sa.Column(name, kind, *links, primary_key=key, nullable=null)


def text(name: str, **more: Any) -> Any:
    """A column of text."""
    return _column(name, sa.String(), **more)


def code(name: str, **more: Any) -> Any:
    """A column that holds a member of a closed set."""
    return _column(name, sa.String(64), **more)


def instant(name: str, **more: Any) -> Any:
    """A column that holds an instant."""
    return _column(name, sa.String(32).with_variant(sa.TIMESTAMP(timezone=True), "postgresql"), **more)


def day(name: str, **more: Any) -> Any:
    """A column that holds a date without a time."""
    return _column(name, sa.Date(), **more)


def document(name: str, **more: Any) -> Any:
    """A column that holds JSON."""
    return _column(name, sa.JSON().with_variant(JSONB(), "postgresql"), **more)


def whole(name: str, **more: Any) -> Any:
    """A column of whole numbers."""
    return _column(name, sa.Integer(), **more)


def flag(name: str, **more: Any) -> Any:
    """A column of yes and no."""
    return _column(name, sa.Boolean(), **more)


def real(name: str, **more: Any) -> Any:
    """A column of numbers."""
    return _column(name, sa.Float(), **more)


def where(condition: str) -> dict[str, Any]:
    """The condition of a partial index."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
