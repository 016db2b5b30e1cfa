"""Catalogue files: what versions and layers do, and how every fault is told (file, line, what was expected)."""

from datetime import date
from pathlib import Path

import pytest

from domain.catalogue.items import Fee, Holder, HolderKind
from domain.errors import Unprocessable
from domain.limits import Limit
from tests.unit.catalogue_world import ITEMS, MAIN, catalogue, read, write

CHECK = "key: check"
VISIT = "{key: visit,"
SURVEY = "{key: survey,"


def fault_of(directory: Path, old: str, new: str, expected: str) -> tuple[str, str]:
    """Spoil the items in one place; the line of the fault as it stands in the file, and what is told."""
    assert old in ITEMS
    spoilt = ITEMS.replace(old, new, 1)
    found, told = read(write(directory, items=spoilt))
    assert found is None
    (fault,) = [fault for fault in told if expected in fault.partition(", found ")[0]]
    file, line, _ = fault.split(":", 2)
    assert file == "2025/items.yaml"
    return spoilt.splitlines()[int(line) - 1], fault.partition(": ")[2]


def test_item_says_what_its_file_says(tmp_path: Path) -> None:
    item = catalogue(write(tmp_path)).item("tea-house", date(2025, 5, 5))
    assert (item.legal, item.promised, item.is_draft) == (
        Limit.parse("30 working days"),
        Limit.parse("20 working days"),
        False,
    )
    assert [(m.code, m.name, m.copies, m.may_follow, m.by_proxy) for m in item.materials] == [
        ("id-card", "居民身份证", 2, False, False),
        ("lease", "租赁合同", 1, True, False),
        ("licence", "营业执照", 1, False, False),
        ("letter", "委托书", 1, False, True),
    ]
    assert [(step.key, step.after) for step in item.steps] == [
        ("check", ()), ("visit", ("check",)), ("survey", ("check",)), ("above", ("visit", "survey")),
        ("issue", ("above",)),
    ]  # fmt: skip
    assert [step.holder for step in item.steps[:3]] == [
        Holder(kind=HolderKind.LINE, code="civil-affairs"),
        Holder(kind=HolderKind.COMMUNITY),
        Holder(kind=HolderKind.UNIT, code="housing"),
    ]
    assert item.steps[4].only_if is not None
    assert item.steps[4].only_if.negated


def test_fee_is_kept_in_fen(tmp_path: Path) -> None:
    priced = ITEMS.replace("kind: licence", 'kind: licence\n    fee: {amount: "40.50", per: 证, per_en: card}', 1)
    assert catalogue(write(tmp_path, items=priced)).versions[0].items[0].fee == Fee(
        amount=4050, per="证", per_en="card"
    )


@pytest.mark.parametrize(
    ("old", "new", "where", "expected", "found"),
    [
        # who holds what
        ("line: civil-affairs", "line: civil", "line", "the code of a line", "civil"),
        ("{unit: housing}", "{unit: housings}", "steps.2.holder", "the code of a unit", "housings"),
        ("{line: civil-affairs}", "{line: tea}", "steps.0.holder", "exactly one unit on the street", "tea"),
        ("holder: community", "holder: nobody", "steps.1.holder",
         "'community', {unit: code} or {line: code}", "'nobody'"),
        # limits and reference times
        (", limit: 5 working days", "", "steps.1", "a limit, since the step is inside", "visit without one"),
        ("limit: 5 working days", "limit: soon", "steps.1.limit", "a limit such as", "'soon'"),
        ("reference: 6 to 10 working days, ", "", "steps.3", "a reference time, since the step is outside", "above"),
        ("6 to 10 working days", "10 to 6 working days", "steps.3.reference", "the shorter time first", "10"),
        ("reference: 6 to 10 working days", "reference: 6 to ten days", "steps.3.reference",
         "a reference time such", "ten"),
        ("limit: 5 working days", "limit: 5 working days, reference: 5 days", "steps.1.reference",
         "a limit in place of a reference time", "visit"),
        ("reference: 6 to", "limit: 5 working days, reference: 6 to", "steps.3.limit",
         "a reference time in place of a limit", "above"),
        ("limit: 5 working days", "limit: 5 working days, connector: fax", "steps.1.connector",
         "a connector on outside steps only", "visit"),
        ("promised: 20", "promised: 31", "promised", "at most the legal limit of 30 working days", "31 working days"),
        ("promised: 20 working days", "promised: 15 days", "promised",
         "at least as long as check (2 working days) → survey (8 working days) → above (1 working day) → issue",
         "15 days"),
        # the graph
        ("after: [check]", "after: [chek]", "steps.2.after.0", "the key of a step (check, visit", "chek"),
        ("{key: survey", "{key: visit", "steps.2.key", "every key once", "visit again"),
        ("{step: check, outcome: doubtful}", "{step: survey}", "steps.1.only_if",
         "a step that comes before visit", "survey"),
        ("{step: check, outcome: doubtful}", "{step: check, outcome: odd}", "steps.1.only_if",
         "an outcome of check with which it goes on (clear, doubtful)", "odd"),
        ("{step: check, outcome: doubtful}", "{step: check, outcome: refused}", "steps.1.only_if",
         "an outcome of check with which it goes on", "refused"),
        ("{material: lease}", "{material: rent}", "steps.4.unless", "a material of this item", "rent"),
        ("{material: lease}", "{material: lease, step: check}", "steps.4.unless", "either a step", "something else"),
        ("unless: {material", "only_if: {step: check}, unless: {material", "steps.4.unless",
         "either only_if or", "both"),
        ("{code: clear, name: 清楚, name_en: Clear}",
         "{code: doubtful, name: 清楚, name_en: Clear}", "steps.0.outcomes",
         "every outcome once", "doubtful, doubtful"),
        # materials and codes
        ("- id-card", "- id-crad", "materials.0", "a name, or the code of a common material", "id-crad"),
        ("code: lease", "code: id-card", "materials.1", "every material once", "id-card again"),
        ("may_follow: true", "may_follow: true, required: false", "materials.1",
         "required: true where it may", "lease"),
        ("only_for: [enterprise]", "only_for: [organization]", "materials.2",
         "only_for among person", "organization"),
        ("keywords:", "proxy: false\n    keywords:", "materials.3", "proxy: true", "letter for proxies"),
        ("code: tea-house", "code: versions", "code", "another code", "versions"),
        ("code: tea-house", "code: tea house", "code", "pattern", "'tea house'"),
        ("kind: licence", "kind: permit", "kind", "'licence'", "'permit'"),
        ("kind: licence", "kind: licence\n    fee: cheap", "fee", "'free', or {amount", "'cheap'"),
        ("kind: licence", "kind: licence\n    colour: red", "colour", "one of the keys code, name", "'colour'"),
    ],
)  # fmt: skip
def test_fault_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, where: str, expected: str, found: str
) -> None:
    line, fault = fault_of(tmp_path, old, new, expected)
    path, _, rest = fault.partition(": expected ")
    assert path.removeprefix("tea-house.").endswith(where)
    assert found in rest.partition(", found ")[2]
    key = [part for part in where.split(".") if not part.isdigit()][-1]
    assert (found.split()[0] if where[-1].isdigit() and key != "after" else key) in line


