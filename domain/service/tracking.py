"""A service request as its applicant follows it (B2, B4): the steps passed, the present ones, and those ahead. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.holding.parts import latest
from domain.holding.state import Part
from domain.holding.values import RUNNING
from domain.service.flow import Step
from domain.service.request import ServiceRequest
from domain.tracking import Passage, Wait, wait_of
from domain.vocabulary import MaterialState, StepKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one step stands.

    since           when whoever holds it now got it; None: nobody does
    at              when it was passed
    reference_from, reference_by   of an outside step: when an answer may be expected; it binds nobody
    overdue         the answer is later than that
    """

    key: str
    kind: StepKind
    passage: Passage
    unit: str | None = None
    since: datetime | None = None
    at: datetime | None = None
    reference_from: datetime | None = None
    reference_by: datetime | None = None
    overdue: bool = False


def steps(request: ServiceRequest) -> list[Standing]:
    """Every step of the flow, in the order in which they are told; one that was done again by its latest turn."""
    return [_standing(request, step, latest(request.parts, step.key)) for step in request.flow.steps]


def next_steps(request: ServiceRequest, standing: Sequence[Standing]) -> tuple[str, ...]:
    """Keys of the steps that come next: ahead, and waiting for nothing but what is passed or under way."""
    ahead = {step.key for step in standing if step.passage is Passage.AHEAD}
    return tuple(step.key for step in request.flow.steps if step.key in ahead and ahead.isdisjoint(step.after))


def wait(request: ServiceRequest) -> Wait | None:
    """Why it waits for somebody beyond the units that work on it; None: it is being worked on."""
    parts = list(request.open_parts)
    if request.status in RUNNING and parts and all(part.outside is not None for part in parts):
        return Wait.OUTSIDE_STEP
    return wait_of(request.status)


def began_at(request: ServiceRequest) -> datetime | None:
    """When the first step was handed over; None: nothing has begun, because materials are missing."""
    return request.parts[0].dispatched_at if request.parts else None


def materials(request: ServiceRequest) -> dict[str, MaterialState]:
    """Every material that is there, missing or asked for; what may be brought and was not is left out."""
    found = request.materials
    state = dict.fromkeys((*found.needed, *found.may_follow), MaterialState.MISSING)
    state |= dict.fromkeys(found.outstanding, MaterialState.ASKED)
    return state | dict.fromkeys(found.given, MaterialState.GIVEN)


def _standing(request: ServiceRequest, step: Step, part: Part | None) -> Standing:
    passage = _passage(request, step, part)
    if part is None or passage in (Passage.AHEAD, Passage.NOT_NEEDED):
        return Standing(key=step.key, kind=step.kind, passage=passage)
    passed, outside = passage is Passage.PASSED, part.outside
    return Standing(
        key=step.key,
        kind=step.kind,
        passage=passage,
        unit=part.unit,
        since=None if passed else part.dispatched_at,
        at=part.completed_at if passed else None,
        reference_from=outside.reference_from if outside else None,
        reference_by=outside.reference_by if outside else None,
        overdue=outside is not None and outside.overdue and not passed,
    )


def _passage(request: ServiceRequest, step: Step, part: Part | None) -> Passage:
    if part is not None and part.outcome is not None:
        return Passage.PASSED
    if part is not None and not part.finished:
        return Passage.NOW
    over = request.decided is not None or request.finished or part is not None
    return Passage.NOT_NEEDED if over or step.key in request.skipped else Passage.AHEAD
