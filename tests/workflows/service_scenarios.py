"""The scenarios of a service request's life, played like those of an incident."""

from domain.service.flow import TURNED_DOWN
from domain.service.materials import Materials
from domain.vocabulary import CommandKind as C
from domain.vocabulary import EventType as E
from tests.workflows.scenarios import RED, Play, Scenario, refused
from tests.workflows.service_stage import (
    CIVIL,
    CLERK,
    COMPLETE,
    CONNECTED,
    NUMBER,
    POLICE,
    SHORT,
    VILLAGE,
    Counter,
)
from tests.workflows.stage import DAY, HOUR, MINUTE, SUPERVISOR, Stage

CARD = f"{NUMBER}-R1"
INTERVIEW = f"{CARD}-I"
HANDOFF = f"{NUMBER}-county-H1"

OPENED = [E.RECEIVED, E.DISPATCHED]
STEP = [E.ACKNOWLEDGED, E.STEP_COMPLETED]
DECIDED = [*STEP, E.COMPLETED]
ANSWERED = [E.RATED, E.CLOSED]


async def rate(counter: Counter, *, solved: bool = True) -> None:
    """The applicant answers, through the desk."""
    await counter.give(C.RATE, CLERK, solved=solved, score=5 if solved else 1)


async def five_steps(stage: Stage) -> None:
    """Five steps, two of them at a time and one outside, all in time; then nothing moves it any more."""
    counter = Counter(stage)
    await counter.open()
    await counter.through("check", "survey")
    await refused("not_holder", counter.give(C.COMPLETE_STEP, VILLAGE, part="police", outcome="passed"))
    await refused("step_already_completed", counter.complete("survey"))
    await refused("step_not_open", counter.complete("issue"))
    await counter.through("police")
    await counter.give(C.CONFIRM_HANDOFF, CLERK, part="county")
    await stage.at(4 * DAY)
    await counter.complete("county")
    await counter.through("issue")
    await rate(counter)
    await stage.ended(NUMBER)


async def materials_missing(stage: Stage) -> None:
    """Missing at the desk, then asked for by a step, once: each time the clocks stand until they are brought."""
    counter = Counter(stage)
    await counter.open(SHORT, Materials(needed=("id", "form"), optional=("letter",), given=("id",)))
    await stage.at(2 * DAY)
    await refused("material_unknown", counter.give(C.BRING_MATERIALS, CLERK, codes=["passport"]))
    await counter.give(C.BRING_MATERIALS, CLERK, codes=["form"])
    await counter.acknowledge("check")
    await counter.give(C.REQUEST_MATERIALS, CIVIL, part="check", codes=["letter"])
    await refused("transition_not_allowed", counter.complete("check"))
    await stage.at(7 * DAY)
    await counter.give(C.BRING_MATERIALS, CLERK, codes=["letter"])
    again = counter.give(C.REQUEST_MATERIALS, CIVIL, part="check", codes=["letter"])
    await refused("materials_requested_before", again)
    await stage.at(9 * DAY + 12 * HOUR)
    await counter.complete("check")
    await counter.through("issue")
    await rate(counter)
    await stage.ended(NUMBER)


async def parallel_red(stage: Stage) -> None:
    """Two at a time: one is late, red, and its unit alone gets card and interview; appealed, and reversed."""
    counter = Counter(stage)
    await counter.open()
    await counter.through("check")
    await stage.at(20 * MINUTE)
    await counter.acknowledge("survey")
    await counter.acknowledge("police")
    await stage.at(2 * DAY + HOUR)
    stage.started.append(INTERVIEW)
    await counter.complete("survey")
    await counter.complete("police")
    await counter.complete("county")
    await counter.through("issue")
    await rate(counter)
    await refused("no_card_to_appeal", stage.give(C.APPEAL, VILLAGE, dossier=NUMBER))
    await stage.give(C.APPEAL, POLICE, dossier=NUMBER)
    await stage.give(C.RULE_APPEAL, SUPERVISOR, uphold=True, dossier=NUMBER)
    await stage.ended(INTERVIEW)
    await stage.ended(NUMBER)


async def outside_overdue(stage: Stage) -> None:
    """Nobody confirms, the reference time passes, it is chased; it costs nobody anything; then it is answered."""
    counter = Counter(stage)
    await counter.open()
    await counter.through("check", "survey", "police")
    await stage.at(12 * DAY)
    await counter.complete("county")
    await counter.through("issue")
    await rate(counter)
    await stage.ended(NUMBER)


async def turned_down(stage: Stage) -> None:
    """Refused by one of two: the other is released, and the applicant says nothing."""
    counter = Counter(stage)
    await counter.open()
    await counter.through("check")
    await counter.acknowledge("police")
    await counter.complete("police", TURNED_DOWN)
    await refused("transition_not_allowed", counter.complete("survey"))
    await stage.at(8 * DAY)
    await stage.ended(NUMBER)


async def lapsed(stage: Stage) -> None:
    """What is missing never comes."""
    counter = Counter(stage)
    await counter.open(SHORT, Materials(needed=("id", "form")))
    await stage.at(11 * DAY)
    await stage.ended(NUMBER)


async def taken_back(stage: Stage) -> None:
    """The applicant withdraws while two units work on it."""
    counter = Counter(stage)
    await counter.open()
    await counter.through("check")
    await stage.give(C.WITHDRAW, CLERK, dossier=NUMBER)
    await stage.ended(NUMBER)