def test_circle_is_told_with_the_way_round(tmp_path: Path) -> None:
    write(
        tmp_path, items=ITEMS.replace("limit: 8 working days, after: [check]", "limit: 8 working days, after: [issue]")
    )
    found, told = read(tmp_path)
    assert found is None
    (circle,) = [fault for fault in told if "circle" in fault]
    assert "expected steps without a circle, found above → issue → survey → above" in circle


def test_steps_behind_a_circle_are_told(tmp_path: Path) -> None:
    spoilt = ITEMS.replace("limit: 5 working days,\n", "limit: 5 working days, after: [survey],\n")
    spoilt = spoilt.replace("limit: 8 working days, after: [check]", "limit: 8 working days, after: [visit]")
    write(tmp_path, items=spoilt)
    _, told = read(tmp_path)
    assert any("found above, issue behind the circle" in fault for fault in told)


def test_step_that_can_only_refuse_is_told(tmp_path: Path) -> None:
    only = "outcomes: [{code: no, name: 不, name_en: No, effect: refuse}]"
    write(tmp_path, items=ITEMS.replace("limit: 8 working hours", f"limit: 8 working hours, {only}"))
    _, told = read(tmp_path)
    assert any("expected an outcome with which it goes on, found only refusals in issue" in fault for fault in told)


def test_step_behind_one_that_ends_everything_is_told(tmp_path: Path) -> None:
    ends = "outcomes: [{code: yes, name: 是, name_en: Yes, effect: approve}]"
    write(tmp_path, items=ITEMS.replace("after: [visit, survey]}", f"after: [visit, survey], {ends}}}"))
    _, told = read(tmp_path)
    assert any("a step that can be reached, found issue after above, with which everything ends" in f for f in told)


def test_file_that_no_version_reads_is_told(tmp_path: Path) -> None:
    write(tmp_path)
    for name in ("drafts.yaml", "2062/items.yaml"):
        file = tmp_path / "catalogue" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(ITEMS, encoding="utf-8")
    _, told = read(tmp_path)
    assert [fault.partition(": ")[2] for fault in told] == [
        f"expected a file in the directory of a version (2025, 2026), found {name}"
        for name in ("2062/items.yaml", "drafts.yaml")
    ]


def test_item_of_outside_steps_alone_is_refused(tmp_path: Path) -> None:
    head = ITEMS[: ITEMS.index("    steps:")]
    step = "{key: a, name: 上, name_en: A, kind: outside, holder: {unit: housing}, reference: 5 days}"
    write(tmp_path, items=f"{head}    steps:\n      - {step}\n")
    _, told = read(tmp_path)
    assert any("at least one inside step" in fault for fault in told)


def test_code_is_told_when_two_files_of_a_version_have_it(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "catalogue" / "2025" / "more.yaml").write_text(ITEMS, encoding="utf-8")
    _, told = read(tmp_path)
    assert "more.yaml:3: code: expected every code once, found tea-house again (first in items.yaml, line 3)" in told[0]


