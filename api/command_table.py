"""Every command as one line: its path, its body, its kind, its texts, and what has to be resolved for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from api import resolve
from api import resolve_services as steps
from api.resolve_services import ToRequest
from api.schemas import commands as given
from api.schemas import discipline, services
from domain.errors import Conflict
from domain.rulebook import Rulebook
from domain.service.promising import rules_of
from domain.vocabulary import CommandKind

Resolver = Callable[[Rulebook, Any, Any, datetime], dict[str, Any]]


def nothing(rules: Rulebook, subject: Any, body: Any, at: datetime) -> dict[str, Any]:
    """Nothing goes to the workflow but the command itself."""
    return {}


def as_given(*fields: str) -> Resolver:
    """These fields of the body go to the workflow as they are: codes."""
    return lambda rules, subject, body, at: {name: getattr(body, name) for name in fields}


def not_here(rules: Rulebook, subject: Any, body: Any, at: datetime) -> dict[str, Any]:
    """This kind of case knows no such command. Raises Conflict("transition_not_allowed")."""
    raise Conflict("transition_not_allowed")


def either(incident: Resolver = not_here, request: Resolver = not_here) -> Resolver:
    """By the kind of case: what has to be resolved for an incident, and for a service request."""

    def resolved(rules: Rulebook, subject: Any, body: Any, at: datetime) -> dict[str, Any]:
        return (request if isinstance(subject, ToRequest) else incident)(rules, subject, body, at)

    return resolved


def of_file(resolver: Resolver) -> Resolver:
    """Under the clocks of the category of its case; without one, under those of service requests."""

    def resolved(rules: Rulebook, category: str | None, body: Any, at: datetime) -> dict[str, Any]:
        return resolver(rules_of(rules) if category is None else rules, category or "", body, at)

    return resolved


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLine:
    """One command.

    path      below its dossier
    texts     fields that stay in the database
    resolver  what goes to the workflow; given what of the case it concerns (for files, the category of their case)
              and the body
    handler   field that must name an active handler of the actor's unit
    units     fields that must name a unit each, or several
    """

    path: str
    schema: type[BaseModel]
    kind: CommandKind
    texts: tuple[str, ...] = ()
    resolver: Resolver = nothing
    handler: str | None = None
    units: tuple[str, ...] = ()


_K = CommandKind

STEP_COMPLETION = CommandLine(
    path="steps/{part}/completion",
    schema=services.StepCompletionIn,
    kind=_K.COMPLETE_STEP,
    texts=("note",),
    resolver=either(request=steps.complete_step),
)
"""By hand, by file and by connector alike (B8)."""

CASE_COMMANDS: tuple[CommandLine, ...] = (
    CommandLine(path="dispatch", schema=given.DispatchIn, kind=_K.DISPATCH, texts=("note",),
                resolver=either(resolve.dispatch, steps.dispatch), units=("unit", "assisting")),
    CommandLine(path="assistance", schema=given.AssistanceIn, kind=_K.ASSIST, texts=("note",),
                resolver=either(resolve.assist), units=("unit",)),
    CommandLine(path="acknowledgement", schema=given.AcknowledgementIn, kind=_K.ACKNOWLEDGE, texts=("plan",),
                resolver=as_given("handler"), handler="handler"),
    CommandLine(path="progress", schema=given.ProgressIn, kind=_K.PROGRESS, texts=("note",),
                resolver=as_given("answers")),
    CommandLine(path="urging", schema=given.UrgingIn, kind=_K.URGE, texts=("note",)),
    CommandLine(path="alarm/takeover", schema=given.NoteIn, kind=_K.TAKE_OVER, texts=("note",)),
    CommandLine(path="return", schema=given.ReturnIn, kind=_K.RETURN, texts=("reason",)),
    CommandLine(path="return/ruling", schema=given.ReturnRulingIn, kind=_K.RULE_RETURN, texts=("note",),
                resolver=either(resolve.rule_return, steps.rule_return), units=("unit",)),
    CommandLine(path="extensions", schema=given.ExtensionIn, kind=_K.REQUEST_EXTENSION, texts=("reason",),
                resolver=either(resolve.request_extension, steps.request_extension)),
    CommandLine(path="extensions/{extension}/decision", schema=given.DecisionIn, kind=_K.DECIDE_EXTENSION,
                texts=("note",), resolver=as_given("grant")),
    CommandLine(path="suspension", schema=given.SuspensionIn, kind=_K.SUSPEND, texts=("reason",),
                resolver=either(resolve.suspend, steps.suspend)),
    CommandLine(path="resumption", schema=given.Nothing, kind=_K.RESUME, resolver=either(resolve.resume, steps.resume)),
    CommandLine(path="completion", schema=given.CompletionIn, kind=_K.COMPLETE, texts=("result",),
                resolver=either(resolve.complete)),
    CommandLine(path="verification", schema=given.VerificationIn, kind=_K.VERIFY, texts=("note",),
                resolver=either(resolve.verify)),
    CommandLine(path="answer", schema=given.AnswerIn, kind=_K.RATE, texts=("note",),
                resolver=either(resolve.rate, steps.rate)),
    CommandLine(path="appeal", schema=given.AppealIn, kind=_K.APPEAL, texts=("reason",), resolver=as_given("card")),
    CommandLine(path="appeal/ruling", schema=given.AppealRulingIn, kind=_K.RULE_APPEAL, texts=("note",),
                resolver=as_given("uphold", "card")),
    CommandLine(path="withdrawal", schema=given.ReasonIn, kind=_K.WITHDRAW, texts=("reason",)),
    CommandLine(path="materials", schema=services.MaterialsIn, kind=_K.BRING_MATERIALS, texts=("note",),
                resolver=either(request=steps.bring_materials)),
    CommandLine(path="materials-request", schema=services.MaterialsRequestIn, kind=_K.REQUEST_MATERIALS,
                texts=("note",), resolver=either(request=steps.request_materials)),
    STEP_COMPLETION,
    CommandLine(path="steps/{part}/handoff", schema=services.HandoffIn, kind=_K.CONFIRM_HANDOFF,
                texts=("reference",)),
)  # fmt: skip

INTERVIEW_COMMANDS: tuple[CommandLine, ...] = (
    CommandLine(path="convocation", schema=discipline.ConvocationIn, kind=_K.CONVENE, texts=("place",),
                resolver=of_file(resolve.convene)),
    CommandLine(path="waiver", schema=discipline.WaiverIn, kind=_K.WAIVE, texts=("reason",)),
    CommandLine(path="minutes", schema=discipline.MinutesIn, kind=_K.KEEP_MINUTES, texts=("person", "text"),
                resolver=as_given("kind")),
    CommandLine(path="rectification", schema=discipline.RectificationIn, kind=_K.RECTIFY, texts=("measures",),
                resolver=of_file(resolve.rectify)),
    CommandLine(path="check", schema=discipline.CheckIn, kind=_K.CHECK, texts=("note",), resolver=as_given("passed")),
)  # fmt: skip

ACCOUNTABILITY_COMMANDS: tuple[CommandLine, ...] = (
    CommandLine(path="findings", schema=discipline.FindingsIn, kind=_K.RECORD_FINDINGS, texts=("note",),
                resolver=of_file(resolve.record_findings)),
    CommandLine(path="decision", schema=discipline.AccountabilityDecisionIn, kind=_K.DECIDE_ACCOUNTABILITY,
                texts=("measure", "note"),
                resolver=lambda rules, subject, body, at: {"for": body.decided_for.value}),
    CommandLine(path="closure", schema=discipline.ClosureIn, kind=_K.CLOSE_ACCOUNTABILITY, texts=("note",)),
)  # fmt: skip


def texts_of(line: CommandLine, body: BaseModel) -> Mapping[str, str]:
    """The words of a body."""
    return {name: getattr(body, name) for name in line.texts}