async def not_solved(stage: Stage) -> None:
    """Not solved: its last inside step is done again, once; the second time it is closed."""
    counter = Counter(stage)
    await counter.open(SHORT)
    await counter.through("check", "issue")
    await rate(counter, solved=False)
    await counter.through("issue")
    await rate(counter, solved=False)
    await stage.ended(NUMBER)


async def stood(stage: Stage) -> None:
    """A step late in acknowledging is extended; the whole is suspended with both steps, and goes on by itself."""
    counter = Counter(stage)
    await counter.open()
    await stage.at(50 * MINUTE)
    await counter.acknowledge("check")
    later = stage.start + 5 * DAY
    await counter.give(C.REQUEST_EXTENSION, CIVIL, part="check", until=later)
    await stage.give(C.DECIDE_EXTENSION, SUPERVISOR, extension="1", grant=True, dossier=NUMBER)
    await counter.complete("check")
    await counter.give(C.RETURN, VILLAGE, part="survey")
    await counter.give(C.RULE_RETURN, SUPERVISOR, part="survey", accept=False)
    await counter.acknowledge("survey")
    await counter.give(C.SUSPEND, SUPERVISOR, resume_at=stage.start + 10 * DAY)
    await stage.at(10 * DAY + MINUTE)
    await counter.complete("survey")
    await counter.through("police")
    await counter.complete("county")
    await counter.through("issue")
    await rate(counter)
    await stage.ended(NUMBER)


async def connected(stage: Stage) -> None:
    """A connector hands the first step out, confirms it, and brings the answer back."""
    counter = Counter(stage)
    await counter.open(CONNECTED, COMPLETE)
    stage.started.append(HANDOFF)
    await stage.at(HOUR + 5 * MINUTE)
    await counter.through("issue")
    await rate(counter)
    await stage.ended(HANDOFF)
    await stage.ended(NUMBER)


def of_request(play: Play, *events: E | list[E], **others: list[E]) -> Scenario:
    """A scenario whose request must have left ``events``; ``interview`` its interview file's."""
    flat = [item for event in events for item in (event if isinstance(event, list) else [event])]
    interview = {INTERVIEW: others["interview"]} if "interview" in others else {}
    return Scenario(play, {NUMBER: flat, **interview})


TWO = [E.DISPATCHED, E.DISPATCHED]
LAST = [E.STEP_COMPLETED, E.DISPATCHED, *DECIDED, *ANSWERED]

SERVICE_SCENARIOS = (
    of_request(five_steps, OPENED, STEP, TWO, STEP, STEP, E.HANDED_OUT, E.HANDOFF_CONFIRMED, LAST),
    of_request(
        materials_missing, E.RECEIVED, E.MATERIALS_REQUESTED, E.MATERIALS_RECEIVED, E.DISPATCHED, E.ACKNOWLEDGED,
        E.MATERIALS_REQUESTED, E.MATERIALS_RECEIVED, E.EXTENSION_REMINDED, E.TURNED_YELLOW, LAST,
    ),
    of_request(
        parallel_red, OPENED, STEP, TWO, E.ACKNOWLEDGED, E.ACKNOWLEDGED, E.EXTENSION_REMINDED, E.TURNED_YELLOW, RED,
        E.STEP_COMPLETED, E.STEP_COMPLETED, E.HANDED_OUT, LAST, E.APPEALED, E.APPEAL_UPHELD, E.POINTS_RESTORED,
        interview=[E.OPENED, E.WITHDRAWN],
    ),
    of_request(
        outside_overdue, OPENED, STEP, TWO, STEP, STEP, E.HANDED_OUT, E.HANDOFF_STUCK, E.OUTSIDE_OVERDUE,
        E.OUTSIDE_CHASED, E.OUTSIDE_CHASED, LAST,
    ),
    of_request(
        turned_down, OPENED, STEP, TWO, E.ACKNOWLEDGED, E.STEP_COMPLETED, E.RELEASED, E.COMPLETED, E.CLOSED,
    ),
    of_request(lapsed, E.RECEIVED, E.MATERIALS_REQUESTED, E.CLOSED),
    of_request(taken_back, OPENED, STEP, TWO, E.RELEASED, E.RELEASED, E.WITHDRAWN),
    of_request(
        not_solved, OPENED, STEP, E.DISPATCHED, DECIDED, E.RATED, E.REOPENED, E.DISPATCHED, DECIDED, ANSWERED,
    ),
    of_request(
        stood, OPENED, E.ACK_MISSED, E.ACK_ESCALATED, E.ACKNOWLEDGED, E.EXTENSION_REQUESTED, E.EXTENSION_GRANTED,
        E.STEP_COMPLETED, TWO, E.RETURNED, E.RETURN_REFUSED, E.ACKNOWLEDGED, E.SUSPENDED, E.SUSPENDED, E.SUSPENDED,
        E.RESUMED, E.RESUMED, E.RESUMED, E.STEP_COMPLETED, STEP, E.HANDED_OUT, LAST,
    ),
    of_request(connected, E.RECEIVED, E.HANDED_OUT, E.HANDOFF_CONFIRMED, LAST),
)  # fmt: skip
"""Every scenario of a service request whose history is committed and replayed."""
