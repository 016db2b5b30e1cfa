"""From rulebook and calendar to the instants of a service request: the whole, each step, materials, answers (B3-B11).

What a resolver of the API asks, at the stamp of a command. The rules that decide whether it may be given are in
``domain.service.commands``; the shapes in ``domain.promise``.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from domain import promising
from domain.limits import Limit
from domain.plain import to_plain
from domain.promise import AckClock, Promise, Terms
from domain.rulebook import Rulebook
from domain.service.flow import Step

_NO_CATEGORY = ""

Data = dict[str, Any]


def rules_of(rulebook: Rulebook) -> Rulebook:
    """The rulebook as service requests live under it: their clocks in place of the general ones.

    What ``domain.promising`` says under it for no category (``""``) is what it says for a service request.
    """
    return replace(rulebook, clocks=rulebook.services.clocks)


def terms(rulebook: Rulebook) -> Terms:
    """The numbers that a service request lives under, frozen at its opening (E4)."""
    return promising.terms_under(rulebook, rulebook.services.clocks)


def ack_clock(rulebook: Rulebook, at: datetime) -> AckClock:
    """The acknowledgement clock of a step handed over then: within office hours, where the rulebook says so (B3)."""
    services, start = rulebook.services, at.astimezone(UTC)
    length, work = services.clocks.acknowledgement.elapsed, rulebook.worktime
    warned = length * (100 - services.clocks.ack_warning) / 100
    in_office = services.acknowledgement_in_office_hours
    yellow_at, ack_by = (work.add(start, part) if in_office else start + part for part in (warned, length))
    return AckClock(dispatched_at=start, yellow_at=yellow_at, ack_by=ack_by)


def ack_resumed(rulebook: Rulebook, ack: AckClock, since: datetime, until: datetime) -> AckClock | None:
    """An acknowledgement clock that stood from ``since`` to ``until``; None where it is a matter of elapsed time."""
    if not rulebook.services.acknowledgement_in_office_hours or since >= ack.ack_by:
        return None
    work = rulebook.worktime
    yellow_at, ack_by = (
        work.add(until, work.worked(since, at)) if at > since else at for at in (ack.yellow_at, ack.ack_by)
    )
    return replace(ack, yellow_at=yellow_at, ack_by=ack_by)


def promise(rulebook: Rulebook, limit: Limit, start: datetime) -> Promise:
    """What a matter with this limit is promised from ``start`` on: the whole (B11), or one step (B3)."""
    return promising.promise_for_limit(rules_of(rulebook), limit, start)


def legal_due_at(rulebook: Rulebook, legal: Limit | None, received_at: datetime) -> datetime | None:
    """When the limit of the law ends; kept beside the promise, which is the clock (B11)."""
    return rulebook.worktime.deadline(legal, received_at).at if legal else None


def resumed(rulebook: Rulebook, current: Promise, since: datetime, until: datetime) -> Promise:
    """What is promised after a clock that stood from ``since`` to ``until``: what was left is left again (B9, E5)."""
    return promising.promise_resumed(rules_of(rulebook), _NO_CATEGORY, current, since, until)


def until(rulebook: Rulebook, current: Promise, wanted: datetime) -> Promise:
    """What a step would be promised after an extension (A6). Raises as ``promising.promise_until``."""
    return promising.promise_until(rules_of(rulebook), _NO_CATEGORY, current, wanted)


def handovers(rulebook: Rulebook, steps: Iterable[Step], at: datetime) -> Data:
    """``handover`` of each of these steps, by key."""
    return {step.key: handover(rulebook, step, at) for step in steps}


def handover(rulebook: Rulebook, step: Step, at: datetime) -> Data:
    """What runs when this step is handed over at ``at``, as it goes into the command. Plain."""
    if not step.inside:
        return _handed_out(rulebook, step, at)
    limit = Limit.parse(step.limit or "")
    return {
        "unit": step.unit,
        "ack": to_plain(ack_clock(rulebook, at)),
        "promise": to_plain(promise(rulebook, limit, at)),
    }


def _handed_out(rulebook: Rulebook, step: Step, at: datetime) -> Data:
    services = rulebook.services
    return {
        "unit": step.unit,
        "reference_from": to_plain(_ends(rulebook, step.reference_min, at)),
        "reference_by": to_plain(_ends(rulebook, step.reference_max, at)),
        "stuck_by": to_plain(rulebook.worktime.deadline(services.handoff_within, at).at),
        "chase": to_plain(services.chase),
    }


def _ends(rulebook: Rulebook, reference: str | None, at: datetime) -> datetime | None:
    return rulebook.worktime.deadline(Limit.parse(reference), at).at if reference else None


def materials_by(rulebook: Rulebook, at: datetime) -> datetime:
    """Until when the applicant has to bring what is missing (B9)."""
    return rulebook.worktime.deadline(rulebook.services.materials_window, at).at


def answer_by(rulebook: Rulebook, at: datetime) -> datetime:
    """Until when the applicant may rate, or say that it is not solved (D5)."""
    return promising.answer_by(rules_of(rulebook), _NO_CATEGORY, at)
