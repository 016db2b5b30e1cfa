"""A small made-up item for stories about service requests, under the shipped rulebook and its calendar.

What goes with a command is resolved as the API does it (``domain.service.resolving``).
"""

from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest

from domain.errors import Refused
from domain.holding.parts import latest
from domain.holding.state import Part
from domain.ledger import catch_up, fold
from domain.limits import Limit
from domain.messages import Command, Event
from domain.plain import to_plain
from domain.rulebook import Rulebook
from domain.service import promising, resolving
from domain.service.flow import PASSED, Condition, Flow, Step
from domain.service.materials import Materials
from domain.service.opening import open_request
from domain.service.request import ServiceRequest
from domain.vocabulary import CaseStatus, CommandKind, EventType, Role, StepKind
from tests.unit.rulebooks import local, shipped

RULES: Rulebook = shipped().rulebook
RECEIVED = local("2026-03-02 10:00")
"""A Monday; no holiday comes near until 2026-04-04."""

CLERK, HANDLER, SUPERVISOR = (Role.INTAKE_CLERK,), (Role.HANDLER,), (Role.SUPERVISOR,)

CHECK = Step(key="check", unit="civil", limit="3 working days")
SURVEY = Step(key="survey", unit="village", limit="5 working days", after=("check",))
POLICE = Step(key="police", unit="police", limit="2 working days", after=("check",))
COUNTY = Step(
    key="county",
    kind=StepKind.OUTSIDE,
    unit="county-office",
    reference_min="3 working days",
    reference_max="5 working days",
    after=("survey", "police"),
)
ISSUE = Step(key="issue", unit="civil", limit="1 working day", after=("county",))

FIVE = Flow(steps=(CHECK, SURVEY, POLICE, COUNTY, ISSUE))
"""One, then two at a time, one outside, and the last."""

LINE = Flow(steps=(CHECK, Step(key="issue", unit="civil", limit="2 working days", after=("check",))))
PROOF = Step(key="proof", unit="village", limit="2 working days", only_if=Condition(material="letter"))
MATERIALS = Materials(needed=("id", "form"), may_follow=("photo",), optional=("letter",), given=("id", "form", "photo"))


def bare(
    flow: Flow = FIVE,
    *,
    materials: Materials = MATERIALS,
    received_at: datetime = RECEIVED,
    promised: str = "20 working days",
) -> ServiceRequest:
    """A request before its first event."""
    return ServiceRequest(
        number="BJ260302-0000001",
        item="subsistence",
        catalogue_version="2026",
        received_at=received_at,
        terms=promising.terms(RULES),
        flow=flow,
        materials=materials,
        promised=promised,
        legal_rule="30 working days",
        grid="grid-1",
        desk="desk",
        redos=RULES.services.redos,
    )


