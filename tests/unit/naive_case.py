"""A second opinion on what a case does: one bag of values and plain ifs, written without looking at the domain's code.

It speaks the same words (vocabulary, commands) and reads the same messages, but shares no rule with ``domain.case``.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from domain.vocabulary import CaseStatus

S = CaseStatus
TIES = ("alarm", "triage", "ack", "ladder", "urging", "reminder", "resume", "yellow", "due", "verify", "answer", "end")
RUNNING = (S.DISPATCHED, S.IN_PROGRESS)


class No(Exception):
    """The naive model would not do that."""


def when(text: str) -> datetime:
    """An instant of a message."""
    return datetime.fromisoformat(text)


class NaiveCase:
    """What is known of the case (``k``), and the log of (event type, instant) so far."""

    def __init__(self, now: datetime, *, unit: str | None, danger: bool, data: dict[str, Any]) -> None:
        self.k = SimpleNamespace(
            status=S.AWAITING_DISPATCH, round=1, unit=None, dispatched=None, promise=None, yellow=False, red=False,
            reminded=False, frozen=None, cards=[], points=0, ack_by=None, ladder=None, rungs=0, alarm=None, alarms=0,
            triage=now + timedelta(hours=2), urgings={}, urged=0, requests={}, used=0, returned=set(),
            returning=False, resume=None, resume_promise=None, verify=None, answer=None, solver=None, outcome=None,
            closed=None, archived=False, version=1,
        )  # fmt: skip
        self.log = [("received", now)]
        if unit:
            self.hand_over("dispatched", now, {**data, "unit": unit})
        if danger:
            self.alarm(now)

    # what falls due

    def pending(self) -> Iterator[tuple[str, datetime | None]]:
        """Everything that would fall due by itself, in no order."""
        k = self.k
        if k.outcome:
            ends = [card["appeal_by"] for card in k.cards if card["appeal"] is None]
            if ends and max(ends) >= k.closed and not k.archived:
                yield "end", max(ends)
            return
        yield "alarm", k.alarm
        own = {S.AWAITING_DISPATCH: "triage", S.SUSPENDED: "resume", S.AWAITING_VERIFICATION: "verify"}
        own[S.AWAITING_ANSWER] = "answer"
        if k.status in own:
            yield own[k.status], getattr(k, own[k.status])
        if k.status in (*RUNNING, S.SUSPENDED):
            yield "urging", min((item["by"] for item in k.urgings.values() if item["open"]), default=None)
        if k.status is S.DISPATCHED:
            yield "ack", k.ack_by
            yield "ladder", k.ladder
        if k.status in RUNNING and not k.red:
            asked = any(item["status"] == "pending" for item in k.requests.values())
            yield "reminder", None if k.reminded or asked or k.used >= 2 else k.promise["remind_at"]
            yield "yellow", None if k.yellow else k.promise["yellow_at"]
            yield "due", k.promise["due_at"]

    def next(self) -> tuple[datetime, str] | None:
        """The next thing to fall due."""
        found = [(at, TIES.index(name), name) for name, at in self.pending() if at is not None]
        return (min(found)[0], min(found)[2]) if found else None

    def tick(self, now: datetime) -> None:
        """Nobody does anything until ``now``."""
        while (found := self.next()) and found[0] <= now:
            self.fall(found[1], found[0])

    def say(self, at: datetime, *names: str) -> None:
        """Writes into the log."""
        self.log.extend((name, at) for name in names)
        self.k.version = len(self.log)

    def fall(self, name: str, at: datetime) -> None:
        """Something falls due."""
        k = self.k
        if name == "alarm":
            self.alarm(at)
        elif name in ("triage", "verify"):
            setattr(k, name, None)
            self.say(at, "triage_missed" if name == "triage" else "verification_missed")
        elif name == "ack":
            k.ack_by, k.ladder = None, at + timedelta(minutes=30)
            self.say(at, "ack_missed")
        elif name == "ladder":
            k.rungs += 1
            k.ladder = at + (timedelta(hours=1) if k.rungs == 1 else timedelta(days=2))
            self.say(at, "ack_escalated")
        elif name == "urging":
            first = min((item["by"], number) for number, item in k.urgings.items() if item["open"])[1]
            k.urgings[first]["open"] = False
            self.say(at, "urging_unanswered")
        else:
            self.fall_of_deadline(name, at)

    def fall_of_deadline(self, name: str, at: datetime) -> None:
        """Something of the deadline itself, or of the case's end."""
        k = self.k
        if name == "reminder":
            k.reminded = True
            self.say(at, "extension_reminded")
        elif name == "yellow":
            k.yellow = True
            self.say(at, "turned_yellow")
        elif name == "resume":
            self.go_on(at, k.resume_promise)
        elif name == "answer":
            self.finish(at, "closed", "unanswered")
        elif name == "end":
            k.archived = True
            self.say(at, "archived")
        elif name == "due":
            if self.settle("lapsed"):
                self.say(at, "extension_lapsed")
            k.yellow = k.red = True
            k.points -= 2
            k.cards.append({"unit": k.unit, "due": at, "appeal": None, "appeal_by": k.promise["appeal_by"]})
            self.say(at, "turned_red", "red_card_issued", "points_deducted", "interview_opened")

    def alarm(self, at: datetime) -> None:
        """Tells the next rung of the danger ladder."""
        self.k.alarms += 1
        self.k.alarm = at + timedelta(minutes={1: 2, 2: 5}.get(self.k.alarms, 24 * 60))
        self.say(at, "alarm_raised")

    # what several commands do

    def promised(self, plain: dict[str, Any], at: datetime) -> None:
        """A new deadline: every light is off again."""
        k = self.k
        k.promise = {name: when(plain[name]) for name in ("due_at", "yellow_at", "extension_by", "remind_at")}
        k.promise["appeal_by"] = when(plain["appeal_by"])
        k.yellow = k.red = False
        k.frozen = None
        k.reminded = k.promise["remind_at"] < at

    def settle(self, status: str) -> bool:
        """What becomes of the request that waits, if one does."""
        waiting = [item for item in self.k.requests.values() if item["status"] == "pending"]
        for item in waiting:
            item["status"] = status
        return bool(waiting)

    def hand_over(self, event: str, at: datetime, data: dict[str, Any]) -> None:
        """A unit gets the case."""
        k = self.k
        plain, old = data["promise"], k.promise and k.promise["due_at"]
        due = when(plain["due_at"]) if plain else old
        if due is None or (due <= at and not (k.red and due == old)):
            raise No
        if due != old:
            k.round, k.used = (k.round + 1, 0) if k.red else (k.round, k.used)
            self.promised(plain, at)
        k.frozen = None
        k.status, k.unit, k.dispatched, k.returning, k.urgings = S.DISPATCHED, data["unit"], at, False, {}
        k.ack_by, k.ladder, k.rungs = when(data["ack"]["ack_by"]), None, 0
        self.say(at, event)

    def go_on(self, at: datetime, plain: dict[str, Any]) -> None:
        """A suspended case is taken up again."""
        self.promised(plain, at)
        self.k.status = S.IN_PROGRESS
        self.say(at, "resumed")

    def redo(self, at: datetime, plain: dict[str, Any]) -> None:
        """Not solved: once more, with a new clock."""
        self.promised(plain, at)
        k = self.k
        k.status, k.used, k.urgings, k.solver = S.IN_PROGRESS, 0, {}, None
        k.round += 1
        self.say(at, "reopened")

    def finish(self, at: datetime, event: str, outcome: str) -> None:
        """The end."""
        k = self.k
        self.settle("moot")
        k.status, k.outcome, k.closed = (S.CLOSED if event == "closed" else S.WITHDRAWN), outcome, at
        k.alarm, k.returning = None, False
        self.say(at, event)
