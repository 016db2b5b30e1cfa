"""Whom each event tells, and who a person is among those told (D7). One table; pure.

A notice is addressed to an audience of the dossier, written down as a recipient: ``role:supervisor``,
``leader:{unit}``, ``handlers:{unit}``, ``unit:{unit}``, ``account:{username}``, ``reporter:{number}`` and, of a joined
report, ``reporter:{number}+{report}``. Persons find theirs when they read, so a notice follows the post and not whoever
held it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.authority import Actor
from domain.messages import Event
from domain.vocabulary import Audience, DossierKind, EventType, Role

_A = Audience
_E = EventType


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Whom an event tells.

    to       always
    whole    if it happened to the dossier, not to a part of it
    also     if the named field of the event's data is true
    ladder   whom the event itself names in ``tell`` (a rung of a ladder)
    exempt   quiet hours do not hold it back (A3, A11)
    """

    to: tuple[Audience, ...] = ()
    whole: tuple[Audience, ...] = ()
    also: Mapping[str, tuple[Audience, ...]] = field(default_factory=dict)
    ladder: bool = False
    exempt: bool = False


def _to(*audiences: Audience) -> Telling:
    return Telling(to=audiences)


_SILENT = Telling()
_HOLDERS = (_A.UNIT_LEADER, _A.HANDLER)
_OFFICERS = (_A.ORGANIZATION, _A.DISCIPLINE)

_OF_HOLDERS: Mapping[EventType, Telling] = {
    _E.DISPATCHED: Telling(to=(_A.UNIT_LEADER, _A.UNIT_HANDLERS), also={"part": (_A.LEAD,)}),
    _E.REDISPATCHED: _to(_A.UNIT_LEADER, _A.UNIT_HANDLERS),
    _E.ACK_MISSED: Telling(to=(_A.UNIT_LEADER, _A.CENTRE), exempt=True),
    _E.ACK_ESCALATED: Telling(ladder=True, exempt=True),
    _E.ACKNOWLEDGED: _to(_A.HANDLER),
    _E.URGED: _to(*_HOLDERS),
    _E.URGING_UNANSWERED: _to(_A.UNIT_LEADER, _A.CENTRE),
    _E.EXTENSION_REMINDED: _to(*_HOLDERS),
    _E.EXTENSION_REQUESTED: Telling(to=(_A.CENTRE,), also={"higher": (_A.CENTRE_LEADER,)}),
    _E.EXTENSION_GRANTED: _to(*_HOLDERS),
    _E.EXTENSION_REFUSED: _to(*_HOLDERS),
    _E.EXTENSION_LAPSED: _to(*_HOLDERS, _A.CENTRE, _A.CENTRE_LEADER),
    _E.RED_CARD_ISSUED: _to(*_HOLDERS, _A.CENTRE),
    _E.POINTS_DEDUCTED: _to(_A.UNIT_LEADER),
    _E.INTERVIEW_OPENED: _to(_A.UNIT_LEADER, *_OFFICERS),
    _E.SUSPENDED: Telling(to=_HOLDERS, whole=(_A.REPORTER,)),
    _E.RESUMED: Telling(to=_HOLDERS, whole=(_A.REPORTER,)),
    _E.REBASED: Telling(also={"moved": _HOLDERS, "whole_moved": (_A.DESK,)}),
    _E.RETURNED: _to(_A.CENTRE),
    _E.RETURN_REFUSED: _to(_A.UNIT_LEADER, _A.UNIT_HANDLERS),
    _E.RETURN_ACCEPTED: _to(_A.UNIT_LEADER),
    _E.APPEALED: _to(_A.CENTRE),
    _E.APPEAL_UPHELD: _to(_A.UNIT_LEADER, *_OFFICERS),
    _E.APPEAL_DISMISSED: _to(_A.UNIT_LEADER),
    _E.POINTS_RESTORED: _to(_A.UNIT_LEADER),
}
"""Of what a unit holds: an incident, or a step of a service request."""

