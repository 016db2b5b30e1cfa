"""Values as plain JSON and back: dataclasses, enums, instants, durations, tuples.

One codec for everything that is stored or crosses Temporal inside a ``data`` or ``state`` field. Instants become RFC
3339 strings in UTC, durations seconds (float). Unknown keys are ignored and missing ones take their default, so an
older stored value can be read by newer code.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache, partial
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Convert = Callable[[Any], Any]

_AS_IT_IS = frozenset({NoneType, str, int, float, bool})


def to_plain(value: Any) -> Any:
    """The JSON value of ``value``. Raises ValueError for an instant without offset."""
    kind: Any = type(value)
    return value if kind in _AS_IT_IS else _writer(kind)(value)


def of_plain(kind: type[T], plain: Any) -> T:
    """The value of type ``kind`` behind a JSON value. Raises ValueError when it has another shape."""
    try:
        shape: Any = kind
        made: T = _reader(shape)(plain)
    except (TypeError, ValueError) as wrong:
        raise ValueError(f"no {kind.__name__}: {wrong}") from wrong
    return made


def instant(text: str) -> datetime:
    """The aware UTC instant that an RFC 3339 string names. Raises ValueError for one without offset."""
    return _aware(datetime.fromisoformat(text))


def of_plain_or_none(kind: type[T], plain: Any) -> T | None:
    """As ``of_plain``; None for None."""
    return None if plain is None else of_plain(kind, plain)


def instant_or_none(text: str | None) -> datetime | None:
    """As ``instant``; None for None."""
    return None if text is None else instant(text)


def _aware(at: datetime) -> datetime:
    """In UTC. Without an offset it would silently take the zone of the machine (E6)."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no offset")
    return at.astimezone(UTC)


@cache
def _writer(kind: type) -> Convert:
    """Worked out once a type: a state is written and read several times for every event."""
    if issubclass(kind, Enum):
        return attrgetter("value")
    if issubclass(kind, str | int | float):
        return _itself
    if issubclass(kind, datetime):
        return lambda at: _aware(at).isoformat()
    if issubclass(kind, date):
        return date.isoformat
    if issubclass(kind, timedelta):
        return timedelta.total_seconds
    if issubclass(kind, dict):
        return lambda value: {str(key): to_plain(item) for key, item in value.items()}
    if is_dataclass(kind):
        names = tuple(field.name for field in fields(kind))
        return lambda value: {name: to_plain(getattr(value, name)) for name in names}
    return lambda value: [to_plain(item) for item in value]


@cache
def _reader(kind: Any) -> Convert:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        (inner,) = (_reader(argument) for argument in arguments if argument is not NoneType)
        return lambda plain: None if plain is None else inner(plain)
    if origin is tuple:
        item = _reader(arguments[0])
        return lambda plain: tuple([item(each) for each in _shaped(list, plain)])
    if origin is dict:
        return partial(_shaped, dict)
    if kind is Any:
        return _itself
    return _dataclass_reader(kind) if is_dataclass(kind) else _scalar_reader(kind)


def _dataclass_reader(kind: Any) -> Convert:
    hints = get_type_hints(kind)
    readers = [(field.name, _reader(hints[field.name])) for field in fields(kind)]

    def read(plain: Any) -> Any:
        given = _shaped(dict, plain)
        return kind(**{name: reader(given[name]) for name, reader in readers if name in given})

    return read


def _scalar_reader(kind: Any) -> Convert:
    if kind is datetime:
        return instant
    if kind is date:
        return date.fromisoformat
    if kind is timedelta:
        return lambda seconds: timedelta(seconds=seconds)
    if issubclass(kind, Enum):
        return lambda value: kind(value)
    return partial(_shaped, kind)


def _itself(value: Any) -> Any:
    return value


def _shaped(shape: type[T], plain: Any) -> T:
    if not isinstance(plain, shape) or (shape is int and isinstance(plain, bool)):
        raise ValueError(f"{plain!r} is no {shape.__name__}")
    return plain
