"""The register in both databases: remembered once, proved by approval, every look noted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from sqlalchemy import Connection, func, insert, select

from db.engine import Database
from db.frontdesk.register import Applicant, Seen, claim, look_up, remember
from db.projections.consequences import carry_out
from db.tables import CaseRow, Dossier, Look, Person, PersonFact, core
from domain.authority import Actor
from domain.identity import IdentityKind, check_digit, read_identity
from domain.messages import Event
from domain.register import Purpose, RegisterField, paper
from domain.vocabulary import CaseStatus, DossierKind, EventType, Outcome, Role, Source
from tests.db.people import DESK, person
from tests.db.stories import DAY, START

CLERK: Actor = person(Role.INTAKE_CLERK, DESK)
FIRST = "51010819900307251"
NUMBER = FIRST + check_digit(FIRST)
WHO = read_identity(NUMBER, today=date(2026, 11, 23))
ELSE = read_identity("E12345678", today=date(2026, 11, 23), kind=IdentityKind.PASSPORT)
PURPOSE = Purpose(item="allowance", line="civil-affairs")
CASE = "BJ261123-0000001"
CLAIMS = {"marital_status": "married", "household_size": "3", paper("优待证"): "365 days"}


def case(connection: Connection, number: str = CASE) -> None:
    connection.execute(
        insert(core(Dossier)).values(
            id=number, kind=DossierKind.INCIDENT, case_number=number, version=1, opened_at=START, urgent=False
        )
    )
    connection.execute(
        insert(core(CaseRow)).values(
            number=number, id=int(number[-7:]), kind=DossierKind.INCIDENT, category="x", source=Source.DESK,
            danger=False, status=CaseStatus.IN_PROGRESS, version=1, round=1, received_at=START, provisional=False,
            state={},
        )
    )  # fmt: skip


def event(kind: EventType, seq: int = 2, **data: object) -> Event:
    return Event(seq=seq, type=kind, at=START + seq * DAY, data=dict(data))


def approved(connection: Connection, number: str = CASE, seq: int = 2) -> None:
    carry_out(connection, number, [event(EventType.COMPLETED, seq, outcome=Outcome.APPROVED.value)], START)


def applied(connection: Connection, number: str = CASE) -> str:
    case(connection, number)
    found = remember(connection, Applicant(identity=WHO, name="王某某", phone="+8613800138000"), START)
    claim(connection, number, found, CLAIMS, START)
    return found


def seen(connection: Connection) -> Seen:
    return look_up(connection, CLERK, WHO, PURPOSE, START)


def value(found: Seen, name: RegisterField) -> object:
    return found.fields[name].value


def test_person_is_remembered_once_and_brought_up_to_date(database: Database) -> None:
    first = database.write_sync(lambda c: remember(c, Applicant(identity=WHO, name="王某某", phone="1"), START))
    again = database.write_sync(lambda c: remember(c, Applicant(identity=WHO, phone="2", grid="g"), START + DAY))
    other = database.write_sync(lambda c: remember(c, Applicant(identity=ELSE), START))
    row = database.read_sync(lambda c: c.execute(select(core(Person)).where(core(Person).c.id == first)).one())
    assert first == again != other
    assert (row.name, row.phone, row.grid, row.born_on) == ("王某某", "2", "g", date(1990, 3, 7))
    assert row.updated_at == START + DAY


def test_one_record_is_made_when_the_same_person_comes_twice_at_once(database: Database) -> None:
    with ThreadPoolExecutor(6) as pool:
        ids = list(pool.map(
            lambda name: database.write_sync(lambda c: remember(c, Applicant(identity=WHO, name=name), START)),
            [f"名{n}" for n in range(12)],
        ))  # fmt: skip
    assert len(set(ids)) == 1


def test_nothing_is_proved_until_the_application_is_approved(database: Database) -> None:
    database.write_sync(applied)
    before = database.write_sync(seen)
    database.write_sync(approved)
    after = database.write_sync(seen)
    assert value(before, RegisterField.MARITAL_STATUS) is None
    assert value(after, RegisterField.MARITAL_STATUS) == "married"
    assert after.fields[RegisterField.MARITAL_STATUS].as_of == START + 2 * DAY
    assert (set(before.facts), set(after.facts)) == (set(), set(CLAIMS))


def test_refusal_proves_nothing(database: Database) -> None:
    def story(connection: Connection) -> Seen:
        applied(connection)
        carry_out(connection, CASE, [event(EventType.COMPLETED, outcome=Outcome.REFUSED.value)], START)
        carry_out(connection, CASE, [event(EventType.COMPLETED, 3, verify_by="2026-12-01T00:00:00Z")], START)
        return seen(connection)

    assert value(database.write_sync(story), RegisterField.HOUSEHOLD_SIZE) is None


def test_facts_are_there_once_when_the_approval_is_recorded_twice(database: Database) -> None:
    database.write_sync(applied)
    for _ in range(2):
        database.write_sync(approved)
    count = database.read_sync(lambda c: c.scalar(select(func.count()).select_from(core(PersonFact))))
    assert count == len(CLAIMS)


def test_facts_stand_back_while_a_case_is_open_again(database: Database) -> None:
    def again(connection: Connection) -> None:
        carry_out(connection, CASE, [event(EventType.REOPENED, 3, round=2)], START)

    database.write_sync(applied)
    database.write_sync(approved)
    database.write_sync(again)
    between = database.write_sync(seen)
    database.write_sync(lambda c: approved(c, seq=4))
    after = database.write_sync(seen)
    assert value(between, RegisterField.MARITAL_STATUS) is None
    assert value(after, RegisterField.MARITAL_STATUS) == "married"
    assert after.fields[RegisterField.MARITAL_STATUS].as_of == START + 4 * DAY


def test_latest_proof_counts_when_there_are_several(database: Database) -> None:
    def later(connection: Connection) -> None:
        number = "BJ261123-0000002"
        case(connection, number)
        claim(connection, number, remember(connection, Applicant(identity=WHO), START), {"household_size": "4"}, START)
        approved(connection, number, seq=9)

    database.write_sync(applied)
    database.write_sync(approved)
    database.write_sync(later)
    assert value(database.write_sync(seen), RegisterField.HOUSEHOLD_SIZE) == "4"


def test_look_is_noted_without_values_whether_the_number_is_known_or_not(database: Database) -> None:
    unknown = database.write_sync(seen)
    record = database.write_sync(applied)
    known = database.write_sync(seen)
    rows = database.read_sync(lambda c: c.execute(select(core(Look)).order_by(core(Look).c.id)).all())
    assert [row.person for row in rows] == [None, record]
    assert {(row.username, row.unit, row.purpose, tuple(row.fields)) for row in rows} == {
        (CLERK.username, DESK, "allowance", tuple(field.value for field in PURPOSE.opens))
    }
    assert set(unknown.fields) == set(known.fields) == {field.value for field in PURPOSE.opens}
    assert value(unknown, RegisterField.BORN_ON) == value(known, RegisterField.BORN_ON) == date(1990, 3, 7)
    assert NUMBER not in str(rows)
    assert "王某某" not in str(rows)
