"""A small made-up world for stories about cases: terms, promises, a case, and a story that gives it commands.

No rulebook and no calendar: every number here is plain, so that a test can say its instants by hand.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.case import Case, open_case
from domain.errors import Refused
from domain.holding.commands import HOLDERS
from domain.holding.parts import latest
from domain.holding.state import Holding
from domain.ledger import catch_up, fold
from domain.messages import Command, Event
from domain.plain import to_plain
from domain.promise import AckClock, Ladder, Promise, Rung, Terms
from domain.vocabulary import Audience, CommandKind, EventType, Role, Source

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""09:00 in Shanghai; every story begins here."""

DUE = timedelta(days=10)
MICRO = timedelta(microseconds=1)

ACK_LADDER = Ladder(
    rungs=(
        Rung(name="leader", after=timedelta(minutes=30), tell=(Audience.UNIT_LEADER,)),
        Rung(name="centre", after=timedelta(hours=1), tell=(Audience.CENTRE, Audience.CENTRE_LEADER)),
    ),
    repeat=timedelta(hours=6),
)
DANGER_LADDER = Ladder(
    rungs=(
        Rung(name="at once", after=timedelta(0), tell=(Audience.CENTRE, Audience.POLICE)),
        Rung(name="second", after=timedelta(minutes=2), tell=(Audience.CENTRE_LEADER,)),
        Rung(name="third", after=timedelta(minutes=5), tell=(Audience.POLICE,)),
    ),
    repeat=timedelta(minutes=10),
)
TERMS = Terms(
    points=2,
    extensions=1,
    higher_extensions=1,
    return_within=timedelta(hours=24),
    urge_within=timedelta(hours=4),
    triage_within=timedelta(hours=2),
    ack_ladder=ACK_LADDER,
    danger_ladder=DANGER_LADDER,
)


