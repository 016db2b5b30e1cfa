"""Further reports that share a case (A19): personal data, to be shown as ``domain.visibility`` says."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select

from db.tables import JoinedReport, core

_joined = core(JoinedReport)
_c = _joined.c
_COMPARED = (_c.case, _c.category, _c.grid, _c.lat, _c.lon, _c.description, _c.address, _c.at.label("received_at"))


def joined_reports(connection: Connection, number: str) -> Sequence[RowMapping]:
    """All of a case, in the order in which they came."""
    query = select(_joined).where(_joined.c.case == number, _joined.c.seq.is_not(None)).order_by(_joined.c.seq)
    return connection.execute(query).mappings().all()


def joined_report(connection: Connection, number: str, report: int) -> RowMapping | None:
    """The one that the case knows by this number."""
    query = select(_joined).where(_joined.c.case == number, _joined.c.seq == report)
    return connection.execute(query).mappings().first()


def joined_at(connection: Connection, number: str) -> dict[int, datetime]:
    """When each of a case came, by the number by which the case knows it. Nothing else of them."""
    query = select(_joined.c.seq, _joined.c.at).where(_joined.c.case == number, _joined.c.seq.is_not(None))
    return {row.seq: row.at for row in connection.execute(query)}


def joined_among(connection: Connection, numbers: Sequence[str]) -> Sequence[RowMapping]:
    """What of further reports of these cases is compared with others; nobody's name or number."""
    query = select(*_COMPARED).where(_joined.c.case.in_(numbers), _joined.c.seq.is_not(None))
    return connection.execute(query).mappings().all()
