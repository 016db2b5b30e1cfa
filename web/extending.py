"""What an extension would bring, while its date is being chosen (A6): the rules are tried, and nothing is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from api.command_table import CASE_COMMANDS
from api.commanding import Subject
from api.kinds import CASES
from api.resolve import Concerned
from api.schemas.commands import ExtensionIn
from domain.authority import Actor
from domain.errors import Refused
from domain.plain import of_plain
from domain.promise import Promise
from domain.vocabulary import CommandKind
from domain.worktime import WorkTime, shanghai_date
from web.casefile import find
from web.page import Content, Visit
from web.reading import moment

_LINE: Final = next(line for line in CASE_COMMANDS if line.kind is CommandKind.REQUEST_EXTENSION)
_ONE: Final = timedelta(days=1)
_MOST_DAYS: Final = 400
"""Beyond that nobody counts working days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """A deadline that may be asked for. ``working_days`` None: so far away that they are not counted."""

    promise: Promise
    later: timedelta
    working_days: int | None


def extension_ahead(
    seen: Visit, connection: Connection, actor: Actor, number: str, given: Mapping[str, str]
) -> Content:
    """The promise if it were granted until ``until``, or the code of what the rules have against it.

    Nothing while there is no date. Raises Problem(404) as ``web.casefile.find``.
    """
    found = find(connection, actor, number)
    until = _instant(given.get("until", ""))
    if until is None:
        return {"ahead": None, "refused": None}
    try:
        return {"ahead": _tried(seen, connection, found, actor, until, given.get("step")), "refused": None}
    except Refused as refused:
        return {"ahead": None, "refused": refused.code}


def _tried(
    seen: Visit, connection: Connection, found: Subject, actor: Actor, until: datetime, step: str | None
) -> Ahead | None:
    named = {"step": step} if step else {}
    concerned = CASES.concerned(connection, found, actor, _LINE.kind, named)
    body = ExtensionIn.model_construct(until=until, reason="")
    holding = concerned.holding if isinstance(concerned, Concerned) else concerned.part
    if holding.promise is None:
        return None
    plain = _LINE.resolver(seen.here.rulebook, concerned, body, seen.at)["promise"]
    promise, before = of_plain(Promise, plain), holding.promise.due_at
    days = _working_days(seen.here.rulebook.worktime, before, promise.due_at)
    return Ahead(promise=promise, later=promise.due_at - before, working_days=days)


def _working_days(work: WorkTime, before: datetime, until: datetime) -> int | None:
    """Days after that of ``before`` on which people work, up to that of ``until``."""
    days = (shanghai_date(until) - shanghai_date(before)).days
    if days > _MOST_DAYS:
        return None
    return sum(work.is_working_day(before + number * _ONE) for number in range(1, days + 1))


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(moment(text))
    except ValueError:
        return None
    return found if found.tzinfo else None
