"""What a person may ask of a dossier now, and why not the rest: the rules themselves are tried, none is repeated.

A trial runs the same resolver and the same decision as the command would, on a made-up body, and keeps nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import Connection

from api.command_table import CASE_COMMANDS, INTERVIEW_COMMANDS, CommandLine
from api.commanding import Subject
from api.kinds import CASES
from domain import reports
from domain.authority import Actor, may
from domain.case import Case
from domain.errors import Refused, Unprocessable
from domain.interview import Interview
from domain.messages import Command
from domain.plain import of_plain, to_plain
from domain.promise import Promise
from domain.rulebook import Rulebook
from domain.service.request import ServiceRequest
from domain.vocabulary import AppealStatus, CaseStatus, CommandKind, ExtensionStatus, TalkKind
from web.forms import FORMS, Field

_K = CommandKind
C = TypeVar("C", Case, ServiceRequest)
_SOON: Final = timedelta(days=1)
_SEARCHED_DAYS: Final = 30
_MOST_MILESTONES: Final = 100
TRIAL: Final = "trial"

FIRST: Final = (
    _K.TAKE_OVER,
    _K.ACKNOWLEDGE,
    _K.RULE_RETURN,
    _K.DECIDE_EXTENSION,
    _K.RULE_APPEAL,
    _K.VERIFY,
    _K.RATE,
    _K.COMPLETE,
    _K.RESUME,
)
"""What is mine now: the first of these that is possible stands open."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What commands are tried on: a case as it stands at ``at``, by whom."""

    rules: Rulebook
    connection: Connection
    found: Subject
    actor: Actor
    at: datetime

    @property
    def case(self) -> Case:
        """The case."""
        case: Case = self.found.value
        return case


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A command that the person's role may give. ``refused``: why not now; None: it may be given.

    step     key of the step that it is given to
    named    what of the case its form names, besides its fields
    options  field → values to choose from, each with what it is called
    """

    line: CommandLine
    fields: tuple[Field, ...]
    refused: str | None
    part: str | None = None
    defaults: Mapping[str, Any]
    step: str | None = None
    named: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    @property
    def kind(self) -> CommandKind:
        """Which command."""
        return self.line.kind

    @property
    def slug(self) -> str:
        """What tells its form from the others on the page."""
        return "-".join((self.kind.value, *self.named.values()))


def case_offers(trial: Trial, only: CommandKind | None = None) -> list[Offer]:
    """The commands on an incident, in the order of the table. ``only``: nothing but this one."""
    known: Case = trial.found.value
    now = replace(trial, found=replace(trial.found, value=as_of(known, trial.at)))
    kinds = FORMS if only is None else (only,)
    lines = [line for line in CASE_COMMANDS if line.kind in kinds and may(trial.actor, line.kind, trial.found.standing)]
    return [_case_offer(now, line) for line in lines]


def file_offers(found: Subject, actor: Actor, at: datetime) -> list[Offer]:
    """The commands on an interview file."""
    file = of_plain(Interview, found.value["state"])
    lines = [line for line in INTERVIEW_COMMANDS if line.kind in FORMS and may(actor, line.kind, found.standing)]
    return [_file_offer(file, line, actor, at) for line in lines]


def main_offer(offers: list[Offer], status: CaseStatus) -> Offer | None:
    """What is to be done first."""
    order = (_K.DISPATCH, *FIRST) if status is CaseStatus.AWAITING_DISPATCH else FIRST
    possible = {offer.kind: offer for offer in offers if offer.refused is None}
    return next((possible[kind] for kind in order if kind in possible), None)


def offer_of(offers: list[Offer], kind: str) -> Offer | None:
    """The offer of this command."""
    return next((offer for offer in offers if offer.kind.value == kind), None)


def _case_offer(trial: Trial, line: CommandLine) -> Offer:
    sample, part = _sample(trial.rules, trial.case, line.kind, trial.at), _part(trial.case, line)

    def give() -> object:
        body = line.schema.model_construct(**dict.fromkeys(line.schema.model_fields) | sample)
        named = {"extension": part} if "{extension}" in line.path else {}
        concerned = CASES.concerned(trial.connection, trial.found, trial.actor, line.kind, named)
        data = {**line.resolver(trial.rules, concerned, body, trial.at), **named}
        return trial.case.decide(on_trial(line, trial.actor, trial.at, data))

    refused = "extension_unknown" if "{extension}" in line.path and part is None else refusal_of(give)
    return Offer(line=line, fields=FORMS[line.kind], refused=refused, part=part, defaults=_defaults(line.kind, sample))


def _file_offer(file: Interview, line: CommandLine, actor: Actor, at: datetime) -> Offer:
    def give() -> object:
        return file.decide(on_trial(line, actor, at, _file_data(line.kind, at)))

    return Offer(line=line, fields=FORMS[line.kind], refused=refusal_of(give), defaults={})


def refusal_of(give: Callable[[], object]) -> str | None:
    """Why a command on trial is refused; None: it is not."""
    try:
        give()
    except Unprocessable:
        return None  # of a made-up field: whoever fills it in may find a better value
    except Refused as refused:
        return refused.code
    return None


def on_trial(line: CommandLine, actor: Actor, at: datetime, data: dict[str, Any]) -> Command:
    """The command as it would be put to its dossier."""
    roles = tuple(sorted(actor.roles))
    return Command(id=TRIAL, kind=line.kind, at=at, actor=actor.username, unit=actor.unit, roles=roles, data=data)


def as_of(case: C, at: datetime) -> C:
    """The case once everything has fallen due that was due by then: a workflow may be a moment behind."""
    for _ in range(_MOST_MILESTONES):
        milestone = case.next_milestone()
        if milestone is None or milestone.at > at:
            break
        for event in case.reach(milestone):
            case = case.apply(event)
    return case


def _part(case: Case, line: CommandLine) -> str | None:
    if "{extension}" not in line.path:
        return None
    holdings = (case, *case.parts)
    return next(
        (item.id for part in holdings for item in part.extensions if item.status is ExtensionStatus.PENDING), None
    )


def _sample(rules: Rulebook, case: Case, kind: CommandKind, at: datetime) -> dict[str, Any]:
    """A body that the rules have nothing against, as far as its fields go."""
    match kind:
        case _K.DISPATCH:
            return {"unit": TRIAL, "assisting": ()}
        case _K.ASSIST:
            return {"unit": TRIAL}
        case _K.REQUEST_EXTENSION:
            return {"until": next_working_day(rules, case.promise, at)}
        case _K.SUSPEND:
            return {"resume_at": at + 7 * _SOON}
        case _K.RULE_RETURN:
            return {"accept": False}
        case _K.DECIDE_EXTENSION:
            return {"grant": False}
        case _K.RULE_APPEAL:
            return {"uphold": False}
        case _K.VERIFY:
            return {"solved": True}
        case _K.RATE:
            asked = (report for report in reports.of(case) if report not in case.answered)
            return {"solved": True, "report": next(asked, reports.FIRST)}
        case _K.APPEAL:
            return {"card": _card(case)}
    return {}


def _card(case: Case) -> str | None:
    """The latest card that may still be appealed."""
    open_cards = [card.id for card in case.red_cards if card.appeal is None or card.appeal is AppealStatus.PENDING]
    return open_cards[-1] if open_cards else None


def next_working_day(rules: Rulebook, promise: Promise | None, at: datetime) -> datetime:
    """The day to which a deadline may be moved first."""
    start = promise.due_at if promise else at
    days = (start + _SOON * number for number in range(1, _SEARCHED_DAYS))
    return next((day for day in days if rules.worktime.is_working_day(day)), start + _SOON)


def _defaults(kind: CommandKind, sample: dict[str, Any]) -> dict[str, Any]:
    names = ("until", "resume_at")
    return {name: sample[name] for name in names if name in sample}


def _file_data(kind: CommandKind, at: datetime) -> dict[str, Any]:
    later = to_plain(at + _SOON)
    match kind:
        case _K.CONVENE:
            return {"at": later, "minutes_by": later}
        case _K.KEEP_MINUTES:
            return {"kind": TalkKind.LEADER_INTERVIEW.value}
        case _K.RECTIFY:
            return {"due_on": later, "check_by": later}
        case _K.CHECK:
            return {"passed": True}
    return {}
