"""Lives of a workflow lost at random: the ledger and the record agree in the end, and nothing is done twice."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.ledger import fold
from domain.messages import Command
from domain.vocabulary import CommandKind
from tests.unit.case_world import after
from tests.unit.ledger_world import Run, run

K = CommandKind

KINDS = [
    K.ACKNOWLEDGE, K.PROGRESS, K.URGE, K.RETURN, K.RULE_RETURN, K.DISPATCH, K.REQUEST_EXTENSION, K.DECIDE_EXTENSION,
    K.SUSPEND, K.RESUME, K.COMPLETE, K.VERIFY, K.RATE, K.APPEAL, K.RULE_APPEAL, K.WITHDRAW,
]  # fmt: skip
MOVES = st.lists(
    st.tuples(
        st.sampled_from([0.1, 0.4, 3, 26, 80]),  # hours later
        st.sampled_from([*KINDS[:7], *KINDS]),
        st.sampled_from(["write", "write", "wait", "in flight"]),
    ),
    max_size=14,
)


def live(here: Run, name: str, moves: list[tuple[float, CommandKind, str]], known: Sequence[Command] = ()) -> None:
    """Gives commands at ever later hours; every third is one that was given to another life before, if there is one."""
    hours = 0.0
    for index, (later, kind, then) in enumerate(moves):
        hours += later
        again = known[index % len(known)] if known and index % 3 == 0 else None
        here.decide(again or here.make(kind, hours, id=f"{name}-{index}"))
        if then == "write":
            here.flush()
        elif then == "in flight" and (batch := here.ledger.batch()):
            standing = here.record.write(batch)
            here.decide(here.make(K.URGE, hours, id=f"{name}-{index}-meanwhile"))
            here.taken.extend(here.ledger.settle(batch, standing))


@settings(max_examples=120, deadline=None, derandomize=True, database=None)
@given(MOVES, MOVES, MOVES)
def test_ledger_and_record_agree_when_lives_are_lost_at_random(
    first: list[tuple[float, CommandKind, str]],
    second: list[tuple[float, CommandKind, str]],
    third: list[tuple[float, CommandKind, str]],
) -> None:
    opened = run()
    record, known = opened.record, list[Command]()
    for name, moves in (("a", first), ("b", second), ("c", third)):
        here = run(record)
        live(here, name, moves, known)
        known.extend(here.accepted)
    here.flush()
    here.ledger.reach_until(after(days=120))
    here.flush()
    here.ledger.reach_until(after(days=120))  # what was adopted has clocks of its own
    here.flush()
    judge_record(here)


def judge_record(here: Run) -> None:
    """What must hold of a record and of the last life that wrote to it."""
    events = here.record.events
    assert here.ledger.confirmed == fold(here.maker.bare, events)
    assert here.taken == events[2 : 2 + len(here.taken)], "consequences: each once, in order"
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    spans = [event.command for event in events if event.command]
    places = {command: [index for index, event in enumerate(events) if event.command == command] for command in spans}
    assert all(where == list(range(where[0], where[0] + len(where))) for where in places.values()), "done twice"
    for command in here.accepted:
        assert (command.id in places) != (here.ledger.refusal(command.id) is not None), "neither done nor refused"
    case = here.maker.bare
    for event in events:
        due = case.next_milestone()
        if event.command and event.seq == places[event.command][0] + 1:
            assert due is None or due.at > event.at, "a milestone that was due before the command's stamp"
        case = case.apply(event)
