"""The made-up day: its tables fit the rulebook, and played before the real product it fills a board with everything."""

import asyncio
import random
import re
import shutil
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import filetype
import pytest
from sqlalchemy import ColumnElement, Connection, Select, func, select

from api.auth import COOKIE
from db.engine import Database
from db.seed import seed
from db.tables import AccountabilityRow, Attachment, CasePart, CaseRow, EventRow, InterviewRow, core
from domain.answers import is_without_content
from domain.identity import read_identity
from domain.vocabulary import (
    AccountabilityStatus,
    CaseStatus,
    EventType,
    InterviewStatus,
    Outcome,
    Role,
)  # fmt: skip
from domain.worktime import shanghai_date
from launch.demo import house
from launch.demo.command import TO_LOOK_AT
from launch.demo.photo import photo
from launch.demo.play import BROKEN_OFF, ENOUGH, Play
from launch.demo.scenes import SCENES
from launch.demo.stage import NoStage, Stage
from launch.demo.story import Story
from launch.demo.tables import table
from launch.lock import CannotStart
from rulebook.load import Opened, open_rulebook
from settings import ROOT, SettingsError
from tests.api.served import PASSWORD, Served, engine, served, settings_for
from tests.unit.service_world import local
from web.app import create_app

ITEMS = 12
PATIENCE_S = 150
SLOW = 2
"""So much may be refused on a machine that is too slow for limits of seconds."""

EVENTS = {
    EventType.ACK_MISSED, EventType.ALARM_RAISED, EventType.ALARM_TAKEN_OVER, EventType.APPEALED,
    EventType.APPEAL_DISMISSED, EventType.APPEAL_UPHELD, EventType.EXTENSION_GRANTED, EventType.EXTENSION_LAPSED,
    EventType.EXTENSION_REFUSED, EventType.EXTENSION_REQUESTED, EventType.HANDED_OUT, EventType.HANDOFF_CONFIRMED,
    EventType.INTERVIEW_OPENED, EventType.MATERIALS_RECEIVED, EventType.MATERIALS_REQUESTED,
    EventType.OUTSIDE_OVERDUE, EventType.POINTS_DEDUCTED, EventType.POINTS_RESTORED, EventType.PROGRESSED,
    EventType.RATED, EventType.REDISPATCHED, EventType.RED_CARD_ISSUED, EventType.REOPENED, EventType.REPORT_JOINED,
    EventType.RESUMED, EventType.RETURNED, EventType.RETURN_ACCEPTED, EventType.RETURN_REFUSED,
    EventType.STEP_COMPLETED, EventType.SUSPENDED, EventType.TURNED_RED, EventType.TURNED_YELLOW, EventType.URGED,
    EventType.URGING_UNANSWERED, EventType.WITHDRAWN,
}  # fmt: skip
_events, _cases, _parts = core(EventRow), core(CaseRow), core(CasePart)


def _some(condition: ColumnElement[bool]) -> Select[Any]:
    return select(func.count()).where(condition)


SITUATIONS = {
    "acknowledged late": _some(_events.c.data["late"].as_boolean()),
    "several units": _some(_parts.c.kind.is_(None)),
    "a photo": _some(core(Attachment).c.id.is_not(None)),
    **{name: _some(_cases.c[name]) for name in ("extension_pending", "return_pending", "appeal_pending")},
}


@pytest.fixture(scope="module")
def opened() -> Opened:
    return open_rulebook(ROOT / str(table("day")["rulebook"]))


@pytest.fixture
def town(sqlite_template: Path, tmp_path: Path, opened: Opened) -> Iterator[Served]:
    """The whole district, everybody with a password; engine and worker at work."""
    shutil.copy(sqlite_template, tmp_path / "store.db")
    store = Database(f"sqlite:///{tmp_path / 'store.db'}")
    seed(store, opened, lambda: PASSWORD)
    store.close()
    with engine() as address:
        settings = settings_for(f"sqlite:///{tmp_path / 'store.db'}", tmp_path, address)
        with served(settings, worker=True, make=create_app) as running:
            yield running


@asynccontextmanager
async def on_stage(running: Served) -> AsyncIterator[Stage]:
    stage = Stage.at(running.base_url, PASSWORD)
    async with stage.http:
        await stage.set()
        yield stage


@dataclass
class Seen:
    """What was to be seen at one time or another: of what it is, and what it was."""

    cases: dict[str, Any] = field(default_factory=dict)
    found: set[tuple[str, str]] = field(default_factory=set)

    def look(self, connection: Connection) -> None:
        """Where everything stands now, and what happened so far."""
        rows = connection.execute(select(_cases.c.number, _cases.c.status, _cases.c.outcome, _cases.c.item)).mappings()
        self.cases = {row["number"]: row for row in rows}
        self._add("status", {row["status"] for row in self.cases.values()})
        self._add("outcome", {row["outcome"] for row in self.cases.values() if row["outcome"]})
        self._add("event", connection.scalars(select(_events.c.type).distinct()))
        self._add("interview", connection.scalars(select(core(InterviewRow).c.status)))
        self._add("accountability", connection.scalars(select(core(AccountabilityRow).c.status)))
        self._add("situation", (name for name, some in SITUATIONS.items() if connection.scalar(some)))

    def _add(self, kind: str, members: Iterable[str]) -> None:
        self.found |= {(kind, str(member)) for member in members}


