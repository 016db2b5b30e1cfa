"""Events → ``unit_figure``: what counts for which unit, read anew from the history of the case.

Only events that count bring it about, and a case has few of them.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, insert, select, tuple_

from db.tables import EventRow, UnitFigure, core
from domain.counting import COUNTED, Figures, Happened, figures_of
from domain.messages import Event

_events, _figures = core(EventRow), core(UnitFigure)
_types = sorted(COUNTED)
_insert = insert(_figures)


def count(connection: Connection, number: str, events: Sequence[Event]) -> None:
    """Bring the rows of the case ``number`` to what ``events`` made of it, the latest that are on record."""
    if all(event.type not in COUNTED for event in events):
        return
    if events[0].seq == 1:
        _write(connection, number, figures_of(events), {})
    else:
        _write(connection, number, figures_of(_history(connection, number)), _standing(connection, number))


def _history(connection: Connection, number: str) -> Iterable[Happened]:
    query = select(_events.c.type, _events.c.at, _events.c.data).where(_events.c.dossier == number)
    return connection.execute(query.where(_events.c.type.in_(_types)).order_by(_events.c.seq)).all()


def _standing(connection: Connection, number: str) -> Figures:
    query = select(_figures.c.unit, _figures.c.figure, _figures.c.at).where(_figures.c.case == number)
    return {(row.unit, row.figure): row.at for row in connection.execute(query)}


def _write(connection: Connection, number: str, wanted: Figures, standing: Figures) -> None:
    gone = [key for key, at in standing.items() if wanted.get(key) != at]
    if gone:
        of_units = tuple_(_figures.c.unit, _figures.c.figure).in_(gone)
        connection.execute(delete(_figures).where(_figures.c.case == number, of_units))
    rows = [
        {"case": number, "unit": unit, "figure": figure, "at": at}
        for (unit, figure), at in wanted.items()
        if standing.get((unit, figure)) != at
    ]
    if rows:
        connection.execute(_insert, rows)
