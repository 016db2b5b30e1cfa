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
    """The JSON value of ``value``."""
    if value is None or isinstance(value, Enum | str | int | float | bool):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
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
    """The value of type ``kind`` behind a JSON value. Raises ValueError or KeyError when it has another shape."""
    made: T = _read(kind, plain)
    return made


def instant(text: str) -> datetime:
    """The aware UTC instant that an RFC 3339 string names."""
    return datetime.fromisoformat(text).astimezone(UTC)


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
        return tuple(_read(get_args(kind)[0], item) for item in plain)
    if origin is dict or kind is Any:
        return plain
    if is_dataclass(kind):
        return _read_dataclass(kind, plain)
    return _read_scalar(kind, plain)


def _read_dataclass(kind: Any, plain: Any) -> Any:
    hints = _hints(kind)
    return kind(**{name: _read(hints[name], plain[name]) for name in _names(kind) if name in plain})


def _read_scalar(kind: Any, plain: Any) -> Any:
    if kind is datetime:
        return instant(plain)
    if kind is date:
        return date.fromisoformat(plain)
    if kind is timedelta:
        return timedelta(seconds=plain)
    if issubclass(kind, Enum):
        return kind(plain)
    if not isinstance(plain, kind):
        raise ValueError(f"{plain!r} is no {kind.__name__}")
    return plain
