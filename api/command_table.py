"""Every command as one line: its path, its body, its kind, its texts, and what has to be resolved for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from api import resolve
from api.schemas import commands as given
from api.schemas import discipline
from domain.rulebook import Rulebook
from domain.vocabulary import CommandKind

Resolver = Callable[[Rulebook, Any, Any, datetime], dict[str, Any]]


def nothing(rules: Rulebook, subject: Any, body: Any, at: datetime) -> dict[str, Any]:
    """Nothing goes to the workflow but the command itself."""
    return {}


def as_given(*fields: str) -> Resolver:
    """These fields of the body go to the workflow as they are: codes."""
    return lambda rules, subject, body, at: {name: getattr(body, name) for name in fields}


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

CASE_COMMANDS: tuple[CommandLine, ...] = (
    CommandLine(path="dispatch", schema=given.DispatchIn, kind=_K.DISPATCH, texts=("note",),
                resolver=resolve.dispatch, units=("unit", "assisting")),
    CommandLine(path="assistance", schema=given.AssistanceIn, kind=_K.ASSIST, texts=("note",),
                resolver=resolve.assist, units=("unit",)),
    CommandLine(path="acknowledgement", schema=given.AcknowledgementIn, kind=_K.ACKNOWLEDGE, texts=("plan",),
                resolver=as_given("handler"), handler="handler"),
    CommandLine(path="progress", schema=given.ProgressIn, kind=_K.PROGRESS, texts=("note",),
                resolver=as_given("answers")),
    CommandLine(path="urging", schema=given.UrgingIn, kind=_K.URGE, texts=("note",)),
    CommandLine(path="alarm/takeover", schema=given.NoteIn, kind=_K.TAKE_OVER, texts=("note",)),
    CommandLine(path="return", schema=given.ReturnIn, kind=_K.RETURN, texts=("reason",)),
    CommandLine(path="return/ruling", schema=given.ReturnRulingIn, kind=_K.RULE_RETURN, texts=("note",),
                resolver=resolve.rule_return, units=("unit",)),
    CommandLine(path="extensions", schema=given.ExtensionIn, kind=_K.REQUEST_EXTENSION, texts=("reason",),
                resolver=resolve.request_extension),
    CommandLine(path="extensions/{extension}/decision", schema=given.DecisionIn, kind=_K.DECIDE_EXTENSION,
                texts=("note",), resolver=as_given("grant")),
    CommandLine(path="suspension", schema=given.SuspensionIn, kind=_K.SUSPEND, texts=("reason",),
                resolver=resolve.suspend),
    CommandLine(path="resumption", schema=given.Nothing, kind=_K.RESUME, resolver=resolve.resume),
    CommandLine(path="completion", schema=given.CompletionIn, kind=_K.COMPLETE, texts=("result",),
                resolver=resolve.complete),
    CommandLine(path="verification", schema=given.VerificationIn, kind=_K.VERIFY, texts=("note",),
                resolver=resolve.verify),
    CommandLine(path="answer", schema=given.AnswerIn, kind=_K.RATE, texts=("note",), resolver=resolve.rate),
    CommandLine(path="appeal", schema=given.AppealIn, kind=_K.APPEAL, texts=("reason",), resolver=as_given("card")),
    CommandLine(path="appeal/ruling", schema=given.AppealRulingIn, kind=_K.RULE_APPEAL, texts=("note",),
                resolver=as_given("uphold")),
    CommandLine(path="withdrawal", schema=given.ReasonIn, kind=_K.WITHDRAW, texts=("reason",)),
)  # fmt: skip

INTERVIEW_COMMANDS: tuple[CommandLine, ...] = (
    CommandLine(path="convocation", schema=discipline.ConvocationIn, kind=_K.CONVENE, texts=("place",),
                resolver=resolve.convene),
    CommandLine(path="waiver", schema=discipline.WaiverIn, kind=_K.WAIVE, texts=("reason",)),
    CommandLine(path="minutes", schema=discipline.MinutesIn, kind=_K.KEEP_MINUTES, texts=("person", "text"),
                resolver=as_given("kind")),
    CommandLine(path="rectification", schema=discipline.RectificationIn, kind=_K.RECTIFY, texts=("measures",),
                resolver=resolve.rectify),
    CommandLine(path="check", schema=discipline.CheckIn, kind=_K.CHECK, texts=("note",), resolver=as_given("passed")),
)  # fmt: skip

ACCOUNTABILITY_COMMANDS: tuple[CommandLine, ...] = (
    CommandLine(path="findings", schema=discipline.FindingsIn, kind=_K.RECORD_FINDINGS, texts=("note",),
                resolver=resolve.record_findings),
    CommandLine(path="decision", schema=discipline.AccountabilityDecisionIn, kind=_K.DECIDE_ACCOUNTABILITY,
                texts=("measure", "note"),
                resolver=lambda rules, subject, body, at: {"for": body.decided_for.value}),
    CommandLine(path="closure", schema=discipline.ClosureIn, kind=_K.CLOSE_ACCOUNTABILITY, texts=("note",)),
)  # fmt: skip


def texts_of(line: CommandLine, body: BaseModel) -> Mapping[str, str]:
    """The words of a body."""
    return {name: getattr(body, name) for name in line.texts}
