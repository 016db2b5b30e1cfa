"""Looking at personal data with a purpose, and the log of it (C7)."""

from typing import Annotated, Final

from pydantic import Field, Strict

from api.fields import Code, Contract, Note
from api.schemas.queries import Cursor, Limit, When
from domain.reports import FIRST
from domain.vocabulary import LookKind, LookPurpose

MOST_REPORTS: Final = 1_000_000


class ContactIn(Contract):
    """Why somebody wants to know whom a case concerns. ``note``: in words; it stands in the log.

    report  of a case that several reported: which of them
    """

    purpose: Annotated[LookPurpose, Strict(False)]
    note: Note = ""
    report: Annotated[int, Strict(False), Field(ge=FIRST, le=MOST_REPORTS)] = FIRST


class LooksQuery(Contract):
    """Which looks: of a person, of a unit, at a case, of a kind, only unusual ones, and when."""

    username: Code | None = None
    unit: Code | None = None
    case: Code | None = None
    kind: LookKind | None = None
    unusual: bool | None = None
    looked_from: When | None = None
    looked_to: When | None = None
    cursor: Cursor | None = None
    limit: Limit | None = None