class Service:
    """A request, all its events, and the way to move it on: each command after what fell due before its stamp."""

    def __init__(
        self,
        flow: Flow = FIVE,
        *,
        materials: Materials = MATERIALS,
        received_at: datetime = RECEIVED,
        promised: str = "20 working days",
    ) -> None:
        self.bare = bare(flow, materials=materials, received_at=received_at, promised=promised)
        self.request, opening = open_request(self.bare, resolving.opening(RULES, self.bare), by="clerk")
        self.events = list(opening)
        self._given = 0

    def until(self, at: datetime) -> "Service":
        """Nobody does anything until ``at``; what falls due then is reached too."""
        self.request, events = catch_up(self.request, at)
        self.events.extend(events)
        return self

    def give(self, kind: CommandKind, at: datetime, **said: Any) -> "Service":
        """Reaches what fell due, then gives the command, resolved as the API does."""
        self.until(at)
        events = self.request.decide(self.command(kind, at, **said))
        self.request = fold(self.request, events)
        self.events.extend(events)
        return self

    def refusal(self, kind: CommandKind, at: datetime, **said: Any) -> str:
        """The code with which the command is refused, after checking that the refusal changed nothing."""
        self.until(at)
        made = self.command(kind, at, **said)
        before, said_before = to_plain(self.request), deepcopy(made)
        with pytest.raises(Refused) as caught:
            self.request.decide(made)
        assert to_plain(self.request) == before
        assert made == said_before
        return caught.value.code

    def command(self, kind: CommandKind, at: datetime, **said: Any) -> Command:
        """The command as whoever usually gives it would: the holder of the step ``part``, a clerk, the centre."""
        self._given += 1
        part = self.part(said["part"]) if said.get("part") else None
        who = _who(kind, part)
        unit, roles, actor = (said.pop(name, usual) for name, usual in zip(("unit", "roles", "by"), who, strict=True))
        more = said.pop("more", {})
        data = {**said, **resolved(RULES, self.request, kind, at, said)}
        return Command(
            id=f"command-{self._given}", kind=kind, at=at, actor=actor, unit=unit, roles=roles,
            data=to_plain({**data, **more}),
        )  # fmt: skip

    def part(self, key: str) -> Part | None:
        """The step as it was opened last."""
        return latest(self.request.parts, key)

    def acknowledge(self, key: str, at: datetime) -> "Service":
        """The unit of a step answers and arranges."""
        return self.give(CommandKind.ACKNOWLEDGE, at, part=key, handler="handler")

    def complete(self, key: str, at: datetime, outcome: str = PASSED) -> "Service":
        """The unit of a step is done."""
        return self.give(CommandKind.COMPLETE_STEP, at, part=key, outcome=outcome)

    def through(self, key: str, at: datetime, outcome: str = PASSED) -> "Service":
        """Acknowledged and done at once."""
        return self.acknowledge(key, at).complete(key, at, outcome)

    @property
    def types(self) -> list[EventType]:
        """Types of all events so far."""
        return [event.type for event in self.events]

    def said(self, *kinds: EventType) -> list[tuple[EventType, str | None]]:
        """The events of these types, each with the step that it concerns."""
        return [(event.type, event.data.get("part")) for event in self.events if event.type in kinds]

    def last(self, kind: EventType) -> Event:
        """The latest event of this type."""
        return next(event for event in reversed(self.events) if event.type is kind)


_OF_HOLDER = frozenset(
    {
        CommandKind.ACKNOWLEDGE,
        CommandKind.PROGRESS,
        CommandKind.RETURN,
        CommandKind.REQUEST_EXTENSION,
        CommandKind.COMPLETE_STEP,
        CommandKind.REQUEST_MATERIALS,
        CommandKind.APPEAL,
    }
)


def _who(kind: CommandKind, part: Part | None) -> tuple[str | None, tuple[Role, ...], str]:
    if part is not None and part.outside is None and kind in _OF_HOLDER:
        return part.unit, HANDLER, "handler"
    if kind in (CommandKind.BRING_MATERIALS, CommandKind.COMPLETE_STEP, CommandKind.CONFIRM_HANDOFF):
        return "desk", CLERK, "clerk"
    return "centre", SUPERVISOR, "supervisor"


def resolved(
    rules: Rulebook, request: ServiceRequest, kind: CommandKind, at: datetime, said: dict[str, Any]
) -> dict[str, Any]:
    """What the calendar and the rulebook say about a command, as the API resolves it into the message."""
    part = latest(request.parts, said["part"]) if said.get("part") else None
    match kind:
        case CommandKind.COMPLETE_STEP if request.flow.step(said["part"]) is not None:
            return resolving.complete_step(rules, request, said["part"], said["outcome"], at)
        case CommandKind.REQUEST_MATERIALS:
            return resolving.request_materials(rules, said["codes"], at)
        case CommandKind.BRING_MATERIALS:
            return resolving.bring_materials(rules, request, said["codes"], at)
        case CommandKind.SUSPEND:
            return resolving.suspend(rules, request, said["resume_at"], at)
        case CommandKind.RESUME:
            return resolving.resume(rules, request, at)
        case CommandKind.RATE:
            return resolving.rate(rules, request, said["solved"], said.get("score"), at)
        case CommandKind.REQUEST_EXTENSION if part is not None:
            return resolving.extend(rules, part, said["until"])
        case CommandKind.DISPATCH | CommandKind.RULE_RETURN if part is not None and said.get("to"):
            return resolving.dispatch(rules, part, said["to"], at)
    return {}


def working_days(count: int, start: datetime = RECEIVED) -> datetime:
    """The end of so many working days after ``start``."""
    return RULES.worktime.deadline(Limit.parse(f"{count} working days"), start).at


__all__ = ["CaseStatus", "Service", "local", "working_days"]
