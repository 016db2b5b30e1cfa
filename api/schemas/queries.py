"""Query strings of lists. Lax: everything in a query string is text."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from api.fields import Code, Contract, Label, Moment, fault
from db.queries.board import Lane
from db.queries.paging import CaseSort
from domain.vocabulary import CaseStatus, DossierKind, Figure, Light, Waiting


def _statuses(value: object) -> object:
    return [part for part in value.split(",") if part] if isinstance(value, str) else value


def _plus(value: object) -> object:
    # "+08:00" that was not escaped arrives as " 08:00"
    if isinstance(value, str) and len(value) > 11:
        return value[:11] + value[11:].replace(" ", "+")
    return value


def _limit(value: int) -> int:
    if not 1 <= value <= 200:
        raise fault("out_of_range")
    return value


When = Annotated[Moment, BeforeValidator(_plus)]
Limit = Annotated[int, AfterValidator(_limit)]
Cursor = Annotated[str, Field(max_length=400)]


class CasesQuery(Contract):
    """Which cases. ``status``: one or several, with commas. ``q``: number and words of the description.

    ``lane``: those that the board counts there.
    ``figure``, ``figure_unit``, ``figure_from``, ``figure_to``: the cases behind a figure of the standings.
    """

    kind: DossierKind | None = None
    status: Annotated[tuple[CaseStatus, ...], BeforeValidator(_statuses)] = ()
    light: Light | None = None
    ack_light: Light | None = None
    unit: Code | None = None
    grid: Code | None = None
    category: Code | None = None
    item: Code | None = None
    waiting: Waiting | None = None
    lane: Lane | None = None
    running: bool = False
    due_from: When | None = None
    due_before: When | None = None
    received_from: When | None = None
    received_to: When | None = None
    closed_from: When | None = None
    closed_to: When | None = None
    figure: Figure | None = None
    figure_unit: Code | None = None
    figure_from: When | None = None
    figure_to: When | None = None
    q: Label | None = None
    sort: CaseSort = CaseSort.RECEIVED_LAST
    cursor: Cursor | None = None
    limit: Limit | None = None
    total: bool = False


class NoticesQuery(Contract):
    """Which notices."""

    unread: bool = False
    cursor: Cursor | None = None
    limit: Limit | None = None


class PromiseQuery(Contract):
    """A limit in the words of the rulebook, and when the matter came in (default: now).

    ``legal``: the limit that the law sets, whose end is answered beside the promise (B11).
    """

    limit: Label
    received_at: When | None = None
    legal: Label | None = None


class NearQuery(Contract):
    """A WGS-84 point."""

    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class TrackQuery(Contract):
    """The code on the receipt."""

    code: Annotated[str, Field(max_length=40)]


def instant_or(value: datetime | None, otherwise: datetime) -> datetime:
    """``value``, or the other one."""
    return otherwise if value is None else value
