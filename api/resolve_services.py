"""What calendar and rulebook say about a command to a service request: asked of ``domain.service.resolving``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.schemas import commands as given
from api.schemas import services
from api.schemas.public import RatingIn
from domain.answers import check_answer
from domain.errors import Conflict, Unprocessable
from domain.holding.parts import addressed
from domain.holding.state import Part
from domain.rulebook import Rulebook
from domain.service import resolving
from domain.service.request import ServiceRequest
from domain.vocabulary import CommandKind, OutcomeEffect

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ToRequest:
    """A command to a service request: of which kind, by somebody of which ``unit``, and what it names in ``data``."""

    request: ServiceRequest
    kind: CommandKind
    unit: str
    data: Mapping[str, Any]

    @property
    def part(self) -> Part:
        """The step that is meant. Raises as ``domain.holding.parts.addressed``."""
        found = addressed(self.request, self.kind, self.unit, self.data)
        if not isinstance(found, Part):
            raise Conflict("transition_not_allowed")
        return found


def dispatch(rules: Rulebook, to: ToRequest, body: given.DispatchIn, at: datetime) -> Data:
    """Another unit for a step. Raises Unprocessable("part_not_assisted"): a step has one holder."""
    if body.assisting:
        raise Unprocessable("part_not_assisted", field="assisting")
    return resolving.dispatch(rules, to.part, body.unit, at)


def rule_return(rules: Rulebook, to: ToRequest, body: given.ReturnRulingIn, at: datetime) -> Data:
    """As a dispatch when it goes to another unit at once."""
    unit = body.unit if body.accept else None
    ruling: Data = {"accept": body.accept, "unit": unit}
    return ruling if unit is None else {**resolving.dispatch(rules, to.part, unit, at), **ruling}


def request_extension(rules: Rulebook, to: ToRequest, body: given.ExtensionIn, at: datetime) -> Data:
    """What the step would be promised if it were granted. Raises Unprocessable for a date that cannot be one."""
    return resolving.extend(rules, to.part, body.until)


def suspend(rules: Rulebook, to: ToRequest, body: given.SuspensionIn, at: datetime) -> Data:
    """What is promised when the clocks go on by themselves. Raises Unprocessable("resume_not_later")."""
    if body.resume_at <= at:
        raise Unprocessable("resume_not_later", field="resume_at")
    return resolving.suspend(rules, to.request, body.resume_at, at)


def resume(rules: Rulebook, to: ToRequest, body: given.Nothing, at: datetime) -> Data:
    """What is promised from now on."""
    return resolving.resume(rules, to.request, at)


def rate(rules: Rulebook, to: ToRequest, body: given.AnswerIn | RatingIn, at: datetime) -> Data:
    """The clocks of the redo, if it was not solved."""
    return resolving.rate(rules, to.request, body.solved, body.score, at)


def complete_step(rules: Rulebook, to: ToRequest, body: services.StepCompletionIn, at: datetime) -> Data:
    """What opens next, or until when the applicant may answer.

    Raises Unprocessable("step_outcome_unknown"), and ("answer_without_content") for a refusal without a reason (B10).
    """
    key = to.data["part"]
    step = to.request.flow.step(key)
    if step is not None and step.effect(body.outcome) is OutcomeEffect.REFUSE:
        check_answer(body.note, rules.texts.result, field="note")
    return resolving.complete_step(rules, to.request, key, body.outcome, at)


def request_materials(rules: Rulebook, to: ToRequest, body: services.MaterialsRequestIn, at: datetime) -> Data:
    """Until when they are to be brought (B9)."""
    return resolving.request_materials(rules, body.codes, at)


def bring_materials(rules: Rulebook, to: ToRequest, body: services.MaterialsIn, at: datetime) -> Data:
    """What the clocks go on with when nothing is missing any more (B9)."""
    return resolving.bring_materials(rules, to.request, body.codes, at)
