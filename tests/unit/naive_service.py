"""A second opinion on what a service request does: bags of values and plain ifs, written without the domain's code.

It speaks the same words and reads the same messages, but shares no rule with ``domain.service`` or ``domain.holding``.
What a command was resolved to is taken as given; whether it may be given, and what falls due when, is judged here.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace as Bag
from typing import Any

from domain.vocabulary import MilestoneKind

TIES = [kind.value for kind in MilestoneKind]
RUNGS = [timedelta(minutes=minutes) for minutes in (15, 15, 30)]


class No(Exception):
    """The naive model would not do that."""


def when(text: str | None) -> datetime | None:
    """An instant of a message."""
    return datetime.fromisoformat(text) if text else None


class NaiveRequest:
    """What is known of the request (``k``), of each step that was handed over, and the log of (type, step, instant)."""

    def __init__(self, at: datetime, steps: list[dict[str, Any]], needed: set[str], given: set[str], data: Any) -> None:
        self.steps = {step["key"]: step for step in steps}
        self.parts: list[Bag] = []
        self.k = Bag(
            stage="materials", due=None, yellow_at=None, yellow=False, red=False, stood=None, given=set(given),
            known=needed | {"photo", "letter"}, needed=needed, asked=set(), lapse=None, requested=False, resume=None,
            resume_data=None, skipped=set(), redone=0, answer=None, closed=None, archived=False, asked_count=0,
        )  # fmt: skip
        self.log: list[tuple[str, str | None, datetime]] = []
        self.say(at, "received")
        if needed <= given:
            self.k.stage = "runs"
            self.promise_whole(data["promise"])
            self.go_on(at, data)
        else:
            self.k.asked, self.k.lapse, self.k.stood = needed - given, when(data["materials_by"]), at
            self.say(at, "materials_requested")

    # what falls due

    def pending(self) -> Iterator[tuple[datetime | None, str, Bag | None]]:
        """Everything that would fall due by itself."""
        k = self.k
        if k.stage == "closed":
            ends = [part.card for part in self.parts if part.card]
            if ends and max(ends) >= k.closed and not k.archived:
                yield max(ends), "retirement", None
        elif k.stage == "decided":
            yield k.answer, "answer_window_end", None
        elif k.stage == "suspended":
            yield k.resume, "resumption", None
        elif k.stage == "materials":
            yield k.lapse, "materials_lapsed", None
        elif k.due and not k.stood and not k.red:
            yield None if k.yellow else k.yellow_at, "yellow", None
            yield k.due, "due", None
        for part in self.open():
            yield from ((at, name, part) for at, name in (self.outside(part) if part.outside else self.inside(part)))

    def outside(self, part: Bag) -> Iterator[tuple[datetime | None, str]]:
        """Of a step outside."""
        yield None if part.stuck or part.confirmed else part.stuck_by, "handoff_stuck"
        yield None if part.overdue else part.reference_by, "outside_overdue"
        yield part.chase_at, "outside_chased"

    def inside(self, part: Bag) -> Iterator[tuple[datetime | None, str]]:
        """Of a step inside."""
        if part.state == "stands":
            yield part.resume, "resumption"
            return
        if part.state == "given":
            yield part.ack_by, "ack_missed"
            yield part.ladder, "ack_escalated"
        if not part.red:
            yield None if part.reminded or part.wants or part.used >= 2 else part.remind_at, "extension_reminder"
            yield None if part.yellow else part.yellow_at, "yellow"
            yield part.due, "due"

    def tick(self, now: datetime) -> None:
        """Nobody does anything until ``now``."""
        while True:
            order = [None, *self.parts]
            found = [(at, TIES.index(name), order.index(part), name) for at, name, part in self.pending() if at]
            if not found or min(found)[0] > now:
                return
            at, _, index, name = min(found)
            part = order[index]
            if part is None:
                self.fall_of_whole(name, at)
            else:
                self.fall_of_step(name, at, part)

    def fall_of_whole(self, name: str, at: datetime) -> None:
        """Something falls due to the whole."""
        k = self.k
        if name == "yellow":
            k.yellow = True
            self.say(at, "turned_yellow")
        elif name == "due":
            k.yellow = k.red = True
            self.say(at, "turned_red")
        elif name == "resumption":
            k.stage = "runs"
            self.promise_whole(k.resume_data)
            self.say(at, "resumed")
        elif name == "materials_lapsed":
            self.release(at)
            self.close(at)
        elif name == "answer_window_end":
            self.close(at)
        else:
            k.archived = True
            self.say(at, "archived")

    def fall_of_step(self, name: str, at: datetime, part: Bag) -> None:
        """Something falls due to a step."""
        if name == "handoff_stuck":
            part.stuck = True
        elif name in ("outside_overdue", "outside_chased"):
            part.overdue, part.chase_at = True, at + timedelta(hours=72)
        elif name == "ack_missed":
            part.ack_by, part.ladder = None, at + RUNGS[0]
        elif name == "ack_escalated":
            part.rungs += 1
            part.ladder = at + (RUNGS[part.rungs] if part.rungs < len(RUNGS) else timedelta(hours=1))
        elif name == "extension_reminder":
            part.reminded, name = True, "extension_reminded"
        elif name == "yellow":
            part.yellow, name = True, "turned_yellow"
        elif name == "resumption":
            self.resumed(at, part, part.resume_data)
            return
        elif name == "due":
            if part.wants:
                part.wants = None
                self.say(at, "extension_lapsed", part.key)
            part.yellow = part.red = True
            part.cards, part.card = part.cards + 1, part.appeal_by
            for one in ("turned_red", "red_card_issued", "points_deducted"):
                self.say(at, one, part.key)
            name = "interview_opened"
        self.say(at, name, part.key)

    # commands

    def give(self, kind: str, at: datetime, unit: str | None, roles: Any, data: dict[str, Any]) -> None:
        """A command is given. Raises No."""
        self.tick(at)
        stages = {
            "rate": ["decided"],
            "resume": ["suspended"],
            "bring_materials": ["runs", "suspended", "materials"],
            "decide_extension": [self.k.stage],
            "withdraw": ["runs", "suspended", "materials"],
            "confirm_handoff": ["runs", "suspended", "materials"],
        }
        if self.k.stage not in stages.get(kind, ["runs"]):  # fmt: skip
            raise No
        getattr(self, kind)(at, unit, roles, data)

    def acknowledge(self, at: datetime, unit: str | None, roles: Any, data: dict[str, Any]) -> None:
        """By the holder, once."""
        part = self.step(data, unit)
        if part.outside or part.state != "given":
            raise No
        part.state, part.ladder = "works", None
        self.say(at, "acknowledged", part.key)

    def complete_step(self, at: datetime, unit: str | None, roles: Any, data: dict[str, Any]) -> None:
        """By the holder; from outside also by hand."""
        part = self.step(data)
        by_hand = bool({"supervisor", "intake_clerk"} & set(roles))
        if part.unit != unit and not (part.outside and by_hand):
            raise No
        if not part.outside and part.state != "works":
            raise No
        refused = data["outcome"] == "refused"
        after = self.would_open({part.key}) if not refused else ([], [])
        others = [one for one in self.open() if one is not part]
        ends = refused or not (after[0] or others)
        if ends and not refused and (self.k.needed | {"photo"}) - self.k.given:
            raise No
        part.open, part.outcome, part.wants = False, data["outcome"], None
        self.say(at, "step_completed", part.key)
        if not ends:
            inside = [not one.outside for one in others] + [self.is_inside(key) for key in after[0]]
            if not any(inside):
                self.k.stood = self.k.stood or at
            elif self.k.stood:
                self.promise_whole(data)
        self.open_steps(at, after, data)
        if ends:
            self.release(at)
            self.k.stage, self.k.answer, self.k.stood = "decided", when(data["answer_by"]), self.k.stood or at
            self.k.refused = refused
            self.say(at, "completed")

    def confirm_handoff(self, at: datetime, unit: str | None, roles: Any, data: dict[str, Any]) -> None:
        """Once, of a step outside."""
        part = self.step(data)
        if not part.outside or part.confirmed:
            raise No
        part.confirmed = True
        self.say(at, "handoff_confirmed", part.key)

    def request_materials(self, at: datetime, unit: str | None, roles: Any, data: dict[str, Any]) -> None:
        """Once, of what is known and not there, while no decision waits."""
        part, codes = self.step(data, unit), set(data["codes"])
        if part.outside or part.state != "works" or any(one.wants for one in self.open()) or self.k.requested:
            raise No
        if not codes or codes - self.k.known or codes & self.k.given:
            raise No
        self.k.stage, self.k.requested, self.k.asked = "materials", True, codes
        self.k.lapse, self.k.stood = when(data["materials_by"]), self.k.stood or at
        self.say(at, "materials_requested")
        for one in self.open():
            if not one.outside:
                one.state, one.before, one.stood, one.resume = "stands", one.state, at, None

    def bring_materials(self, at: datetime, unit: str | None, roles: Any, data: dict[str, Any]) -> None:
        """What is known and not there; the last of what was asked for starts the clocks."""
        codes, k = set(data["codes"]), self.k
        if not codes or codes - k.known or codes & k.given:
            raise No
        k.given |= codes
        self.say(at, "materials_received")
        if k.stage != "materials" or k.asked - k.given:
            return
        k.stage, k.asked, k.lapse = "runs", set(), None
        self.promise_whole(data)
        for part in self.open():
            if not part.outside:
                self.resumed(at, part, data["parts"][part.key], silent=True)
        if not self.parts:
            self.go_on(at, data)

    def suspend(self, at: datetime, unit: str | None, roles: Any, data: dict[str, Any]) -> None:
        """While the clock of the whole runs, and nothing waits."""
        if self.k.red or self.k.stood or any(part.wants for part in self.open()):
            raise No
        k, resume = self.k, when(data["resume_at"])
        k.stage, k.stood, k.resume, k.resume_data = "suspended", at, resume, data
        self.say(at, "suspended")
        for part in self.open():
            if not part.outside:
                part.before, part.state, part.stood, part.resume = part.state, "stands", at, resume
                part.resume_data = data["parts"][part.key]
                self.say(at, "suspended", part.key)

    def resume(self, at: datetime, unit: str | None, roles: Any, data: dict[str, Any]) -> None:
        """Whatever stood goes on."""
        self.k.stage = "runs"
        self.promise_whole(data)
        self.say(at, "resumed")
        for part in self.open():
            if not part.outside:
                self.resumed(at, part, data["parts"][part.key])

    def request_extension(self, at: datetime, unit: str | None, roles: Any, data: dict[str, Any]) -> None:
        """In time, once at a time, twice at the most, to a later date."""
        part = self.step(data, unit)
        if part.outside or part.state != "works" or not part.ext_by or at > part.ext_by or part.wants or part.used >= 2:
            raise No
        if when(data["until"]) <= part.due:
            raise No
        self.k.asked_count += 1
        part.wants = (str(self.k.asked_count), part.used >= 1, data["promise"])
        self.say(at, "extension_requested", part.key)

    def decide_extension(self, at: datetime, unit: str | None, roles: Any, data: dict[str, Any]) -> None:
        """By the centre; the second by its leader."""
        part = next((one for one in self.open() if one.wants and one.wants[0] == data["extension"]), None)
        if part is None or (part.wants[1] and "unit_leader" not in roles):
            raise No
        if data["grant"]:
            self.promise(part, part.wants[2], at)
            part.used += 1
        elif part.remind_at and part.remind_at < at:
            part.reminded = True
        part.wants = None
        self.say(at, "extension_granted" if data["grant"] else "extension_refused", part.key)

    def rate(self, at: datetime, unit: str | None, roles: Any, data: dict[str, Any]) -> None:
        """Not solved takes it up again, once."""
        self.say(at, "rated")
        if data["solved"] or self.k.redone:
            self.close(at)
            return
        self.k.redone, self.k.stage, self.k.red, self.k.answer = 1, "runs", False, None
        self.promise_whole(data)
        self.say(at, "reopened")
        for part in self.parts:
            part.outcome = None if part.outcome == "refused" else part.outcome
        (key,) = data["handovers"]
        self.open_steps(at, ([key], []), data)
        if not self.is_inside(key):
            self.k.stood = at

    def withdraw(self, at: datetime, unit: str | None, roles: Any, data: dict[str, Any]) -> None:
        """Taken back."""
        self.release(at)
        self.close(at, "withdrawn")

    # what several of them do

    def say(self, at: datetime, name: str, key: str | None = None) -> None:
        """Writes into the log."""
        self.log.append((name, key, at))

    def open(self) -> list[Bag]:
        """The steps that are handed over and not done."""
        return [part for part in self.parts if part.open]

    def step(self, data: dict[str, Any], unit: str | None = None) -> Bag:
        """The open step that is meant, held by ``unit``."""
        part = next((one for one in self.open() if one.key == data["part"]), None)
        if part is None or unit not in (None, part.unit):
            raise No
        return part

    def is_inside(self, key: str) -> bool:
        """Whether a unit of ours holds it."""
        return bool(self.steps[key]["kind"] == "inside")

    def would_open(self, also: set[str]) -> tuple[list[str], list[str]]:
        """What opens and what is skipped, once ``also`` are done too. Walks as long as something changes."""
        done = {part.key for part in self.parts if part.outcome} | also
        busy = {part.key for part in self.open()} - also
        opens: list[str] = []
        skips: list[str] = []
        for _ in self.steps:
            for key, step in self.steps.items():
                if key in done | busy | self.k.skipped or key in opens + skips:
                    continue
                if set(step["after"]) <= done | self.k.skipped | set(skips):
                    wanted = step["only_if"]["material"] if step["only_if"] else None
                    (opens if wanted is None or wanted in self.k.given else skips).append(key)
        return [key for key in self.steps if key in opens], [key for key in self.steps if key in skips]

    def go_on(self, at: datetime, data: dict[str, Any]) -> None:
        """The first steps."""
        after = self.would_open(set())
        self.open_steps(at, after, data)
        if not any(self.is_inside(key) for key in after[0]):
            self.k.stood = at

    def open_steps(self, at: datetime, after: tuple[list[str], list[str]], data: dict[str, Any]) -> None:
        """Skips, then inside steps, then outside ones."""
        for key in after[1]:
            self.k.skipped.add(key)
            self.say(at, "step_skipped", key)
        for key in sorted(after[0], key=lambda key: not self.is_inside(key)):
            given = data["handovers"][key]
            part = Bag(
                key=key, unit=given["unit"], open=True, outside=not self.is_inside(key), outcome=None, state="given",
                wants=None, used=0, cards=0, card=None, rungs=0, ladder=None, red=False, stood=None, resume=None,
                stuck=False, confirmed=False, overdue=False, chase_at=None, before=None, resume_data=None,
                stuck_by=when(given.get("stuck_by")), reference_by=when(given.get("reference_by")),
            )  # fmt: skip
            if not part.outside:
                part.ack_by = when(given["ack"]["ack_by"])
                self.promise(part, given["promise"], at)
            self.parts.append(part)
            self.say(at, "handed_out" if part.outside else "dispatched", key)

    def promise(self, part: Bag, plain: dict[str, Any], at: datetime) -> None:
        """A new deadline of a step: every light is off again."""
        part.due, part.yellow_at, part.ext_by, part.remind_at, part.appeal_by = (
            when(plain[name]) for name in ("due_at", "yellow_at", "extension_by", "remind_at", "appeal_by")
        )
        part.yellow = part.red = False
        part.reminded = part.remind_at is not None and part.remind_at < at

    def promise_whole(self, plain: dict[str, Any]) -> None:
        """The clock of the whole goes on; a missed deadline stays missed."""
        k = self.k
        k.stood = k.resume = None
        plain = plain.get("promise", plain)
        if not k.red:
            k.due, k.yellow_at, k.yellow = when(plain["due_at"]), when(plain["yellow_at"]), False

    def resumed(self, at: datetime, part: Bag, data: dict[str, Any], *, silent: bool = False) -> None:
        """A step goes on as it was, its acknowledgement with what was left."""
        if not part.red:
            self.promise(part, data["promise"], at)
        if part.before == "given":
            stood = at - part.stood
            part.ack_by = (
                when(data["ack"]["ack_by"]) if data.get("ack") else part.ack_by + stood if part.ack_by else None
            )
            part.ladder = part.ladder + stood if part.ladder else None
        part.state, part.resume = part.before, None
        if not silent:
            self.say(at, "resumed", part.key)

    def release(self, at: datetime) -> None:
        """Whoever still works on a step is released."""
        for part in self.open():
            part.open, part.wants = False, None
            self.say(at, "released", part.key)

    def close(self, at: datetime, name: str = "closed") -> None:
        """The end."""
        self.k.stage, self.k.closed = "closed", at
        self.say(at, name)
