"""The closed sets of the field: statuses, lights, roles, events, commands.

Every set is written once, here. Tables, schemas, templates and tests import it.
What a member *does* lives with the rules that use it, not here.
"""

from enum import StrEnum

from domain.happenings import CommandKind as CommandKind
from domain.happenings import EventType as EventType
from domain.happenings import MilestoneKind as MilestoneKind


class DossierKind(StrEnum):
    """What runs on clocks of its own."""

    INCIDENT = "incident"
    SERVICE_REQUEST = "service_request"
    INTERVIEW = "interview"
    ACCOUNTABILITY = "accountability"


CASES = frozenset({DossierKind.INCIDENT, DossierKind.SERVICE_REQUEST})
"""Dossiers that are cases: they have a number of their own; files have that of their case."""


class CaseStatus(StrEnum):
    """Where a case stands."""

    AWAITING_DISPATCH = "awaiting_dispatch"
    DISPATCHED = "dispatched"
    IN_PROGRESS = "in_progress"
    SUSPENDED = "suspended"
    AWAITING_MATERIALS = "awaiting_materials"
    AWAITING_VERIFICATION = "awaiting_verification"
    AWAITING_ANSWER = "awaiting_answer"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """How a case ended."""

    SOLVED = "solved"
    UNANSWERED = "unanswered"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class StepKind(StrEnum):
    """Who decides a step of a service request: a unit of ours under a limit, or somebody beyond our reach (B3, B4)."""

    INSIDE = "inside"
    OUTSIDE = "outside"


class StepStatus(StrEnum):
    """Where a step of a service request stands, as it is shown (B2)."""

    WAITING = "waiting"
    DISPATCHED = "dispatched"
    IN_PROGRESS = "in_progress"
    PAUSED = "paused"
    OUTSIDE = "outside"
    DONE = "done"
    SKIPPED = "skipped"
    RELEASED = "released"


class OutcomeEffect(StrEnum):
    """What an outcome of a step does to the whole request."""

    GO_ON = "go_on"
    APPROVE = "approve"
    REFUSE = "refuse"


class MaterialState(StrEnum):
    """Where a material of a service request stands (B9). ``asked``: missing, and asked for."""

    GIVEN = "given"
    ASKED = "asked"
    MISSING = "missing"


class InterviewStatus(StrEnum):
    """Where an interview file stands (A9)."""

    TO_CONVENE = "to_convene"
    CONVENED = "convened"
    HELD = "held"
    RECTIFYING = "rectifying"
    CLOSED = "closed"
    WAIVED = "waived"
    WITHDRAWN = "withdrawn"


class AccountabilityStatus(StrEnum):
    """Where an accountability file stands (A10)."""

    OPENED = "opened"
    INVESTIGATED = "investigated"
    DECIDED = "decided"
    CLOSED = "closed"


class ExtensionStatus(StrEnum):
    """What became of a request for an extension (A6)."""

    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"
    LAPSED = "lapsed"
    MOOT = "moot"


class AppealStatus(StrEnum):
    """What became of an appeal against a red card (A17)."""

    PENDING = "pending"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class Waiting(StrEnum):
    """What of a case waits for a person's word."""

    ALARM = "alarm"
    """danger to life, and nobody has taken it over (A11)"""
    EXTENSION = "extension"
    RETURN = "return"
    APPEAL = "appeal"


class Light(StrEnum):
    """How near a deadline is."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Likeness(StrEnum):
    """Why a case is offered as a probable duplicate of a report (A19)."""

    SAME_GRID = "same_grid"
    NEAR = "near"
    SAME_CATEGORY = "same_category"
    SAME_GROUP = "same_group"
    SAME_WORDS = "same_words"


class Source(StrEnum):
    """Through which door a report came."""

    HOTLINE = "hotline"
    DESK = "desk"
    OFFICER = "officer"
    API = "api"
    RESIDENT = "resident"


class Role(StrEnum):
    """What a person is trusted with."""

    INTAKE_CLERK = "intake_clerk"
    GRID_OFFICER = "grid_officer"
    HANDLER = "handler"
    UNIT_LEADER = "unit_leader"
    SUPERVISOR = "supervisor"
    ORGANIZATION_OFFICER = "organization_officer"
    DISCIPLINE_OFFICER = "discipline_officer"
    STATISTICIAN = "statistician"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class LookKind(StrEnum):
    """At what somebody looked (C7)."""

    REGISTER = "register"
    """what the register knows of the holder of a number"""
    CONTACT = "contact"
    """who reported a case or applied for it, and how they are reached"""
    FORM = "form"
    """the filled form of an application"""


class LookPurpose(StrEnum):
    """Why somebody looks at personal data of a case (C7, C8)."""

    CONTACT = "contact"
    VERIFY_IDENTITY = "verify_identity"
    HAND_OVER = "hand_over"
    COMPLAINT = "complaint"


class UnitKind(StrEnum):
    """What a unit is for."""

    CENTRE = "centre"
    DEPARTMENT = "department"
    COMMUNITY = "community"
    DESK = "desk"
    POLICE = "police"
    ORGANIZATION = "organization"
    DISCIPLINE = "discipline"


class TalkKind(StrEnum):
    """The two talks of an interview file (A9)."""

    LEADER_INTERVIEW = "leader_interview"
    ADMONITION_TALK = "admonition_talk"


class PointsReason(StrEnum):
    """Why the points of a unit changed (A8, A17)."""

    RED_CARD = "red_card"
    APPEAL_UPHELD = "appeal_upheld"


class Figure(StrEnum):
    """What of a case counts for a unit (D6). Each counts a case once, at one instant.

    answered      acknowledged in time; ``unanswered``: the acknowledgement was missed (A3)
    late          a deadline was missed; ``excused``: and every red card of it was reversed on appeal (A17)
    deferred      decided after a suspension: in no rate (A16)
    appealing     an appeal waits for its ruling
    """

    CAME = "came"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    FINISHED = "finished"
    ON_TIME = "on_time"
    LATE = "late"
    DEFERRED = "deferred"
    EXCUSED = "excused"
    CARDED = "carded"
    APPEALING = "appealing"
    EXTENDED = "extended"
    RETURNED = "returned"
    URGED = "urged"
    REDONE = "redone"


class Period(StrEnum):
    """Over how long standings are shown: from the first day of it that today lies in."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Consequence(StrEnum):
    """Grave consequences that open an accountability file (A10)."""

    MASS_INCIDENT = "mass_incident"
    SAFETY_ACCIDENT = "safety_accident"


class DecisionFor(StrEnum):
    """Whom an accountability decision concerns."""

    UNIT = "unit"
    PERSON = "person"


class Audience(StrEnum):
    """To whom a notice is addressed. Resolved against the dossier when it is written."""

    UNIT_LEADER = "unit_leader"
    UNIT_HANDLERS = "unit_handlers"
    HANDLER = "handler"
    LEAD = "lead"
    """whoever works on it for the unit that leads, when something happens to a part"""
    CENTRE = "centre"
    CENTRE_LEADER = "centre_leader"
    POLICE = "police"
    REPORTER = "reporter"
    REPORTING_OFFICER = "reporting_officer"
    DESK = "desk"
    ORGANIZATION = "organization"
    DISCIPLINE = "discipline"
