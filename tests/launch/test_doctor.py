"""The doctor, on the real engine: each discrepancy is planted, found, named, and mended from the record."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.worker import Worker

from api.desk import Desk, connect
from db.engine import Database
from db.frontdesk.starting import Start
from db.projections.opening import insert_opening
from db.tables import Dossier, core
from domain.case import Case, open_case
from domain.messages import Command, Event
from domain.plain import to_plain
from domain.service import resolving
from domain.service.opening import open_request
from domain.vocabulary import CommandKind, DossierKind, Role, Source
from launch import engine
from launch.doctor import Discrepancy, Doctor, Finding, visit
from launch.supervisor import Supervisor
from settings import Settings
from tests.e2e.product import free_ports
from tests.unit.service_world import RULES, bare
from tests.workflows.stage import TERMS, UNIT, ack_clock, promise
from worker import make_worker
from workflows import options

pytestmark = [pytest.mark.e2e, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

NUMBER = "SJ261123-0000001"
OTHER = "SJ261123-0000002"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    port, page = free_ports(2)
    return Settings(data_dir=tmp_path, temporal_port=port, temporal_ui_port=page)


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[Client]:
    supervisor = Supervisor(print)
    supervisor.keep(engine.program(settings))
    await engine.prepare(settings)
    yield await connect(settings)
    await supervisor.stop("engine")


@pytest.fixture
async def working(client: Client, database: Database) -> AsyncIterator[Worker]:
    async with make_worker(client, database) as found:
        yield found


@pytest.fixture
def doctor(client: Client, database: Database, working: Worker) -> Doctor:
    return Doctor(client, database, settle=0.1)


def made(number: str = NUMBER) -> tuple[Case, tuple[Event, ...]]:
    now = datetime.now(UTC)
    bare = Case(number=number, category="noise", source=Source.DESK, received_at=now, terms=TERMS, grid="G01")
    return open_case(bare, by="clerk", unit=UNIT, rule="by-category", ack=ack_clock(now), promise=promise(now))


async def accept(database: Database, number: str = NUMBER) -> Start:
    """The case as the front desk writes it, not started."""
    case, events = made(number)
    state = to_plain(case)
    await database.write(
        lambda connection: insert_opening(connection, DossierKind.INCIDENT, state, events, events[0].at)
    )
    return Start(dossier=number, kind=DossierKind.INCIDENT, state=state)


async def set_head(database: Database, **values: object) -> None:
    statement = update(core(Dossier)).where(core(Dossier).c.id == NUMBER).values(**values)
    await database.write(lambda connection: connection.execute(statement))


async def status(client: Client, dossier: str = NUMBER) -> WorkflowExecutionStatus | None:
    return (await client.get_workflow_handle(dossier).describe()).status


async def whats(doctor: Doctor) -> dict[str, Discrepancy]:
    return {finding.dossier: finding.what for finding in await doctor.examine()}


async def mend_all(doctor: Doctor) -> None:
    for finding in await doctor.examine():
        assert await doctor.mend(finding)


async def test_nothing_is_found_when_both_agree(client: Client, database: Database, doctor: Doctor) -> None:
    await Desk(client, database).open(await accept(database))
    assert await doctor.examine() == []


async def test_service_request_is_known_started_and_compared(
    client: Client, database: Database, doctor: Doctor
) -> None:
    new = bare(received_at=datetime.now(UTC))
    request, events = open_request(new, resolving.opening(RULES, new), by="clerk")
    kind, state, number = DossierKind.SERVICE_REQUEST, to_plain(request), request.number
    await database.write(lambda connection: insert_opening(connection, kind, state, events, events[0].at))
    assert await whats(doctor) == {number: Discrepancy.MISSING}
    await mend_all(doctor)
    assert await status(client, number) is WorkflowExecutionStatus.RUNNING
    assert await doctor.examine() == []


async def test_missing_workflow_is_started_when_none_ever_ran(
    client: Client, database: Database, doctor: Doctor
) -> None:
    await accept(database)
    assert await whats(doctor) == {NUMBER: Discrepancy.MISSING}
    await mend_all(doctor)
    assert await status(client) is WorkflowExecutionStatus.RUNNING
    assert await doctor.examine() == []


async def test_missing_workflow_is_started_again_when_one_was_ended_by_hand(
    client: Client, database: Database, doctor: Doctor
) -> None:
    await Desk(client, database).open(await accept(database))
    await client.get_workflow_handle(NUMBER).terminate()
    assert await whats(doctor) == {NUMBER: Discrepancy.MISSING}
    await mend_all(doctor)
    assert await status(client) is WorkflowExecutionStatus.RUNNING
    assert await doctor.examine() == []


async def test_stray_workflow_is_ended_when_the_database_has_no_such_dossier(
    client: Client, database: Database, doctor: Doctor
) -> None:
    await Desk(client, database).open(Start(dossier=NUMBER, kind=DossierKind.INCIDENT, state=to_plain(made()[0])))
    assert await whats(doctor) == {NUMBER: Discrepancy.STRAY}
    await mend_all(doctor)
    assert await status(client) is WorkflowExecutionStatus.TERMINATED
    assert await doctor.examine() == []


async def test_workflow_is_ended_when_its_dossier_has_ended(client: Client, database: Database, doctor: Doctor) -> None:
    await Desk(client, database).open(await accept(database))
    await set_head(database, ended_at=datetime.now(UTC))
    assert await whats(doctor) == {NUMBER: Discrepancy.OUTLIVED}
    await mend_all(doctor)
    assert await status(client) is WorkflowExecutionStatus.TERMINATED
    assert await doctor.examine() == []


async def test_workflow_follows_the_record_when_it_is_behind(
    client: Client, database: Database, doctor: Doctor
) -> None:
    start = await accept(database)
    behind = replace(start, state=start.state | {"version": start.state["version"] - 1})
    await Desk(client, database).open(behind)
    (finding,) = await doctor.examine()
    assert finding == Finding(dossier=NUMBER, what=Discrepancy.DIFFERENT, detail="database at event 2, engine at 1")
    await mend_all(doctor)
    assert await doctor.examine() == []


async def test_difference_is_found_when_versions_agree_but_states_do_not(
    client: Client, database: Database, doctor: Doctor
) -> None:
    start = await accept(database)
    await Desk(client, database).open(replace(start, state=start.state | {"unit": "another-unit"}))
    assert await whats(doctor) == {NUMBER: Discrepancy.DIFFERENT}
    await mend_all(doctor)
    assert await doctor.examine() == []


async def test_mended_case_takes_commands_when_it_was_started_again(
    client: Client, database: Database, doctor: Doctor
) -> None:
    await Desk(client, database).open(await accept(database))
    await client.get_workflow_handle(NUMBER).terminate()
    await mend_all(doctor)
    command = Command(
        id="a" * 32, kind=CommandKind.ACKNOWLEDGE, at=datetime.now(UTC) + timedelta(seconds=1),
        actor="handler", unit=UNIT, roles=(Role.HANDLER,), data={"handler": "handler"},
    )  # fmt: skip
    state = await client.get_workflow_handle(NUMBER).execute_update(options.COMMAND, command, id=command.id)
    assert state["handler"] == "handler"


async def test_others_are_left_alone_when_one_is_mended(client: Client, database: Database, doctor: Doctor) -> None:
    await Desk(client, database).open(await accept(database, OTHER))
    run = (await client.get_workflow_handle(OTHER).describe()).run_id
    await accept(database)
    said: list[str] = []
    assert await visit(doctor, mend=True, say=said.append) == 0
    assert said[0] == f"{NUMBER}: missing (incident, never started) — mended"
    assert (await client.get_workflow_handle(OTHER).describe()).run_id == run


async def test_nothing_changes_when_mending_was_not_asked_for(
    client: Client, database: Database, doctor: Doctor
) -> None:
    await accept(database)
    assert await visit(doctor, mend=False, say=lambda _: None) == 1
    assert await whats(doctor) == {NUMBER: Discrepancy.MISSING}
