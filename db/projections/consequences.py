"""What the events of a case bring about beside its own row: cards, points, files, units that held it, proved facts,
and what counts for which unit.

Every insert is keyed (card; card and reason; interview; case and unit), so a repeat is harmless.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from db.once import insert_once
from db.projections.events import append_events
from db.projections.figures import count
from db.projections.files import interview_columns
from db.projections.register import prove, withdraw
from db.tables import CaseUnit, Dossier, InterviewRow, JoinedReport, PointsEntry, RedCard, core
from domain.interview import plain_interview
from domain.messages import Event
from domain.plain import instant
from domain.vocabulary import AppealStatus, DossierKind, EventType, PointsReason

_case_units = core(CaseUnit)
_dossiers = core(Dossier)
_cards = core(RedCard)
_entries = core(PointsEntry)
_interviews = core(InterviewRow)
_joined = core(JoinedReport)

Consequence = Callable[[Connection, str, Event, datetime], None]


def carry_out(connection: Connection, number: str, events: Sequence[Event], now: datetime) -> None:
    """Carry out what each of ``events`` of the case ``number`` brings about."""
    for event in events:
        consequence = _CONSEQUENCES.get(event.type)
        if consequence is not None:
            consequence(connection, number, event, now)
    count(connection, number, events)


def _hold(connection: Connection, number: str, event: Event, now: datetime) -> None:
    insert_once(connection, _case_units, [{"case": number, "unit": event.data["unit"], "since": event.at}])


def _issue_card(connection: Connection, number: str, event: Event, now: datetime) -> None:
    row = {
        "id": event.data["card"],
        "case": number,
        "unit": event.data["unit"],
        "handler": event.data["handler"],
        "at": event.at,
        "due_at": instant(event.data["due_at"]),
        "points": -abs(event.data["points"]),
    }
    insert_once(connection, _cards, [row])


def _deduct(connection: Connection, number: str, event: Event, now: datetime) -> None:
    _post(connection, number, event, -abs(event.data["points"]), PointsReason.RED_CARD, None)


def _restore(connection: Connection, number: str, event: Event, now: datetime) -> None:
    card = event.data["card"]
    deduction = connection.scalar(
        select(_entries.c.id).where(_entries.c.card == card, _entries.c.reason == PointsReason.RED_CARD)
    )
    _post(connection, number, event, abs(event.data["points"]), PointsReason.APPEAL_UPHELD, deduction)
    connection.execute(
        update(_cards).where(_cards.c.id == card, _cards.c.reversed_at.is_(None)).values(reversed_at=event.at)
    )


def _appeal(status: AppealStatus) -> Consequence:
    def mark(connection: Connection, number: str, event: Event, now: datetime) -> None:
        made = {"appealed_at": event.at} if status is AppealStatus.PENDING else {}
        change = update(_cards).where(_cards.c.id == event.data["card"])
        connection.execute(change.values(appeal=status, **made))

    return mark


def _post(
    connection: Connection, number: str, event: Event, points: int, reason: PointsReason, reverses: int | None
) -> None:
    row = {
        "unit": event.data["unit"],
        "at": event.at,
        "points": points,
        "reason": reason,
        "case": number,
        "card": event.data["card"],
        "reverses": reverses,
    }
    insert_once(connection, _entries, [row])


def _open_interview(connection: Connection, number: str, event: Event, now: datetime) -> None:
    state, first = plain_interview(event)
    file = state["id"]
    head = {
        "id": file,
        "kind": DossierKind.INTERVIEW,
        "case_number": number,
        "version": first.seq,
        "opened_at": first.at,
        "urgent": False,
    }
    if insert_once(connection, _dossiers, [head]):
        append_events(connection, file, [first], now)
        insert_once(connection, _interviews, [{"id": file, **interview_columns(state)}])


def _join(connection: Connection, number: str, event: Event, now: datetime) -> None:
    """What was kept beside the command has become a report of the case."""
    own = (_joined.c.id == event.command, _joined.c.case == number)
    connection.execute(update(_joined).where(*own).values(seq=event.seq))


_CONSEQUENCES: Mapping[EventType, Consequence] = {
    EventType.DISPATCHED: _hold,
    EventType.REDISPATCHED: _hold,
    EventType.HANDED_OUT: _hold,
    EventType.RED_CARD_ISSUED: _issue_card,
    EventType.POINTS_DEDUCTED: _deduct,
    EventType.POINTS_RESTORED: _restore,
    EventType.APPEALED: _appeal(AppealStatus.PENDING),
    EventType.APPEAL_UPHELD: _appeal(AppealStatus.UPHELD),
    EventType.APPEAL_DISMISSED: _appeal(AppealStatus.DISMISSED),
    EventType.INTERVIEW_OPENED: _open_interview,
    EventType.REPORT_JOINED: _join,
    EventType.COMPLETED: lambda connection, number, event, now: prove(connection, number, event),
    EventType.REOPENED: lambda connection, number, event, now: withdraw(connection, number, event),
}
