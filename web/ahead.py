"""What a clerk sees of a report before it is sent: by when and by whom it will be dealt with, and what it may be again.

Whatever is typed so far is taken as it is; nothing of it is kept, and nothing is refused here.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from api.duplicates import Draft, draft, offered
from api.places import Places
from api.schemas.incidents import PlaceIn, SimilarIn
from domain.authority import Actor
from domain.promise import Promise
from domain.promising import promise
from domain.routing import route
from web.page import Content, Visit
from web.session import Form

YES = "true"
_LONGEST = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """What would be promised now. ``unit`` None: no rule matches, the centre decides who has it."""

    promise: Promise
    unit: str | None
    danger: bool


def ahead(seen: Visit, connection: Connection, actor: Actor, places: Places, form: Form) -> Content:
    """The promise and the probable duplicates of what is typed so far."""
    rules = seen.here.rulebook
    report = typed(seen, places, form)
    return {
        "promised": promised(seen, places, form),
        "similar": offered(connection, actor, rules, places, report, seen.at) if report.sketch.text.strip() else [],
        "into": form.get("into", ""),
    }


def typed(seen: Visit, places: Places, form: Form) -> Draft:
    """The report as far as it is known: a code that is none is not said yet."""
    rules, grid, category = seen.here.rulebook, form.get("grid", ""), form.get("category", "")
    place = PlaceIn(
        grid=grid if places.known(grid) else None, address=form.get("address", "").strip()[:_LONGEST] or None
    )
    given = SimilarIn(
        category=category if category in rules.categories else None,
        description=form.get("description", "").strip()[:_LONGEST],
        place=place,
        danger=form.get("danger") == YES,
    )
    return draft(given, rules, places, seen.at)


def promised(seen: Visit, places: Places, form: Form) -> Promised | None:
    """What would be promised; None as long as no category is chosen."""
    rules = seen.here.rulebook
    category = rules.categories.get(form.get("category", ""))
    if category is None:
        return None
    grid = form.get("grid") or None
    danger = category.danger or form.get("danger") == YES
    routed = route(rules, category.code, grid, places.community_of(grid), danger=danger)
    return Promised(promise=promise(rules, category.code, seen.at), unit=routed.unit if routed else None, danger=danger)


def joinable(content: Content) -> list[dict[str, Any]]:
    """Of the cases that are offered those that the report may share."""
    return [case for case in content["similar"] if case["joinable"]]
