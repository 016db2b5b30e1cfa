"""``launch calendar``: a year's notice becomes part of the rulebook in force, or is refused with its faults (E1, E2).

The notice here is invented: the real one of 2027 is not out yet.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.limits import Limit
from launch.calendar import add, described, read_notice
from launch.lock import CannotStart
from rulebook.load import load
from rulebook.problems import RulebookInvalid
from settings import ROOT
from tests.unit.rulebooks import local, written

OFF = [
    *("2027-01-01", "2027-01-02", "2027-01-03", "2027-02-05", "2027-02-08", "2027-02-09", "2027-02-10", "2027-02-11"),
    *("2027-02-12", "2027-04-05", "2027-05-01", "2027-05-03", "2027-05-04", "2027-05-05", "2027-06-09", "2027-09-15"),
    *("2027-10-01", "2027-10-04", "2027-10-05", "2027-10-06", "2027-10-07"),
]
ON = ["2026-12-26", "2027-01-30", "2027-02-20", "2027-05-08", "2027-10-09"]


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A rulebook that may be written."""
    return shutil.copytree(ROOT / "rulebook" / "default", tmp_path / "rules")


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    """The invented notice."""
    return notice(tmp_path)


def notice(directory: Path, off: list[str] = OFF, on: list[str] = ON) -> Path:
    """A file with these days."""
    file = directory / "notice.csv"
    rows = [*(f"{day},节日,1" for day in off), *(f"{day},调休,0" for day in on)]
    file.write_text("\ufeffdate,name,is_off_day\n" + "\n".join(sorted(rows)) + "\n", encoding="utf-8")
    return file


def test_year_is_known_when_its_notice_was_added(rules: Path, csv: Path) -> None:
    before = load(rules)
    found = read_notice(csv)
    assert described(found)[0] == "2027: 247 working days"
    assert "calendar/2027.csv" in add(found, rules, replace=False)
    after = load(rules)
    assert after.calendar.years == before.calendar.years | {2027}
    assert after.calendar.version != before.calendar.version
    assert after.version != before.version
    due = after.worktime.deadline(Limit.parse("3 working days"), local("2026-12-25 10:00"))  # Friday: 26 (Sat), 28, 29
    assert (written(due.at), due.provisional) == ("Tue 2026-12-29 17:30:00", False)
    due = after.worktime.deadline(Limit.parse("1 working day"), local("2026-12-31 10:00"))
    assert (written(due.at), due.provisional) == ("Mon 2027-01-04 17:30:00", False)


def test_notice_reaches_a_rulebook_that_extends_the_one_it_was_added_to(rules: Path, csv: Path) -> None:
    above = shutil.copytree(ROOT / "rulebook" / "rehearsal", rules.parent / "above")
    main = above / "rulebook.yaml"
    main.write_text(main.read_text(encoding="utf-8").replace("../default", "../rules"), encoding="utf-8")
    add(read_notice(csv), rules, replace=False)
    assert load(above).calendar == load(rules).calendar


def test_nothing_happens_when_a_notice_is_added_twice(rules: Path, csv: Path) -> None:
    add(read_notice(csv), rules, replace=False)
    version = load(rules).version
    assert "already" in add(read_notice(csv), rules, replace=False)
    assert load(rules).version == version


def test_another_notice_of_the_year_is_refused_unless_it_is_to_replace_it(rules: Path, csv: Path) -> None:
    add(read_notice(csv), rules, replace=False)
    other = read_notice(notice(csv.parent, on=ON[1:]))
    with pytest.raises(CannotStart, match="--replace"):
        add(other, rules, replace=False)
    add(other, rules, replace=True)
    assert not load(rules).calendar.is_working_day(local("2026-12-26 10:00").date())


def test_year_of_the_shipped_calendar_is_replaced_when_that_is_asked_for(rules: Path, tmp_path: Path) -> None:
    days = [day.replace("2027", "2026") for day in OFF]
    corrected = read_notice(notice(tmp_path, days, ["2026-10-10"]))
    with pytest.raises(CannotStart, match="2026"):
        add(corrected, rules, replace=False)
    add(corrected, rules, replace=True)
    calendar = load(rules).calendar
    assert not calendar.is_working_day(local("2026-02-14 10:00").date()), "the Saturday of the notice before"
    assert calendar.is_working_day(local("2026-10-10 10:00").date())


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda text: text.replace("2027-10-01", "2027-13-01"), "expected a date such as 2026-01-31"),
        (lambda text: text.replace("2027-10-01", "2027-10-04"), "expected every date once"),
        (lambda text: text.replace("2027-10-01,节日,1\n", ""), "expected 2027-10-01, a day off of every year"),
        (lambda text: text.replace("2026-12-26", "2026-11-26"), "expected a date of 2027, found 2026-11-26"),
        (lambda text: text.replace(",1\n", ",yes\n"), "expected 1 or 0, found 'yes'"),
        (lambda text: text.replace("is_off_day", "off"), "expected the columns date,name,is_off_day"),
        (lambda text: "date,name,is_off_day\n", "expected days"),
        (lambda text: "", "expected the columns"),
    ],
)
def test_file_is_refused_when_it_is_no_notice(csv: Path, spoil: Callable[[str], str], told: str) -> None:
    csv.write_text(spoil(csv.read_text(encoding="utf-8-sig")), encoding="utf-8")
    with pytest.raises(CannotStart) as refused:
        read_notice(csv)
    assert told in str(refused.value)
    assert f"{csv}:" in str(refused.value)


def test_half_a_notice_is_refused_with_the_working_days_that_it_would_make(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="with 240 to 256 working days, found 259"):
        read_notice(notice(tmp_path, ["2027-01-01", "2027-05-01", "2027-10-01"], []))


def test_file_put_there_by_hand_is_checked_when_the_rulebook_is_loaded(rules: Path) -> None:
    (rules / "calendar").mkdir()
    (rules / "calendar" / "2027.csv").write_text("date,name,is_off_day\n2027-01-01,元旦,1\n", encoding="utf-8")
    (rules / "calendar" / "next-year.csv").write_text("", encoding="utf-8")
    with pytest.raises(RulebookInvalid) as invalid:
        load(rules)
    assert "calendar/2027.csv:1: date: expected 2027-05-01" in str(invalid.value)
    assert "calendar/next-year.csv:1: expected a name such as 2027.csv" in str(invalid.value)


def test_directory_that_cannot_be_written_is_named(rules: Path, csv: Path) -> None:
    (rules / "calendar").write_text("in the way", encoding="utf-8")
    with pytest.raises(CannotStart, match="by hand"):
        add(read_notice(csv), rules, replace=False)
