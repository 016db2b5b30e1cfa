"""The scenarios of a dossier's life, each played on a stage. Their histories are committed and replayed.

A scenario is a function of a stage; ``SCENARIOS`` names it together with the record that it must leave behind.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from domain.vocabulary import CommandKind as C
from domain.vocabulary import DecisionFor, TalkKind
from domain.vocabulary import EventType as E
from tests.workflows.stage import (
    CENTRE_LEADER,
    DAY,
    DISCIPLINE,
    HANDLER,
    HOUR,
    MINUTE,
    NUMBER,
    OFFICER,
    OTHER_HANDLER,
    OTHER_UNIT,
    SUPERVISOR,
    THIRD_UNIT,
    UNIT,
    Person,
    RefusedWith,
    Stage,
    ack_clock,
    promise,
    provisional,
)

Play = Callable[[Stage], Awaitable[None]]

CARD = f"{NUMBER}-R1"
INTERVIEW = f"{CARD}-I"
ACCOUNTABILITY = f"{NUMBER}-A1"

OPENED = [E.RECEIVED, E.DISPATCHED]
TAKEN = [*OPENED, E.ACKNOWLEDGED]
RED = [E.TURNED_RED, E.RED_CARD_ISSUED, E.POINTS_DEDUCTED, E.INTERVIEW_OPENED]
SOLVED = [E.COMPLETED, E.VERIFIED, E.RATED, E.CLOSED]

FOR_UNIT: dict[str, Any] = {"for": DecisionFor.UNIT}
FOR_PERSON: dict[str, Any] = {"for": DecisionFor.PERSON}


async def refused(code: str, command: Awaitable[object]) -> None:
    """``command`` must be refused with ``code``."""
    with pytest.raises(RefusedWith) as caught:
        await command
    assert caught.value.code == code


async def acknowledge(stage: Stage, by: Person = HANDLER) -> None:
    """The unit answers and arranges."""
    await stage.give(C.ACKNOWLEDGE, by, handler=by.username)


async def complete(stage: Stage, by: Person = HANDLER) -> None:
    """The unit says what it has done."""
    await stage.give(C.COMPLETE, by, verify_by=await stage.now() + 3 * DAY)


async def verify(stage: Stage) -> None:
    """The reporting officer has looked: solved."""
    await stage.give(C.VERIFY, OFFICER, solved=True, answer_by=await stage.now() + 7 * DAY)


async def finish(stage: Stage, by: Person = HANDLER) -> None:
    """Completed, verified, answered by the reporter: closed as solved."""
    await complete(stage, by)
    await verify(stage)
    await stage.give(C.RATE, SUPERVISOR, solved=True, score=5)


async def ask(stage: Stage, days: int = 15) -> None:
    """The unit asks for a deadline ``days`` after the start."""
    later = promise(stage.start, days * DAY)
    await stage.give(C.REQUEST_EXTENSION, HANDLER, until=later.due_at, promise=later)


async def straight(stage: Stage) -> None:
    """Acknowledged, worked on, done in time; then nothing moves it any more."""
    await stage.open()
    await acknowledge(stage)
    await refused("already_acknowledged", acknowledge(stage))
    await refused("not_holder", acknowledge(stage, OTHER_HANDLER))
    await stage.give(C.PROGRESS, HANDLER)
    await finish(stage)
    await stage.ended()


async def ack_missed(stage: Stage) -> None:
    """Nobody answers: told up the ladder, again and again, until somebody does."""
    await stage.open()
    await stage.at(30 * MINUTE)
    await stage.at(2 * HOUR + DAY)
    await acknowledge(stage)
    await finish(stage)
    await stage.ended()


async def triage(stage: Stage) -> None:
    """No rule matches: the triage clock runs, the centre dispatches, and the promise begins then."""
    await stage.open(unit=None)
    await stage.at(HOUR)
    now = await stage.now()
    await stage.give(C.DISPATCH, SUPERVISOR, unit=UNIT, ack=ack_clock(now), promise=promise(now), basis=None)
    await acknowledge(stage)
    await finish(stage)
    await stage.ended()


async def urging(stage: Stage) -> None:
    """Two urgings: one answered, one not."""
    await stage.open()
    await acknowledge(stage)
    await stage.give(C.URGE, SUPERVISOR)
    await refused("urging_unknown", stage.give(C.PROGRESS, HANDLER, answers="7"))
    await stage.give(C.PROGRESS, HANDLER, answers="1")
    await stage.give(C.URGE, SUPERVISOR)
    await stage.at(5 * HOUR)
    await finish(stage)
    await stage.ended()


async def extension_granted(stage: Stage) -> None:
    """Granted: the lights follow the new deadline. A second needs the higher approver; a third there is none."""
    await stage.open()
    await acknowledge(stage)
    await ask(stage)
    await refused("extension_pending", ask(stage, 16))
    await stage.give(C.DECIDE_EXTENSION, SUPERVISOR, extension="1", grant=True)
    await stage.at(11 * DAY)
    await ask(stage, 20)
    await refused("higher_approval_required", stage.give(C.DECIDE_EXTENSION, SUPERVISOR, extension="2", grant=True))
    await stage.give(C.DECIDE_EXTENSION, CENTRE_LEADER, extension="2", grant=True)
    await refused("extension_limit_reached", ask(stage, 25))
    await stage.at(19 * DAY)
    await finish(stage)
    await stage.ended()


async def extension_refused(stage: Stage) -> None:
    """Refused: the old deadline stands, and is kept under the yellow light."""
    await stage.open()
    await acknowledge(stage)
    await ask(stage)
    await stage.give(C.DECIDE_EXTENSION, SUPERVISOR, extension="1", grant=False)
    await stage.at(9 * DAY)
    await finish(stage)
    await stage.ended()


async def extension_too_late(stage: Stage) -> None:
    """Asked for inside the last two days: refused, nothing changed."""
    await stage.open()
    await acknowledge(stage)
    await stage.at(8 * DAY)
    before = await stage.events()
    await refused("extension_too_late", ask(stage))
    assert await stage.events() == before
    await finish(stage)
    await stage.ended()


async def extension_lapsed(stage: Stage) -> None:
    """Never decided: it lapses at the deadline, and the red card falls. The file is put away when its windows end."""
    await stage.open()
    await acknowledge(stage)
    await ask(stage)
    await stage.at(10 * DAY)
    await refused("extension_lapsed", stage.give(C.DECIDE_EXTENSION, SUPERVISOR, extension="1", grant=True))
    await finish(stage)
    await stage.at(15 * DAY)
    await stage.ended()


async def red(stage: Stage) -> None:
    """Nobody ever acts: card, points, interview file; the interview is run to its end."""
    await stage.open()
    await acknowledge(stage)
    await stage.at(10 * DAY)
    stage.started.append(INTERVIEW)
    now = await stage.now()
    await stage.give(C.CONVENE, DISCIPLINE, at=now + DAY, minutes_by=now + 2 * DAY, dossier=INTERVIEW)
    await stage.at(13 * DAY)
    await stage.give(C.KEEP_MINUTES, DISCIPLINE, kind=TalkKind.LEADER_INTERVIEW, dossier=INTERVIEW)
    await stage.give(C.KEEP_MINUTES, DISCIPLINE, kind=TalkKind.ADMONITION_TALK, dossier=INTERVIEW)
    await stage.give(
        C.RECTIFY, DISCIPLINE, due_on=stage.start + 14 * DAY, check_by=stage.start + 15 * DAY, dossier=INTERVIEW
    )
    await stage.at(15 * DAY)
    await stage.give(C.CHECK, DISCIPLINE, passed=False, dossier=INTERVIEW)
    await stage.give(
        C.RECTIFY, DISCIPLINE, due_on=stage.start + 20 * DAY, check_by=stage.start + 25 * DAY, dossier=INTERVIEW
    )
    await stage.give(C.CHECK, DISCIPLINE, passed=True, dossier=INTERVIEW)
    await finish(stage)
    await stage.at(30 * DAY)
    await stage.ended(INTERVIEW)
    await stage.ended()


async def interview_not_convened(stage: Stage) -> None:
    """Nobody convenes: told to the next level up; then waived with a reason."""
    await stage.open()
    await acknowledge(stage)
    await stage.at(10 * DAY)
    stage.started.append(INTERVIEW)
    await finish(stage)
    await stage.at(15 * DAY + HOUR)
    await stage.give(C.WAIVE, DISCIPLINE, dossier=INTERVIEW)
    await stage.ended(INTERVIEW)
    await stage.ended()


async def returned(stage: Stage) -> None:
    """Not ours: ruled for the unit; another takes it, with a new acknowledgement clock and the same deadline."""
    await stage.open()
    await stage.give(C.RETURN, HANDLER)
    await refused("already_returned", stage.give(C.RETURN, HANDLER))
    await stage.at(20 * MINUTE)
    now = await stage.now()
    await stage.give(C.RULE_RETURN, SUPERVISOR, accept=True, unit=OTHER_UNIT, ack=ack_clock(now))
    await refused("not_holder", acknowledge(stage))
    await acknowledge(stage, OTHER_HANDLER)
    await stage.at(9 * DAY)
    await finish(stage, OTHER_HANDLER)
    await stage.ended()


async def return_refused(stage: Stage) -> None:
    """Not ours: ruled against the unit, and binding. After a day nobody may say so any more."""
    await stage.open()
    await stage.give(C.RETURN, HANDLER)
    await stage.give(C.RULE_RETURN, SUPERVISOR, accept=False)
    await refused("already_returned", stage.give(C.RETURN, HANDLER))
    await acknowledge(stage)
    await finish(stage)
    await stage.ended()


async def suspended(stage: Stage) -> None:
    """Suspended twice: resumed by the clock, then by hand; what was left is conserved."""
    await stage.open()
    await acknowledge(stage)
    await stage.at(2 * DAY)
    resume_at = stage.start + 12 * DAY
    await stage.give(C.SUSPEND, SUPERVISOR, resume_at=resume_at, promise=promise(resume_at, 8 * DAY))
    await refused("transition_not_allowed", complete(stage))
    await stage.at(13 * DAY)
    resume_at = stage.start + 30 * DAY
    await stage.give(C.SUSPEND, SUPERVISOR, resume_at=resume_at, promise=promise(resume_at, 7 * DAY))
    await stage.at(14 * DAY)
    await stage.give(C.RESUME, SUPERVISOR, promise=promise(await stage.now(), 7 * DAY))
    await stage.at(20 * DAY + HOUR)
    await finish(stage)
    await stage.ended()


async def appeal_upheld(stage: Stage) -> None:
    """A card is appealed and reversed: the counter-entry, and the interview file is withdrawn."""
    await stage.open()
    await acknowledge(stage)
    await stage.at(10 * DAY)
    stage.started.append(INTERVIEW)
    await finish(stage)
    await stage.give(C.APPEAL, HANDLER)
    await refused("appeal_pending", stage.give(C.APPEAL, HANDLER))
    await stage.at(17 * DAY)
    await stage.give(C.RULE_APPEAL, SUPERVISOR, uphold=True)
    await stage.ended(INTERVIEW)
    await stage.ended()


async def appeal_dismissed(stage: Stage) -> None:
    """A card is appealed and stands. Asked after the window: too late."""
    await stage.open()
    await acknowledge(stage)
    await stage.at(10 * DAY)
    await stage.give(C.APPEAL, HANDLER)
    await stage.give(C.RULE_APPEAL, SUPERVISOR, uphold=False)
    await refused("already_appealed", stage.give(C.APPEAL, HANDLER))
    await finish(stage)
    await stage.ended()


async def danger(stage: Stage) -> None:
    """Danger to life: the alarm climbs its ladder until a person takes it."""
    await stage.open(danger=True)
    await stage.at(8 * MINUTE)
    await stage.give(C.TAKE_OVER, SUPERVISOR)
    await refused("no_alarm", stage.give(C.TAKE_OVER, SUPERVISOR))
    await acknowledge(stage)
    await finish(stage)
    await stage.ended()


async def redone(stage: Stage) -> None:
    """Verification missed, then failed; redone; not solved for the reporter either; redone; no answer."""
    await stage.open()
    await acknowledge(stage)
    await complete(stage)
    await stage.at(4 * DAY)
    await stage.give(C.VERIFY, OFFICER, solved=False, promise=promise(await stage.now()))
    await complete(stage)
    await verify(stage)
    await stage.give(C.RATE, SUPERVISOR, solved=False, score=1, promise=promise(await stage.now()))
    await complete(stage)
    await verify(stage)
    await stage.at(12 * DAY)
    await stage.ended()


async def withdrawn(stage: Stage) -> None:
    """The reporter takes it back."""
    await stage.open()
    await stage.give(C.WITHDRAW, SUPERVISOR)
    await stage.ended()


async def joined(stage: Stage) -> None:
    """Reported again twice; one is not content, it is done again, then all are; danger is filed as its own."""
    await stage.open()
    await stage.give(C.JOIN, OFFICER, danger=False)
    await refused("danger_not_joined", stage.give(C.JOIN, OFFICER, danger=True))
    await acknowledge(stage)
    await stage.at(DAY)
    await stage.give(C.JOIN, OFFICER, danger=False)
    first, second = (await stage.case()).joined
    await complete(stage)
    await verify(stage)
    await stage.give(C.RATE, SUPERVISOR, solved=True, score=5)
    again = promise(await stage.now())
    await stage.give(C.RATE, SUPERVISOR, solved=False, score=1, report=second, promise=again)
    await complete(stage)
    await verify(stage)
    for report in (first, second):
        await stage.give(C.RATE, SUPERVISOR, solved=True, score=4, report=report)
    await refused("already_rated", stage.give(C.RATE, SUPERVISOR, solved=True, report=first))
    await stage.at(20 * DAY)
    await stage.ended()


async def assisted(stage: Stage) -> None:
    """A unit assists: paused with the lead, late by itself; another is released when the lead is done."""
    await stage.open()
    await acknowledge(stage)
    now = await stage.now()
    joining: dict[str, Any] = {
        "ack": ack_clock(now),
        "promise": promise(stage.start),
        "basis": promise(stage.start).due_at,
    }
    await stage.give(C.ASSIST, SUPERVISOR, unit=OTHER_UNIT, **joining)
    await refused("already_holder", stage.give(C.ASSIST, SUPERVISOR, unit=OTHER_UNIT, **joining))
    await stage.at(40 * MINUTE)
    await acknowledge(stage, OTHER_HANDLER)
    await stage.give(C.URGE, SUPERVISOR, part=OTHER_UNIT)
    await stage.give(C.PROGRESS, OTHER_HANDLER, answers="1")
    stood = await stage.now()
    left: dict[str, Any] = {"promise": promise(stage.start, 12 * DAY), "basis": promise(stage.start).due_at}
    await stage.give(C.SUSPEND, SUPERVISOR, resume_at=stood + 2 * DAY, parts={OTHER_UNIT: left}, **left)
    await stage.at(3 * DAY)
    later = promise(stage.start, 20 * DAY)
    await stage.give(C.REQUEST_EXTENSION, HANDLER, until=later.due_at, promise=later)
    await stage.give(C.DECIDE_EXTENSION, SUPERVISOR, extension="1", grant=True)
    await stage.at(12 * DAY)
    stage.started.append(INTERVIEW)
    now = await stage.now()
    await stage.give(C.ASSIST, SUPERVISOR, unit=THIRD_UNIT, ack=ack_clock(now), promise=later, basis=later.due_at)
    await stage.give(C.APPEAL, OTHER_HANDLER)
    await stage.give(C.RULE_APPEAL, SUPERVISOR, uphold=True)
    await stage.give(C.COMPLETE, OTHER_HANDLER)
    await finish(stage)
    await stage.ended()


async def accountability(stage: Stage) -> None:
    """Grave consequences: findings late, decision late, decided for unit and person, closed."""
    file = await stage.open_accountability()
    await stage.at(11 * DAY)
    await stage.give(C.RECORD_FINDINGS, DISCIPLINE, decision_by=stage.start + 20 * DAY, dossier=file)
    await stage.at(21 * DAY)
    await stage.give(C.DECIDE_ACCOUNTABILITY, DISCIPLINE, **FOR_UNIT, dossier=file)
    await stage.give(C.DECIDE_ACCOUNTABILITY, DISCIPLINE, **FOR_PERSON, dossier=file)
    await stage.give(C.CLOSE_ACCOUNTABILITY, DISCIPLINE, dossier=file)
    await stage.ended(ACCOUNTABILITY)


@dataclass(frozen=True)
class Scenario:
    """A play, and what must stand in the record of each dossier afterwards."""

    play: Play
    record: dict[str, list[E]]

    @property
    def name(self) -> str:
        """The play's name."""
        return self.play.__name__