TELLINGS: Mapping[DossierKind, Mapping[EventType, Telling]] = {
    DossierKind.INCIDENT: {
        **_OF_HOLDERS,
        _E.TRIAGE_MISSED: _to(_A.CENTRE, _A.CENTRE_LEADER),
        _E.ALARM_RAISED: Telling(ladder=True, exempt=True),
        _E.ALARM_TAKEN_OVER: Telling(to=(_A.CENTRE,), exempt=True),
        _E.TURNED_YELLOW: _to(*_HOLDERS),
        _E.COMPLETED: Telling(whole=(_A.CENTRE, _A.REPORTING_OFFICER), also={"part": (_A.LEAD,)}),
        _E.RELEASED: _to(*_HOLDERS),
        _E.VERIFICATION_MISSED: _to(_A.CENTRE, _A.CENTRE_LEADER),
        _E.VERIFIED: Telling(also={"solved": (_A.REPORTER,)}),
        _E.REPORT_JOINED: Telling(to=(_A.HANDLER,), also={"danger": (_A.CENTRE, _A.POLICE)}),
        _E.RATED: _to(_A.UNIT_LEADER),
        _E.REOPENED: _to(*_HOLDERS, _A.REPORTER),
        _E.CLOSED: _to(*_HOLDERS, _A.REPORTER, _A.REPORTING_OFFICER),
        _E.WITHDRAWN: _to(*_HOLDERS, _A.REPORTER, _A.REPORTING_OFFICER),
    },
    DossierKind.SERVICE_REQUEST: {
        **_OF_HOLDERS,
        _E.TRIAGE_MISSED: _to(_A.CENTRE, _A.CENTRE_LEADER),
        _E.SUSPENDED: Telling(also={"part": _HOLDERS, "whole": (_A.REPORTER,)}),
        _E.RESUMED: Telling(also={"part": _HOLDERS, "whole": (_A.REPORTER,)}),
        _E.TURNED_YELLOW: Telling(also={"part": _HOLDERS, "whole": (_A.CENTRE,)}),
        _E.TURNED_RED: Telling(also={"whole": (_A.CENTRE,)}),
        _E.HANDED_OUT: _to(_A.CENTRE, _A.DESK),
        _E.HANDOFF_STUCK: _to(_A.CENTRE, _A.DESK),
        _E.OUTSIDE_OVERDUE: _to(_A.CENTRE, _A.REPORTER),
        _E.OUTSIDE_CHASED: _to(_A.CENTRE, _A.DESK),
        _E.MATERIALS_REQUESTED: _to(_A.REPORTER, _A.DESK, _A.UNIT_HANDLERS),
        _E.MATERIALS_RECEIVED: _to(_A.UNIT_LEADER, _A.UNIT_HANDLERS),
        _E.RELEASED: _to(*_HOLDERS),
        _E.COMPLETED: _to(_A.REPORTER, _A.DESK),
        _E.REOPENED: _to(_A.REPORTER),
        _E.RATED: Telling(also={"again": (_A.CENTRE_LEADER,)}),
        _E.CLOSED: _to(_A.REPORTER, _A.DESK),
        _E.WITHDRAWN: _to(_A.REPORTER, _A.DESK),
    },
    DossierKind.INTERVIEW: {
        _E.CONVENE_MISSED: _to(*_OFFICERS, _A.CENTRE_LEADER),
        _E.CONVENED: _to(_A.UNIT_LEADER, *_OFFICERS),
        _E.MINUTES_MISSED: _to(*_OFFICERS, _A.CENTRE_LEADER),
        _E.RECTIFICATION_SET: _to(_A.UNIT_LEADER),
        _E.RECTIFICATION_DUE: _to(_A.UNIT_LEADER, *_OFFICERS),
        _E.CHECKED: _to(_A.UNIT_LEADER),
        _E.CHECK_MISSED: _to(*_OFFICERS, _A.CENTRE_LEADER),
        _E.WAIVED: _to(_A.UNIT_LEADER, _A.CENTRE),
        _E.WITHDRAWN: _to(_A.UNIT_LEADER, *_OFFICERS),
        _E.CLOSED: _to(_A.UNIT_LEADER),
    },
    DossierKind.ACCOUNTABILITY: {
        _E.OPENED: _to(_A.UNIT_LEADER, *_OFFICERS),
        _E.FINDINGS_RECORDED: _to(_A.CENTRE, *_OFFICERS),
        _E.FINDINGS_MISSED: _to(_A.CENTRE_LEADER, *_OFFICERS),
        _E.DECIDED: _to(_A.UNIT_LEADER, _A.CENTRE),
        _E.DECISION_MISSED: _to(_A.CENTRE_LEADER, *_OFFICERS),
        _E.CLOSED: _to(_A.UNIT_LEADER, _A.CENTRE),
    },
}
"""The table. An event that is not in it tells nobody by itself."""

