"""Rulebook files: what the product ships, what laying over does, and how faults are told (file, line, expected)."""

import re
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from domain.vocabulary import Role, UnitKind
from domain.worktime import Limit
from rulebook.load import load, load_district, open_rulebook
from rulebook.problems import RulebookInvalid
from tests.unit.rulebooks import SHIPPED, shipped


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A copy of the default rulebook to spoil."""
    return shutil.copytree(SHIPPED / "default", tmp_path / "rules")


def spoil(directory: Path, name: str, old: str, new: str) -> int:
    """Replaces the first ``old`` in a file; gives the line where it stood."""
    file = directory / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def told(directory: Path) -> list[str]:
    """The faults, without the directory."""
    with pytest.raises(RulebookInvalid) as invalid:
        open_rulebook(directory)
    return [str(problem).removeprefix(f"{directory}/") for problem in invalid.value.problems]


@pytest.mark.parametrize("name", ["default", "rehearsal"])
def test_shipped_rulebook_is_valid_when_opened(name: str) -> None:
    opened = open_rulebook(SHIPPED / name)
    assert load(SHIPPED / name) == opened.rulebook
    assert load_district(SHIPPED / name) == opened.district
    assert re.fullmatch(r"[\w.-]+\+[0-9a-f]{8}", opened.rulebook.version)


def test_shipped_rules_are_a_useful_set_when_counted() -> None:
    rulebook = shipped().rulebook
    assert len(rulebook.categories) >= 60
    assert len({category.limit.unit for category in rulebook.categories.values()}) >= 4
    assert any(category.danger for category in rulebook.categories.values())
    assert set(rulebook.groups) == {category.group for category in rulebook.categories.values()}


def test_shipped_district_has_everybody_when_counted() -> None:
    district = shipped().district
    kinds = Counter(unit.kind for unit in district.units)
    people = {person.username: person for person in district.people}
    assert set(kinds) == set(UnitKind)
    assert kinds[UnitKind.COMMUNITY] >= 4
    assert kinds[UnitKind.DEPARTMENT] >= 10
    assert len({grid.officer for grid in district.grids} - {None}) == len(district.grids) >= 12
    assert all(role in people[role.value].roles for role in Role)
    assert people[Role.HANDLER.value].unit == people[Role.UNIT_LEADER.value].unit
    assert all(grid.boundary["coordinates"][0][0] == grid.boundary["coordinates"][0][-1] for grid in district.grids)


def test_numbers_are_those_of_the_requirements_when_nothing_is_changed() -> None:
    clocks = shipped().rulebook.clocks
    assert str(clocks.acknowledgement) == "30 minutes"
    assert (str(clocks.extension_lead), clocks.extensions, clocks.higher_extensions) == ("2 days", 1, 1)
    assert (str(clocks.yellow_lead), clocks.yellow_share) == ("1 day", 20)
    assert (str(clocks.appeal), str(clocks.convene), str(clocks.return_within)) == (
        "5 working days",
        "5 working days",
        "24 hours",
    )
    assert str(shipped().rulebook.danger.acknowledgement) == "5 minutes"


def test_services_are_as_incidents_where_they_say_nothing_else() -> None:
    rules = shipped().rulebook
    services = rules.services
    assert str(services.clocks.answer) == "15 days"
    assert services.clocks == replace(rules.clocks, answer=services.clocks.answer)
    assert (services.acknowledgement_in_office_hours, services.redos) == (True, 1)
    assert (str(services.materials_window), str(services.handoff_within)) == ("20 working days", "4 working hours")
    quick = shipped("rehearsal").rulebook.services
    assert (str(quick.clocks.acknowledgement), quick.acknowledgement_in_office_hours) == ("5 seconds", False)


def test_rulebook_adds_to_the_one_below_when_it_extends_it() -> None:
    below, above = shipped(), shipped("rehearsal")
    assert below.rulebook.categories.items() < above.rulebook.categories.items()
    assert set(below.district.units) < set(above.district.units)
    assert above.district.grids == below.district.grids
    assert above.rulebook.calendar == below.rulebook.calendar
    assert above.rulebook.version != below.rulebook.version


def test_category_may_be_renamed_when_the_files_say_so(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED / "default", tmp_path / "default")
    directory = shutil.copytree(SHIPPED / "rehearsal", tmp_path / "drill")
    spoil(directory, "categories.yaml", "code: rehearsal-short", "code: quick-drill")
    renamed = open_rulebook(directory).rulebook
    assert renamed.category("quick-drill").limit == Limit.parse("8 seconds")


def test_version_follows_the_content_when_a_number_changes_but_not_a_comment(directory: Path) -> None:
    before = load(directory).version
    spoil(directory, "rulebook.yaml", "# from dispatch, day and night", "# day and night")
    assert load(directory).version == before
    spoil(directory, "rulebook.yaml", "acknowledgement: 30 minutes", "acknowledgement: 31 minutes")
    after = load(directory).version
    assert after != before
    assert after.split("+")[0] == before.split("+")[0]


@pytest.mark.parametrize(
    ("name", "old", "new", "where", "expected", "found"),
    [
        (
            "rulebook.yaml",
            "acknowledgement: 30 minutes",
            "acknowledgement: soon",
            "clocks.acknowledgement",
            "a limit such as",
            "'soon'",
        ),
        (
            "rulebook.yaml",
            "acknowledgement: 30 minutes",
            "acknowledgement: 30",
            "clocks.acknowledgement",
            "a limit such as",
            "30",
        ),
        (
            "rulebook.yaml",
            "acknowledgement: 30 minutes",
            "acknowledgement: 1 working day",
            "clocks.acknowledgement",
            "a limit in seconds, minutes",
            "",
        ),
        (
            "rulebook.yaml",
            "chase: 72 hours",
            "chase: 3 working days",
            "services.chase",
            "a limit in seconds, minutes",
            "",
        ),
        ("rulebook.yaml", "redos: 1 ", "redos: -1 ", "services.redos", "greater than or equal to 0", "-1"),
        ("rulebook.yaml", "points: 5 ", "points: five ", "clocks.points", "a valid integer", "'five'"),
        ("rulebook.yaml", "yellow_share: 20", "yellow_share: 120", "clocks.yellow_share", "less than or equal", "120"),
        ("rulebook.yaml", "points: 5 ", "pionts: 5 ", "clocks.pionts", "one of the keys acknowledgement", "'pionts'"),
        ("rulebook.yaml", "schema: 1", "schema: 2", "schema", "1", "2"),
        ("rulebook.yaml", "effective_from: 2026-01-01", "effective_from: soon", "effective_from", "a date", "'soon'"),
        ("rulebook.yaml", 'opens: "09:00"', 'opens: "9"', "office_hours.0.opens", "a time of day", "'9'"),
        (
            "rulebook.yaml",
            "tell: [unit_leader, u",
            "tell: [boss, u",
            "ack_ladder.rungs.0.tell.0",
            "'unit_leader'",
            "'boss'",
        ),
        ("rulebook.yaml", "unit: police-station", "unit: sanitation", "danger.unit", "kind police", "sanitation"),
        ("rulebook.yaml", "answer: 7 days", "points: 7", "points", "every key once", "it again (first in line"),
        ("categories.yaml", "limit: 4 working hours", "limit: 4 wh", "categories.0.limit", "a limit such as", "'4 wh'"),
        (
            "categories.yaml",
            "code: dirty-road",
            "code: exposed-rubbish",
            "categories.2.code",
            "every code once",
            "again",
        ),
        ("categories.yaml", "code: dirty-road", "code: Dirty Road", "categories.2.code", "text that should match", ""),
        (
            "categories.yaml",
            "group: street-order, l",
            "group: orderly, l",
            "categories.12.group",
            "code of a group",
            "orderly",
        ),
        ("routing.yaml", "unit: traffic", "unit: trafic", "rules.5.unit", "the code of a unit", "trafic"),
        ("routing.yaml", "grid: lanwu-3", "grid: lanwu-9", "rules.15.grid", "the code of a grid", "lanwu-9"),
        ("routing.yaml", "group: greenery", "group: green", "rules.14.group", "the code of a group", "green"),
        (
            "district.yaml",
            "officer: grid_officer",
            "officer: handler",
            "grids.0.officer",
            "role grid_officer",
            "handler",
        ),
        (
            "district.yaml",
            "community: baiwei-c",
            "community: traffic-c",
            "grids.3.community",
            "kind community",
            "traffic-c",
        ),
        ("district.yaml", "roles: [handler]", "roles: [boss]", "people.16.roles.0", "'intake_clerk'", "'boss'"),
        ("district.yaml", "south: 30.400", "south: 30.900", "grids.0.box", "south below north", "no area"),
        ("district.yaml", "south: 30.400", "south: x", "grids.0.box.south", "a valid number", "'x'"),
        ("calendar.csv", "2007-01-01,元旦,1", "2007-01-01,元旦,yes", "is_off_day", "1 or 0", "'yes'"),
        ("calendar.csv", "2007-01-01,元旦,1", "1.1.2007,元旦,1", "", "a date such as", "1.1.2007"),
        ("calendar.csv", "2007-01-02,元旦,1", "2007-01-01,元旦,1", "date", "every date once", "2007-01-01 again"),
        ("calendar.csv", "2026-10-10,", "2027-10-10,", "date", "a date of the years 2007 to 2026", "2027-10-10"),
        (
            "calendar.csv",
            "date,name,is_off_day",
            "day,name,off",
            "",
            "the columns date,name,is_off_day",
            "day,name,off",
        ),
    ],
)
def test_fault_is_told_with_file_and_line_when_a_value_is_wrong(
    directory: Path, name: str, old: str, new: str, where: str, expected: str, found: str
) -> None:
    line = spoil(directory, name, old, new)
    (fault,) = [fault for fault in told(directory) if fault.startswith(f"{name}:{line}: ")]
    place, _, rest = fault.partition("expected ")
    assert place == f"{name}:{line}: {where}: " if where else f"{name}:{line}: "
    wanted, _, shown = rest.partition(", found ")
    assert expected in wanted
    assert found in shown


def test_missing_key_is_told_when_it_is_left_out(directory: Path) -> None:
    spoil(directory, "rulebook.yaml", "  answer: 7 days\n", "")
    (fault,) = told(directory)
    assert re.fullmatch(r"rulebook.yaml:\d+: clocks.answer: expected the key 'answer', found nothing", fault)


def test_clock_of_a_category_is_refused_when_null_unless_it_is_the_extension(directory: Path) -> None:
    spoil(directory, "categories.yaml", "acknowledgement: 15 minutes", "acknowledgement: null")
    (fault,) = told(directory)
    assert "a value for every clock but extension_lead" in fault


def test_all_faults_are_told_in_order_when_there_are_several(directory: Path) -> None:
    lines = [
        spoil(directory, "categories.yaml", "limit: 4 working hours", "limit: soon"),
        spoil(directory, "district.yaml", "unit: intake-desk", "unit: no-desk"),
        spoil(directory, "rulebook.yaml", "acknowledgement: 30 minutes", "acknowledgement: soon"),
        spoil(directory, "rulebook.yaml", "max_count: 20", "max_count: 0"),
    ]
    names = ["categories.yaml", "district.yaml", "rulebook.yaml", "rulebook.yaml"]
    faults = [fault.split(": ")[0] for fault in told(directory)]
    assert faults == [f"{name}:{line}" for name, line in zip(names, lines, strict=True)]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("rulebook.yaml", b"", "content"),
        ("rulebook.yaml", b"a: [", "YAML"),
        ("routing.yaml", b"\xff\xfe\x00", "a readable file in UTF-8"),
        ("routing.yaml", b"rules: \x00", "YAML"),
        ("routing.yaml", b"- a\n", "dictionary"),
        ("calendar.csv", b"\xff", "a readable file in UTF-8"),
    ],
)
def test_file_is_refused_when_it_cannot_be_read(directory: Path, name: str, content: bytes, expected: str) -> None:
    (directory / name).write_bytes(content)
    assert any(fault.startswith(f"{name}:1: ") and expected in fault for fault in told(directory))


def test_file_is_missed_when_it_is_not_there(directory: Path) -> None:
    (directory / "routing.yaml").unlink()
    assert told(directory) == ["routing.yaml:1: expected a file, found none"]


def test_directory_is_refused_when_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(RulebookInvalid):
        open_rulebook(tmp_path / "nowhere")


@pytest.mark.parametrize("extends", ["../nowhere", ".", "../rules"])
def test_rulebook_is_refused_when_it_extends_nothing_or_itself(directory: Path, extends: str) -> None:
    spoil(directory, "rulebook.yaml", "schema: 1", f"schema: 1\nextends: {extends}")
    (fault,) = told(directory)
    assert re.match(r"rulebook.yaml:\d+: extends: expected a directory with another rulebook.yaml, found ", fault)


def test_office_hours_are_refused_when_out_of_order(directory: Path) -> None:
    line = spoil(directory, "rulebook.yaml", 'closes: "12:00"', 'closes: "14:00"') - 1
    assert told(directory)[0].startswith(f"rulebook.yaml:{line}: office_hours: expected periods in order of time")
