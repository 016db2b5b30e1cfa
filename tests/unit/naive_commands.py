"""The commands of the naive model of ``naive_case``: each does its work or says No before it has touched anything."""

from collections.abc import Callable
from datetime import timedelta

from domain.messages import Command
from domain.vocabulary import CaseStatus, CommandKind, Role
from tests.unit.naive_case import RUNNING, NaiveCase, No, when

C, S = CommandKind, CaseStatus


def _free(case: NaiveCase) -> None:
    """Nothing waits for a decision of the centre."""
    if case.k.returning or any(item["status"] == "pending" for item in case.k.requests.values()):
        raise No


def dispatch(case: NaiveCase, said: Command, leader: bool) -> None:
    """The centre gives it to a unit."""
    _free(case)
    if said.data["unit"] == case.k.unit:
        raise No
    event = "dispatched" if case.k.status is S.AWAITING_DISPATCH else "redispatched"
    case.hand_over(event, said.at, said.data)


def acknowledge(case: NaiveCase, said: Command, leader: bool) -> None:
    """The unit answers."""
    case.k.status, case.k.ladder = S.IN_PROGRESS, None
    case.say(said.at, "acknowledged")
    if case.k.alarm:
        case.k.alarm = None
        case.say(said.at, "alarm_taken_over")


def progress(case: NaiveCase, said: Command, leader: bool) -> None:
    """The unit reports, and answers an urging perhaps."""
    answers = said.data.get("answers")
    if answers is not None:
        if answers not in case.k.urgings or case.k.urgings[answers]["answered"]:
            raise No
        case.k.urgings[answers].update(open=False, answered=True)
    case.say(said.at, "progressed")


def urge(case: NaiveCase, said: Command, leader: bool) -> None:
    """The centre wants an answer within four hours."""
    case.k.urged += 1
    case.k.urgings[str(case.k.urged)] = {"by": said.at + timedelta(hours=4), "open": True, "answered": False}
    case.say(said.at, "urged")


def take_over(case: NaiveCase, said: Command, leader: bool) -> None:
    """A person takes the alarm."""
    if case.k.alarm is None:
        raise No
    case.k.alarm = None
    case.say(said.at, "alarm_taken_over")


def give_back(case: NaiveCase, said: Command, leader: bool) -> None:
    """Not ours: once, within a day."""
    k = case.k
    if k.unit in k.returned or said.at - k.dispatched > timedelta(hours=24):
        raise No
    _free(case)
    k.returned.add(k.unit)
    k.returning = True
    case.say(said.at, "returned")


def rule_return(case: NaiveCase, said: Command, leader: bool) -> None:
    """The centre rules on it."""
    k, unit = case.k, said.data["unit"]
    if not k.returning or (said.data["accept"] and unit == k.unit):
        raise No
    if not said.data["accept"]:
        k.returning = False
        case.say(said.at, "return_refused")
        return
    kept = k.promise["due_at"]
    due = when(said.data["promise"]["due_at"]) if said.data["promise"] else kept
    if unit and due <= said.at and not (k.red and due == kept):
        raise No
    k.returning, k.unit, k.status = False, None, S.AWAITING_DISPATCH
    k.frozen, k.triage, k.ladder = said.at, said.at + timedelta(hours=2), None
    case.say(said.at, "return_accepted")
    if unit:
        case.hand_over("redispatched", said.at, said.data)


def request_extension(case: NaiveCase, said: Command, leader: bool) -> None:
    """Two days before the deadline at the latest, to a later date, twice a round."""
    k = case.k
    _free(case)
    if said.at > k.promise["extension_by"] or k.used >= 2 or when(said.data["until"]) <= k.promise["due_at"]:
        raise No
    plain = said.data["promise"]
    k.requests[str(len(k.requests) + 1)] = {"status": "pending", "higher": k.used == 1, "promise": plain}
    case.say(said.at, "extension_requested")


def decide_extension(case: NaiveCase, said: Command, leader: bool) -> None:
    """The centre decides; the second of a round, its leader."""
    k, request = case.k, case.k.requests.get(said.data["extension"])
    if request is None or request["status"] != "pending" or (request["higher"] and not leader):
        raise No
    if said.data["grant"]:
        request["status"] = "granted"
        k.used += 1
        case.promised(request["promise"], said.at)
        case.say(said.at, "extension_granted")
    else:
        request["status"] = "refused"
        k.reminded = k.reminded or k.promise["remind_at"] < said.at
        case.say(said.at, "extension_refused")


def suspend(case: NaiveCase, said: Command, leader: bool) -> None:
    """The clock stands until a date."""
    k = case.k
    _free(case)
    if k.red or when(said.data["resume_at"]) <= said.at:
        raise No
    k.status, k.frozen = S.SUSPENDED, said.at
    k.resume, k.resume_promise = when(said.data["resume_at"]), said.data["promise"]
    case.say(said.at, "suspended")