async def rebased(stage: Stage) -> None:
    """Promised when nothing was known of the year in which it falls due; then its notice comes."""
    await stage.open(promised=provisional(stage.start))
    await acknowledge(stage)
    done = await stage.rebase()
    assert (done.visited, done.moved, done.left) == (1, 1, 0)
    await finish(stage)
    await stage.ended()


def of_case(play: Play, *events: E | list[E], **others: list[E]) -> Scenario:
    """A scenario whose case must have left ``events``; ``interview`` its interview file's."""
    flat = [item for event in events for item in (event if isinstance(event, list) else [event])]
    interview = {INTERVIEW: others["interview"]} if "interview" in others else {}
    return Scenario(play, {NUMBER: flat, **interview})


ESCALATED = [E.ACK_MISSED, E.ACK_ESCALATED, E.ACK_ESCALATED]
REMINDED = [E.EXTENSION_REMINDED]

SCENARIOS = (
    of_case(straight, TAKEN, E.PROGRESSED, SOLVED),
    of_case(ack_missed, OPENED, ESCALATED, E.ACK_ESCALATED, E.ACKNOWLEDGED, SOLVED),
    of_case(triage, E.RECEIVED, E.TRIAGE_MISSED, E.DISPATCHED, E.ACKNOWLEDGED, SOLVED),
    of_case(urging, TAKEN, E.URGED, E.PROGRESSED, E.URGED, E.URGING_UNANSWERED, SOLVED),
    of_case(
        extension_granted, TAKEN, E.EXTENSION_REQUESTED, E.EXTENSION_GRANTED, E.EXTENSION_REQUESTED,
        E.EXTENSION_GRANTED, E.TURNED_YELLOW, SOLVED,
    ),
    of_case(extension_refused, TAKEN, E.EXTENSION_REQUESTED, E.EXTENSION_REFUSED, REMINDED, E.TURNED_YELLOW, SOLVED),
    of_case(extension_too_late, TAKEN, REMINDED, SOLVED),
    of_case(
        extension_lapsed, TAKEN, E.EXTENSION_REQUESTED, E.TURNED_YELLOW, E.EXTENSION_LAPSED, RED, SOLVED, E.ARCHIVED,
    ),
    of_case(
        red, TAKEN, REMINDED, E.TURNED_YELLOW, RED, SOLVED,
        interview=[E.OPENED, E.CONVENED, E.MINUTES_MISSED, E.MINUTES_KEPT, E.HELD, E.MINUTES_KEPT,
                   E.RECTIFICATION_SET, E.RECTIFICATION_DUE, E.CHECK_MISSED, E.CHECKED, E.RECTIFICATION_SET,
                   E.CHECKED, E.CLOSED],
    ),
    of_case(
        interview_not_convened, TAKEN, REMINDED, E.TURNED_YELLOW, RED, SOLVED, E.ARCHIVED,
        interview=[E.OPENED, E.CONVENE_MISSED, E.WAIVED],
    ),
    of_case(
        returned, OPENED, E.RETURNED, E.RETURN_ACCEPTED, E.REDISPATCHED, E.ACKNOWLEDGED, REMINDED, E.TURNED_YELLOW,
        SOLVED,
    ),
    of_case(return_refused, OPENED, E.RETURNED, E.RETURN_REFUSED, E.ACKNOWLEDGED, SOLVED),
    of_case(suspended, TAKEN, E.SUSPENDED, E.RESUMED, E.SUSPENDED, E.RESUMED, REMINDED, E.TURNED_YELLOW, SOLVED),
    of_case(
        appeal_upheld, TAKEN, REMINDED, E.TURNED_YELLOW, RED, SOLVED, E.APPEALED, E.APPEAL_UPHELD, E.POINTS_RESTORED,
        interview=[E.OPENED, E.CONVENE_MISSED, E.WITHDRAWN],
    ),
    of_case(
        appeal_dismissed, TAKEN, REMINDED, E.TURNED_YELLOW, RED, E.APPEALED, E.APPEAL_DISMISSED, SOLVED,
    ),
    of_case(
        danger, OPENED, E.ALARM_RAISED, E.ALARM_RAISED, E.ACK_MISSED, E.ALARM_RAISED, E.ALARM_TAKEN_OVER,
        E.ACKNOWLEDGED, SOLVED,
    ),
    of_case(
        redone, TAKEN, E.COMPLETED, E.VERIFICATION_MISSED, E.VERIFIED, E.REOPENED, E.COMPLETED, E.VERIFIED, E.RATED,
        E.REOPENED, E.COMPLETED, E.VERIFIED, E.CLOSED,
    ),
    of_case(withdrawn, OPENED, E.WITHDRAWN),
    of_case(
        joined, OPENED, E.REPORT_JOINED, E.ACKNOWLEDGED, E.REPORT_JOINED, E.COMPLETED, E.VERIFIED, E.RATED, E.RATED,
        E.REOPENED, E.COMPLETED, E.VERIFIED, E.RATED, E.RATED, E.CLOSED,
    ),
    of_case(
        assisted, TAKEN, E.DISPATCHED, E.ACK_MISSED, E.ACKNOWLEDGED, E.URGED, E.PROGRESSED, [E.SUSPENDED] * 2,
        [E.RESUMED] * 2, E.EXTENSION_REQUESTED, E.EXTENSION_GRANTED, REMINDED, E.TURNED_YELLOW, RED, E.DISPATCHED,
        E.APPEALED, E.APPEAL_UPHELD, E.POINTS_RESTORED, E.COMPLETED, E.COMPLETED, E.RELEASED, SOLVED[1:],
        interview=[E.OPENED, E.WITHDRAWN],
    ),
    of_case(rebased, TAKEN, E.REBASED, SOLVED),
    Scenario(
        accountability,
        {ACCOUNTABILITY: [E.OPENED, E.FINDINGS_MISSED, E.FINDINGS_RECORDED, E.DECISION_MISSED, E.DECIDED, E.DECIDED,
                          E.CLOSED]},
    ),
)  # fmt: skip
"""Every scenario whose history is committed and replayed."""
