"""The commands of the naive model of ``naive_case``: each does its work or says No before it has touched anything."""

from collections.abc import Callable
from datetime import timedelta

from domain.messages import Command
from domain.vocabulary import CaseStatus, CommandKind, Role
from tests.unit.naive_case import RUNNING, Bag, NaiveCase, No, empty, when

C, S = CommandKind, CaseStatus


def _free(bag: Bag) -> None:
    """Nothing waits for a decision of the centre."""
    if bag.returning or any(item["status"] == "pending" for item in bag.requests.values()):
        raise No


def dispatch(case: NaiveCase, bag: Bag, said: Command) -> None:
    """The centre gives it to a unit; a case that stands is given to nobody, in no part."""
    _free(bag)
    if said.data["unit"] == bag.unit or case.k.status not in (*RUNNING, S.AWAITING_DISPATCH):
        raise No
    case.hand_over(bag, "dispatched" if bag.status is S.AWAITING_DISPATCH else "redispatched", said.at, said.data)


def assist(case: NaiveCase, bag: Bag, said: Command) -> None:
    """One more unit works on it."""
    taken = [each.key for each in case.everyone]
    name = key = said.data["unit"]
    while key in taken:
        key = f"{name}-{int(key[len(name) + 1 :] or 1) + 1}"
    helper = empty(key)
    helper.round = 1 + sum(each.key == key for each in case.helpers)
    case.hand_over(helper, "dispatched", said.at, said.data)
    case.helpers.append(helper)


def acknowledge(case: NaiveCase, bag: Bag, said: Command) -> None:
    """The unit answers; the lead's answer is to the alarm, too."""
    bag.status, bag.ladder, bag.acked = S.IN_PROGRESS, None, True
    case.say(said.at, "acknowledged", of=bag)
    if bag is case.k and case.k.alarm:
        case.k.alarm = None
        case.say(said.at, "alarm_taken_over")


def progress(case: NaiveCase, bag: Bag, said: Command) -> None:
    """The unit reports, and answers an urging perhaps."""
    answers = said.data.get("answers")
    if answers is not None:
        if answers not in bag.urgings or bag.urgings[answers]["answered"]:
            raise No
        bag.urgings[answers].update(open=False, answered=True)
    case.say(said.at, "progressed", of=bag)


def urge(case: NaiveCase, bag: Bag, said: Command) -> None:
    """The centre wants an answer within four hours."""
    case.k.urged += 1
    bag.urgings[str(case.k.urged)] = {"by": said.at + timedelta(hours=4), "open": True, "answered": False}
    case.say(said.at, "urged", of=bag)


def take_over(case: NaiveCase, bag: Bag, said: Command) -> None:
    """A person takes the alarm."""
    if case.k.alarm is None:
        raise No
    case.k.alarm = None
    case.say(said.at, "alarm_taken_over")


def give_back(case: NaiveCase, bag: Bag, said: Command) -> None:
    """Not ours: once, within a day."""
    if bag.unit in bag.returned or said.at - bag.dispatched > timedelta(hours=24):
        raise No
    _free(bag)
    bag.returned.add(bag.unit)
    bag.returning = True
    case.say(said.at, "returned", of=bag)


def rule_return(case: NaiveCase, bag: Bag, said: Command) -> None:
    """The centre rules on it."""
    unit = said.data["unit"]
    if not bag.returning or (said.data["accept"] and unit == bag.unit):
        raise No
    if not said.data["accept"]:
        bag.returning = False
        case.say(said.at, "return_refused", of=bag)
        return
    kept = bag.promise["due_at"]
    due = when(said.data["promise"]["due_at"]) if said.data["promise"] else kept
    if unit and due <= said.at and not (bag.red and due == kept):
        raise No
    if unit and unit in [each.unit for each in case.everyone]:
        raise No
    bag.returning, bag.unit, bag.status = False, None, S.AWAITING_DISPATCH
    bag.frozen, bag.triage, bag.ladder = said.at, said.at + timedelta(hours=2), None
    case.say(said.at, "return_accepted", of=bag)
    if unit:
        case.hand_over(bag, "redispatched", said.at, said.data)


def request_extension(case: NaiveCase, bag: Bag, said: Command) -> None:
    """Two days before the deadline at the latest, to a later date, twice a round."""
    _free(bag)
    if said.at > bag.promise["extension_by"] or bag.used >= 2 or when(said.data["until"]) <= bag.promise["due_at"]:
        raise No
    case.k.asked += 1
    request = {"status": "pending", "higher": bag.used == 1, "promise": said.data["promise"]}
    bag.requests[str(case.k.asked)] = request
    case.say(said.at, "extension_requested", of=bag)


def decide_extension(case: NaiveCase, bag: Bag, said: Command) -> None:
    """The centre decides; the second of a round, its leader."""
    request = bag.requests.get(said.data["extension"])
    higher = request is not None and request["higher"] and Role.UNIT_LEADER not in said.roles
    if request is None or request["status"] != "pending" or higher:
        raise No
    if said.data["grant"]:
        request["status"] = "granted"
        bag.used += 1
        case.promised(bag, request["promise"], said.at)
        case.say(said.at, "extension_granted", of=bag)
    else:
        request["status"] = "refused"
        bag.reminded = bag.reminded or bag.promise["remind_at"] < said.at
        case.say(said.at, "extension_refused", of=bag)


def suspend(case: NaiveCase, bag: Bag, said: Command) -> None:
    """Every clock stands until a date."""
    standing = [bag, *(each for each in case.everyone[1:] if each.status in RUNNING)]
    for each in standing:
        _free(each)
    if bag.red or when(said.data["resume_at"]) <= said.at:
        raise No
    for each in standing:
        resolved = said.data["parts"][each.key] if each.key else said.data
        each.status, each.frozen = S.SUSPENDED, said.at
        each.resume, each.resume_promise = when(said.data["resume_at"]), None if each.red else resolved["promise"]
        case.say(said.at, "suspended", of=each)


