"""Values as plain JSON and back: dataclasses, enums, instants, durations, tuples.

One codec for everything that is stored or crosses Temporal inside a ``data`` or ``state`` field. Instants become RFC
3339 strings in UTC, durations seconds (float). Unknown keys are ignored and missing ones take their default, so an
older stored value can be read by newer code.
"""

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """The JSON value of ``value``. Raises ValueError for an instant without offset."""
    if value is None or isinstance(value, Enum | str | int | float | bool):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, datetime):
        return _aware(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    if is_dataclass(value):
        kind: Any = type(value)
        return {name: to_plain(getattr(value, name)) for name in _names(kind)}
    return [to_plain(item) for item in value]


def of_plain(kind: type[T], plain: Any) -> T:
    """The value of type ``kind`` behind a JSON value. Raises ValueError when it has another shape."""
    try:
        made: T = _read(kind, plain)
    except (TypeError, ValueError) as wrong:
        raise ValueError(f"no {kind.__name__}: {wrong}") from wrong
    return made


def instant(text: str) -> datetime:
    """The aware UTC instant that an RFC 3339 string names. Raises ValueError for one without offset."""
    return _aware(datetime.fromisoformat(text))


def _aware(at: datetime) -> datetime:
    """In UTC. Without an offset it would silently take the zone of the machine (E6)."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no offset")
    return at.astimezone(UTC)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, plain: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        if plain is None:
            return None
        (inner,) = (arg for arg in get_args(kind) if arg is not NoneType)
        return _read(inner, plain)
    if origin is tuple:
        return tuple(_read(get_args(kind)[0], item) for item in _shaped(list, plain))
    if origin is dict:
        return _shaped(dict, plain)
    if kind is Any:
        return plain
    if is_dataclass(kind):
        return _read_dataclass(kind, plain)
    return _read_scalar(kind, plain)


def _read_dataclass(kind: Any, plain: Any) -> Any:
    hints = _hints(kind)
    given = _shaped(dict, plain)
    return kind(**{name: _read(hints[name], given[name]) for name in _names(kind) if name in given})


def _shaped(shape: type[T], plain: Any) -> T:
    if not isinstance(plain, shape) or (shape is int and isinstance(plain, bool)):
        raise ValueError(f"{plain!r} is no {shape.__name__}")
    return plain


def _read_scalar(kind: Any, plain: Any) -> Any:
    if kind is datetime:
        return instant(plain)
    if kind is date:
        return date.fromisoformat(plain)
    if kind is timedelta:
        return timedelta(seconds=plain)
    if issubclass(kind, Enum):
        return kind(plain)
    return _shaped(kind, plain)
