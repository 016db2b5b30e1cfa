"""A rulebook that comes as a ZIP: read like its directory, and nothing that leads elsewhere or grows without end."""

import io
import re
import stat
import zipfile
from pathlib import Path

import pytest

from rulebook.load import open_package
from rulebook.packed import DISTRICT, Package, of_plain
from rulebook.problems import RulebookInvalid
from rulebook.zipped import LARGEST_FILE, MOST_FILES, package_of_zip
from tests.unit.rulebooks import SHIPPED, shipped


def zip_of(files: dict[str, bytes | str]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return written.getvalue()


def directory(name: str, within: str = "") -> dict[str, bytes | str]:
    root = SHIPPED / name
    return {f"{within}{file.relative_to(root).as_posix()}": file.read_bytes() for file in root.rglob("*.*")}


def told(content: bytes) -> list[str]:
    with pytest.raises(RulebookInvalid) as fault:
        open_package(package_of_zip(content))
    return list(map(str, fault.value.problems))


@pytest.mark.parametrize("within", ["", "my rules/", "a/b/"])
def test_directory_and_its_zip_are_the_same_rulebook(within: str) -> None:
    opened = open_package(package_of_zip(zip_of(directory("default", within))))
    shown = shipped("default")
    assert (opened.rulebook, opened.catalogue, opened.district) == (shown.rulebook, shown.catalogue, shown.district)
    assert opened.package.digest == shown.package.digest


def test_rulebook_that_extends_another_brings_it_along() -> None:
    both = {**directory("default", "default/"), **directory("rehearsal", "rehearsal/")}
    opened = open_package(package_of_zip(zip_of(both)))
    assert opened.rulebook == shipped("rehearsal").rulebook
    assert opened.package.digest == shipped("rehearsal").package.digest
    assert open_package(of_plain(opened.package.plain())).rulebook == opened.rulebook


def test_rulebook_that_extends_what_is_not_there_is_refused() -> None:
    (fault,) = told(zip_of(directory("rehearsal", "rehearsal/")))
    assert "rehearsal/rulebook.yaml:1: expected extends: a directory of this ZIP" in fault
    escaping = {**directory("default", "default/"), **directory("rehearsal")}
    assert "extends" in told(zip_of(escaping))[0]


def test_two_rulebooks_side_by_side_are_refused() -> None:
    both = {**directory("default", "a/"), **directory("default", "b/")}
    assert told(zip_of(both)) == ["rulebook.yaml:1: expected one rulebook, and those that it extends, found a, b"]


def test_fault_is_told_with_the_name_in_the_zip_and_its_line() -> None:
    files = directory("default")
    text = (SHIPPED / "default" / "rulebook.yaml").read_text(encoding="utf-8")
    line = text[: text.index("  points: 5")].count("\n") + 1
    files["rulebook.yaml"] = text.replace("  points: 5", "  points: five")
    faults = told(zip_of(files))
    assert faults[0].startswith(f"rulebook.yaml:{line}: clocks.points: expected a valid integer, found 'five'")
    below = {**{f"default/{name}": content for name, content in files.items()}, **directory("rehearsal", "mine/")}
    assert told(zip_of(below))[0].startswith(f"default/rulebook.yaml:{line}: clocks.points: ")


@pytest.mark.parametrize(
    "name",
    ["../rulebook.yaml", "/etc/rulebook.yaml", "a/../../rulebook.yaml", "..\\rulebook.yaml", "C:/rulebook.yaml",
     "a\x07b.yaml", "a/" * 9 + "rulebook.yaml"],
)  # fmt: skip
def test_name_that_leads_elsewhere_is_refused(name: str) -> None:
    assert told(zip_of({**directory("default"), name: "schema: 1"})) == [
        "ZIP:1: expected names of files within the ZIP, found one that leads elsewhere"
    ]


def test_link_is_refused() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        link = zipfile.ZipInfo("rulebook.yaml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(link, "/etc/passwd")
    assert "leads elsewhere" in told(written.getvalue())[0]


def test_zip_that_grows_without_end_is_refused() -> None:
    assert "at most 4 MiB a file" in told(zip_of({"rulebook.yaml": b"#" * (LARGEST_FILE + 1)}))[0]
    many: dict[str, bytes | str] = {f"catalogue/2025/{n}.yaml": b"#" * (LARGEST_FILE - 1) for n in range(5)}
    assert "16 MiB in all" in told(zip_of({"rulebook.yaml": "schema: 1", **many}))[0]


def test_zip_that_lies_about_its_size_is_no_larger_for_it() -> None:
    content = bytearray(zip_of({"rulebook.yaml": b"#" * (LARGEST_FILE + 1)}))
    true = (LARGEST_FILE + 1).to_bytes(4, "little")
    while (at := content.find(true)) >= 0:
        content[at : at + 4] = (10).to_bytes(4, "little")
    assert told(bytes(content))


def test_too_many_files_are_refused() -> None:
    assert "at most 400 files" in told(zip_of({f"{n}.yaml": "" for n in range(MOST_FILES + 1)}))[0]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"rulebook", b"PK\x05\x06" + bytes(18), b"\x00" * 100])
