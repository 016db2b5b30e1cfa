"""All tables. ``metadata`` knows each of them."""

from sqlmodel import SQLModel

from db.tables.administration import AdminLog, CalendarNotice
from db.tables.cases import Attachment, CaseRow, CaseUnit, JoinedReport, Report
from db.tables.columns import Code, Instant, core
from db.tables.discipline import AccountabilityRow, InterviewRow, PointsEntry, RedCard
from db.tables.dossiers import AcceptedKey, CommandRow, Dossier, EventRow
from db.tables.figures import UnitFigure
from db.tables.notices import Notice, NoticeRead
from db.tables.parts import Application, CasePart
from db.tables.people import Account, ApiKey, CatalogueRow, Grid, RulebookVersion, Session, Unit
from db.tables.register import Look, Person, PersonClaim, PersonFact
from db.tables.rulebooks import RulebookEntry, RulebookPackage

metadata = SQLModel.metadata

__all__ = [
    "AcceptedKey",
    "Account",
    "AccountabilityRow",
    "AdminLog",
    "ApiKey",
    "Application",
    "Attachment",
    "CalendarNotice",
    "CasePart",
    "CaseRow",
    "CaseUnit",
    "CatalogueRow",
    "Code",
    "CommandRow",
    "Dossier",
    "EventRow",
    "Grid",
    "Instant",
    "InterviewRow",
    "JoinedReport",
    "Look",
    "Notice",
    "NoticeRead",
    "Person",
    "PersonClaim",
    "PersonFact",
    "PointsEntry",
    "RedCard",
    "Report",
    "RulebookEntry",
    "RulebookPackage",
    "RulebookVersion",
    "Session",
    "Unit",
    "UnitFigure",
    "core",
    "metadata",
]
