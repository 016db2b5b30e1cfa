"""What README and docs say is checked against the tree, as far as it can be without starting the product."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from domain import vocabulary
from settings import PREFIX, ROOT, Settings

ENGLISH, CHINESE = ROOT / "README.md", ROOT / "README.zh.md"
TWINS = [ENGLISH, CHINESE]
PAGES = [*TWINS, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_ROW = re.compile(r"^\| `([^`]+)` \| (.*) \|$", re.MULTILINE)


def named(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("page", paths, ids=lambda page: str(page.relative_to(ROOT)))


def prose(page: Path) -> str:
    return _BLOCK.sub("", page.read_text(encoding="utf-8"))


def blocks(page: Path) -> list[tuple[str, str]]:
    return _BLOCK.findall(page.read_text(encoding="utf-8"))


def rows(page: Path) -> dict[str, str]:
    """First column of the tables whose first column is code, with the rest of the row."""
    return dict(_ROW.findall(prose(page)))


def headings(page: Path) -> list[tuple[str, str]]:
    return re.findall(r"^(#+) (.+)$", prose(page), re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """How a heading is addressed: lower case, without punctuation, dashes for blanks."""
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for _, title in headings(page)}


@named(TWINS)
def test_every_folder_of_the_map_exists(page: Path) -> None:
    folders = [name for name in rows(page) if name.endswith("/") or name.startswith("tests/")]
    assert len(folders) > 10
    assert [name for name in folders if not (ROOT / name).is_dir()] == []


@named(TWINS)
def test_every_folder_of_code_is_on_the_map(page: Path) -> None:
    code = {f"{found.parent.name}/" for found in ROOT.glob("*/__init__.py")}
    assert code - set(rows(page)) == set()


@named(TWINS)
def test_every_folder_of_tests_is_described(page: Path) -> None:
    suites = {f"tests/{found.parent.name}" for found in ROOT.glob("tests/*/__init__.py")}
    assert suites - set(rows(page)) == set()


@named(TWINS)
def test_settings_are_those_of_the_code(page: Path) -> None:
    told = {name for name in rows(page) if name.startswith(PREFIX)}
    assert told == {PREFIX + name.upper() for name in Settings.model_fields}


@named(TWINS)
def test_plain_defaults_are_those_of_the_code(page: Path) -> None:
    told = {name: rest.split(" | ")[0] for name, rest in rows(page).items() if name.startswith(PREFIX)}
    for name, field in Settings.model_fields.items():
        default = field.default
        if isinstance(default, Path):
            default = default.relative_to(ROOT)
        if default not in (None, ""):
            assert told[PREFIX + name.upper()] == f"`{default}`"


@named([*TWINS, *sorted((ROOT / "docs").rglob("*.md"))])
def test_every_setting_that_is_named_exists(page: Path) -> None:
    of_the_client = {"TOKEN", "PASSWORD"}
    known = {name.upper() for name in Settings.model_fields} | of_the_client
    assert set(re.findall(rf"\b{PREFIX}([A-Z_]+)\b", page.read_text(encoding="utf-8"))) - known == set()


@named(PAGES)
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = page.read_text(encoding="utf-8")
    commands = [
        *re.findall(r"`([^`\n]+)`", prose(page)),
        *(line for _, body in blocks(page) for line in body.split("\n")),
    ]
    named_here = {found for line in commands for found in re.findall(r"(?:^|\s)make ([a-z-]+)\b", line)}
    assert named_here - targets == set(), text[:40]


@named(PAGES)
def test_every_part_that_is_named_exists(page: Path) -> None:
    declared = r'@app\.command\(\)\s+def (\w+)|app\.command\("(\w+)"\)|app\.add_typer\(\w+\.app, name="(\w+)"\)'
    known = {name for names in re.findall(declared, _command_line()) for name in names if name}
    assert set(re.findall(r"-m launch (\w+)", page.read_text(encoding="utf-8"))) - known == set()


def _command_line() -> str:
    return (ROOT / "launch" / "__main__.py").read_text(encoding="utf-8")


@named(PAGES)
def test_every_internal_link_leads_somewhere(page: Path) -> None:
    for target in _LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), target
        assert not anchor or anchor in anchors(found), target


def test_twins_have_the_same_headings_in_the_same_order() -> None:
    english, chinese = ([level for level, _ in headings(page)] for page in TWINS)
    assert english == chinese


def test_twins_have_the_same_commands_and_outputs() -> None:
    assert blocks(ENGLISH) == blocks(CHINESE)


def test_twins_have_the_same_rows_in_their_tables() -> None:
    assert list(rows(ENGLISH)) == list(rows(CHINESE))


def test_every_status_is_in_the_picture_of_a_life() -> None:
    picture = next(body for kind, body in blocks(ENGLISH) if kind == "mermaid")
    drawn = {word for word in re.findall(r"\b[a-z_]+\b", picture) if word in set(vocabulary.CaseStatus)}
    of_service_requests, of_any_state = {"awaiting_materials"}, {"withdrawn"}
    assert drawn == set(vocabulary.CaseStatus) - of_service_requests - of_any_state


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = set(_LINK.findall(prose(folder / "README.md")))
    assert {found.name for found in folder.glob("[0-9]*.md")} - listed == set()


@pytest.mark.parametrize(
    "words",
    [vocabulary.CaseStatus, vocabulary.InterviewStatus, vocabulary.Role, vocabulary.EventType, vocabulary.CommandKind],
)
def test_every_code_word_is_in_the_glossary(words: type[StrEnum]) -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert [word.value for word in words if f"`{word.value}`" not in glossary] == []
