"""What an officer's pages have in common: who may open them, own grids, rows, the form of a report (A1, D4)."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, RowMapping

from api.auth import require_role
from db.queries.officer import usual_categories
from db.queries.places import list_grids
from domain.authority import Actor
from domain.case import Case
from domain.plain import of_plain
from domain.rulebook import Category, Group, Rulebook
from domain.vocabulary import Role, Source
from web import files
from web.page import Content, Visit
from web.session import Form

YES: Final = "true"
SHELL_FILES: Final = ("bihuan.css", "mark.svg", "photos.js", "outbox.js", "officer.js", "report.js")
"""What the report form needs where there is no network."""

_USUAL: Final = 6
_VERSION_LENGTH: Final = 12


def require_officer(actor: Actor) -> None:
    """Raises Forbidden("not_allowed") unless the pages are the actor's."""
    require_role(actor, Role.GRID_OFFICER)


@dataclass(frozen=True, slots=True)
class Task:
    """A row of one of the officer's lists, and the case of it."""

    row: RowMapping
    case: Case

    @property
    def verify_by(self) -> datetime | None:
        """By when the officer has to look."""
        return self.case.verify_by


def tasks(rows: Iterable[RowMapping]) -> list[Task]:
    """The rows with their cases."""
    return [Task(row, of_plain(Case, row["state"])) for row in rows]


def report_content(seen: Visit, connection: Connection, actor: Actor) -> Content:
    """What the form of a report offers to this officer: what is reported most, the own grids first."""
    rules = seen.here.rulebook
    grids = {row["code"]: row["name"] for row in list_grids(connection)}
    own = {code: name for code, name in grids.items() if code in actor.grids}
    usual = [rules.categories[code] for code in usual_categories(connection, actor, _USUAL) if code in rules.categories]
    return {**choices(rules, grids), "own_grids": own, "usual": usual}


def choices(rules: Rulebook, grids: Mapping[str, str]) -> Content:
    """What the form offers to anybody."""
    return {"groups": groups(rules), "grids": grids, "own_grids": {}, "usual": [], "alarming": alarming(rules)}


def groups(rules: Rulebook) -> list[tuple[Group, list[Category]]]:
    """The categories by group, as the rulebook orders them; no group is empty."""
    found = [
        (group, [category for category in rules.categories.values() if category.group == group.code])
        for group in rules.groups.values()
    ]
    return [(group, members) for group, members in found if members]


def alarming(rules: Rulebook) -> Category | None:
    """What danger is reported as while nobody has said what it is."""
    return next((category for category in rules.categories.values() if category.danger), None)


def shell_version(seen: Visit, grids: Iterable[str]) -> str:
    """Changes when the form that is kept on phones does: language, rulebook, grids, files."""
    parts = (seen.language, seen.here.rulebook.version, *grids, *(files.address(name) for name in SHELL_FILES))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:_VERSION_LENGTH]


def dangerous(rules: Rulebook, form: Form) -> bool:
    """Said to be, or by its category."""
    category = rules.categories.get(form.get("category", ""))
    return form.get("danger") == YES or (category is not None and category.danger)


def completed(seen: Visit, form: Form) -> Form:
    """A form whose danger button was pressed before anything else, filled in as far as it can be without asking."""
    category = alarming(seen.here.rulebook)
    if form.get("danger") != YES or category is None:
        return form
    filled = {"category": category.code, "description": seen.words.named(category)}
    return {**form, **{name: value for name, value in filled.items() if not form.get(name, "").strip()}}


def report_of(form: Form) -> dict[str, Any]:
    """The report as the API's contract has it; what is empty was not said."""
    said = {name: value for name, value in form.items() if value.strip()}
    place: dict[str, Any] = {name: said[name] for name in ("grid", "address") if name in said}
    if "lat" in said or "lon" in said:
        place["point"] = {name: said[name] for name in ("lat", "lon") if name in said}
    body: dict[str, Any] = {name: said[name] for name in ("category", "description") if name in said}
    reporter: dict[str, Any] = {
        name: said[field] for name, field in (("name", "reporter_name"), ("phone", "reporter_phone")) if field in said
    }
    if reporter:
        body["reporter"] = reporter | ({"disclose": True} if said.get("disclose") == YES else {})
    return {**body, "place": place, "source": Source.OFFICER.value, "danger": said.get("danger") == YES}