def after(*, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
    """An instant so long after the beginning of the story."""
    return MONDAY + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def promise(start: datetime = MONDAY, due_at: datetime | None = None) -> Promise:
    """Ten days unless said otherwise: yellow one day before, extension two days before, reminder three days before."""
    due = due_at or start + DUE
    return Promise(
        start=start,
        due_at=due,
        yellow_at=due - timedelta(days=1),
        extension_by=due - timedelta(days=2),
        remind_at=due - timedelta(days=3),
        appeal_by=due + timedelta(days=7),
        convene_by=due + timedelta(days=5),
        provisional=False,
        rule="10 days",
        rulebook_version="test-1",
        calendar_version="test-1",
    )


def ack_clock(at: datetime, minutes: int = 30) -> AckClock:
    """The acknowledgement clock of a dispatch at ``at``."""
    length = timedelta(minutes=minutes)
    return AckClock(dispatched_at=at, yellow_at=at + length * 0.8, ack_by=at + length)


def bare_case(*, danger: bool = False, terms: Terms = TERMS, number: str = "SJ260302-0000001") -> Case:
    """A case before its first event."""
    return Case(
        number=number,
        category="broken_lamp",
        source=Source.OFFICER,
        received_at=MONDAY,
        terms=terms,
        danger=danger,
        grid="grid-1",
        reporting_officer="officer",
    )


class Story:
    """A case, all its events, and the way to move it on: each command after what fell due before its stamp."""

    def __init__(
        self,
        *,
        unit: str | None = "unit-a",
        danger: bool = False,
        terms: Terms = TERMS,
        promised: Promise | None = None,
    ) -> None:
        self.bare = bare_case(danger=danger, terms=terms)
        made = promised or promise()
        ack = ack_clock(MONDAY, 5 if danger else 30)
        self.case, opening = open_case(self.bare, by="officer", unit=unit, rule="by category", ack=ack, promise=made)
        self.events = list(opening)
        self._given = 0

    def until(self, at: datetime) -> "Story":
        """Nobody does anything until ``at``; what falls due then is reached too."""
        self.case, events = catch_up(self.case, at)
        self.events.extend(events)
        return self

    def give(self, kind: CommandKind, at: datetime, **said: Any) -> "Story":
        """Reaches what fell due, then gives the command. ``by``, ``unit``, ``roles`` say who; the rest is data,
        ``to`` the unit that a dispatch names."""
        self.until(at)
        made = self.command(kind, at, **said)
        events = self.case.decide(made)
        self.case = fold(self.case, events)
        self.events.extend(events)
        return self

    def refusal(self, kind: CommandKind, at: datetime, **said: Any) -> str:
        """The code with which the command is refused, after checking that the refusal changed nothing."""
        self.until(at)
        made = self.command(kind, at, **said)
        before, said_before, story_before = to_plain(self.case), deepcopy(made), deepcopy(self.events)
        with pytest.raises(Refused) as caught:
            self.case.decide(made)
        assert to_plain(self.case) == before
        assert made == said_before
        assert self.events == story_before
        return caught.value.code

    def command(self, kind: CommandKind, at: datetime, **said: Any) -> Command:
        """The command as the person whose business it usually is would give it."""
        self._given += 1
        part = latest(self.case.parts, said["part"]) if said.get("part") else None
        who = {key: said.pop(key, usual) for key, usual in _who(self.case, part or self.case, kind).items()}
        if "to" in said:
            said["unit"] = said.pop("to")
        return Command(
            id=said.pop("id", f"command-{self._given}"),
            kind=kind,
            at=at,
            actor=who["by"],
            unit=who["unit"],
            roles=who["roles"],
            data={
                **resolved(self.case, part or self.case, kind, at, said),
                **{key: to_plain(value) for key, value in said.items()},
            },
        )

    @property
    def types(self) -> list[EventType]:
        """Types of all events so far."""
        return [event.type for event in self.events]

    def at(self, kind: EventType) -> list[datetime]:
        """The instants of all events of this type."""
        return [event.at for event in self.events if event.type is kind]

    def last(self, kind: EventType) -> Event:
        """The latest event of this type."""
        return next(event for event in reversed(self.events) if event.type is kind)


def _who(case: Case, holding: Holding, kind: CommandKind) -> dict[str, Any]:
    if kind in HOLDERS:
        return {"by": "handler", "unit": holding.unit, "roles": (Role.HANDLER,)}
    if kind is CommandKind.APPEAL:
        return {"by": "leader", "unit": case.red_cards[-1].unit if case.red_cards else case.unit, "roles": ()}
    return {"by": "supervisor", "unit": "centre", "roles": (Role.SUPERVISOR,)}


def resolved(case: Case, holding: Holding, kind: CommandKind, at: datetime, said: Mapping[str, Any]) -> dict[str, Any]:
    """What the calendar and the rulebook say about a command, as the API would resolve it into the message."""
    match kind:
        case CommandKind.DISPATCH:
            kept = to_plain(moved(holding, at)) if holding.frozen_at or holding.promise is None else None
            return {"unit": "unit-b", "ack": to_plain(ack_clock(at)), "promise": kept}
        case CommandKind.ASSIST:
            return {"unit": "unit-c", "ack": to_plain(ack_clock(at)), "promise": to_plain(joined(case, at))}
        case CommandKind.ACKNOWLEDGE:
            return {"handler": "handler"}
        case CommandKind.RULE_RETURN:
            return {"accept": True, "unit": None, "ack": to_plain(ack_clock(at)), "promise": None}
        case CommandKind.REQUEST_EXTENSION:
            until = said.get("until") or (holding.promise.due_at if holding.promise else at) + timedelta(days=5)
            return {"until": to_plain(until), "promise": to_plain(promise(MONDAY, until))}
        case CommandKind.DECIDE_EXTENSION:
            return {"extension": holding.extensions[-1].id if holding.extensions else "1", "grant": True}
        case CommandKind.SUSPEND:
            resume_at = said.get("resume_at") or at + timedelta(days=3)
            parts = {part.key: {"promise": to_plain(moved(part, resume_at, since=at))} for part in case.parts}
            promise_then = to_plain(moved(case, resume_at, since=at))
            return {"resume_at": to_plain(resume_at), "promise": promise_then, "parts": parts}
        case CommandKind.RESUME:
            parts = {part.key: {"promise": to_plain(moved(part, at))} for part in case.parts}
            return {"promise": to_plain(moved(case, at)), "parts": parts}
        case CommandKind.COMPLETE:
            return {"verify_by": to_plain(at + timedelta(days=2))}
        case CommandKind.VERIFY:
            return {"solved": True, "answer_by": to_plain(at + timedelta(days=3)), "promise": to_plain(promise(at))}
        case CommandKind.JOIN:
            return {"danger": False}
        case CommandKind.RATE:
            return {"solved": True, "score": 5, "promise": to_plain(promise(at))}
        case CommandKind.RULE_APPEAL:
            return {"uphold": True}
        case CommandKind.REBASE:
            later = replace(promise(case.promise.start), calendar_version="test-2") if case.promise else None
            return {"calendar_version": "test-2", "promise": to_plain(later)}
    return {}


def joined(case: Case, at: datetime) -> Promise:
    """The promise of a unit that assists from ``at`` on: the deadline of the case, if that has not passed."""
    if case.promise is None or case.promise.due_at <= at:
        return promise(at)
    return replace(case.promise, yellow_at=max(case.promise.yellow_at, at))


def moved(holding: Holding, at: datetime, since: datetime | None = None) -> Promise:
    """The promise of a clock that stood still until ``at``: what was left then is left again."""
    stood = since or holding.frozen_at
    if holding.promise is None or stood is None:
        return promise(at)
    return promise(at, at + max(holding.promise.due_at - stood, MICRO))
