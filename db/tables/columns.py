"""Column types and shorthands of all tables: instants, codes, documents.

Instants are aware UTC on the way in and out. A naive datetime is a bug and is refused before it reaches a row.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, TIMESTAMP, Column, Date, Dialect, ForeignKey, String, Table, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine
from sqlmodel import Field, SQLModel

INSTANT_LENGTH = 32
CODE_LENGTH = 64


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant: ``timestamptz`` on PostgreSQL, fixed-width ISO text (sorts by time) elsewhere.

    Raises ValueError for a naive datetime. A value whose type SQLAlchemy has to guess, as in
    ``func.coalesce(column, value)``, is to be given as ``literal(value, Instant())``.
    """

    impl = String(INSTANT_LENGTH)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type that this database stores."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(String(INSTANT_LENGTH))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """The stored form of an aware instant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """The aware UTC instant of a stored form."""
        if value is None:
            return None
        stored = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        if stored.tzinfo is None:
            raise ValueError("a stored instant without a time zone")
        return stored.astimezone(UTC)


class Code(TypeDecorator[StrEnum]):
    """A member of a closed set, stored as its value. Raises ValueError for anything else, in both directions."""

    impl = String(CODE_LENGTH)
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__(CODE_LENGTH)
        self.kind = kind

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        """The stored value of a member."""
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:
        """The member with this value."""
        return None if value is None else self.kind(value)

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        """Whatever is compared with a code is a code."""
        return self


DOCUMENT = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def text(
    *,
    length: int | None = None,
    primary_key: bool = False,
    nullable: bool = False,
    refers: str | None = None,
    unique: bool = False,
) -> Any:
    """A column of text; ``refers`` names ``table.column`` that has to hold the value."""
    links = [ForeignKey(refers)] if refers else []
    return Field(
        default=None if nullable else ...,
        sa_column=Column(String(length), *links, primary_key=primary_key, nullable=nullable, unique=unique),
    )


def instant(*, nullable: bool = False) -> Any:
    """A column that holds an instant."""
    return Field(default=None if nullable else ..., sa_column=Column(Instant(), nullable=nullable))


def day(*, nullable: bool = False) -> Any:
    """A column that holds a date without a time."""
    return Field(default=None if nullable else ..., sa_column=Column(Date(), nullable=nullable))


def code(kind: type[StrEnum], *, nullable: bool = False, primary_key: bool = False) -> Any:
    """A column that holds a member of the closed set ``kind``."""
    column: Column[Any] = Column(Code(kind), nullable=nullable, primary_key=primary_key)
    return Field(default=None if nullable else ..., sa_column=column)


def document(factory: Callable[[], Any] | None = None, *, nullable: bool = False) -> Any:
    """A column that holds JSON; ``factory`` makes the value of a row that names none."""
    column: Column[Any] = Column(DOCUMENT, nullable=nullable, default=factory)
    if factory is not None:
        return Field(default_factory=factory, sa_column=column)
    return Field(default=None if nullable else ..., sa_column=column)


def core(model: type[SQLModel]) -> Table:
    """The Core table behind a model, for statements on hot paths."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table
