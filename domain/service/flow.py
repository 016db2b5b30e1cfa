"""The flow of a service request: which steps there are, what each waits for, and which open next. Pure graph logic.

A flow is data of a catalogue version, with the holders resolved when the request is accepted (B1, B6). It holds keys,
codes and limits; the names of its steps stay in the catalogue.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from domain.errors import Unprocessable
from domain.vocabulary import OutcomeEffect, StepKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """When a step is needed: a step before it had this outcome (None: was done at all), or a material is there.

    ``negated`` turns it round. A step that was skipped has no outcome.
    """

    step: str | None = None
    outcome: str | None = None
    material: str | None = None
    negated: bool = False

    def holds(self, done: Mapping[str, str], materials: Collection[str]) -> bool:
        """Whether it holds for these outcomes by step, and the materials that are there."""
        met = True
        if self.step is not None:
            outcome = done.get(self.step)
            met = outcome is not None and self.outcome in (None, outcome)
        if self.material is not None:
            met = met and self.material in materials
        return met is not self.negated


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOutcome:
    """One of the ways in which a step can end, and what it does to the whole."""

    code: str
    effect: OutcomeEffect


PASSED: Final = "passed"
TURNED_DOWN: Final = "refused"
USUAL_OUTCOMES: Final = (
    StepOutcome(code=PASSED, effect=OutcomeEffect.GO_ON),
    StepOutcome(code=TURNED_DOWN, effect=OutcomeEffect.REFUSE),
)
"""Of a step that names none itself: these words keep its plain state short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step. ``unit`` is the code of its holder.

    limit          of an inside step, in words of the rulebook ("3 working days")
    reference_min, reference_max   of an outside step, likewise; they bind nobody (B4)
    after          keys of the steps that must be done or skipped before it opens
    only_if        it is skipped where this does not hold when its turn comes
    outcomes       how it can end; none: as steps usually do
    connector      name of the connector that hands an outside step out; None: by hand or by file (B8)
    """

    key: str
    kind: StepKind = StepKind.INSIDE
    unit: str
    limit: str | None = None
    reference_min: str | None = None
    reference_max: str | None = None
    after: tuple[str, ...] = ()
    only_if: Condition | None = None
    outcomes: tuple[StepOutcome, ...] = ()
    connector: str | None = None

    @property
    def inside(self) -> bool:
        """Held by a unit of ours, under a limit."""
        return self.kind is StepKind.INSIDE

    def effect(self, outcome: str) -> OutcomeEffect:
        """What an outcome of this step does. Raises Unprocessable("step_outcome_unknown")."""
        for known in self.outcomes or USUAL_OUTCOMES:
            if known.code == outcome:
                return known.effect
        raise Unprocessable("step_outcome_unknown", field="outcome")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The steps of an item, in the order in which they are told. A step stands after those that it waits for."""

    steps: tuple[Step, ...]

    def step(self, key: str) -> Step | None:
        """The step with this key."""
        return next((step for step in self.steps if step.key == key), None)


class Following(NamedTuple):
    """The steps that open now, and those that turn out not to be needed; both in the order of the flow."""

    opens: tuple[Step, ...]
    skips: tuple[str, ...]


def following(
    flow: Flow, done: Mapping[str, str], opened: Collection[str], skipped: Collection[str], materials: Collection[str]
) -> Following:
    """What opens now, given the outcomes of the steps that are ``done``, those ``opened`` and those ``skipped``.

    A step opens when all that it waits for is done or skipped and its condition holds; where that does not hold it is
    skipped, and counts from then on. Parallel steps open together. Steps that are done, open or skipped never open.
    """
    passed, opens, skips = {*done, *skipped}, list[Step](), list[str]()
    waiting = [step for step in flow.steps if step.key not in passed and step.key not in opened]
    moved = True
    while moved:
        moved = False
        for step in list(waiting):
            if not passed.issuperset(step.after):
                continue
            waiting.remove(step)
            if step.only_if is None or step.only_if.holds(done, materials):
                opens.append(step)
            else:
                skips.append(step.key)
                passed.add(step.key)
                moved = True
    return Following(_in_order(flow, opens), tuple(step.key for step in flow.steps if step.key in skips))


def _in_order(flow: Flow, steps: Iterable[Step]) -> tuple[Step, ...]:
    keys = {step.key for step in steps}
    return tuple(step for step in flow.steps if step.key in keys)
