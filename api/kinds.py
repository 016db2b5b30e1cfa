"""The kinds of dossier as commands and pages see them: what is found, how it stands, how it is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping

from api import request_kind
from api.attached import attached
from api.auth import now
from api.case_view import case_view
from api.commanding import Foreseen, State, Subject
from api.joined_view import place_view, reporter_view, reports_view
from api.request_view import request_view
from api.resolve import Concerned, whole
from api.resolve_services import ToRequest
from db.frontdesk.commands import case_category, visible_among, visible_case
from db.queries.cases import case_report
from db.queries.discipline import accountability_row, interview_row
from db.queries.events import RecordedEvent, command_texts, list_events
from domain.authority import Actor, Standing
from domain.case import Case
from domain.errors import Conflict
from domain.holding.commands import ALLOWED, holdings
from domain.holding.parts import addressed
from domain.holding.values import Extension
from domain.messages import Event
from domain.plain import of_plain
from domain.service.request import ServiceRequest
from domain.visibility import (
    reads_file_text,
    reads_reporter,
    reads_revealing_actors,
    reads_text,
    shown_actor,
    shown_data,
)
from domain.vocabulary import CommandKind, DossierKind, EventType


class Cases:
    """Incident cases and service requests."""

    def find(self, connection: Connection, actor: Actor, dossier: str, part: Mapping[str, Any]) -> Subject | None:
        """The case, if the actor may see it and it has the extension or the step that the path names."""
        seen = visible_case(connection, actor, dossier)
        if seen is None:
            return None
        case = _of(seen.kind, seen.state)
        return Subject(dossier, seen.standing, case, case.version) if _names(case, part) else None

    def find_all(self, connection: Connection, actor: Actor, numbers: Sequence[str]) -> dict[str, Subject]:
        """Number → the case, of those that the actor may see: all in one statement."""
        found: dict[str, Subject] = {}
        for number, seen in visible_among(connection, actor, numbers).items():
            case = _of(seen.kind, seen.state)
            found[number] = Subject(number, seen.standing, case, case.version)
        return found

    def concerned(
        self, connection: Connection, subject: Subject, actor: Actor, kind: CommandKind, data: State
    ) -> Concerned | ToRequest:
        """The case, and the holding of it that is meant. Where none or several are, the workflow will say so.

        Raises Unprocessable("step_unknown").
        """
        case: Case | ServiceRequest = subject.value
        if isinstance(case, ServiceRequest):
            return ToRequest(case, kind, actor.unit, data)
        if kind not in ALLOWED:
            return whole(case)
        try:
            return Concerned(case, addressed(case, kind, actor.unit, data))
        except Conflict:
            return whole(case)

    def foresee(self, connection: Connection, actor: Actor, before: Subject) -> Foreseen:
        """What stands beside the case stays, unless the command moves the case or brings words of an extension.

        A command that had been carried out before tells the state of then: that is read anew, too.
        """
        beside, known = _beside(connection, actor, before), before.value

        def after(state: State) -> dict[str, Any] | None:
            case = of_plain(type(known), state)
            stays = case.version > known.version and not _moved(known, case)
            return _shown(case, now(), beside) if stays else None

        return after

    def show(self, connection: Connection, actor: Actor, dossier: str) -> dict[str, Any]:
        """The case with the words, report and attachments that the actor may see."""
        found = self.find(connection, actor, dossier, {})
        if found is None:  # given away by this very command
            return {"number": dossier}
        return shown_case(connection, actor, found, now())


def shown_case(connection: Connection, actor: Actor, found: Subject, at: datetime) -> dict[str, Any]:
    """The case as ``actor`` sees it at ``at``."""
    return _shown(found.value, at, _beside(connection, actor, found))


def _of(kind: DossierKind, state: State) -> Case | ServiceRequest:
    return of_plain(Case, state) if kind is DossierKind.INCIDENT else of_plain(ServiceRequest, state)


def _names(case: Case | ServiceRequest, part: Mapping[str, Any]) -> bool:
    """Whether it has the extension and the step that a path names. An incident has no steps."""
    extension, step = part.get("extension"), part.get("part")
    if extension is not None and all(item.id != extension for item in _extensions(case)):
        return False
    return step is None or (isinstance(case, ServiceRequest) and case.flow.step(step) is not None)


def _shown(case: Case | ServiceRequest, at: datetime, beside: dict[str, Any]) -> dict[str, Any]:
    return request_view(case, at, **beside) if isinstance(case, ServiceRequest) else case_view(case, at, **beside)


def _moved(before: Case | ServiceRequest, after: Case | ServiceRequest) -> bool:
    """Whether what stands beside it may have changed: who holds it, and the words of extensions."""
    held = [[(part.unit, part.extensions) for part in holdings(case)] for case in (before, after)]
    return held[0] != held[1]


def _beside(connection: Connection, actor: Actor, found: Subject) -> dict[str, Any]:
    """What the case is shown with: words, report or application, and attachments that ``actor`` may see."""
    case: Case | ServiceRequest = found.value
    with_text = reads_text(actor)
    ids = [key for item in _extensions(case) for key in (item.command, item.decision) if key]
    words = {
        "texts": command_texts(connection, ids) if with_text and ids else {},
        "attachments": _files(connection, actor, found) if with_text else [],
    }
    if isinstance(case, ServiceRequest):
        return words | request_kind.beside(connection, actor, case, found.standing)
    return words | _reported(connection, actor, case, found.standing) if with_text else words


def _files(connection: Connection, actor: Actor, found: Subject) -> list[dict[str, Any]]:
    shown = revealing(connection, actor, found)
    return attached(connection, actor, found.dossier, revealing=shown)


def _reported(connection: Connection, actor: Actor, case: Case, standing: Standing) -> dict[str, Any]:
    """The report behind an incident, with who reported it for those who may know."""
    report = case_report(connection, case.number)
    if report is None:
        return {}
    joined = {"reports": reports_view(connection, actor, case.number, standing)}
    if not reads_reporter(actor, standing, disclose=report["disclose"]):
        return _report(report) | joined
    return {"source": case.source, "reporter": reporter_view(report), **_report(report), **joined}


def _extensions(case: Case | ServiceRequest) -> list[Extension]:
    return [item for holding in holdings(case) for item in holding.extensions]


def _report(report: RowMapping) -> dict[str, Any]:
    return {
        "description": report["description"],
        "place": place_view(report),
        "occurred_at": report["occurred_at"],
    }


def revealing(connection: Connection, actor: Actor, found: Subject) -> bool:
    """Whether ``actor`` may see who brought the case in and who checked it."""
    if isinstance(found.value, ServiceRequest):
        return True  # nobody is accused by an application, so that who took it in is no secret
    report = case_report(connection, found.dossier)
    disclose = bool(report is not None and report["disclose"])
    return reads_revealing_actors(actor, found.standing, disclose=disclose)


def case_events(connection: Connection, actor: Actor, found: Subject) -> list[dict[str, Any]]:
    """The events of a case, each with the words and the actor that the reader may see."""
    told, with_text = revealing(connection, actor, found), reads_text(actor)
    # one reporter may agree to be seen by the unit, and another not
    of_joined = told and reads_revealing_actors(actor, found.standing, disclose=False)
    return [
        _event(item, revealing=of_joined if item.event.type is EventType.REPORT_JOINED else told, with_text=with_text)
        for item in list_events(connection, found.dossier)
    ]


def file_events(connection: Connection, actor: Actor, found: Subject) -> list[dict[str, Any]]:
    """The events of an interview or accountability file."""
    with_text = reads_file_text(actor, found.value["unit"])
    return [_event(item, revealing=True, with_text=with_text) for item in list_events(connection, found.dossier)]


def _event(item: RecordedEvent, *, revealing: bool, with_text: bool) -> dict[str, Any]:
    event: Event = item.event
    return {
        "seq": event.seq,
        "at": event.at,
        "recorded_at": item.recorded_at,
        "type": event.type,
        "actor": shown_actor(event, revealing=revealing),
        "data": shown_data(event, item.text, revealing=revealing, with_text=with_text),
    }


@dataclass(frozen=True, slots=True)
class Files:
    """Interview files, or accountability files. Their resolvers are given the category of their case."""

    accountability: bool

    def find(self, connection: Connection, actor: Actor, dossier: str, part: Mapping[str, Any]) -> Subject | None:
        """The file, if the actor may see it."""
        row = self.row(connection, actor, dossier)
        if row is None:
            return None
        standing = Standing(units=frozenset({row["unit"]}))
        return Subject(dossier, standing, row, row["version"])

    def concerned(
        self, connection: Connection, subject: Subject, actor: Actor, kind: CommandKind, data: State
    ) -> str | None:
        """The category of its case; a service request has none."""
        return case_category(connection, subject.value["case"])

    def foresee(self, connection: Connection, actor: Actor, before: Subject) -> None:
        """A file is answered with its events, and each command adds one."""

    def show(self, connection: Connection, actor: Actor, dossier: str) -> dict[str, Any]:
        """The file with its events."""
        found = self.find(connection, actor, dossier, {})
        if found is None:
            return {"id": dossier}
        return {**shown_file(found.value), "events": file_events(connection, actor, found)}

    def row(self, connection: Connection, actor: Actor, dossier: str) -> RowMapping | None:
        """Its row, if the actor may see it."""
        return (accountability_row if self.accountability else interview_row)(connection, actor, dossier)


def shown_file(row: RowMapping) -> dict[str, Any]:
    """A file as it is listed: its columns, and what of its state has no column."""
    columns = {name: value for name, value in row.items() if name != "state"}
    state: Mapping[str, Any] = row["state"]
    return {**{name: value for name, value in state.items() if name not in columns}, **columns}


CASES = Cases()
INTERVIEWS = Files(accountability=False)
ACCOUNTABILITY = Files(accountability=True)
