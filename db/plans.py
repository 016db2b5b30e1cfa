"""How a condition is to be read: what an index is sought by, what is only checked of the rows, how words are compared.

PostgreSQL knows from its statistics which index narrows most. SQLite knows nothing of the rows, takes the first index
that fits, and reads half the cases to sort them. So conditions say here what they are for; the rows are the same.
"""

from enum import Enum, auto
from string import ascii_lowercase, ascii_uppercase
from typing import Any, TypeVar

from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

T = TypeVar("T")

_SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)
_CAPITAL = str.maketrans(ascii_lowercase, ascii_uppercase)


class Reading(Enum):
    """What the rows are read for.

    FEW          few rows, which other conditions find: each is checked by itself
    BY_RECEIPT   a page: rows come in the order of an index until it is full, so that nothing is sorted
    BY_DEADLINE  the same, in the other order
    ALL          every row that matches, in any order, to be counted
    """

    FEW = auto()
    BY_RECEIPT = auto()
    BY_DEADLINE = auto()
    ALL = auto()


class _Aside(FunctionElement[Any]):
    """A column that no index is sought by."""

    inherit_cache = True
    name = "aside"

    def __init__(self, column: ColumnElement[Any]) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(_Aside)
def _plain(element: _Aside, compiler: SQLCompiler, **more: Any) -> str:
    return compiler.process(element.clauses, **more)


@compiles(_Aside, "sqlite")
def _signed(element: _Aside, compiler: SQLCompiler, **more: Any) -> str:
    return "+" + compiler.process(element.clauses, **more)


class _Folded(FunctionElement[Any]):
    """A text without regard to capitals."""

    inherit_cache = True
    name = "folded"

    def __init__(self, column: ColumnElement[Any]) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(_Folded)
def _lower(element: _Folded, compiler: SQLCompiler, **more: Any) -> str:
    # byte by byte: by the rules of a language it takes ten times as long, and SQLite knows none
    return f'lower({compiler.process(element.clauses, **more)} COLLATE "C")'


@compiles(_Folded, "sqlite")
def _as_it_is(element: _Folded, compiler: SQLCompiler, **more: Any) -> str:
    return compiler.process(element.clauses, **more)  # its LIKE makes no difference between A and a


def holds(column: ColumnElement[Any], word: str) -> ColumnElement[bool]:
    """Whether the word stands in the text, A to Z in capitals or not."""
    small = word.translate(_SMALL)
    cased = small != word.translate(_CAPITAL)
    return (_Folded(column) if cased else column).contains(small, autoescape=True)


def aside(column: ColumnElement[T]) -> ColumnElement[T]:
    """The same column; SQLite checks what is said of it, and seeks no index by it."""
    return _Aside(column)


def as_read(column: ColumnElement[T], reading: Reading, *but: Reading) -> ColumnElement[T]:
    """The column: an index may be sought by it only when all rows are read that match, or as in ``but``."""
    return column if reading in (Reading.ALL, *but) else aside(column)
