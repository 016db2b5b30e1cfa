"""The made-up day: its tables fit the rulebook, and played before the real product it fills a board with everything."""

import asyncio
import random
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import filetype
import pytest
from sqlalchemy import ColumnElement, Connection, Select, func, select

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
from launch.demo.photo import photo
from launch.demo.play import ENOUGH, Play
from launch.demo.scenes import SCENES
from launch.demo.stage import NoStage, Stage
from launch.demo.story import Story
from launch.demo.tables import table
from launch.lock import CannotStart
from rulebook.load import Opened, open_rulebook
from settings import ROOT, SettingsError
from tests.api.served import PASSWORD, Served, engine, served, settings_for
from tests.unit.service_world import local

ITEMS = 12
PATIENCE_S = 100
KINDS_OF_EVENTS = {
    EventType.ACK_MISSED, EventType.ALARM_RAISED, EventType.ALARM_TAKEN_OVER, EventType.APPEALED,
    EventType.APPEAL_DISMISSED, EventType.APPEAL_UPHELD, EventType.EXTENSION_GRANTED, EventType.EXTENSION_LAPSED,
    EventType.EXTENSION_REFUSED, EventType.EXTENSION_REQUESTED, EventType.HANDED_OUT, EventType.HANDOFF_CONFIRMED,
    EventType.INTERVIEW_OPENED, EventType.MATERIALS_RECEIVED, EventType.MATERIALS_REQUESTED, EventType.OUTSIDE_OVERDUE,
    EventType.POINTS_DEDUCTED, EventType.POINTS_RESTORED, EventType.PROGRESSED, EventType.RATED,
    EventType.REDISPATCHED, EventType.RED_CARD_ISSUED, EventType.REOPENED, EventType.RESUMED, EventType.RETURNED,
    EventType.RETURN_ACCEPTED, EventType.RETURN_REFUSED, EventType.STEP_COMPLETED, EventType.SUSPENDED,
    EventType.TURNED_RED, EventType.TURNED_YELLOW, EventType.URGED, EventType.URGING_UNANSWERED, EventType.WITHDRAWN,
}  # fmt: skip
LATE, JOINED, PHOTO = "late", "joined", "photo"
SITUATIONS = {LATE, JOINED, PHOTO, "extension_pending", "return_pending", "appeal_pending"}
_events, _cases, _parts = core(EventRow), core(CaseRow), core(CasePart)


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
        with served(settings, worker=True) as running:
            yield running


@asynccontextmanager
async def on_stage(running: Served) -> AsyncIterator[Stage]:
    stage = Stage.at(running.base_url, PASSWORD)
    async with stage.http:
        await stage.set()
        yield stage


@dataclass
class Seen:
    """What was to be seen at one time or another."""

    cases: dict[str, Any] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)

    def look(self, connection: Connection) -> None:
        """Where the cases stand now."""
        rows = connection.execute(select(_cases.c.number, _cases.c.status, _cases.c.outcome, _cases.c.item)).mappings()
        self.cases = {row["number"]: row for row in rows}
        self.words |= {row["status"] for row in self.cases.values()}
        self.words |= {row["outcome"] for row in self.cases.values() if row["outcome"]}

    def look_closer(self, connection: Connection) -> None:
        """What happened, and the files."""
        for row in connection.execute(select(_events.c.type, _events.c.data)):
            self.words |= {row.type, LATE if row.data.get("late") else row.type}
        for files in (core(InterviewRow), core(AccountabilityRow)):
            self.words |= set(connection.scalars(select(files.c.status)))
        pending = ("extension_pending", "return_pending", "appeal_pending")
        self.words |= {name for name in pending if connection.scalar(_some(_cases.c[name]))}
        self.words |= {PHOTO} if connection.scalar(_some(core(Attachment).c.id.is_not(None))) else set()
        self.words |= {JOINED} if connection.scalar(_some(_parts.c.kind.is_(None))) else set()


def _some(condition: ColumnElement[bool]) -> Select[Any]:
    return select(func.count()).where(condition)


@pytest.mark.timeout(180)
async def test_every_state_outcome_and_situation_is_there_when_the_opening_is_over(town: Served) -> None:
    wanted, store = {*CaseStatus, *Outcome}, town.app.state.house.database
    async with on_stage(town) as stage:
        play, seen = Play(stage, seed=1), Seen()
        opening = asyncio.create_task(play.opening())
        async with asyncio.timeout(PATIENCE_S):
            while not (opening.done() and wanted <= seen.words):
                await asyncio.sleep(0.5)
                await store.read(seen.look)
        lights = await stage.get(stage.cast.one(Role.SUPERVISOR), "cases/counts")
        await play.stop()
    await store.read(seen.look_closer)
    assert stage.declined == {}
    assert {*InterviewStatus} - seen.words == set()
    assert {AccountabilityStatus.OPENED, AccountabilityStatus.DECIDED} - seen.words == set()
    assert (KINDS_OF_EVENTS | SITUATIONS) - seen.words == set()
    assert min(lights["light"].values()) > 0
    assert len(seen.cases) >= ENOUGH
    assert len({case["item"] for case in seen.cases.values() if case["item"]}) >= ITEMS


async def test_nothing_is_played_when_nobody_is_there_or_the_password_is_wrong(town: Served) -> None:
    wrong = Stage.at(town.base_url, "not-the-password")
    async with wrong.http:
        with pytest.raises(NoStage, match="wrong_credentials"):
            await wrong.set()


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
