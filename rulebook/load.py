"""A directory of rulebook files becomes the domain's rulebook and the demo district, or says all that is wrong."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.catalogue.items import Catalogue
from domain.promise import Ladder, Rung
from domain.routing import specificity
from domain.rulebook import AttachmentRules, Category, Clocks, Danger, Group, Route, Rulebook, Services, TextRules
from domain.standings import StandingRules
from domain.worktime import Calendar, OfficeHours
from rulebook.calendars import Known, known_days
from rulebook.catalogue.load import read_catalogue
from rulebook.district import District, district_of
from rulebook.district_schema import DistrictModel
from rulebook.files import MAIN, checked, layers, tree
from rulebook.marked import Marked
from rulebook.problems import Problem, RulebookInvalid
from rulebook.references import TO_COMMUNITY, check_categories, check_danger, check_district, check_routing
from rulebook.schema import (
    CategoriesModel,
    CategoryModel,
    ClocksModel,
    LadderModel,
    OwnClocksModel,
    RouteModel,
    RoutingModel,
    RulebookModel,
    ServicesModel,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A rulebook directory, read and checked. ``content`` is the rules' own JSON, without district and catalogue."""

    rulebook: Rulebook
    district: District
    catalogue: Catalogue
    content: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    main: RulebookModel
    categories: CategoriesModel
    routing: RoutingModel
    district: DistrictModel
    catalogue: Catalogue
    hours: OfficeHours
    known: Known
    content: dict[str, Any]


def load(directory: Path) -> Rulebook:
    """The rulebook in ``directory``. Raises RulebookInvalid with every fault that was found."""
    return open_rulebook(directory).rulebook


def load_district(directory: Path) -> District:
    """The district that goes with the rulebook in ``directory``. Raises RulebookInvalid."""
    return open_rulebook(directory).district


def open_rulebook(directory: Path) -> Opened:
    """Rulebook, district and content of ``directory``. Raises RulebookInvalid with every fault that was found."""
    problems: list[Problem] = []
    parts = _parts(directory, problems)
    if problems or parts is None:
        raise RulebookInvalid(problems)
    return Opened(
        rulebook=_rulebook(parts),
        district=district_of(parts.district),
        catalogue=parts.catalogue,
        content=parts.content,
    )


def _parts(directory: Path, problems: list[Problem]) -> _Parts | None:
    paths = layers(directory, problems)
    trees = {name: tree(paths, f"{name}.yaml", problems) for name in ("rulebook", "categories", "routing", "district")}
    main = checked(RulebookModel, trees["rulebook"], problems)
    categories = checked(CategoriesModel, trees["categories"], problems)
    routing = checked(RoutingModel, trees["routing"], problems)
    district = checked(DistrictModel, trees["district"], problems)
    _check_references(main, categories, routing, district, trees, problems)
    known = known_days(paths, main, problems)
    hours = _hours(main, trees["rulebook"], problems)
    if main is None or categories is None or routing is None or district is None or hours is None:
        return None
    catalogue = read_catalogue(paths, district, hours, problems)
    if catalogue is None:
        return None
    rules = {name: found.plain for name, found in trees.items() if found is not None and name != "district"}
    rules["rulebook"].pop("extends", None)
    content = rules | {"calendar": {day.isoformat(): off for day, off in sorted(known.days.items())}}
    return _Parts(
        main=main,
        categories=categories,
        routing=routing,
        district=district,
        catalogue=catalogue,
        hours=hours,
        known=known,
        content=content,
    )


def _check_references(
    main: RulebookModel | None,
    categories: CategoriesModel | None,
    routing: RoutingModel | None,
    district: DistrictModel | None,
    trees: dict[str, Marked | None],
    problems: list[Problem],
) -> None:
    """As much of it as the shapes allow."""
    if categories is not None and trees["categories"] is not None:
        check_categories(categories, trees["categories"], problems)
    if district is None or trees["district"] is None:
        return
    check_district(district, trees["district"], problems)
    if main is not None and trees["rulebook"] is not None:
        check_danger(main, trees["rulebook"], district, problems)
    if routing is not None and trees["routing"] is not None and categories is not None:
        check_routing(routing, trees["routing"], categories, district, problems)


def _hours(main: RulebookModel | None, marked: Marked | None, problems: list[Problem]) -> OfficeHours | None:
    if main is None or marked is None:
        return None
    try:
        return OfficeHours(tuple((period.opens, period.closes) for period in main.office_hours))
    except ValueError:
        found = "one that begins before the last has ended, or ends before it begins"
        problems.append(marked.at(("office_hours",)).problem("office_hours", "periods in order of time", found))
        return None


def _rulebook(parts: _Parts) -> Rulebook:
    main, clocks = parts.main, _clocks(parts.main.clocks)
    rules = sorted((_route(rule) for rule in parts.routing.rules), key=specificity, reverse=True)
    return Rulebook(
        name=main.name,
        version=f"{main.version}+{_digest(parts.content)}",
        effective_from=main.effective_from,
        clocks=clocks,
        services=_services(main.services, main.clocks),
        ack_ladder=_ladder(main.ack_ladder),
        danger=Danger(
            acknowledgement=main.danger.acknowledgement,
            unit=main.danger.unit,
            ladder=_ladder(main.danger.ladder),
        ),
        hours=parts.hours,
        calendar=_calendar(parts),
        groups={g.code: Group(code=g.code, name=g.name, name_en=g.name_en) for g in parts.categories.groups},
        categories={found.code: _category(found, main.clocks) for found in parts.categories.categories},
        routes=tuple(rules),
        attachments=AttachmentRules(
            max_bytes=main.attachments.max_bytes,
            max_count=main.attachments.max_count,
            media_types=tuple(main.attachments.media_types),
        ),
        texts=TextRules(**main.texts.model_dump()),
        standings=StandingRules(least_judged=main.standings.least_judged, compare_by=tuple(main.standings.compare_by)),
    )


def _calendar(parts: _Parts) -> Calendar:
    days, years = parts.known
    content = {"years": sorted(years), "days": parts.content["calendar"]}
    return Calendar(
        version=f"{parts.main.calendar.version}+{_digest(content)}",
        off=frozenset(day for day, off in days.items() if off),
        on=frozenset(day for day, off in days.items() if not off),
        years=years,
    )


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


__all__ = ["MAIN", "Opened", "RulebookInvalid", "load", "load_district", "open_rulebook"]
