"""Service requests as rows: what is shown of one, its steps, who sees it, and how it is found, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from db.engine import Database
from db.queries.case_filter import CaseFilter
from db.queries.cases import case_row, count_cases, list_cases
from db.queries.discipline import points_of
from db.queries.dossiers import dossier_head
from db.recorder import record
from db.tables import CasePart, CaseUnit, InterviewRow, RedCard, core
from domain.authority import Actor
from domain.service.materials import Materials
from domain.vocabulary import CaseStatus, CommandKind, DossierKind, Light, Outcome, StepKind
from tests.db import people
from tests.db.requests import Stored, holder
from tests.unit.rulebooks import local
from tests.unit.service_world import RECEIVED

NEXT = local("2026-03-03 09:30")
CIVIL, VILLAGE, POLICE, COUNTY = (holder(unit) for unit in ("civil", "village", "police", "county-office"))


def parts_of(connection: Connection, number: str) -> list[Any]:
    parts = core(CasePart)
    return list(connection.execute(select(parts).where(parts.c.case == number).order_by(parts.c.seq)))


def sees(connection: Connection, actor: Actor, **wanted: Any) -> list[str]:
    page = list_cases(connection, actor, CaseFilter(**wanted), NEXT)
    return [row["number"] for row in page.items]


def test_row_shows_the_step_that_falls_due_first(database: Database) -> None:
    def story(connection: Connection) -> None:
        stored = Stored(connection).through("check", NEXT)
        row = case_row(connection, people.SUPERVISOR, stored.number, NEXT)
        assert row is not None
        police = next(part for part in stored.request.open_parts if part.key == "police")
        assert police.promise is not None
        assert police.ack is not None
        whole = stored.request.promise
        assert whole is not None
        assert (row["kind"], row["item"], row["category"]) == (DossierKind.SERVICE_REQUEST, "subsistence", None)
        assert (row["unit"], row["ack_by"]) == ("police", police.ack.ack_by)
        assert (row["due_at"], row["light_due_at"]) == (whole.due_at, police.promise.due_at)
        assert (row["desk_unit"], row["status"]) == (people.DESK, CaseStatus.DISPATCHED)

    database.write_sync(story)


def test_every_step_that_was_handed_over_has_a_row(database: Database) -> None:
    def story(connection: Connection) -> None:
        stored = Stored(connection).through("check", NEXT).through("survey", NEXT).through("police", NEXT)
        check, survey, police, county = parts_of(connection, stored.number)
        assert [part.key for part in (check, survey, police, county)] == ["check", "survey", "police", "county"]
        assert (check.open, check.status, check.outcome, check.completed_at) == (
            False, CaseStatus.CLOSED, "passed", NEXT,
        )  # fmt: skip
        assert (survey.open, police.open, county.open) == (False, False, True)
        assert (check.kind, county.kind) == (StepKind.INSIDE, StepKind.OUTSIDE)
        assert county.reference_by is not None
        assert county.due_at is None

    database.write_sync(story)


def test_batch_that_is_recorded_again_changes_nothing(database: Database) -> None:
    def story(connection: Connection) -> None:
        stored = Stored(connection)
        stored.world.through("check", NEXT)
        batch = stored.recording()
        for _ in range(2):
            assert record(connection, batch, NEXT).standing == ()
        assert len(parts_of(connection, stored.number)) == 3

    database.write_sync(story)


def test_units_of_steps_see_it_from_their_step_on_and_keep_seeing_it(database: Database) -> None:
    def story(connection: Connection) -> None:
        stored = Stored(connection)
        number = stored.number
        for actor, seen in ((CIVIL, True), (VILLAGE, False), (people.CLERK, True), (people.OTHER_CLERK, False)):
            assert (sees(connection, actor) == [number]) is seen
        stored.through("check", NEXT)
        for actor in (CIVIL, VILLAGE, POLICE, people.SUPERVISOR):
            assert sees(connection, actor) == [number]
        assert sees(connection, COUNTY) == []
        stored.through("survey", NEXT).through("police", NEXT)
        assert sees(connection, COUNTY) == [number]
        units = core(CaseUnit)
        held = set(connection.scalars(select(units.c.unit).where(units.c.case == number)))
        assert held == {"civil", "village", "police", "county-office"}

    database.write_sync(story)


def test_list_finds_it_by_kind_item_and_every_unit_with_an_open_step(database: Database) -> None:
    def story(connection: Connection) -> None:
        number = Stored(connection).through("check", NEXT).number
        centre = people.SUPERVISOR
        assert sees(connection, centre, kind=DossierKind.SERVICE_REQUEST, item="subsistence") == [number]
        assert sees(connection, centre, kind=DossierKind.INCIDENT) == []
        assert sees(connection, centre, item="another") == []
        assert sees(connection, centre, unit="village") == sees(connection, centre, unit="police") == [number]
        assert sees(connection, centre, unit="civil") == []  # done, and not the next
        assert sees(connection, centre, category="subsistence") == []

    database.write_sync(story)


def test_light_is_red_when_a_step_is_late_though_the_whole_is_not(database: Database) -> None:
    def story(connection: Connection) -> None:
        stored = Stored(connection)
        (part,) = stored.request.open_parts
        assert part.promise is not None
        due = part.promise.due_at
        for at, light in (
            (due - timedelta(seconds=1), Light.YELLOW), (due, Light.RED), (part.promise.yellow_at, Light.YELLOW),
            (RECEIVED, Light.GREEN),
        ):  # fmt: skip
            row = case_row(connection, people.SUPERVISOR, stored.number, at)
            assert row is not None
            assert row["light"] == light
            assert count_cases(connection, people.SUPERVISOR, CaseFilter(), at).light[light] == 1
            page = list_cases(connection, people.SUPERVISOR, CaseFilter(light=light), at)
            assert [item["number"] for item in page.items] == [stored.number]

    database.write_sync(story)


def test_card_points_and_interview_fall_on_the_unit_of_the_late_step(database: Database) -> None:
    def story(connection: Connection) -> None:
        stored = Stored(connection)
        (part,) = stored.request.open_parts
        assert part.promise is not None
        stored.until(part.promise.due_at)
        cards, files = core(RedCard), core(InterviewRow)
        (card,) = connection.execute(select(cards))
        assert (card.unit, card.case, card.at) == ("civil", stored.number, part.promise.due_at)
        balance, entries = points_of(connection, "civil")
        assert balance == -stored.request.terms.points
        assert len(entries) == 1
        (file,) = connection.execute(select(files))
        assert (file.unit, file.case, file.card) == ("civil", stored.number, card.id)

    database.write_sync(story)


def test_request_without_its_materials_is_held_by_nobody_until_they_come(database: Database) -> None:
    def story(connection: Connection) -> None:
        stored = Stored(connection, materials=Materials(needed=("id", "form"), given=("id",)))
        row = case_row(connection, people.SUPERVISOR, stored.number, NEXT)
        assert row is not None
        assert (row["status"], row["unit"], row["due_at"]) == (CaseStatus.AWAITING_MATERIALS, None, None)
        assert row["light"] == Light.GREEN
        assert parts_of(connection, stored.number) == []
        assert sees(connection, people.OTHER_CLERK) == [stored.number]  # they may be brought to any desk
        stored.give(CommandKind.BRING_MATERIALS, NEXT, codes=["form"])
        assert sees(connection, people.OTHER_CLERK) == []
        row = case_row(connection, people.SUPERVISOR, stored.number, NEXT)
        assert row is not None
        assert (row["status"], row["unit"]) == (CaseStatus.DISPATCHED, "civil")

    database.write_sync(story)


def test_workflow_is_started_with_the_state_that_stands(database: Database) -> None:
    def story(connection: Connection) -> None:
        stored = Stored(connection).through("check", NEXT)
        head = dossier_head(connection, stored.number)
        assert head is not None
        assert (head.kind, head.version) == (DossierKind.SERVICE_REQUEST, stored.request.version)
        assert head.opening.state == stored.recording().state

    database.write_sync(story)


@pytest.mark.parametrize("outcome", ["passed", "refused"])
def test_refusal_releases_the_steps_beside_it(database: Database, outcome: str) -> None:
    def story(connection: Connection) -> None:
        stored = Stored(connection).through("check", NEXT).through("police", NEXT, outcome)
        survey = next(part for part in parts_of(connection, stored.number) if part.key == "survey")
        refused = outcome == Outcome.REFUSED
        assert survey.open is not refused
        assert (survey.status is CaseStatus.WITHDRAWN) is refused
        row = case_row(connection, people.SUPERVISOR, stored.number, NEXT)
        assert row is not None
        assert (row["status"] is CaseStatus.AWAITING_ANSWER) is refused

    database.write_sync(story)
