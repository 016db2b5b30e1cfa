"""Cases that are probably the matter of a report that is being taken (A19), as whoever takes it may know of them."""

from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, RowMapping

from api.joining import protected
from api.places import Places
from api.schemas.incidents import SimilarIn
from db.queries.duplicates import near_cases
from db.queries.joined import joined_among
from domain.authority import Actor
from domain.duplicates import Alike, Sketch, probable
from domain.errors import Unprocessable
from domain.rulebook import Rulebook
from domain.vocabulary import CaseStatus

_OVER = frozenset({CaseStatus.CLOSED, CaseStatus.WITHDRAWN})
_COARSE_M = 10
"""Where a case is that somebody does not see is told no better than so."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A report as far as it is known. ``number``: of its own case, which is not offered."""

    sketch: Sketch
    danger: bool = False
    number: str | None = None


def draft(body: SimilarIn, rules: Rulebook, places: Places, at: datetime) -> Draft:
    """What is said so far. Raises Unprocessable("category_unknown"), ("grid_unknown")."""
    place = body.place
    point = place.point if place else None
    grid = place.grid if place else None
    if grid is not None and not places.known(grid):
        raise Unprocessable("grid_unknown", field="place.grid")
    category = rules.category(body.category) if body.category is not None else None
    if grid is None and point is not None:
        grid = places.at(point.lat, point.lon)
    return Draft(
        Sketch(
            at=body.occurred_at or at,
            category=category.code if category else None,
            group=category.group if category else None,
            grid=grid,
            lat=point.lat if point else None,
            lon=point.lon if point else None,
            text=f"{body.description} {place.address if place and place.address else ''}",
        ),
        danger=body.danger or bool(category and category.danger),
    )


def drafted(rules: Rulebook, row: Any, number: str | None = None) -> Draft:
    """A report that was taken already."""
    return Draft(_sketch(rules, row), danger=row["danger"], number=number)


def offered(
    connection: Connection, actor: Actor, rules: Rulebook, places: Places, report: Draft, at: datetime
) -> list[dict[str, Any]]:
    """The likeliest cases first. What is not known of place and category finds nothing."""
    sketch, found = report.sketch, rules.duplicates
    grids = {sketch.grid} if sketch.grid is not None else set()
    if sketch.point is not None:
        grids |= places.around(*sketch.point, found.reach)
    rows = near_cases(
        connection,
        actor,
        grids=grids,
        category=sketch.category,
        received_from=at - found.looked_back,
        closed_from=at - found.closed_within,
        hidden=protected(rules),
    )
    others = [row for row in rows if row["number"] != report.number]
    return [_shown(row, alike, report) for row, alike in _likeliest(connection, rules, sketch, others)]


def _likeliest(
    connection: Connection, rules: Rulebook, sketch: Sketch, rows: list[RowMapping]
) -> list[tuple[RowMapping, Alike]]:
    """Each case by whichever of its reports is most alike."""
    cases = {row["number"]: row for row in rows}
    known = [(number, _sketch(rules, row)) for number, row in cases.items()]
    known += [(row["case"], _sketch(rules, row)) for row in joined_among(connection, list(cases))]
    likely = probable(sketch, known, itemgetter(1), replace(rules.duplicates, most=len(known)))
    best: dict[str, Alike] = {}
    for (number, _), alike in likely:
        best.setdefault(number, alike)
    return [(cases[number], alike) for number, alike in best.items()][: rules.duplicates.most]


def _sketch(rules: Rulebook, row: Any) -> Sketch:
    category = rules.categories.get(row["category"])
    return Sketch(
        at=row["received_at"],
        category=row["category"],
        group=category.group if category else None,
        grid=row["grid"],
        lat=row["lat"],
        lon=row["lon"],
        text=f"{row['description']} {row['address'] or ''}",
    )


def _shown(row: RowMapping, alike: Alike, report: Draft) -> dict[str, Any]:
    """Of a case that the reader does not see: what ``domain.visibility.joins_unseen`` says, and nothing else."""
    metres = None if alike.metres is None else max(_COARSE_M, round(alike.metres / _COARSE_M) * _COARSE_M)
    shown = {
        "number": row["number"],
        "score": alike.score,
        "reasons": list(alike.reasons),
        "metres": metres,
        "shared": list(alike.shared),
        "category": row["category"],
        "grid": row["grid"],
        "status": row["status"],
        "outcome": row["outcome"],
        "received_at": row["received_at"],
        "closed_at": row["closed_at"],
        "joinable": row["status"] not in _OVER and (row["danger"] or not report.danger),
        "seen": bool(row["seen"]),
    }
    if not row["seen"]:
        return shown
    return {**shown, "unit": row["unit"], "description": row["description"], "address": row["address"]}
