"""A second opinion on what a case does: bags of values and plain ifs, written without looking at the domain's code.

It speaks the same words (vocabulary, commands) and reads the same messages, but shares no rule with ``domain.case``.
One bag for the case and its lead (``k``), one for each unit that assists or has assisted.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from domain.vocabulary import CaseStatus

Bag = SimpleNamespace
S = CaseStatus
TIES = ("alarm", "triage", "ack", "ladder", "urging", "reminder", "resume", "yellow", "due", "verify", "answer", "end")
RUNNING = (S.DISPATCHED, S.IN_PROGRESS)


class No(Exception):
    """The naive model would not do that."""


def when(text: str) -> datetime:
    """An instant of a message."""
    return datetime.fromisoformat(text)


def empty(key: str | None = None) -> Bag:
    """What is known of somebody's work before anything has happened."""
    return Bag(
        key=key, status=S.AWAITING_DISPATCH, round=1, unit=None, dispatched=None, promise=None, yellow=False, red=False,
        reminded=False, frozen=None, ack_by=None, acked=False, ladder=None, rungs=0, triage=None, urgings={},
        requests={}, used=0, returned=set(), returning=False, resume=None, resume_promise=None, solver=None,
    )  # fmt: skip


class NaiveCase:
    """What is known of the case (``k``) and of those who assist, and the log of (event type, instant, part) so far."""

    def __init__(self, now: datetime, *, unit: str | None, danger: bool, data: dict[str, Any]) -> None:
        self.k = empty()
        self.k.__dict__.update(
            cards=[], points=0, alarm=None, alarms=0, urged=0, asked=0, verify=None, answer=None, outcome=None,
            closed=None, archived=False, version=1, triage=now + timedelta(hours=2), danger=danger, reports=[1],
            content=[],
        )  # fmt: skip
        self.helpers: list[Bag] = []
        self.log: list[tuple[str, datetime, str | None]] = [("received", now, None)]
        if unit:
            self.hand_over(self.k, "dispatched", now, {**data, "unit": unit})
        if danger:
            self.alarm(now)

    @property
    def everyone(self) -> list[Bag]:
        """The lead, and whoever has not finished assisting."""
        return [self.k, *(bag for bag in self.helpers if bag.status not in (S.CLOSED, S.WITHDRAWN))]

    # what falls due

    def pending(self) -> Iterator[tuple[str, datetime | None, int]]:
        """Everything that would fall due by itself, in no order; and to the how-maniest of ``everyone``."""
        k = self.k
        if k.outcome:
            ends = [card["appeal_by"] for card in k.cards if card["appeal"] is None]
            if ends and max(ends) >= k.closed and not k.archived:
                yield "end", max(ends), 0
            return
        yield "alarm", k.alarm, 0
        if k.status in (S.AWAITING_VERIFICATION, S.AWAITING_ANSWER):
            yield ("verify", k.verify, 0) if k.status is S.AWAITING_VERIFICATION else ("answer", k.answer, 0)
        for place, bag in enumerate(self.everyone):
            for name, at in self.pending_of(bag):
                yield name, at, place

    def pending_of(self, bag: Bag) -> Iterator[tuple[str, datetime | None]]:
        """What of it falls due to one unit."""
        if bag.status is S.AWAITING_DISPATCH:
            yield "triage", bag.triage
        if bag.status is S.SUSPENDED:
            yield "resume", bag.resume
        if bag.status in (*RUNNING, S.SUSPENDED):
            yield "urging", min((item["by"] for item in bag.urgings.values() if item["open"]), default=None)
        if bag.status is S.DISPATCHED:
            yield "ack", bag.ack_by
            yield "ladder", bag.ladder
        if bag.status in RUNNING and not bag.red:
            asked = any(item["status"] == "pending" for item in bag.requests.values())
            yield "reminder", None if bag.reminded or asked or bag.used >= 2 else bag.promise["remind_at"]
            yield "yellow", None if bag.yellow else bag.promise["yellow_at"]
            yield "due", bag.promise["due_at"]

    def next(self) -> tuple[datetime, str, int] | None:
        """The next thing to fall due."""
        found = [(at, TIES.index(name), place, name) for name, at, place in self.pending() if at is not None]
        return (min(found)[0], min(found)[3], min(found)[2]) if found else None

    def tick(self, now: datetime) -> None:
        """Nobody does anything until ``now``."""
        while (found := self.next()) and found[0] <= now:
            self.fall(found[1], found[0], self.everyone[found[2]])

    def say(self, at: datetime, *names: str, of: Bag | None = None) -> None:
        """Writes into the log."""
        self.log.extend((name, at, of.key if of else None) for name in names)
        self.k.version = len(self.log)

    def fall(self, name: str, at: datetime, bag: Bag) -> None:
        """Something falls due."""
        if name == "alarm":
            self.alarm(at)
        elif name in ("triage", "verify"):
            setattr(bag, name, None)
            self.say(at, "triage_missed" if name == "triage" else "verification_missed", of=bag)
        elif name == "ack":
            bag.ack_by, bag.ladder = None, at + timedelta(minutes=30)
            self.say(at, "ack_missed", of=bag)
        elif name == "ladder":
            bag.rungs += 1
            bag.ladder = at + (timedelta(hours=1) if bag.rungs == 1 else timedelta(days=2))
            self.say(at, "ack_escalated", of=bag)
        elif name == "urging":
            first = min((item["by"], number) for number, item in bag.urgings.items() if item["open"])[1]
            bag.urgings[first]["open"] = False
            self.say(at, "urging_unanswered", of=bag)
        else:
            self.fall_of_deadline(name, at, bag)

    def fall_of_deadline(self, name: str, at: datetime, bag: Bag) -> None:
        """Something of a deadline itself, or of the case's end."""
        k = self.k
        if name == "reminder":
            bag.reminded = True
            self.say(at, "extension_reminded", of=bag)
        elif name == "yellow":
            bag.yellow = True
            self.say(at, "turned_yellow", of=bag)
        elif name == "resume":
            self.go_on(bag, at, bag.resume_promise)
        elif name == "answer":
            self.finish(at, "closed", "solved" if k.content else "unanswered")
        elif name == "end":
            k.archived = True
            self.say(at, "archived")
        elif name == "due":
            if self.settle(bag, "lapsed"):
                self.say(at, "extension_lapsed", of=bag)
            bag.yellow = bag.red = True
            k.points -= 2
            card = {"unit": bag.unit, "due": at, "appeal": None, "appeal_by": bag.promise["appeal_by"], "part": bag.key}
            k.cards.append(card)
            self.say(at, "turned_red", "red_card_issued", "points_deducted", "interview_opened", of=bag)

    def alarm(self, at: datetime) -> None:
        """Tells the next rung of the danger ladder."""
        self.k.alarms += 1
        self.k.alarm = at + timedelta(minutes={1: 2, 2: 5}.get(self.k.alarms, 24 * 60))
        self.say(at, "alarm_raised")

    # what several commands do

    def promised(self, bag: Bag, plain: dict[str, Any], at: datetime) -> None:
        """A new deadline: every light is off again."""
        bag.promise = {name: when(plain[name]) for name in ("due_at", "yellow_at", "extension_by", "remind_at")}
        bag.promise["appeal_by"] = when(plain["appeal_by"])
        bag.yellow = bag.red = False
        bag.frozen = None
        bag.reminded = bag.promise["remind_at"] < at

    def settle(self, bag: Bag, status: str) -> bool:
        """What becomes of the request that waits, if one does."""
        waiting = [item for item in bag.requests.values() if item["status"] == "pending"]
        for item in waiting:
            item["status"] = status
        return bool(waiting)

    def hand_over(self, bag: Bag, event: str, at: datetime, data: dict[str, Any]) -> None:
        """A unit gets it."""
        plain, old = data["promise"], bag.promise and bag.promise["due_at"]
        due = when(plain["due_at"]) if plain else old
        if due is None or (due <= at and not (bag.red and due == old)):
            raise No
        if any(other is not bag and other.unit == data["unit"] for other in self.everyone):
            raise No
        if due != old:
            bag.round, bag.used = (bag.round + 1, 0) if bag.red else (bag.round, bag.used)
            self.promised(bag, plain, at)
        bag.frozen = None
        bag.status, bag.unit, bag.dispatched, bag.returning, bag.urgings = S.DISPATCHED, data["unit"], at, False, {}
        bag.ack_by, bag.acked, bag.ladder, bag.rungs = when(data["ack"]["ack_by"]), False, None, 0
        self.say(at, event, of=bag)

    def go_on(self, bag: Bag, at: datetime, plain: dict[str, Any] | None) -> None:
        """What was suspended is taken up again, with what was left of every clock."""
        stood = at - bag.frozen
        bag.frozen, bag.status = None, S.IN_PROGRESS if bag.acked else S.DISPATCHED
        if not bag.acked:
            bag.ack_by, bag.ladder = (clock and clock + stood for clock in (bag.ack_by, bag.ladder))
        if plain:
            self.promised(bag, plain, at)
        self.say(at, "resumed", of=bag)

    def redo(self, at: datetime, plain: dict[str, Any]) -> None:
        """Not solved: once more, with a new clock."""
        k = self.k
        self.promised(k, plain, at)
        k.status, k.used, k.urgings, k.solver, k.content = S.IN_PROGRESS, 0, {}, None, []
        k.round += 1
        self.say(at, "reopened")

    def over(self, bag: Bag, at: datetime, status: CaseStatus) -> None:
        """It is nobody's work any more."""
        self.settle(bag, "moot")
        bag.status, bag.returning, bag.frozen = status, False, bag.frozen or at

    def release(self, at: datetime) -> None:
        """Whoever still assists need not any more."""
        for bag in self.everyone[1:]:
            self.over(bag, at, S.WITHDRAWN)
            self.say(at, "released", of=bag)

    def finish(self, at: datetime, event: str, outcome: str) -> None:
        """The end."""
        k = self.k
        self.release(at)
        self.over(k, at, S.CLOSED if event == "closed" else S.WITHDRAWN)
        k.outcome, k.closed, k.alarm = outcome, at, None
        self.say(at, event)
