"""Steps of service requests in lists: rows of the work list, and who holds what on the board."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, RowMapping

from db.queries.board import Lane, Moment
from db.queries.steps import steps_of_cases, steps_of_unit
from domain.authority import Actor
from domain.lights import ack_light, case_light
from domain.vocabulary import CaseStatus, DossierKind, Light, StepKind
from web.directory import Directory
from web.language import mark
from web.page import Visit

_ASSISTS: Final = mark("协办")


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """A step of a work list, or the unit's part of an incident that it assists, which has no ``item``.

    until   what is due next of it
    answer  it waits to be acknowledged
    """

    number: str
    key: str
    name: str
    category: str | None
    item: str | None
    grid: str | None
    handler: str | None
    version: int
    outside: bool
    answer: bool
    until: datetime | None
    light: Light


def own_steps(seen: Visit, connection: Connection, actor: Actor, moment: Moment) -> dict[Lane, list[StepRow]]:
    """The open steps of the actor's unit and its parts of incidents, each in the lane of its own clocks."""
    found: dict[Lane, list[StepRow]] = {}
    for row in steps_of_unit(connection, actor, actor.unit):
        found.setdefault(_lane(row, moment), []).append(_row(seen, row))
    found.get(Lane.UNANSWERED, []).sort(key=lambda row: (row.until is None, row.until))
    return found


def held_steps(
    seen: Visit, connection: Connection, actor: Actor, codes: Directory, rows: Iterable[RowMapping]
) -> dict[str, list[str]]:
    """Number of a request among ``rows`` → its open steps with who holds each, in words."""
    numbers = sorted({row["number"] for row in rows if row["kind"] is DossierKind.SERVICE_REQUEST})
    return {
        number: [f"{step_name(seen, row['item'], row['key'])} · {codes.unit(row['unit'])}" for row in steps]
        for number, steps in steps_of_cases(connection, actor, numbers).items()
    }


def step_name(seen: Visit, item: str, key: str) -> str:
    """What the step is called in the newest version that knows it; its key when none does."""
    catalogue = seen.here.shelf.catalogue
    for version in reversed(catalogue.versions):
        known = catalogue.item_of(version.version, item)
        if known is not None and (step := known.step(key)) is not None:
            return seen.words.named(step)
    return key


def _row(seen: Visit, row: RowMapping) -> StepRow:
    waits = row["status"] is CaseStatus.DISPATCHED and row["kind"] is not StepKind.OUTSIDE
    stops = row["frozen_at"], seen.at
    light = (
        ack_light(row["ack_yellow_at"], row["ack_by"], row["acknowledged_at"], *stops)
        if waits
        else case_light(row["yellow_at"], row["due_at"], *stops)
    )
    return StepRow(
        number=row["case"],
        key=row["key"],
        name=step_name(seen, row["item"], row["key"]) if row["item"] else seen.say(_ASSISTS),
        category=row["category"],
        item=row["item"],
        grid=row["grid"],
        handler=row["handler"],
        version=row["version"],
        outside=row["kind"] is StepKind.OUTSIDE,
        answer=waits,
        until=row["ack_by"] if waits else row["due_at"] or row["reference_by"],
        light=light,
    )


def _lane(row: RowMapping, moment: Moment) -> Lane:
    if row["kind"] is StepKind.OUTSIDE:
        return Lane.LATER
    if row["frozen_at"] is not None:
        return Lane.PAUSED
    if row["status"] is CaseStatus.DISPATCHED:
        return Lane.UNANSWERED
    due = row["due_at"]
    if due is None or due >= moment.day_ends:
        return Lane.LATER
    return Lane.RED if due <= moment.now else Lane.TODAY
