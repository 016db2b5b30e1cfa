"""Opening an accountability file on a case (A10): the same way for bodies of JSON and for forms."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from api.auth import Bearer
from api.bodies import Checked
from api.command_table import CommandLine
from api.commanding import checked_texts
from api.house import House
from api.intake import digest_of
from api.kinds import CASES
from api.problems import not_found
from api.schemas.discipline import AccountabilityIn
from db.frontdesk.accountability import open_file
from db.frontdesk.commands import Words
from db.frontdesk.starting import Start
from domain import promising
from domain.accountability import Accountability
from domain.authority import Actor, require
from domain.case import Case
from domain.errors import Conflict
from domain.rulebook import Rulebook
from domain.service.promising import rules_of
from domain.service.request import ServiceRequest
from domain.vocabulary import CommandKind, Consequence

OPENING: Final = CommandLine(
    path="accountability", schema=AccountabilityIn, kind=CommandKind.HOLD_ACCOUNTABLE, texts=("note",)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What was asked: on which case, by whom, when. ``key`` raises Problem(422) for one that is none."""

    token: Bearer
    number: str
    checked: Checked[AccountabilityIn]
    key: Callable[[], str | None]
    at: datetime


async def hold_accountable(here: House, asked: Opening) -> str:
    """Open the file, or find the one that the key opened: its id. Raises Problem and Refused as any command."""

    def prepare(connection: Connection) -> tuple[Actor, Words, Accountability]:
        actor = asked.token.actor(connection)
        found = CASES.find(connection, actor, asked.number, {})
        if found is None:
            raise not_found()
        require(actor, OPENING.kind, found.standing)
        given = asked.checked.demand()
        return actor, _words(here, asked, given), file_on(here.rulebook, found.value, given.consequence, asked.at)

    def write(connection: Connection) -> tuple[str, Start | None]:
        actor, words, file = prepare(connection)
        return open_file(connection, actor, words, file)

    await here.database.read(prepare)
    opened, start = await here.database.write(write)
    if start is not None:
        here.opener.add(start)
    return opened


def file_on(rules: Rulebook, case: Case | ServiceRequest, consequence: Consequence, at: datetime) -> Accountability:
    """The file as it opens, without its number. Raises Conflict("transition_not_allowed") without a unit.

    Of a service request it is about the unit whose step falls due first, or was the last.
    """
    if isinstance(case, ServiceRequest):
        step = case.leading
        rules, category, unit = rules_of(rules), "", step.unit if step else None
    else:
        category, unit = case.category, case.unit
    if unit is None:
        raise Conflict("transition_not_allowed")
    return Accountability(
        id="",
        case=case.number,
        consequence=consequence,
        unit=unit,
        opened_at=at,
        findings_by=promising.findings_by(rules, category, at),
    )


def _words(here: House, asked: Opening, given: AccountabilityIn) -> Words:
    return Words(
        id=uuid.uuid4().hex,
        dossier=asked.number,
        kind=OPENING.kind,
        at=asked.at,
        text=checked_texts(here.rulebook, OPENING, given),
        key=asked.key(),
        body_hash=digest_of(given, OPENING.kind.value, asked.number),
    )