_HIDDEN_DATA = frozenset({"tell", "ack", "promise", "resume_promise", "asked_promise", "parts"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What of a dossier its audiences are resolved against. ``centres`` and ``police`` are codes of units.

    handlers   of its parts, by their keys
    joined     further reports that share the case (A19), and ``officers``, who brought some of them from their rounds
    """

    case: str
    unit: str | None = None
    handler: str | None = None
    handlers: Mapping[str, str | None] = field(default_factory=dict)
    joined: tuple[int, ...] = ()
    officers: tuple[str, ...] = ()
    reporting_officer: str | None = None
    desk: str | None = None
    centres: tuple[str, ...] = ()
    police: tuple[str, ...] = ()


def telling(kind: DossierKind, event: EventType) -> Telling:
    """What the table says about an event of a dossier of this kind."""
    return TELLINGS[kind].get(event, _SILENT)


def audiences(kind: DossierKind, event: Event) -> tuple[Audience, ...]:
    """Whom ``event`` tells, each once."""
    rule = telling(kind, event.type)
    named = [Audience(item) for item in event.data.get("tell", ())] if rule.ladder else []
    whole = () if event.data.get("part") else rule.whole
    more = [audience for name, extra in rule.also.items() if event.data.get(name) for audience in extra]
    return tuple(dict.fromkeys([*rule.to, *whole, *named, *more]))


def recipients(audience: Audience, event: Event, setting: Setting) -> tuple[str, ...]:
    """The recipients that ``audience`` stands for. The units of the event come before that of the dossier."""
    unit = event.data.get("unit") or setting.unit
    units = event.data.get("units") or (unit,)
    match audience:
        case Audience.UNIT_LEADER:
            return _each(leader_of, *units)
        case Audience.UNIT_HANDLERS:
            return _each(handlers_of, *units)
        case Audience.HANDLER:
            handler = event.data.get("handler") or _handler(event, setting)
            return _each(account, handler) or _each(handlers_of, unit)
        case Audience.LEAD:
            return _each(account, setting.handler) or _each(handlers_of, setting.unit)
        case Audience.CENTRE:
            return (role(Role.SUPERVISOR),)
        case Audience.CENTRE_LEADER:
            return _each(leader_of, *setting.centres)
        case Audience.POLICE:
            return _each(everyone_of, *setting.police)
        case Audience.REPORTER:
            return (reporter_of(setting.case), *(reporter_of(setting.case, report) for report in setting.joined))
        case Audience.REPORTING_OFFICER:
            return _each(account, setting.reporting_officer, *setting.officers)
        case Audience.DESK:
            return _each(everyone_of, setting.desk)
        case Audience.ORGANIZATION:
            return (role(Role.ORGANIZATION_OFFICER),)
        case Audience.DISCIPLINE:
            return (role(Role.DISCIPLINE_OFFICER),)


def _handler(event: Event, setting: Setting) -> str | None:
    """The handler of the holding to which the event happened."""
    part = event.data.get("part")
    return setting.handler if part is None else setting.handlers.get(part)


def told(kind: DossierKind, event: Event, setting: Setting) -> tuple[str, ...]:
    """All recipients of ``event``, each once."""
    found = (one for audience in audiences(kind, event) for one in recipients(audience, event, setting))
    return tuple(dict.fromkeys(found))


def notice_data(event: Event) -> dict[str, Any]:
    """What of the event's data a notice repeats: its codes and instants, not the clocks behind it."""
    return {name: value for name, value in event.data.items() if name not in _HIDDEN_DATA}


def recipients_of(actor: Actor) -> tuple[str, ...]:
    """The recipients under which a person finds notices."""
    own = [account(actor.username), everyone_of(actor.unit), *(role(item) for item in sorted(actor.roles))]
    if Role.UNIT_LEADER in actor.roles:
        own.append(leader_of(actor.unit))
    if Role.HANDLER in actor.roles:
        own.append(handlers_of(actor.unit))
    return tuple(own)


def account(username: str) -> str:
    """One person."""
    return f"account:{username}"


def leader_of(unit: str) -> str:
    """Whoever leads the unit."""
    return f"leader:{unit}"


def handlers_of(unit: str) -> str:
    """All handlers of the unit."""
    return f"handlers:{unit}"


def everyone_of(unit: str) -> str:
    """Everybody of the unit."""
    return f"unit:{unit}"


def role(wanted: Role) -> str:
    """Everybody with this role."""
    return f"role:{wanted.value}"


def reporter_of(number: str, report: int | None = None) -> str:
    """Whoever reported the case first, or brought this further report; told through the tracking page."""
    return f"reporter:{number}" if report is None else f"reporter:{number}+{report}"


def _each(name: Callable[[str], str], *codes: str | None) -> tuple[str, ...]:
    return tuple(name(code) for code in _present(codes))


def _present(codes: Iterable[str | None]) -> Iterable[str]:
    return (code for code in codes if code is not None)