def test_what_is_no_zip_is_refused(content: bytes) -> None:
    assert len(told(content)) == 1


def test_file_that_is_no_text_is_refused() -> None:
    assert told(zip_of({"rulebook.yaml": "规则".encode("gb18030")})) == [
        "rulebook.yaml:1: expected a file in UTF-8, found something else"
    ]


def test_file_that_nothing_reads_is_a_mistake_and_a_remark_is_not() -> None:
    harmless: dict[str, bytes | str] = {
        "README.md": "…",
        "__MACOSX/._rulebook.yaml": b"\x00",
        ".hidden.yaml": b"\x00",
        "x/.y/z.csv": b"\x00",
    }
    open_package(package_of_zip(zip_of({**directory("default"), **harmless})))
    (fault,) = told(zip_of({**directory("default"), "categorys.yaml": "schema: 1"}))
    assert fault == "categorys.yaml:1: expected a file of a rulebook, found a name that nothing reads"


def test_aliases_that_unfold_and_brackets_without_end_are_refused() -> None:
    unfolding = "a: &a [x]\n" + "\n".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}' if n else '*a'] * 9)}]" for n in range(9)
    )
    for text in (unfolding, "a: &a [*a]"):
        assert "an alias, which unfolds without end" in told(zip_of({"rulebook.yaml": text}))[0]
    for text in ("[" * 200_000 + "]" * 200_000, "a: " + "[" * 200_000, "{a: " * 200_000 + "}" * 200_000):
        assert "more than 40 levels" in told(zip_of({"rulebook.yaml": text}))[0]


@pytest.mark.parametrize("value", ["9" * 5000, "-" + "9" * 5000, "9" * 5000 + ".5", "9" * 20])
def test_number_that_is_too_long_to_be_one_is_text(value: str) -> None:
    text = (
        (SHIPPED / "default" / "rulebook.yaml").read_text(encoding="utf-8").replace("  points: 5", f"  points: {value}")
    )
    assert "clocks.points" in told(zip_of({**directory("default"), "rulebook.yaml": text}))[0]


@pytest.mark.parametrize("day", ["0001-01-01", "1948-12-31", "2201-01-01", "9999-12-31"])
def test_day_that_no_rule_was_ever_in_force_on_is_refused(day: str) -> None:
    text = (SHIPPED / "default" / "rulebook.yaml").read_text(encoding="utf-8")
    dated = re.sub(r"(?m)^effective_from: .*$", f"effective_from: {day}", text)
    assert (
        "effective_from: expected a date such as 2026-01-31"
        in told(zip_of({**directory("default"), "rulebook.yaml": dated}))[0]
    )


def test_name_that_is_too_long_for_a_directory_is_refused() -> None:
    long = f"catalogue/{'字' * 80}.yaml"
    assert "leads elsewhere" in told(zip_of({**directory("default"), long: "schema: 1"}))[0]


def test_calendar_that_no_reader_of_csv_takes_is_refused() -> None:
    for content in ("date,kind\n" + "x" * 200_000, 'date,kind\n"' + "x\n" * 100_000, "date\x00,kind\n2026-01-01"):
        assert "calendar.csv" in told(zip_of({**directory("default"), "calendar.csv": content}))[0]


def test_missing_file_is_told(tmp_path: Path) -> None:
    files = directory("default")
    del files["routing.yaml"]
    assert told(zip_of(files)) == ["routing.yaml:1: expected a file, found none"]


def test_district_of_the_house_takes_the_place_of_every_other() -> None:
    package = shipped("rehearsal").package
    district = "\n".join(layer.files[DISTRICT] for layer in package.layers[1:])
    replaced = package.with_top({DISTRICT: district})
    assert [DISTRICT in layer.files for layer in replaced.layers] == [True, False]
    assert replaced.digest == package.digest
    assert isinstance(replaced, Package)
