"""Checked models of the rules' files become the domain's rulebook; its version gets the digest of what it says."""

import hashlib
import json
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from domain.duplicates import DuplicateRules
from domain.promise import Ladder, Rung
from domain.routing import specificity
from domain.rulebook import AttachmentRules, Category, Clocks, Danger, Group, Route, Rulebook, Services, TextRules
from domain.standings import StandingRules
from domain.worktime import OfficeHours
from rulebook.calendars import Known, calendar_of
from rulebook.references import TO_COMMUNITY
from rulebook.schema import (
    CategoriesModel,
    CategoryModel,
    ClocksModel,
    DuplicatesModel,
    LadderModel,
    OwnClocksModel,
    RouteModel,
    RoutingModel,
    RulebookModel,
    ServicesModel,
)

CALENDAR: Final = "calendar"
"""Where in the content the notices' days are."""


def office_hours(main: RulebookModel) -> OfficeHours:
    """Raises ValueError for periods that are out of order."""
    return OfficeHours(tuple((period.opens, period.closes) for period in main.office_hours))


def content_of(rules: dict[str, Any], known: Known) -> dict[str, Any]:
    """The rules' own JSON: the files but for district and catalogue, and the days of the notices."""
    rules["rulebook"].pop("extends", None)
    return rules | {CALENDAR: {day.isoformat(): off for day, off in sorted(known.days.items())}}


def rulebook_of(
    main: RulebookModel, categories: CategoriesModel, routing: RoutingModel, known: Known, content: dict[str, Any]
) -> Rulebook:
    """The values of checked files."""
    rules = sorted((_route(rule) for rule in routing.rules), key=specificity, reverse=True)
    return Rulebook(
        name=main.name,
        version=f"{main.version}+{_digest(content)}",
        effective_from=main.effective_from,
        clocks=_clocks(main.clocks),
        services=_services(main.services, main.clocks),
        ack_ladder=_ladder(main.ack_ladder),
        danger=Danger(
            acknowledgement=main.danger.acknowledgement,
            unit=main.danger.unit,
            ladder=_ladder(main.danger.ladder),
        ),
        hours=office_hours(main),
        calendar=calendar_of(main.calendar.version, known.days, known.years),
        groups={g.code: Group(code=g.code, name=g.name, name_en=g.name_en) for g in categories.groups},
        categories={found.code: _category(found, main.clocks) for found in categories.categories},
        routes=tuple(rules),
        attachments=AttachmentRules(
            max_bytes=main.attachments.max_bytes,
            max_count=main.attachments.max_count,
            media_types=tuple(main.attachments.media_types),
        ),
        texts=TextRules(**main.texts.model_dump()),
        duplicates=_duplicates(main.duplicates),
        standings=StandingRules(least_judged=main.standings.least_judged, compare_by=tuple(main.standings.compare_by)),
    )


def of_content(content: dict[str, Any]) -> Rulebook | None:
    """A rulebook again out of the content that was kept of it; None when its rules had another shape then."""
    try:
        main = RulebookModel.model_validate(content["rulebook"])
        categories = CategoriesModel.model_validate(content["categories"])
        routing = RoutingModel.model_validate(content["routing"])
        days = {date.fromisoformat(day): bool(off) for day, off in content[CALENDAR].items()}
        stated = range(main.calendar.first_year, main.calendar.last_year + 1)
        added = {day.year for day in days if day.year > main.calendar.last_year}
        return rulebook_of(main, categories, routing, Known(days, frozenset(stated) | added), content)
    except (KeyError, TypeError, AttributeError, ValueError, ValidationError):
        return None


def _category(model: CategoryModel, general: ClocksModel) -> Category:
    return Category(
        code=model.code,
        name=model.name,
        name_en=model.name_en,
        group=model.group,
        limit=model.limit,
        clocks=_clocks(general, model.clocks),
        danger=model.danger,
        protected=model.protected,
    )


def _clocks(general: ClocksModel, own: OwnClocksModel | None = None) -> Clocks:
    numbers = {name: getattr(general, name) for name in ClocksModel.model_fields}
    if own is not None:
        numbers |= {name: getattr(own, name) for name in own.model_fields_set}
    return Clocks(**numbers)


def _services(model: ServicesModel, general: ClocksModel) -> Services:
    return Services(
        clocks=_clocks(general, model.clocks),
        acknowledgement_in_office_hours=model.acknowledgement_in_office_hours,
        materials_window=model.materials_window,
        handoff_within=model.handoff_within,
        chase=model.chase.elapsed,
        redos=model.redos,
    )


def _duplicates(model: DuplicatesModel) -> DuplicateRules:
    numbers = {
        name: getattr(model, name) for name in DuplicatesModel.model_fields if name not in ("weights", "ignored")
    }
    return DuplicateRules(**model.weights.model_dump(), ignored=tuple(model.ignored), **numbers)


def _ladder(model: LadderModel) -> Ladder:
    rungs = (Rung(name=rung.name, after=rung.after.elapsed, tell=tuple(rung.tell)) for rung in model.rungs)
    return Ladder(rungs=tuple(rungs), repeat=model.repeat.elapsed)


def _route(model: RouteModel) -> Route:
    return Route(
        name=model.name,
        unit=None if model.unit == TO_COMMUNITY else model.unit,
        category=model.category,
        group=model.group,
        grid=model.grid,
        community=model.community,
    )


def _digest(content: dict[str, Any]) -> str:
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:8]
