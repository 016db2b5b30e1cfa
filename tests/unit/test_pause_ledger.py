"""The pause ledger of a case against a clerk with a finger on the calendar, over the turn of a year (A12, A16, E5).

Suspended, sent back to triage, taken up again, extended, counted again under a new notice, in any order: whatever the
case promises, the minutes that were left are left again. What goes with a command is what the API would resolve.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain import promising
from domain.case import Case, open_case
from domain.errors import Refused
from domain.ledger import catch_up, fold
from domain.messages import Command
from domain.plain import of_plain, to_plain
from domain.promise import Promise
from domain.rebasing import rebasing_of_case
from domain.rulebook import Rulebook
from domain.vocabulary import CaseStatus, CommandKind, Role, Source
from domain.worktime import SHANGHAI, Limit, LimitUnit
from tests.unit.naive_time import MINUTE, NaiveTime
from tests.unit.rulebooks import local
from tests.unit.test_rebasing import BEFORE, Notice, noticed

K, S = CommandKind, CaseStatus
CATEGORY = "broken-road"
DAY = timedelta(days=1)

days = st.dates(date(2027, 1, 1), date(2027, 1, 31))
notices = st.tuples(st.frozensets(days, max_size=12), st.frozensets(days, max_size=5))
limits = st.one_of(
    st.builds(Limit, st.integers(1, 25), st.just(LimitUnit.WORKING_HOURS)),
    st.builds(Limit, st.integers(1, 6), st.just(LimitUnit.WORKING_DAYS)),
    st.builds(Limit, st.integers(1, 8), st.just(LimitUnit.DAYS)),
    st.builds(Limit, st.integers(2, 150), st.just(LimitUnit.HOURS)),
)
receipts = st.integers(0, 12 * 1440).map(lambda minutes: local("2026-12-21 00:00") + minutes * MINUTE)
gaps = st.integers(1, 20 * 60).map(lambda minutes: minutes * MINUTE)
stands = st.integers(1, 6 * 1440).map(lambda minutes: minutes * MINUTE)
turns = st.lists(
    st.tuples(st.sampled_from(["suspend", "stop early", "triage", "redo", "extend", "notice", "notice in a pause"]),
              gaps, stands),
    max_size=5,
)  # fmt: skip


class Clerk:
    """Knows the deadline and how it came about, and counts minutes."""

    def __init__(self, rules: Rulebook, limit: Limit, start: datetime) -> None:
        self.time = NaiveTime.of(rules.calendar, rules.hours.periods)
        self.limit = limit
        self.pauses = 0
        self.left: tuple[timedelta, bool] | None = None
        self.anew(start)

    def anew(self, start: datetime) -> None:
        """The whole limit from then on."""
        self.start, self.left, self.due = start, None, self.time.deadline(self.limit, start)

    def pause(self, since: datetime, until: datetime) -> None:
        """What is left of minutes is left again."""
        worked = self.time.worked(since, self.due) if self.limit.in_working_time else timedelta()
        self.start, self.left = until, (worked or self.due - since, bool(worked))
        before, self.due = self.due, self._after(until)
        self.pauses += self.due != before

    def extend(self, until: datetime) -> None:
        """A date that was granted."""
        self.left, self.due, self.start = (timedelta(), False), until, until

    def notice(self, rules: Rulebook, now: datetime) -> None:
        """The same again, with another calendar; never into the past."""
        self.time = NaiveTime.of(rules.calendar, rules.hours.periods)
        due = self.time.deadline(self.limit, self.start) if self.left is None else self._after(self.start)
        if self.left == (timedelta(), False) and self.limit.in_working_time:
            while not self.time.works(due.astimezone(SHANGHAI).date()):
                due += DAY
        self.due = due if due > now else self.due

    def _after(self, start: datetime) -> datetime:
        assert self.left is not None
        length, working = self.left
        return self.time.add(start, length) if working else start + length


class Desk:
    """A case, and what is asked of it."""

    def __init__(self, limit: Limit, received_at: datetime, notice: Notice) -> None:
        self.rules = self._under(BEFORE, limit)
        self.later = self._under(noticed(notice[0] - notice[1], notice[1]), limit)
        bare = Case(
            number="SJ261221-0000001",
            category=CATEGORY,
            source=Source.OFFICER,
            received_at=received_at,
            terms=replace(promising.terms(self.rules, CATEGORY), extensions=9, return_within=timedelta(days=99)),
        )
        ack = promising.ack_clock(self.rules, CATEGORY, received_at)
        made = promising.promise(self.rules, CATEGORY, received_at)
        self.case, _ = open_case(bare, by=None, unit="a", rule=None, ack=ack, promise=made)
        self.clerk = Clerk(self.rules, limit, received_at)
        self.now = received_at
        self.give(K.ACKNOWLEDGE, handler="h")

    @staticmethod
    def _under(rules: Rulebook, limit: Limit) -> Rulebook:
        return replace(rules, categories={CATEGORY: replace(BEFORE.category(CATEGORY), limit=limit)})

    @property
    def promise(self) -> Promise:
        """What stands."""
        assert self.case.promise is not None
        return self.case.promise

    def give(self, kind: CommandKind, **data: Any) -> None:
        """One command, a minute later; the case is stored and read again after it."""
        command = Command(id=f"c{self.case.version}", kind=kind, at=self.now, actor="x", unit=self.case.unit,
                          roles=(Role.SUPERVISOR, Role.UNIT_LEADER), data=to_plain(data))  # fmt: skip
        case, _ = catch_up(self.case, self.now)
        self.case = of_plain(Case, to_plain(fold(case, case.decide(command))))

    def resumed(self, since: datetime, until: datetime) -> Promise:
        """What the API resolves."""
        return promising.promise_resumed(self.rules, CATEGORY, self.promise, since, until)

    def turn(self, what: str, stands: timedelta) -> None:
        """One thing happens, to the case and to the clerk."""
        since, until = self.now, self.now + stands
        match what:
            case "suspend" | "stop early" | "notice in a pause":
                early = what == "stop early"
                planned = until + DAY if early else until
                self.give(K.SUSPEND, resume_at=planned, promise=self.resumed(since, planned))
                if what == "notice in a pause":
                    self.now = since + stands / 2
                    self.carry(since)
                self.now = until
                if early:
                    self.give(K.RESUME, promise=self.resumed(since, until))
                self.clerk.pause(since, until)
            case "triage":
                self.give(K.RETURN)
                self.give(K.RULE_RETURN, accept=True, unit=None)
                self.now = until
                ack = promising.ack_clock(self.rules, CATEGORY, until)
                self.give(K.DISPATCH, unit=f"u{self.case.version}", ack=ack, promise=self.resumed(since, until))
                self.give(K.ACKNOWLEDGE, handler="h")
                self.clerk.pause(since, until)
            case "redo":
                self.give(K.COMPLETE, verify_by=until + DAY)
                self.now = until
                anew = promising.promise_anew(self.rules, CATEGORY, self.promise, until)
                self.case = replace(self.case, completed_by="h")
                self.give(K.VERIFY, solved=False, promise=anew)
                self.clerk.anew(until)
            case "extend":
                wanted = self.promise.due_at + stands
                made = promising.promise_until(self.rules, CATEGORY, self.promise, wanted)
                self.give(K.REQUEST_EXTENSION, until=wanted, promise=made)
                self.give(K.DECIDE_EXTENSION, extension=self.case.extensions[-1].id, grant=True)
                self.clerk.extend(wanted)
            case "notice":
                self.carry(self.now)

    def carry(self, judged: datetime) -> None:
        """The notice is loaded, and carried into the case."""
        self.rules = self.later
        data = rebasing_of_case(self.rules, self.case, self.now)
        if data is not None:
            self.give(K.REBASE, **data)
        self.clerk.notice(self.rules, judged)


@settings(deadline=None)
@given(limits, receipts, notices, turns)
def test_what_was_left_is_left_again_whatever_happens_to_a_case(
    limit: Limit, received_at: datetime, notice: Notice, turns: list[tuple[str, timedelta, timedelta]]
) -> None:
    desk = Desk(limit, received_at, notice)
    assert desk.promise.due_at == desk.clerk.due
    for what, gap, stands in turns:
        if desk.now + gap >= desk.promise.due_at:
            break  # from here on it is a red card's story
        desk.now += gap
        try:
            desk.turn(what, stands)
        except Refused:
            break  # too late for an extension, or on a rest day: nothing changed
        desk.case, _ = catch_up(desk.case, desk.now)
        assert desk.promise.due_at == desk.clerk.due, what
        assert desk.case.status in (S.IN_PROGRESS, S.DISPATCHED)
    assert_ledger(desk)


def assert_ledger(desk: Desk) -> None:
    """One line a pause, in order, each with what was left; a clerk can follow it from line to line."""
    work = desk.later.worktime if desk.rules is desk.later else desk.rules.worktime
    lines = desk.case.pauses
    assert len([line for line in lines if line.left is not None]) >= desk.clerk.pauses
    for line in lines:
        assert line.since <= line.until
        if line.left is not None and not line.left.working:
            assert line.due_after - line.until == line.left.length
        if line.left is not None and line.left.working and line.due_after.year < 2027:
            assert work.worked(line.until, line.due_after) == line.left.length
