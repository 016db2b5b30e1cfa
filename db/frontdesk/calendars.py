"""Notices of a year's days off and make-up days, loaded by administrators. Appended: the last one of a year counts."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert

from db.frontdesk.adminlog import note
from db.queries.administration import calendar_notices
from db.tables import CalendarNotice, core
from domain.administration import Act, Subject
from domain.errors import Conflict

_notices = core(CalendarNotice)


def add_notice(
    connection: Connection,
    actor: str,
    year: int,
    days: Mapping[date, bool],
    names: Mapping[date, str],
    now: datetime,
    *,
    known: bool,
    replace: bool,
    told: Mapping[str, Any],
) -> bool:
    """Keep a notice; False when it says what is here already.

    ``known``: the rulebook's files have one of that year; ``told``: what the log says of it. Raises
    Conflict("notice_exists") when there is another one that is not to be replaced.
    """
    here = next((row for row in calendar_notices(connection) if row["year"] == year), None)
    plain = {day.isoformat(): off for day, off in sorted(days.items())}
    called = {day.isoformat(): name for day, name in sorted(names.items())}
    if here is not None and (here["days"], here["names"]) == (plain, called):
        return False
    if (here is not None or known) and not replace:
        raise Conflict("notice_exists")
    row = {"year": year, "days": plain, "names": called, "added_at": now, "added_by": actor}
    connection.execute(insert(_notices).values(**row))
    act = Act.CHANGED if here is not None or known else Act.CREATED
    note(connection, actor, now, subject=Subject.CALENDAR, name=str(year), act=act, after=told)
    return True
