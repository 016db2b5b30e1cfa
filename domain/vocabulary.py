"""The closed sets of the field: statuses, lights, roles, events, commands.

Every set is written once, here. Tables, schemas, templates and tests import it.
What a member *does* lives with the rules that use it, not here.
"""

from enum import StrEnum


class DossierKind(StrEnum):
    """What runs on clocks of its own."""

    INCIDENT = "incident"
    INTERVIEW = "interview"
    ACCOUNTABILITY = "accountability"


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


class Light(StrEnum):
    """How near a deadline is."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


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


class Consequence(StrEnum):
    """Grave consequences that open an accountability file (A10)."""

    MASS_INCIDENT = "mass_incident"
    SAFETY_ACCIDENT = "safety_accident"


class DecisionFor(StrEnum):
    """Whom an accountability decision concerns."""

    UNIT = "unit"
    PERSON = "person"


class CommandKind(StrEnum):
    """What a person may ask of a dossier."""

    # of a case
    DISPATCH = "dispatch"
    ACKNOWLEDGE = "acknowledge"
    PROGRESS = "progress"
    URGE = "urge"
    TAKE_OVER = "take_over"
    RETURN = "return"
    RULE_RETURN = "rule_return"
    REQUEST_EXTENSION = "request_extension"
    DECIDE_EXTENSION = "decide_extension"
    SUSPEND = "suspend"
    RESUME = "resume"
    COMPLETE = "complete"
    VERIFY = "verify"
    RATE = "rate"
    APPEAL = "appeal"
    RULE_APPEAL = "rule_appeal"
    WITHDRAW = "withdraw"
    # of an interview file
    CONVENE = "convene"
    WAIVE = "waive"
    KEEP_MINUTES = "keep_minutes"
    RECTIFY = "rectify"
    CHECK = "check"
    WITHDRAW_INTERVIEW = "withdraw_interview"
    # of an accountability file
    HOLD_ACCOUNTABLE = "hold_accountable"
    RECORD_FINDINGS = "record_findings"
    DECIDE_ACCOUNTABILITY = "decide_accountability"
    CLOSE_ACCOUNTABILITY = "close_accountability"


class MilestoneKind(StrEnum):
    """What falls due by itself. The order of members breaks ties at one instant."""

    ALARM = "alarm"
    TRIAGE_MISSED = "triage_missed"
    ACK_MISSED = "ack_missed"
    ACK_ESCALATED = "ack_escalated"
    URGING_UNANSWERED = "urging_unanswered"
    EXTENSION_REMINDER = "extension_reminder"
    RESUMPTION = "resumption"
    YELLOW = "yellow"
    DUE = "due"
    VERIFICATION_MISSED = "verification_missed"
    ANSWER_WINDOW_END = "answer_window_end"
    CONVENE_MISSED = "convene_missed"
    MINUTES_MISSED = "minutes_missed"
    RECTIFICATION_DUE = "rectification_due"
    CHECK_MISSED = "check_missed"
    FINDINGS_MISSED = "findings_missed"
    DECISION_MISSED = "decision_missed"
    RETIREMENT = "retirement"


class EventType(StrEnum):
    """What happened to a dossier. Appended, never edited."""

    # case
    RECEIVED = "received"
    TRIAGE_MISSED = "triage_missed"
    DISPATCHED = "dispatched"
    REDISPATCHED = "redispatched"
    ALARM_RAISED = "alarm_raised"
    ALARM_TAKEN_OVER = "alarm_taken_over"
    ACK_MISSED = "ack_missed"
    ACK_ESCALATED = "ack_escalated"
    ACKNOWLEDGED = "acknowledged"
    PROGRESSED = "progressed"
    URGED = "urged"
    URGING_UNANSWERED = "urging_unanswered"
    EXTENSION_REMINDED = "extension_reminded"
    EXTENSION_REQUESTED = "extension_requested"
    EXTENSION_GRANTED = "extension_granted"
    EXTENSION_REFUSED = "extension_refused"
    EXTENSION_LAPSED = "extension_lapsed"
    TURNED_YELLOW = "turned_yellow"
    TURNED_RED = "turned_red"
    RED_CARD_ISSUED = "red_card_issued"
    POINTS_DEDUCTED = "points_deducted"
    INTERVIEW_OPENED = "interview_opened"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    RETURNED = "returned"
    RETURN_REFUSED = "return_refused"
    RETURN_ACCEPTED = "return_accepted"
    COMPLETED = "completed"
    VERIFICATION_MISSED = "verification_missed"
    VERIFIED = "verified"
    REOPENED = "reopened"
    RATED = "rated"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    ARCHIVED = "archived"
    APPEALED = "appealed"
    APPEAL_UPHELD = "appeal_upheld"
    APPEAL_DISMISSED = "appeal_dismissed"
    POINTS_RESTORED = "points_restored"
    # interview file
    OPENED = "opened"
    CONVENE_MISSED = "convene_missed"
    CONVENED = "convened"
    MINUTES_KEPT = "minutes_kept"
    MINUTES_MISSED = "minutes_missed"
    HELD = "held"
    RECTIFICATION_SET = "rectification_set"
    RECTIFICATION_DUE = "rectification_due"
    CHECKED = "checked"
    CHECK_MISSED = "check_missed"
    WAIVED = "waived"
    # accountability file
    FINDINGS_RECORDED = "findings_recorded"
    FINDINGS_MISSED = "findings_missed"
    DECIDED = "decided"
    DECISION_MISSED = "decision_missed"


class Audience(StrEnum):
    """To whom a notice is addressed. Resolved against the dossier when it is written."""

    UNIT_LEADER = "unit_leader"
    UNIT_HANDLERS = "unit_handlers"
    HANDLER = "handler"
    CENTRE = "centre"
    CENTRE_LEADER = "centre_leader"
    POLICE = "police"
    REPORTER = "reporter"
    REPORTING_OFFICER = "reporting_officer"
    ORGANIZATION = "organization"
    DISCIPLINE = "discipline"
