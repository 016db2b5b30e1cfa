"""Which holding of a dossier an event, a milestone or a command concerns: the dossier's own, or a part.

Everything that routes is here, once for every dossier composed of holdings (``state`` shows how). ``own`` is
always the dossier's own table, for what concerns it as a whole; it comes before the rules of holdings.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from domain.errors import Conflict, Unprocessable
from domain.facts import Fact, number
from domain.holding import cards, clock, commands, events, outside, step_events
from domain.holding.cards import Carded
from domain.holding.clock import Pending
from domain.holding.commands import ALLOWED, HOLDERS, holdings
from domain.holding.state import Holding, Part
from domain.holding.values import RUNNING
from domain.messages import Command, Event, Milestone
from domain.vocabulary import CaseStatus, CommandKind, EventType, MilestoneKind

D = TypeVar("D", bound=Carded)

_ORDER = {kind: order for order, kind in enumerate(MilestoneKind)}
_OPENING = frozenset({EventType.DISPATCHED, EventType.HANDED_OUT})
_PAUSING: Mapping[CommandKind, tuple[frozenset[CaseStatus], Callable[[Holding, Command], Fact]]] = {
    CommandKind.SUSPEND: (RUNNING, commands.suspend),
    CommandKind.RESUME: (frozenset({CaseStatus.SUSPENDED}), commands.resume),
}


def changes(
    dossier: D, event: Event, own: Mapping[EventType, Callable[[D, Event], Mapping[str, Any]]]
) -> Mapping[str, Any]:
    """The fields of the dossier that ``event`` changes. Raises ValueError when it does not follow on the last one."""
    if event.seq != dossier.version + 1:
        raise ValueError(f"{dossier.number}: event {event.seq} does not follow on {dossier.version}")
    if event.type in cards.CHANGES:
        return cards.CHANGES[event.type](dossier, event)
    if event.data.get("part") is not None:
        return {"parts": _changed(dossier, event)}
    if event.type in own:
        return own[event.type](dossier, event)
    return events.changes(dossier.lead, event, dossier.terms) if dossier.lead is not None else {}


def _changed(dossier: Carded, event: Event) -> tuple[Part, ...]:
    """The parts after an event of one of them; one that hands over a key that nobody holds open opens a part."""
    key = event.data["part"]
    part = latest(dossier.parts, key)
    if part is None or part.finished:
        part = Part(key=key, round=part.round + 1 if part else 1)
        return (*dossier.parts, _after(part, event, dossier)) if event.type in _OPENING else dossier.parts
    return tuple(_after(each, event, dossier) if each is part else each for each in dossier.parts)


def _after(part: Part, event: Event, dossier: Carded) -> Part:
    if event.type in step_events.CHANGES:
        return replace(part, **step_events.CHANGES[event.type](part, event))
    return replace(part, **events.changes(part, event, dossier.terms))


def next_milestone(dossier: Carded, own: Iterable[Pending]) -> Milestone | None:
    """The earliest of the dossier's ``own`` and its parts'; members of ``MilestoneKind`` in order at equal instants."""
    found = [(at, _ORDER[kind], 0, kind, None) for kind, at in own if at is not None]
    parts = [
        (at, _ORDER[kind], index, kind, part.key)
        for index, part in enumerate(dossier.parts, start=1)
        for kind, at in _pending(part, dossier)
        if at is not None
    ]
    if not found and not parts:
        return None
    at, _, _, kind, key = min([*found, *parts])
    return Milestone(kind=kind, at=at, part=key)


def _pending(part: Part, dossier: Carded) -> Iterator[Pending]:
    if part.outside is not None and not part.finished:
        return outside.pending(part.outside)
    return clock.pending(part, dossier.terms)


def reach(
    dossier: D, milestone: Milestone, own: Mapping[MilestoneKind, Callable[[D], list[Fact]]]
) -> tuple[Event, ...]:
    """The events of ``milestone``, dated with the instant it fell due."""
    if milestone.part is None and milestone.kind in own:
        return number(dossier, own[milestone.kind](dossier), at=milestone.at)
    holding = latest(dossier.parts, milestone.part) if milestone.part is not None else dossier.lead
    if holding is None:
        raise ValueError(f"{dossier.number}: {milestone} is of no holding")
    return number(dossier, of(holding, _reached(holding, milestone.kind, dossier)), at=milestone.at)


def _reached(holding: Holding, kind: MilestoneKind, dossier: Carded) -> list[Fact]:
    if isinstance(holding, Part) and holding.outside is not None:
        return [outside.REACH[kind](holding.outside)]
    return clock.REACH[kind](holding, dossier)


def decide(
    dossier: D, command: Command, own: Mapping[CommandKind, Callable[[D, Command], Iterable[Fact]]]
) -> Iterable[Fact]:
    """What a command to one holding makes happen (its kind is in ``commands.ALLOWED``).

    ``own`` holds what the lead does otherwise than a part. Raises as ``addressed``, ``commands.admit``, and
    what the command itself refuses.
    """
    holding = addressed(dossier, command.kind, command.unit, command.data)
    commands.admit(holding, command)
    if holding is dossier.lead and command.kind in own:
        return own[command.kind](dossier, command)
    return of(holding, commands.DECIDE[command.kind](holding, command, dossier))


def pause_or_go_on(dossier: Carded, command: Command) -> Iterator[Fact]:
    """A suspension or resumption of the dossier, for each of its parts that runs or stands (A16).

    ``data["parts"][key]`` says what ``data`` says of the lead: promise and basis. Raises Conflict("promise_changed")
    when it says nothing of a part, and as ``commands.suspend``.
    """
    states, change = _PAUSING[command.kind]
    for part in dossier.parts:
        if part.status in states:
            resolved = command.data.get("parts", {}).get(part.key)
            if resolved is None:
                raise Conflict("promise_changed")
            commands.check_basis(part, resolved)
            yield from of(part, [change(part, replace(command, data={**command.data, **resolved}))])


def rebase(dossier: Carded, command: Command) -> Iterator[Fact]:
    """Another calendar, for each holding that was counted again under it (E2).

    ``data`` says of the lead, and ``data["parts"][key]`` of a part, what ``domain.rebasing`` made of it.
    """
    resolved = command.data.get("parts", {})
    if dossier.lead is not None:
        yield from of(dossier.lead, commands.rebase(dossier.lead, command, command.data))
    for key in resolved:
        part = latest(dossier.parts, key)
        if part is not None:
            yield from of(part, commands.rebase(part, command, resolved[key]))


def release(dossier: Carded) -> Iterator[Fact]:
    """Whoever still works on a part is released: the dossier needs it no more. Cards that fell stay."""
    for part in dossier.parts:
        if not part.finished:
            yield from of(part, [(EventType.RELEASED, {})])


def latest(parts: Iterable[Part], key: str) -> Part | None:
    """The part with this key that was opened last."""
    return next((part for part in reversed(tuple(parts)) if part.key == key), None)


def of(holding: Holding, facts: Iterable[Fact]) -> list[Fact]:
    """Facts of ``holding``, with its mark."""
    return [(kind, {**holding.mark, **data}) for kind, data in facts]


def addressed(dossier: Carded, kind: CommandKind, unit: str | None, data: Mapping[str, Any]) -> Holding:
    """The holding that a command by somebody of ``unit`` concerns: the part that it names, else the only one that
    admits it.

    Of the holder's commands those of the actor's unit are asked, of the centre's the lead. Raises
    Unprocessable("step_unknown"), Conflict("not_holder"), Conflict("part_ambiguous").
    """
    named = data.get("part")
    if named is not None:
        part = latest(dossier.parts, named)
        if part is None:
            raise Unprocessable("step_unknown", field="step")
        return part
    concerned = _concerned(dossier, kind, unit, data)
    admitting = [holding for holding in concerned if holding.status in ALLOWED[kind]]
    if len(admitting) > 1:
        raise Conflict("part_ambiguous")
    return (admitting or [holding for holding in concerned if not holding.finished] or concerned)[0]


def _concerned(dossier: Carded, kind: CommandKind, unit: str | None, data: Mapping[str, Any]) -> Sequence[Holding]:
    everyone = tuple(holdings(dossier))
    if kind in HOLDERS:
        found = [holding for holding in everyone if holding.unit == unit]
        if not found:
            raise Conflict("not_holder")
        return found
    if kind is CommandKind.DECIDE_EXTENSION:
        named = data["extension"]
        found = [holding for holding in everyone if any(item.id == named for item in holding.extensions)]
        if not found:
            raise Conflict("extension_unknown")
        return found
    if dossier.lead is not None:
        return [dossier.lead]
    if not everyone:
        raise Conflict("transition_not_allowed")
    return everyone