def test_item_is_a_draft_when_nothing_is_promised(tmp_path: Path) -> None:
    without = ITEMS.replace("    promised: 20 working days\n", "")
    found = catalogue(write(tmp_path, items=without))
    with pytest.raises(Unprocessable, match="item_without_limit"):
        found.acceptable("tea-house", date(2025, 5, 5))
    assert found.item("tea-house", date(2025, 5, 5)).is_draft


# versions


def test_version_counts_on_its_days(tmp_path: Path) -> None:
    newer = "schema: 1\nitems:\n  - {code: tea-house, promised: 25 working days}\n"
    found = catalogue(write(tmp_path, newer=newer))
    promised = {
        day: str(found.item("tea-house", day).promised)
        for day in (date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1), date(2031, 7, 7))
    }
    assert list(promised.values()) == ["20 working days", "20 working days", "25 working days", "25 working days"]
    with pytest.raises(Unprocessable, match="catalogue_not_in_force"):
        found.in_force(date(2024, 12, 31))


def test_item_is_no_longer_valid_when_a_version_withdraws_it(tmp_path: Path) -> None:
    found = catalogue(write(tmp_path, newer="schema: 1\nwithdrawn: [tea-house]\n"))
    assert found.item("tea-house", date(2025, 12, 31)).code == "tea-house"
    with pytest.raises(Unprocessable, match="item_no_longer_valid"):
        found.item("tea-house", date(2026, 1, 1))
    with pytest.raises(Unprocessable, match="item_unknown"):
        found.item("coffee-house", date(2026, 1, 1))


def test_running_case_finds_its_item_under_the_version_that_it_began_with(tmp_path: Path) -> None:
    found = catalogue(write(tmp_path, newer="schema: 1\nwithdrawn: [tea-house]\n"))
    first, second = found.versions
    assert found.item_of(first.version, "tea-house") is not None
    assert found.item_of(second.version, "tea-house") is None
    assert found.version(first.version) is first
    assert found.version("2025") is None


def test_names_of_versions_tell_their_content_apart(tmp_path: Path) -> None:
    one = catalogue(write(tmp_path / "one"))
    same = catalogue(write(tmp_path / "same", items=f"# a remark\n{ITEMS}"))
    other = catalogue(write(tmp_path / "other", items=ITEMS.replace("喝茶", "品茶")))
    assert [v.version for v in one.versions] == [v.version for v in same.versions]
    assert {v.version for v in one.versions}.isdisjoint(v.version for v in other.versions)


def test_layer_above_adds_items_and_lines_and_changes_fields(tmp_path: Path) -> None:
    below = write(tmp_path / "below")
    main = "schema: 1\nlines:\n  - {code: rehearsal, name: 演练, name_en: Rehearsal}\n"
    items = (
        "schema: 1\nitems:\n  - {code: tea-house, promised: 21 working days}\n"
        "  - {code: drill, name: 演练, line: rehearsal, kind: public_service}\n"
    )
    above = write(tmp_path / "above", main=main, items=items)
    found = catalogue(above, below)
    assert [item.code for item in found.versions[1].items] == ["tea-house", "drill"]
    assert str(found.item("tea-house", date(2026, 5, 5)).promised) == "21 working days"
    assert [line.code for line in found.versions[0].lines] == ["civil-affairs", "rehearsal"]


@pytest.mark.parametrize(
    ("old", "new", "expected", "found"),
    [
        ("2025-01-01}", "2025-01-01, effective_to: 2026-03-01}", "2025-12-31, or no last day", "which overlaps 2026"),
        ("2025-01-01}", "2025-01-01, effective_to: 2025-06-30}", "2025-12-31, or no last day", "leaves days without"),
        ("2025-01-01}", "2026-01-01}", "days of its own", "2026-01-01 for 2025 and 2026"),
        ("2025-01-01}", "2025-13-01}", "a date such as", "2025-13-01"),
        ("2026-01-01, based", "2026-01-01, effective_to: 2025-12-01, based", "not before the first", "2025-12-01"),
        ('version: "2026"', 'version: "2025"', "every version once", "2025 again"),
        ('based_on: "2025"', 'based_on: "2024"', "a version that stands above", "2024"),
    ],
)  # fmt: skip
def test_fault_of_a_version_is_told(tmp_path: Path, old: str, new: str, expected: str, found: str) -> None:
    assert old in MAIN
    _, told = read(write(tmp_path, main=MAIN.replace(old, new, 1)))
    assert any(
        fault.startswith("catalogue.yaml:") and expected in fault.partition("found")[0] and found in fault
        for fault in told
    ), told


def test_withdrawal_of_nothing_is_told(tmp_path: Path) -> None:
    _, told = read(write(tmp_path, newer="schema: 1\nwithdrawn: [coffee-house]\n"))
    assert told == ["2026/items.yaml:2: withdrawn.0: expected the code of an item that was there, found coffee-house"]


def test_rulebook_without_catalogue_has_an_empty_one(tmp_path: Path) -> None:
    assert catalogue(tmp_path).versions == ()
