"""From rulebook and calendar to the instants that one case is promised (A3, A5–A9, A16, A17, E2–E5).

The shapes are ``domain.promise``. Whether a command may be given is the case's business, not decided here.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from domain.errors import Unprocessable
from domain.promise import AckClock, Promise, Rest, Terms
from domain.rulebook import Clocks, Rulebook
from domain.worktime import Deadline, Limit, WorkTime

_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 2200


def terms(rulebook: Rulebook, category: str) -> Terms:
    """The numbers that a case of this category lives under. Raises Unprocessable("category_unknown")."""
    return terms_under(rulebook, rulebook.category(category).clocks)


def terms_under(rulebook: Rulebook, clocks: Clocks) -> Terms:
    """The numbers that a case lives under whose clocks are these."""
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


def promise_joined(rulebook: Rulebook, category: str, current: Promise | None, start: datetime) -> Promise:
    """What a unit is promised that joins at ``start`` those who work on a case (A18): the deadline of the case.

    Never yellow before it joined; a deadline that has passed is not its own: it gets a new clock, as ``promise_anew``.
    """
    if current is None or current.due_at <= start:
        return promise_anew(rulebook, category, current, start)
    return replace(current, yellow_at=max(current.yellow_at, start.astimezone(UTC)))


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
    due = Deadline(until.astimezone(UTC), provisional)
    return _promise(rulebook, rulebook.clocks_of(category), limit, current.start, due, granted=True)


def promise_resumed(
    rulebook: Rulebook, category: str, current: Promise, suspended_at: datetime, resumed_at: datetime
) -> Promise:
    """The promise after a pause: what was left at its beginning is left again at its end (A16, E5).

    What is left is working time where the limit is in working time (and any is left before a deadline that was
    extended into the evening), else elapsed time. A deadline that had passed when the pause began stays. One that was
    provisional is first worked out anew when its notice is there by now: what is left is counted by one calendar.
    """
    if suspended_at >= current.due_at:
        return current
    clocks, limit, work = rulebook.clocks_of(category), Limit.parse(current.rule), rulebook.worktime
    current = promise_rebased(rulebook, clocks, current, suspended_at) or current
    left = work.worked(suspended_at, current.due_at)
    working = limit.in_working_time and left > timedelta()
    rest = Rest(length=left if working else current.due_at - suspended_at, working=working)
    due_at = work.after(rest.length, resumed_at, working=working)
    provisional = not limit.is_elapsed and work.provisional(resumed_at, due_at)
    return _promise(rulebook, clocks, limit, resumed_at, Deadline(due_at, provisional), rest=rest)


def promise_rebased(rulebook: Rulebook, clocks: Clocks, current: Promise, now: datetime) -> Promise | None:
    """The promise under this rulebook's calendar, when that knows a year that was missing (E2); None: it stands.

    Start and limit stay (E4), and so does the date of an extension, unless nobody works then. A deadline that has
    passed by ``now`` is never touched, one that would move there stays. Yellow is never dated back, and the window for
    asking for an extension does not close behind the unit's back. While another year is missing, nothing changes. A
    deadline that was certain stays; only what hangs on it later (appeal, interview) follows.
    """
    work = rulebook.worktime
    if current.calendar_version == rulebook.calendar.version or now >= current.due_at:
        return None
    if not current.provisional:
        return _windows_rebased(work, clocks, current, rulebook.calendar.version)
    due = _due_again(work, current)
    if due.provisional:
        return None
    if due.at <= now:
        due = Deadline(current.due_at, provisional=False)
    limit = Limit.parse(current.rule)
    made = _promise(rulebook, clocks, limit, current.start, due, rest=current.rest, granted=current.granted)
    extension_by = made.extension_by
    if extension_by and current.extension_by and extension_by < now < current.extension_by:
        extension_by = min(current.extension_by, made.due_at)
    return replace(made, yellow_at=max(made.yellow_at, now.astimezone(UTC)), extension_by=extension_by)


def _due_again(work: WorkTime, current: Promise) -> Deadline:
    """The deadline by the rule that made it, counted by another calendar."""
    limit, start = Limit.parse(current.rule), current.start
    if current.granted:
        at = work.on_working_day(current.due_at) if limit.in_working_time else current.due_at
    elif current.rest:
        at = work.after(current.rest.length, start, working=current.rest.working)
    else:
        return work.deadline(limit, start)
    return Deadline(at, work.provisional(start, at))


def _windows_rebased(work: WorkTime, clocks: Clocks, current: Promise, version: str) -> Promise | None:
    appeal_by, convene_by = (work.deadline(window, current.due_at) for window in (clocks.appeal, clocks.convene))
    known = not (appeal_by.provisional or convene_by.provisional)
    same = (appeal_by.at, convene_by.at) == (current.appeal_by, current.convene_by)
    if same or not known or _due_again(work, current).at != current.due_at:
        return None
    return replace(current, appeal_by=appeal_by.at, convene_by=convene_by.at, calendar_version=version)


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


def _promise(
    rulebook: Rulebook,
    clocks: Clocks,
    limit: Limit,
    start: datetime,
    due: Deadline,
    *,
    rest: Rest | None = None,
    granted: bool = False,
) -> Promise:
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
        rest=rest,
        granted=granted,
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