def _wanted() -> set[tuple[str, str]]:
    sets: dict[str, Iterable[str]] = {
        "status": CaseStatus,
        "outcome": Outcome,
        "interview": InterviewStatus,
        "accountability": (AccountabilityStatus.OPENED, AccountabilityStatus.DECIDED),
        "event": EVENTS,
        "situation": SITUATIONS,
    }
    return {(kind, str(member)) for kind, members in sets.items() for member in members}


@pytest.mark.timeout(240)
async def test_every_state_outcome_and_situation_is_there_when_the_opening_is_over(town: Served) -> None:
    wanted, store, seen = _wanted(), town.app.state.house.database, Seen()
    async with on_stage(town) as stage:
        play = Play(stage, seed=1)
        opening, ends = asyncio.create_task(play.opening()), time.monotonic() + PATIENCE_S
        while not (opening.done() and wanted <= seen.found) and time.monotonic() < ends:
            await asyncio.sleep(0.5)
            await store.read(seen.look)
        lights = await stage.get(stage.cast.one(Role.SUPERVISOR), "cases/counts")
        await play.stop()
    assert (wanted - seen.found, stage.declined) == (set(), stage.declined)
    assert stage.declined.total() <= SLOW
    assert not any(BROKEN_OFF in refused for refused in stage.declined)
    assert min(lights["light"].values()) > 0
    assert len(seen.cases) >= ENOUGH
    assert len({case["item"] for case in seen.cases.values() if case["item"]}) >= ITEMS


async def test_nothing_is_played_when_nobody_is_there_or_the_password_is_wrong(town: Served) -> None:
    wrong = Stage.at(town.base_url, "not-the-password")
    async with wrong.http:
        with pytest.raises(NoStage, match="wrong_credentials"):
            await wrong.set()


async def test_every_page_that_the_greeting_names_is_there_for_whom_it_names(town: Served) -> None:
    for path, who, _ in TO_LOOK_AT:
        stage = Stage.at(town.base_url, PASSWORD)
        async with stage.http:
            session = await stage.post(None, "sessions", {"username": who.value, "password": PASSWORD})
            page = await stage.http.get(path, headers={"Cookie": f"{COOKIE}={session['token']}"})
        assert page.status_code == HTTPStatus.OK, path


def test_every_scene_is_in_the_day_and_every_name_of_the_day_is_a_scene() -> None:
    day = table("day")
    assert day["opening"].keys() | day["life"].keys() == SCENES.keys()


def test_every_phrase_that_is_said_is_there_and_every_phrase_that_is_there_is_said() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "launch" / "demo").rglob("*.py"))
    said = re.findall(r'say\(\s*("[^)]*)\)', code)
    assert set(table("phrases")) == {key for words in said for key in re.findall(r'"(\w+)"', words)}


def test_every_report_is_of_a_category_and_has_an_answer_with_content(opened: Opened) -> None:
    for kinds in (table("reports"), table("special")):
        for matters in kinds.values():
            for matter in matters:
                assert matter["category"] in opened.rulebook.categories
                assert not is_without_content(matter["result"])


def test_every_item_can_be_applied_for(opened: Opened) -> None:
    today = shanghai_date(local("2026-11-24 09:00"))
    for codes in table("applications").values():
        for code in codes:
            assert opened.catalogue.acceptable(code, today).code == code


def story(number: int) -> Story:
    return Story(Stage.at("http://localhost", ""), random.Random(number), hurried=True)


def test_people_are_made_up_and_the_same_when_the_seed_is() -> None:
    first, again, other = story(1).person(), story(1).person(), story(2).person()
    assert first == again != other
    read = read_identity(first["id_number"], today=shanghai_date(local("2026-11-24 09:00")))
    assert read.warnings  # no region begins so: the number is nobody's


def test_photo_is_a_png_of_its_own() -> None:
    taken = photo(random.Random(1))
    assert filetype.guess(taken).mime == "image/png"
    assert taken != photo(random.Random(2))
    assert len(taken) < 3_000


async def test_directory_is_new_each_time_when_a_demo_made_it(tmp_path: Path) -> None:
    directory = tmp_path / "demo"
    await house.clear(directory)
    (directory / "attachments").mkdir()
    (directory / "bihuan.db").touch()
    await house.clear(directory)
    assert not (directory / "bihuan.db").exists()
    assert not (directory / "attachments").exists()


async def test_nothing_is_deleted_when_the_directory_is_somebody_s(tmp_path: Path) -> None:
    directory = tmp_path / "demo"
    directory.mkdir()
    (directory / "bihuan.db").touch()
    with pytest.raises(CannotStart, match="nothing in it is deleted"):
        await house.clear(directory)
    assert (directory / "bihuan.db").exists()


def test_store_and_engine_of_somebody_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("BIHUAN_DATABASE_URL", "postgresql://somebody@localhost/precious")
    monkeypatch.setenv("BIHUAN_TEMPORAL_ADDRESS", "localhost:7233")
    monkeypatch.setenv("BIHUAN_RULEBOOK", "rulebook/default")
    own = house.own_settings()
    assert own.data_dir == tmp_path / "demo"
    assert own.database_url == f"sqlite:///{tmp_path / 'demo' / 'bihuan.db'}"
    assert own.engine_is_embedded
    assert own.rulebook == ROOT / table("day")["rulebook"]


def test_setting_that_is_wrong_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_HTTP_PORT", "none")
    with pytest.raises(SettingsError):
        house.own_settings()
