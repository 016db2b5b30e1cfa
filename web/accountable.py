"""Accountability files as pages offer them (A10): opening one on a case, and the commands on one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, RowMapping

from api.accountable import OPENING, file_on
from api.command_table import ACCOUNTABILITY_COMMANDS, CommandLine
from api.commanding import Subject
from db.queries.discipline import list_accountability
from domain.accountability import Accountability
from domain.authority import Actor, may
from domain.plain import of_plain, to_plain
from domain.vocabulary import CommandKind, Consequence, DecisionFor
from web.forms import FORMS
from web.offers import Offer, on_trial, refusal_of
from web.page import Visit
from web.words import Words

_SOON: Final = timedelta(days=1)


def opening_offers(seen: Visit, found: Subject, actor: Actor) -> list[Offer]:
    """Opening a file on the case, for whoever may."""
    if not may(actor, OPENING.kind, found.standing):
        return []
    refused = refusal_of(lambda: file_on(seen.here.rulebook, found.value, Consequence.SAFETY_ACCIDENT, seen.at))
    return [_offer(OPENING, refused, {"consequence": _named(seen.words, Consequence)})]


def accountability_offers(seen: Visit, found: Subject, actor: Actor) -> list[Offer]:
    """The commands on a file."""
    file = of_plain(Accountability, found.value["state"])
    lines = [line for line in ACCOUNTABILITY_COMMANDS if may(actor, line.kind, found.standing)]
    whom = {"for": _named(seen.words, DecisionFor)}
    return [_offer(line, _refused(file, line, actor, seen.at), whom) for line in lines]


def files_of(connection: Connection, actor: Actor, number: str) -> Sequence[RowMapping]:
    """The files on a case that the reader may see."""
    return list_accountability(connection, actor, case=number).items


def _refused(file: Accountability, line: CommandLine, actor: Actor, at: datetime) -> str | None:
    return refusal_of(lambda: file.decide(on_trial(line, actor, at, _sample(line.kind, at))))


def _sample(kind: CommandKind, at: datetime) -> dict[str, Any]:
    match kind:
        case CommandKind.RECORD_FINDINGS:
            return {"decision_by": to_plain(at + _SOON)}
        case CommandKind.DECIDE_ACCOUNTABILITY:
            return {"for": DecisionFor.UNIT.value}
    return {}


def _offer(line: CommandLine, refused: str | None, options: dict[str, tuple[tuple[str, str], ...]]) -> Offer:
    return Offer(line=line, fields=FORMS[line.kind], refused=refused, defaults={}, options=options)


def _named(words: Words, kind: type[StrEnum]) -> tuple[tuple[str, str], ...]:
    return tuple((member.value, words.word(member)) for member in kind)