def resume(case: NaiveCase, bag: Bag, said: Command) -> None:
    """By hand."""
    for each in case.everyone:
        if each.status is S.SUSPENDED:
            resolved = said.data["parts"][each.key] if each.key else said.data
            case.go_on(each, said.at, None if each.red else resolved["promise"])


def complete(case: NaiveCase, bag: Bag, said: Command) -> None:
    """Done, says the unit. What the lead has done is verified, and nobody assists it any more."""
    if bag.returning:
        raise No
    case.over(bag, said.at, S.CLOSED)
    bag.solver = (said.actor, bag.unit)
    case.say(said.at, "completed", of=bag)
    if bag is case.k:
        bag.status, bag.verify = S.AWAITING_VERIFICATION, when(said.data["verify_by"])
        case.release(said.at)


def verify(case: NaiveCase, bag: Bag, said: Command) -> None:
    """Somebody else looks: another person, and of another unit unless it is the centre's own work."""
    solvers = [each.solver for each in (case.k, *case.helpers) if each.solver]
    centre = Role.SUPERVISOR in said.roles
    if any(said.actor == actor or (said.unit == unit and not centre) for actor, unit in solvers):
        raise No
    case.say(said.at, "verified")
    if said.data["solved"]:
        case.k.status, case.k.answer = S.AWAITING_ANSWER, when(said.data["answer_by"])
    else:
        case.redo(said.at, said.data["promise"])


def rate(case: NaiveCase, bag: Bag, said: Command) -> None:
    """A reporter answers, each once a round; one who is not content takes it up again."""
    who = said.data.get("report", 1)
    if who not in case.k.reports or who in case.k.content:
        raise No
    case.say(said.at, "rated")
    if said.data["solved"]:
        case.k.content.append(who)
        if len(case.k.content) == len(case.k.reports):
            case.finish(said.at, "closed", "solved")
    else:
        case.redo(said.at, said.data["promise"])


def appeal(case: NaiveCase, bag: Bag, said: Command) -> None:
    """Against the unit's latest card, in its window, as long as the case lives."""
    own = [card for card in case.k.cards if card["unit"] == said.unit]
    if not own or own[-1]["appeal"] or said.at > own[-1]["appeal_by"] or case.k.archived:
        raise No
    own[-1]["appeal"] = "pending"
    case.say(said.at, "appealed")


def rule_appeal(case: NaiveCase, bag: Bag, said: Command) -> None:
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


def withdraw(case: NaiveCase, bag: Bag, said: Command) -> None:
    """Called off; of what several have reported, by the centre alone."""
    if len(case.k.reports) > 1 and Role.SUPERVISOR not in said.roles:
        raise No
    case.finish(said.at, "withdrawn", "withdrawn")


def join(case: NaiveCase, bag: Bag, said: Command) -> None:
    """The same matter reported again. Danger does not hide; where there is danger, it sounds the alarm again."""
    if said.data["danger"] and not case.k.danger:
        raise No
    case.say(said.at, "report_joined")
    case.k.reports.append(case.k.version)
    if said.data["danger"] and case.k.alarm is None:
        case.alarm(said.at)


WHERE: dict[CommandKind, tuple[CaseStatus, ...]] = {
    C.DISPATCH: (*RUNNING, S.AWAITING_DISPATCH),
    C.ASSIST: RUNNING,
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

DO: dict[CommandKind, Callable[[NaiveCase, Bag, Command], None]] = {
    C.DISPATCH: dispatch, C.ACKNOWLEDGE: acknowledge, C.PROGRESS: progress, C.URGE: urge, C.TAKE_OVER: take_over,
    C.RETURN: give_back, C.RULE_RETURN: rule_return, C.REQUEST_EXTENSION: request_extension,
    C.DECIDE_EXTENSION: decide_extension, C.SUSPEND: suspend, C.RESUME: resume, C.COMPLETE: complete,
    C.VERIFY: verify, C.RATE: rate, C.APPEAL: appeal, C.RULE_APPEAL: rule_appeal, C.WITHDRAW: withdraw,
    C.ASSIST: assist, C.JOIN: join,
}  # fmt: skip

HOLDER = (C.ACKNOWLEDGE, C.PROGRESS, C.RETURN, C.REQUEST_EXTENSION, C.COMPLETE)


def give(case: NaiveCase, said: Command) -> bool:
    """Whether the command is done. The model does what it does, or leaves everything as it was."""
    k, kind = case.k, said.kind
    bag = meant(case, said)
    if bag is None or said.data.get("version", k.version) != k.version:
        return False
    if (kind in HOLDER and (said.unit is None or said.unit != bag.unit)) or bag.status not in WHERE.get(kind, tuple(S)):
        return False
    if k.outcome and kind not in (C.APPEAL, C.RULE_APPEAL):
        return False
    try:
        DO[kind](case, bag, said)
    except No:
        return False
    return True


def meant(case: NaiveCase, said: Command) -> Bag | None:
    """Whose work the command is about: the part that it names, or that of the unit that gives it; else the lead's."""
    if said.data.get("part"):
        named = [bag for bag in case.helpers if bag.key == said.data["part"]]
        return named[-1] if named else None
    if said.kind in HOLDER:
        return next((bag for bag in case.everyone if bag.unit == said.unit), None)
    if said.kind is C.DECIDE_EXTENSION:
        number = said.data["extension"]
        return next((bag for bag in (case.k, *case.helpers) if number in bag.requests), None)
    return case.k
