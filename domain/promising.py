"""From rulebook and calendar to the instants that one case is promised (A3, A5–A9, A16, A17, E2–E5).

The shapes are ``domain.promise``. Whether a command may be given is the case's business, not decided here.
"""

from datetime import UTC, datetime
from typing import Final

from domain.errors import Unprocessable
from domain.promise import AckClock, Promise, Terms
from domain.rulebook import Clocks, Rulebook
from domain.worktime import Deadline, Limit, WorkTime

_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 2200


def terms(rulebook: Rulebook, category: str) -> Terms:
    """The numbers that a case of this category lives under. Raises Unprocessable("category_unknown")."""
    clocks = rulebook.category(category).clocks
    return Terms(
        points=clocks.points,
        extensions=clocks.extensions,
        higher_extensions=clocks.higher_extensions,
        return_within=clocks.return_within.elapsed,
        urge_within=clocks.urging.elapsed,
        triage_within=clocks.triage.elapsed,
        ack_ladder=rulebook.ack_ladder,
        danger_ladder=rulebook.danger.ladder,
    )


def ack_clock(rulebook: Rulebook, category: str, dispatched_at: datetime, *, danger: bool = False) -> AckClock:
    """The clock of one dispatch, day and night (A3); for danger to life that of A11."""
    clocks, found = rulebook.clocks_of(category), rulebook.categories.get(category)
    dangerous = danger or (found is not None and found.danger)
    length = (rulebook.danger.acknowledgement if dangerous else clocks.acknowledgement).elapsed
    start = dispatched_at.astimezone(UTC)
    ack_by = start + length
    return AckClock(dispatched_at=start, yellow_at=ack_by - length * clocks.ack_warning / 100, ack_by=ack_by)


def promise(rulebook: Rulebook, category: str, start: datetime) -> Promise:
    """What a case of this category is promised from ``start`` on. Raises Unprocessable("category_unknown")."""
    found = rulebook.category(category)
    return _promise(rulebook, found.clocks, found.limit, start, rulebook.worktime.deadline(found.limit, start))


def promise_anew(rulebook: Rulebook, category: str, current: Promise | None, start: datetime) -> Promise:
    """A new clock for a case that runs: a redo, or another unit after a missed deadline (A12, A15).

    Its category's limit; that of the ``current`` promise for a category that this version no longer has (E4). Raises
    Unprocessable("category_unknown") when there is neither.
    """
    if category in rulebook.categories or current is None:
        return promise(rulebook, category, start)
    limit = Limit.parse(current.rule)
    return _promise(rulebook, rulebook.clocks, limit, start, rulebook.worktime.deadline(limit, start))


def promise_for_limit(rulebook: Rulebook, limit: Limit, received_at: datetime) -> Promise:
    """What a matter with this limit received then would be promised, under the general clocks.

    Raises Unprocessable("instant_out_of_range") for years that no calendar will ever be asked about.
    """
    if not _FIRST_YEAR <= received_at.year < _LAST_YEAR:
        raise Unprocessable("instant_out_of_range", field="received_at")
    return _promise(rulebook, rulebook.clocks, limit, received_at, rulebook.worktime.deadline(limit, received_at))


def promise_until(rulebook: Rulebook, category: str, current: Promise, until: datetime) -> Promise:
    """The promise after an extension to ``until``, which becomes the deadline (A6).

    Raises Unprocessable("extension_not_later") when that is no later than the deadline that stands,
    Unprocessable("extension_on_rest_day") when nobody works that day and the limit is in working time,
    Unprocessable("instant_out_of_range") for years without sense.
    """
    if until <= current.due_at:
        raise Unprocessable("extension_not_later", field="until")
    if until.year >= _LAST_YEAR:
        raise Unprocessable("instant_out_of_range", field="until")
    limit, work = Limit.parse(current.rule), rulebook.worktime
    if limit.in_working_time and not work.is_working_day(until):
        raise Unprocessable("extension_on_rest_day", field="until")
    provisional = not limit.is_elapsed and work.provisional(current.start, until)
    clocks = rulebook.clocks_of(category)
    return _promise(rulebook, clocks, limit, current.start, Deadline(until.astimezone(UTC), provisional))


