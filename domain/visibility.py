"""Who may see what of a dossier that they can see at all: texts, actors, the reporter. Pure.

Which dossiers a person sees is decided by ``db.scope``. An accused unit never learns who reported it, unless the
reporter agreed (A13, C8).
"""

from typing import Any

from domain.authority import REPORTERS, Actor, Relation, Standing, relations
from domain.messages import Event
from domain.vocabulary import CommandKind, EventType, Role, UnitKind

REVEALING = frozenset(
    {
        EventType.RECEIVED,
        EventType.VERIFIED,
        EventType.RATED,
        EventType.REOPENED,
        EventType.CLOSED,
        EventType.WITHDRAWN,
        EventType.REPORT_JOINED,
    }
)
"""Events whose actor may be whoever reported, or the desk that took it: theirs, and what these bring about."""

_OF_UNITS = frozenset({CommandKind.PROGRESS, CommandKind.COMPLETE, CommandKind.COMPLETE_STEP})
"""Commands that only a unit gives: what is sent with them tells nothing of who reported."""

REVIEWERS = frozenset({Role.AUDITOR, Role.DISCIPLINE_OFFICER})
"""Who reviews looks at personal data of every unit (C7)."""

_NUMBERS_ONLY = frozenset({Role.STATISTICIAN, Role.ADMINISTRATOR})
_FILE_READERS = frozenset({Role.ORGANIZATION_OFFICER, Role.DISCIPLINE_OFFICER, Role.SUPERVISOR, Role.AUDITOR})


def reads_text(actor: Actor) -> bool:
    """May read what people wrote: descriptions, plans, reasons. Statistics need none of it."""
    return not actor.roles <= _NUMBERS_ONLY


def reads_file_text(actor: Actor, unit: str | None) -> bool:
    """May read minutes, findings and measures of a file about ``unit``: the officers, and its own leader."""
    if actor.roles & _FILE_READERS or is_centre_leader(actor):
        return True
    return Role.UNIT_LEADER in actor.roles and actor.unit == unit


def is_centre_leader(actor: Actor) -> bool:
    """Leads the supervision centre."""
    return Role.UNIT_LEADER in actor.roles and actor.unit_kind is UnitKind.CENTRE


def reads_reporter(actor: Actor, standing: Standing, *, disclose: bool) -> bool:
    """May see who reported, and how to reach them: the centre, the desk that took it, the reporting officer.

    A unit that holds or held the case may if the reporter agreed (``disclose``).
    """
    if Role.SUPERVISOR in actor.roles or is_centre_leader(actor):
        return True
    stands = relations(actor, standing)
    if Relation.REPORTING_OFFICER in stands or (Relation.DESK in stands and Role.INTAKE_CLERK in actor.roles):
        return True
    return disclose and Relation.UNIT in stands and not actor.roles.isdisjoint({Role.HANDLER, Role.UNIT_LEADER})


def joins_unseen(actor: Actor, category: str | None, protected: frozenset[str]) -> bool:
    """May join a report to a case that they do not see (A19): whoever takes reports, unless its category is protected.

    Of such a case they learn number, category, grid, status, when it came in, how near it is, and of its words those
    that stand in their own report: never who reported it, nor what else was said.
    """
    return not actor.roles.isdisjoint(REPORTERS) and category not in protected


def reads_contact(actor: Actor, standing: Standing, *, open_to_units: bool) -> bool:
    """May be shown, for a purpose that is noted, who reported a case or applied.

    ``open_to_units``: the reporter agreed that the unit knows, or nobody is accused by it.
    """
    return reads_text(actor) and reads_reporter(actor, standing, disclose=open_to_units)


def reviews_looks(actor: Actor) -> bool:
    """May review who looked at personal data: auditors and discipline officers all, a leader those of the own unit."""
    return bool(actor.roles & (REVIEWERS | {Role.UNIT_LEADER}))


def gives_receipt(actor: Actor, standing: Standing) -> bool:
    """May hand out the receipt, and with it the code: who took the case in, and the centre."""
    return reads_reporter(actor, standing, disclose=False)


def reads_applicant(actor: Actor, standing: Standing) -> bool:
    """May see who applied for a service, with the form: centre, desk, and the units that hold or held a step of it."""
    return reads_reporter(actor, standing, disclose=True)


def reads_revealing_actors(actor: Actor, standing: Standing, *, disclose: bool) -> bool:
    """May see who brought the case in and who checked it: everybody but the units that hold or held it."""
    if reads_reporter(actor, standing, disclose=disclose):
        return True
    return Relation.UNIT not in relations(actor, standing)


def shown_actor(event: Event, *, revealing: bool) -> str | None:
    """The actor of ``event`` as shown to somebody who may (``revealing``) or may not see who reported."""
    return event.actor if revealing or event.type not in REVEALING else None


def shown_data(event: Event, text: dict[str, Any] | None, *, revealing: bool, with_text: bool) -> dict[str, Any]:
    """The data of ``event``, with the words of its command for those who may read them.

    Through which door a report came is for those who may see who reported: a grid has one officer.
    """
    data = event.data
    if event.type is EventType.RECEIVED and not revealing:
        data = {name: value for name, value in data.items() if name != "source"}
    return {**text, **data} if text and with_text else data


def reads_sender(actor: Actor, sender: str, sent_with: CommandKind | None, *, revealing: bool) -> bool:
    """May see by whom a file was attached, and what that person called it.

    A photo that came with the report would tell a unit that is accused who reported.
    """
    return revealing or sent_with in _OF_UNITS or sender == actor.username
