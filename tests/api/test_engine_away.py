"""Acceptance and commands while the engine is away, and what happens when it is back."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update
from temporalio.client import WorkflowExecutionStatus

from api.desk import Desk, OutcomeUnknown, connect
from api.relay import Relay
from db.engine import Database
from db.frontdesk.starting import mark_started, not_started, was_started
from db.queries.events import list_events
from db.tables import Dossier, core
from domain.errors import Conflict
from domain.messages import Command
from domain.vocabulary import CaseStatus, CommandKind, EventType
from tests.api.applications import application
from tests.api.conftest import As, token_of
from tests.api.served import HOST, Served, engine, free_port, key, report, served, settings_for
from worker import make_worker

PLAN = {"handler": "rehearsal.handler", "plan": "派人到现场查看。"}
NOW = timedelta(0)


@pytest.fixture
def store(district_url: str) -> Iterator[Database]:
    database = Database(district_url)
    yield database
    database.close()


def accept(district_url: str, directory: Path, *, danger: bool = False, times: int = 1) -> list[str]:
    """Numbers of cases that were accepted by an API whose engine is away."""
    with served(settings_for(district_url, directory)) as running, running.client(token_of("intake_clerk")) as clerk:
        body = report(danger=danger)
        return [str(clerk.post("/incidents", json=body).json()["number"]) for _ in range(times)]


def started(connection: Connection) -> set[str]:
    dossier = core(Dossier)
    return set(connection.scalars(select(dossier.c.id).where(dossier.c.started_at.is_not(None))))


def test_command_is_refused_as_unavailable_and_its_key_counts_later(district_url: str, tmp_path: Path) -> None:
    port = free_port()
    settings, headers = settings_for(district_url, tmp_path, f"{HOST}:{port}"), {"Idempotency-Key": key()}
    with served(settings) as running:
        with running.client(token_of("intake_clerk")) as clerk:
            case = f"/cases/{clerk.post('/incidents', json=report()).json()['number']}"
        with running.client(token_of("rehearsal.handler")) as handler:
            away = handler.post(f"{case}/acknowledgement", json=PLAN, headers=headers)
            assert (away.status_code, away.json()["code"]) == (503, "engine_unavailable")
            assert int(away.headers["retry-after"]) > 0
            assert handler.get(case).json()["status"] == CaseStatus.DISPATCHED
    with (
        engine(port),
        served(settings, worker=True) as running,
        running.client(token_of("rehearsal.handler")) as handler,
    ):
        back = handler.post(f"{case}/acknowledgement", json=PLAN, headers=headers)
        assert (back.status_code, back.json()["status"]) == (200, CaseStatus.IN_PROGRESS)


async def test_relay_starts_what_was_accepted_while_the_engine_was_away(
    district_url: str, tmp_path: Path, store: Database
) -> None:
    numbers = await asyncio.to_thread(accept, district_url, tmp_path, times=3)
    with engine() as address:
        client = await connect(settings_for(district_url, tmp_path, address))
        relay = Relay(store, Desk(client, store), grace=NOW, urgent_grace=NOW)
        assert await relay.once() == 3
        assert await store.read(started) == set(numbers)
        assert await relay.once() == 0
        for number in numbers:
            described = await client.get_workflow_handle(number).describe()
            assert described.status is WorkflowExecutionStatus.RUNNING


def test_application_that_was_accepted_while_the_engine_was_away_goes_on_when_it_is_back(
    district_url: str, tmp_path: Path
) -> None:
    port, headers = free_port(), {"Idempotency-Key": key()}
    settings = settings_for(district_url, tmp_path, f"{HOST}:{port}")
    done = {"outcome": "passed", "note": ""}
    with served(settings) as away, away.client(token_of("intake_clerk")) as clerk:
        made = clerk.post("/service-requests", json=application(), headers=headers)
        case = f"/cases/{made.json()['number']}"
        with away.client(token_of("rehearsal.handler")) as handler:
            refused = handler.post(f"{case}/acknowledgement", json=PLAN)
            assert (refused.status_code, refused.json()["code"]) == (503, "engine_unavailable")
    with engine(port), served(settings, worker=True) as back, back.client(token_of("intake_clerk")) as clerk:
        again = clerk.post("/service-requests", json=application(), headers=headers)
        assert (again.status_code, again.json()["number"]) == (201, made.json()["number"])
        assert again.json()["due_at"] == made.json()["due_at"]
        with back.client(token_of("rehearsal.handler")) as handler:
            assert handler.post(f"{case}/acknowledgement", json=PLAN).status_code == 200
            assert handler.post(f"{case}/steps/acceptance/completion", json=done).status_code == 200


async def test_starting_twice_is_harmless(district_url: str, tmp_path: Path, store: Database) -> None:
    (number,) = await asyncio.to_thread(accept, district_url, tmp_path)
    with engine() as address:
        client = await connect(settings_for(district_url, tmp_path, address))
        desk = Desk(client, store)
        (start,) = await store.read(lambda c: not_started(c, before=soon(), urgent_before=soon(), limit=10))
        await desk.open(start)
        first = (await client.get_workflow_handle(number).describe()).run_id
        await desk.open(start)
        assert (await client.get_workflow_handle(number).describe()).run_id == first


async def test_neither_relay_nor_desk_starts_what_has_ended(district_url: str, tmp_path: Path, store: Database) -> None:
    (number,) = await asyncio.to_thread(accept, district_url, tmp_path)
    ended = update(core(Dossier)).values(ended_at=datetime.now(UTC))
    await store.write(lambda connection: connection.execute(ended))
    with engine() as address:
        client = await connect(settings_for(district_url, tmp_path, address))
        desk = Desk(client, store)
        assert await Relay(store, desk, grace=NOW, urgent_grace=NOW).once() == 0
        command = Command(id=key(), kind=CommandKind.PROGRESS, at=datetime.now(UTC), actor="x", unit="x")
        with pytest.raises(Conflict, match="transition_not_allowed"):
            await desk.command(number, command)
        assert [workflow async for workflow in client.list_workflows()] == []


async def test_danger_is_relayed_first_and_sooner(district_url: str, tmp_path: Path, store: Database) -> None:
    ordinary = await asyncio.to_thread(accept, district_url, tmp_path, times=2)
    (danger,) = await asyncio.to_thread(accept, district_url, tmp_path, danger=True)
    found = await store.read(lambda c: not_started(c, before=soon(10), urgent_before=soon(10), limit=10))
    assert [start.dossier for start in found] == [danger, *reversed(ordinary)]
    sooner = await store.read(lambda c: not_started(c, before=soon(-3600), urgent_before=soon(), limit=10))
    assert [start.dossier for start in sooner] == [danger]


async def test_what_has_waited_long_is_relayed_in_the_order_it_came(
    district_url: str, tmp_path: Path, store: Database
) -> None:
    numbers = await asyncio.to_thread(accept, district_url, tmp_path, times=3)
    for age, number in zip((7200, 3600, 0), numbers, strict=True):
        aged = update(core(Dossier)).where(core(Dossier).c.id == number).values(opened_at=soon(-age))
        await store.write(lambda connection, aged=aged: connection.execute(aged))  # type: ignore[misc]
    found = await store.read(lambda c: not_started(c, before=soon(), urgent_before=soon(), limit=10))
    assert [start.dossier for start in found] == numbers


async def test_start_is_noted_once(district_url: str, tmp_path: Path, store: Database) -> None:
    (number,) = await asyncio.to_thread(accept, district_url, tmp_path)
    assert not await store.read(lambda connection: was_started(connection, number))
    for at in (soon(-10), soon()):
        await store.write(lambda connection, at=at: mark_started(connection, [number], at))  # type: ignore[misc]
    dossier = core(Dossier)
    noted = await store.read(lambda connection: connection.scalar(select(dossier.c.started_at)))
    assert noted is not None
    assert noted < datetime.now(UTC)
    assert await store.read(lambda connection: was_started(connection, number))


async def test_opener_starts_an_accepted_case(in_town: As, town: Served) -> None:
    number = in_town("intake_clerk").post("/incidents", json=report()).json()["number"]
    house = town.app.state.house
    store = Database(house.settings.database_url)
    for _ in range(100):
        if number in await store.read(started):
            break
        await asyncio.sleep(0.1)
    assert number in await store.read(started)
    await store.aclose()


def soon(seconds: float = 60) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


async def test_outcome_is_unknown_while_no_worker_is_there_and_known_when_it_is(
    district_url: str, tmp_path: Path, store: Database
) -> None:
    (number,) = await asyncio.to_thread(accept, district_url, tmp_path)
    command = Command(
        id=key(),
        kind=CommandKind.ACKNOWLEDGE,
        at=datetime.now(UTC),
        actor="rehearsal.handler",
        unit="rehearsal-unit",
        data={"handler": "rehearsal.handler"},
    )
    with engine() as address:
        client = await connect(settings_for(district_url, tmp_path, address))
        with pytest.raises(OutcomeUnknown):
            await Desk(client, store, patience=timedelta(seconds=1)).command(number, command)
        async with make_worker(client, store):
            for _ in range(2):
                state = await Desk(client, store).command(number, command)
                assert state["status"] == CaseStatus.IN_PROGRESS
        events = await store.read(lambda connection: list_events(connection, number))
        assert [item.event.type for item in events].count(EventType.ACKNOWLEDGED) == 1


async def test_command_resolved_against_another_deadline_is_refused(
    district_url: str, tmp_path: Path, store: Database
) -> None:
    (number,) = await asyncio.to_thread(accept, district_url, tmp_path)
    data: dict[str, object] = {"unit": "sanitation", "ack": {}, "promise": None, "basis": "2026-01-01T00:00:00+00:00"}
    command = Command(
        id=key(), kind=CommandKind.DISPATCH, at=datetime.now(UTC), actor="supervisor", unit="centre", data=data
    )
    with engine() as address:
        client = await connect(settings_for(district_url, tmp_path, address))
        async with make_worker(client, store):
            with pytest.raises(Conflict, match="promise_changed"):
                await Desk(client, store).command(number, command)
