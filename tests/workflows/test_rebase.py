"""A calendar carried into many cases: each once, whatever goes wrong on the way (E2, E5)."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from activities.rebase import Put, Rebaser, Unanswered
from db.engine import Database
from domain.messages import Command
from domain.vocabulary import EventType as E
from tests.workflows.stage import LATER, Stage, later_rules, promise, provisional, stage

MANY = [f"SJ261123-{number:07d}" for number in range(1, 8)]


async def open_many(stage: Stage) -> None:
    """Seven cases that were promised without the notice."""
    for number in MANY:
        await stage.open(number=number, promised=provisional(stage.start))


async def rebased(stage: Stage, number: str) -> list[Any]:
    """The events by which a case was counted again."""
    return [event for event in await stage.events(number) if event.type is E.REBASED]


async def test_each_case_is_counted_again_once_when_they_come_page_by_page(database: Database) -> None:
    def paged(start: datetime, put: Put) -> Rebaser:
        return Rebaser(database, lambda: later_rules(start), put, page=3)

    async with stage(database, make_rebaser=paged) as on_stage:
        await open_many(on_stage)
        untouched = await on_stage.open(number="SJ261123-0000099", promised=promise(on_stage.start))
        done = await on_stage.rebase()
        assert (done.visited, done.moved, done.left, done.round) == (7, 7, 0, 1)
        for number in MANY:
            (event,) = await rebased(on_stage, number)
            assert (event.data["calendar_version"], event.data["moved"]) == (LATER, True)
            assert event.data["due_at"] > event.data["due_before"]
        assert await rebased(on_stage, untouched) == []


async def test_nothing_happens_when_it_is_done_again(database: Database) -> None:
    async with stage(database) as on_stage:
        await open_many(on_stage)
        await on_stage.rebase()
        again = await on_stage.rebase()
        assert again.moved == 0
        assert [len(await rebased(on_stage, number)) for number in MANY] == [1] * 7


async def test_the_rest_follows_when_it_died_in_the_middle_of_a_page(database: Database) -> None:
    given: list[str] = []

    def dying(start: datetime, put: Put) -> Rebaser:
        async def once(dossier: str, command: Command) -> Any:
            given.append(dossier)
            if len(given) == 4:
                raise RuntimeError("killed")
            return await put(dossier, command)

        return Rebaser(database, lambda: later_rules(start), once)

    async with stage(database, make_rebaser=dying) as on_stage:
        await open_many(on_stage)
        done = await on_stage.rebase(skipping=True)
        assert done.left == 0
        assert len(given) > 7
        assert [len(await rebased(on_stage, number)) for number in MANY] == [1] * 7


async def test_another_round_comes_back_when_a_case_gave_no_answer(database: Database) -> None:
    """One took the command and its answer was lost; of another it never arrived."""
    silent = {MANY[1], MANY[4]}

    def losing(start: datetime, put: Put) -> Rebaser:
        async def lossy(dossier: str, command: Command) -> Any:
            if dossier == MANY[1]:
                await put(dossier, command)
            if dossier in silent:
                silent.remove(dossier)
                raise Unanswered(dossier)
            return await put(dossier, command)

        return Rebaser(database, lambda: later_rules(start), lossy)

    async with stage(database, make_rebaser=losing) as on_stage:
        await open_many(on_stage)
        done = await on_stage.rebase(skipping=True)
        assert (done.moved, done.left, done.round) == (6, 0, 2)
        assert [len(await rebased(on_stage, number)) for number in MANY] == [1] * 7


async def test_case_is_resolved_again_when_it_moved_between_looking_and_telling(database: Database) -> None:
    def overtaken(start: datetime, put: Put) -> Rebaser:
        later = [provisional(start)]

        async def behind(dossier: str, command: Command) -> Any:
            if later:
                command = replace(command, id="overtaken", data={**command.data, "basis": later.pop().rule})
            return await put(dossier, command)

        return Rebaser(database, lambda: later_rules(start), behind)

    async with stage(database, make_rebaser=overtaken) as on_stage:
        number = await on_stage.open(promised=provisional(on_stage.start))
        done = await on_stage.rebase()
        assert (done.moved, done.left) == (1, 0)
        assert len(await rebased(on_stage, number)) == 1


async def test_it_gives_up_when_no_worker_has_that_calendar(database: Database) -> None:
    async with stage(database) as on_stage:
        await on_stage.open(promised=provisional(on_stage.start), started=False)
        done = await on_stage.rebase("an-older-one", skipping=True)
        assert (done.visited, done.left) == (0, 1)


async def test_it_goes_on_as_a_new_run_when_there_are_many_pages(database: Database) -> None:
    """Here none is to be told anything, so none is started either."""

    def one_by_one(start: datetime, put: Put) -> Rebaser:
        return Rebaser(database, lambda: later_rules(start), put, page=1)

    async with stage(database, make_rebaser=one_by_one) as on_stage:
        known = provisional(on_stage.start)
        for number in range(1, 61):
            certain = replace(known, calendar_version=LATER)
            await on_stage.open(number=f"SJ261123-{number:07d}", promised=certain, started=False)
        first = on_stage.client.get_workflow_handle(f"rebase-{LATER}")
        done = await on_stage.rebase()
        assert (done.visited, done.moved) == (60, 0)
        described = await first.describe()
        assert described.raw_description.workflow_execution_info.first_run_id != described.run_id