def promise_resumed(
    rulebook: Rulebook, category: str, current: Promise, suspended_at: datetime, resumed_at: datetime
) -> Promise:
    """The promise after a pause: what was left at its beginning is left again at its end (A16, E5).

    What is left is working time where the limit is in working time (and any is left before a deadline that was
    extended into the evening), else elapsed time. A deadline that had passed when the pause began stays.
    """
    if suspended_at >= current.due_at:
        return current
    limit, work = Limit.parse(current.rule), rulebook.worktime
    due_at = resumed_at.astimezone(UTC) + (current.due_at - suspended_at)
    left = work.worked(suspended_at, current.due_at)
    if limit.in_working_time and left:
        due_at = work.add(resumed_at, left)
    provisional = not limit.is_elapsed and work.provisional(resumed_at, due_at)
    return _promise(rulebook, rulebook.clocks_of(category), limit, resumed_at, Deadline(due_at, provisional))


def verify_by(rulebook: Rulebook, category: str, completed_at: datetime) -> datetime:
    """Until when a completion is to be verified (A12)."""
    return rulebook.worktime.deadline(rulebook.clocks_of(category).verification, completed_at).at


def answer_by(rulebook: Rulebook, category: str, verified_at: datetime) -> datetime:
    """Until when the reporter may answer (A12)."""
    return rulebook.worktime.deadline(rulebook.clocks_of(category).answer, verified_at).at


def minutes_by(rulebook: Rulebook, category: str, talk_at: datetime) -> datetime:
    """Until when the minutes of a talk convened for ``talk_at`` are to be kept (A9)."""
    return rulebook.worktime.deadline(rulebook.clocks_of(category).minutes, talk_at).at


def check_by(rulebook: Rulebook, category: str, due_on: datetime) -> datetime:
    """Until when a rectification due at ``due_on`` is to be checked (A9)."""
    return rulebook.worktime.deadline(rulebook.clocks_of(category).check, due_on).at


def findings_by(rulebook: Rulebook, category: str, opened_at: datetime) -> datetime:
    """Until when the findings of an accountability file are due (A10)."""
    return rulebook.worktime.deadline(rulebook.clocks_of(category).findings, opened_at).at


def decision_by(rulebook: Rulebook, category: str, found_at: datetime) -> datetime:
    """Until when an accountability file is to be decided (A10)."""
    return rulebook.worktime.deadline(rulebook.clocks_of(category).decision, found_at).at


def _promise(rulebook: Rulebook, clocks: Clocks, limit: Limit, start: datetime, due: Deadline) -> Promise:
    work, start = rulebook.worktime, start.astimezone(UTC)
    extension_by = _extension_by(work, clocks, limit, due.at)
    return Promise(
        start=start,
        due_at=due.at,
        yellow_at=max(start, _yellow_at(work, clocks, limit, due.at)),
        extension_by=extension_by,
        remind_at=_remind_at(work, clocks, limit, start, extension_by),
        appeal_by=work.deadline(clocks.appeal, due.at).at,
        convene_by=work.deadline(clocks.convene, due.at).at,
        provisional=due.provisional,
        rule=str(limit),
        rulebook_version=rulebook.version,
        calendar_version=rulebook.calendar.version,
    )


def _yellow_at(work: WorkTime, clocks: Clocks, limit: Limit, due_at: datetime) -> datetime:
    """The lead before the deadline, or the share of the limit where that is shorter (A7)."""
    if work.covers(limit, clocks.yellow_lead, percent=clocks.yellow_share):
        return work.before(clocks.yellow_lead, due_at, working=limit.in_working_time)
    share = work.length(limit) * clocks.yellow_share / 100
    return work.subtract(due_at, share) if limit.in_working_time else due_at - share


def _extension_by(work: WorkTime, clocks: Clocks, limit: Limit, due_at: datetime) -> datetime | None:
    """When the window for asking closes; None where the limit is no longer than the lead (A6)."""
    lead = clocks.extension_lead
    if lead is None or not work.exceeds(limit, lead):
        return None
    return work.before(lead, due_at, working=limit.in_working_time)


def _remind_at(
    work: WorkTime, clocks: Clocks, limit: Limit, start: datetime, extension_by: datetime | None
) -> datetime | None:
    if extension_by is None:
        return None
    remind_at = work.before(clocks.extension_reminder, extension_by, working=limit.in_working_time)
    return remind_at if remind_at > start else None
