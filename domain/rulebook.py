"""The rulebook as a value: every number, list and rule that an administrator may change. No number lives in code.

Files and their checks are the package ``rulebook``. What the numbers come to for one case is ``domain.promising``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from domain.duplicates import DuplicateRules
from domain.errors import Unprocessable
from domain.promise import Ladder
from domain.standings import StandingRules
from domain.worktime import Calendar, Limit, OfficeHours, WorkTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """The clocks and counts that a case of a category lives under.

    acknowledgement     from dispatch, elapsed (A3)
    ack_warning         per cent of that clock still left when it turns yellow
    extension_lead      how long before the deadline an extension must be asked for; None: no extension (A6)
    extension_reminder  how long before that window closes the unit is reminded (A7)
    extensions          how many the supervision centre may grant; ``higher_extensions`` more by the higher approver
    yellow_lead         how long before the deadline the light turns yellow …
    yellow_share        … at most this many per cent of the limit
    points              deducted for a red card, as a positive number (A8)
    appeal              from the red card (A17)
    convene, minutes, check      of an interview file: from the card, from the talk, from the rectification date (A9)
    findings, decision           of an accountability file (A10)
    urging, triage, return_within  elapsed (A4, A2, A15)
    verification, answer         how long the verifier and the reporter have (A12)
    """

    acknowledgement: Limit
    ack_warning: int
    extension_lead: Limit | None
    extension_reminder: Limit
    extensions: int
    higher_extensions: int
    yellow_lead: Limit
    yellow_share: int
    points: int
    appeal: Limit
    convene: Limit
    minutes: Limit
    check: Limit
    findings: Limit
    decision: Limit
    urging: Limit
    triage: Limit
    return_within: Limit
    verification: Limit
    answer: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Categories that belong together."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A kind of incident. ``clocks`` are the rulebook's with the category's own numbers in their place.

    danger     to life: always goes the way of A11
    protected  its facts are for entitled departments only (A14)
    """

    code: str
    name: str
    name_en: str
    group: str
    limit: Limit
    clocks: Clocks
    danger: bool = False
    protected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What service requests live under (B3, B4, B8, B9). ``clocks``: the general ones with their own in their place.

    acknowledgement_in_office_hours   the acknowledgement clock of a step stands while offices are closed
    materials_window   how long the applicant has to bring what is missing; the request lapses then
    handoff_within     how soon a hand-off to the outside must be confirmed
    chase              how often an outside step is chased that is past its reference time
    redos              how often a finished request is taken up again because it is not solved for the applicant
    """

    clocks: Clocks
    acknowledgement_in_office_hours: bool
    materials_window: Limit
    handoff_within: Limit
    chase: timedelta
    redos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    """Danger to life (A11): straight to ``unit``, with a clock and a ladder of its own."""

    acknowledgement: Limit
    unit: str
    ladder: Ladder


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One routing rule. What is None matches everything. ``unit`` None: the community's own unit."""

    name: str
    unit: str | None
    category: str | None = None
    group: str | None = None
    grid: str | None = None
    community: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRules:
    """What may be attached to a case: bytes of one file, files of a case, media types."""

    max_bytes: int
    max_count: int
    media_types: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRules:
    """How long texts may be, in characters."""

    description: int
    note: int
    result: int
    name: int
    address: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """One version of all rules. ``version`` includes the digest of the content, so that equal versions are equal."""

    name: str
    version: str
    effective_from: date
    clocks: Clocks
    services: Services
    ack_ladder: Ladder
    danger: Danger
    hours: OfficeHours
    calendar: Calendar
    groups: Mapping[str, Group]
    categories: Mapping[str, Category]
    routes: tuple[Route, ...]
    attachments: AttachmentRules
    texts: TextRules
    duplicates: DuplicateRules
    standings: StandingRules = field(default_factory=StandingRules)

    @property
    def worktime(self) -> WorkTime:
        """Arithmetic over this rulebook's calendar and office hours."""
        return WorkTime(self.calendar, self.hours)

    def category(self, code: str) -> Category:
        """The category with this code. Raises Unprocessable("category_unknown")."""
        found = self.categories.get(code)
        if found is None:
            raise Unprocessable("category_unknown", field="category")
        return found

    def clocks_of(self, category: str) -> Clocks:
        """The clocks of a category; the general ones for a category that this version no longer has."""
        found = self.categories.get(category)
        return self.clocks if found is None else found.clocks
