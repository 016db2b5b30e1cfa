"""Handing in a CSV: everything once, whatever interrupts it."""

import csv
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from rich.progress import Progress

from launch.client import GivenUp, Identity
from launch.journal import JournalUnusable
from launch.reports import mapping
from launch.submit import Order, Tally, submit
from tests.launch.intake_double import PASSWORD, Answer, Intake, problem, serving


@pytest.fixture
async def intake() -> AsyncIterator[Intake]:
    async with serving() as found:
        yield found


def order(intake: Intake, tmp_path: Path, *words: str, concurrency: int = 4, password: str = PASSWORD) -> Order:
    file = tmp_path / "reports.csv"
    file.write_text("words\n" + "".join(f"{word}\n" for word in words), encoding="utf-8")
    return Order(
        file=file,
        plan=mapping(["description=words"], {"category": "noise", "source": "hotline", "grid": "G01"}),
        encoding="utf-8",
        url=intake.url,
        identity=Identity(username="intake_clerk", password=password),
        concurrency=concurrency,
        patience=20,
        state=tmp_path / "state.jsonl",
        refused=tmp_path / "refused.csv",
    )


async def hand_in(what: Order) -> Tally:
    return await submit(what, Progress(disable=True))


def refused(what: Order) -> list[list[str]]:
    return list(csv.reader(what.refused.read_text(encoding="utf-8-sig").splitlines()))[1:]


async def test_every_row_is_a_case_when_all_are_good(intake: Intake, tmp_path: Path) -> None:
    assert await hand_in(order(intake, tmp_path, "a", "b", "c")) == Tally(accepted=3, refused=0)
    assert intake.words() == ["a", "b", "c"]


async def test_equal_rows_are_different_cases(intake: Intake, tmp_path: Path) -> None:
    assert await hand_in(order(intake, tmp_path, "same", "same")) == Tally(accepted=2, refused=0)
    assert intake.words() == ["same", "same"]


async def test_nothing_is_sent_again_when_the_run_is_repeated(intake: Intake, tmp_path: Path) -> None:
    what = order(intake, tmp_path, "a", "refuse me", "b")
    first = await hand_in(what)
    sent = intake.requests
    assert await hand_in(what) == first == Tally(accepted=2, refused=1)
    assert intake.requests == sent
    assert refused(what) == [["2", "category_unknown", "category: category_unknown"]]


async def test_nothing_is_doubled_when_the_journal_is_lost(intake: Intake, tmp_path: Path) -> None:
    what = order(intake, tmp_path, "a", "b")
    await hand_in(what)
    what.state.unlink()
    assert await hand_in(what) == Tally(accepted=2, refused=0)
    assert len(intake.cases) == 2


async def test_run_goes_on_where_it_stopped_when_it_was_interrupted(intake: Intake, tmp_path: Path) -> None:
    async def forbidden_from_the_fourth_on(request: int) -> Answer:
        return problem(403, "not_allowed") if request >= 4 else None

    intake.first = forbidden_from_the_fourth_on
    what = order(intake, tmp_path, *"abcdef", concurrency=1)
    with pytest.raises(GivenUp, match="may not hand in"):
        await hand_in(what)
    assert intake.words() == ["a", "b", "c"]
    intake.first = None
    intake.requests = 0
    assert await hand_in(what) == Tally(accepted=6, refused=0)
    assert intake.requests == 3
    assert intake.words() == list("abcdef")


async def test_torn_line_does_not_count_when_the_run_was_killed(intake: Intake, tmp_path: Path) -> None:
    what = order(intake, tmp_path, "a", "b")
    await hand_in(what)
    lines = what.state.read_bytes()
    what.state.write_bytes(lines[:-5])
    assert await hand_in(what) == Tally(accepted=2, refused=0)
    assert len(intake.cases) == 2
    assert what.state.read_bytes().count(b"\n") == 3


async def test_row_is_sent_again_when_the_api_is_busy(intake: Intake, tmp_path: Path) -> None:
    async def busy(request: int) -> Answer:
        busy_answers = {1: problem(429, "too_many_requests", retry_after="0"), 2: problem(503, "engine_away")}
        return busy_answers.get(request)

    intake.first = busy
    assert await hand_in(order(intake, tmp_path, "a", "b", concurrency=1)) == Tally(accepted=2, refused=0)
    assert intake.words() == ["a", "b"]


async def test_it_signs_in_again_when_the_token_has_expired(intake: Intake, tmp_path: Path) -> None:
    async def expired(request: int) -> Answer:
        return problem(401, "unauthenticated") if request == 2 else None

    intake.first = expired
    assert await hand_in(order(intake, tmp_path, "a", "b", concurrency=1)) == Tally(accepted=2, refused=0)
    assert intake.signed_in == 2


async def test_no_more_requests_run_at_once_than_allowed(intake: Intake, tmp_path: Path) -> None:
    await hand_in(order(intake, tmp_path, *map(str, range(40)), concurrency=3))
    assert intake.most_abreast <= 3
    assert len(intake.cases) == 40


async def test_it_gives_up_when_the_password_is_wrong(intake: Intake, tmp_path: Path) -> None:
    with pytest.raises(GivenUp, match="intake_clerk failed"):
        await hand_in(order(intake, tmp_path, "a", password="another-password"))


async def test_row_is_refused_when_the_file_was_handed_in_with_another_mapping(intake: Intake, tmp_path: Path) -> None:
    what = order(intake, tmp_path, "a")
    await hand_in(what)
    what.state.unlink()
    (first,) = intake.cases.values()
    first["category"] = "another"
    assert await hand_in(what) == Tally(accepted=0, refused=1)
    assert refused(what)[0][1] == "idempotency_key_reused"


async def test_journal_is_refused_when_it_belongs_to_another_file(intake: Intake, tmp_path: Path) -> None:
    await hand_in(order(intake, tmp_path, "a"))
    with pytest.raises(JournalUnusable, match="belongs to another"):
        await hand_in(order(intake, tmp_path, "b"))