def resume(case: NaiveCase, said: Command, leader: bool) -> None:
    """By hand."""
    case.go_on(said.at, said.data["promise"])


def complete(case: NaiveCase, said: Command, leader: bool) -> None:
    """Done, says the unit."""
    k = case.k
    if k.returning:
        raise No
    case.settle("moot")
    k.status, k.solver, k.frozen, k.verify = S.AWAITING_VERIFICATION, said.actor, said.at, when(said.data["verify_by"])
    case.say(said.at, "completed")


def verify(case: NaiveCase, said: Command, leader: bool) -> None:
    """Somebody else looks."""
    if said.actor == case.k.solver or said.unit == case.k.unit:
        raise No
    case.say(said.at, "verified")
    if said.data["solved"]:
        case.k.status, case.k.answer = S.AWAITING_ANSWER, when(said.data["answer_by"])
    else:
        case.redo(said.at, said.data["promise"])


def rate(case: NaiveCase, said: Command, leader: bool) -> None:
    """The reporter answers."""
    case.say(said.at, "rated")
    if said.data["solved"]:
        case.finish(said.at, "closed", "solved")
    else:
        case.redo(said.at, said.data["promise"])


def appeal(case: NaiveCase, said: Command, leader: bool) -> None:
    """Against the unit's latest card, in its window, as long as the case lives."""
    own = [card for card in case.k.cards if card["unit"] == said.unit]
    if not own or own[-1]["appeal"] or said.at > own[-1]["appeal_by"] or case.k.archived:
        raise No
    own[-1]["appeal"] = "pending"
    case.say(said.at, "appealed")


def rule_appeal(case: NaiveCase, said: Command, leader: bool) -> None:
    """On the oldest that waits."""
    waiting = [card for card in case.k.cards if card["appeal"] == "pending"]
    if not waiting:
        raise No
    if said.data["uphold"]:
        waiting[0]["appeal"] = "upheld"
        case.k.points += 2
        case.say(said.at, "appeal_upheld", "points_restored")
    else:
        waiting[0]["appeal"] = "dismissed"
        case.say(said.at, "appeal_dismissed")


def withdraw(case: NaiveCase, said: Command, leader: bool) -> None:
    """Called off."""
    case.finish(said.at, "withdrawn", "withdrawn")


WHERE: dict[CommandKind, tuple[CaseStatus, ...]] = {
    C.DISPATCH: (*RUNNING, S.AWAITING_DISPATCH),
    C.ACKNOWLEDGE: (S.DISPATCHED,),
    C.PROGRESS: (S.IN_PROGRESS, S.SUSPENDED),
    C.URGE: RUNNING,
    C.RETURN: RUNNING,
    C.RULE_RETURN: RUNNING,
    C.REQUEST_EXTENSION: (S.IN_PROGRESS,),
    C.SUSPEND: (S.IN_PROGRESS,),
    C.RESUME: (S.SUSPENDED,),
    C.COMPLETE: (S.IN_PROGRESS,),
    C.VERIFY: (S.AWAITING_VERIFICATION,),
    C.RATE: (S.AWAITING_ANSWER,),
}

DO: dict[CommandKind, Callable[[NaiveCase, Command, bool], None]] = {
    C.DISPATCH: dispatch, C.ACKNOWLEDGE: acknowledge, C.PROGRESS: progress, C.URGE: urge, C.TAKE_OVER: take_over,
    C.RETURN: give_back, C.RULE_RETURN: rule_return, C.REQUEST_EXTENSION: request_extension,
    C.DECIDE_EXTENSION: decide_extension, C.SUSPEND: suspend, C.RESUME: resume, C.COMPLETE: complete,
    C.VERIFY: verify, C.RATE: rate, C.APPEAL: appeal, C.RULE_APPEAL: rule_appeal, C.WITHDRAW: withdraw,
}  # fmt: skip


def give(case: NaiveCase, said: Command) -> bool:
    """Whether the command is done. The model does what it does, or leaves everything as it was."""
    k, kind = case.k, said.kind
    holder = kind in (C.ACKNOWLEDGE, C.PROGRESS, C.RETURN, C.REQUEST_EXTENSION, C.COMPLETE)
    if said.data.get("version", k.version) != k.version or (holder and said.unit != k.unit):
        return False
    if (holder and said.unit is None) or k.status not in WHERE.get(kind, tuple(S)):
        return False
    if k.outcome and kind not in (C.APPEAL, C.RULE_APPEAL):
        return False
    try:
        DO[kind](case, said, Role.UNIT_LEADER in said.roles)
    except No:
        return False
    return True
