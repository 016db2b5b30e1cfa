"""Flows: what opens after what, what is skipped, and that every flow comes to an end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Unprocessable
from domain.plain import of_plain, to_plain
from domain.service.flow import PASSED, TURNED_DOWN, Condition, Flow, Following, Step, StepOutcome, following
from domain.vocabulary import OutcomeEffect, StepKind


def step(key: str, *after: str, only_if: Condition | None = None, kind: StepKind = StepKind.INSIDE) -> Step:
    """A step held by a unit that is named after it."""
    return Step(key=key, unit=f"unit-{key}", kind=kind, limit="3 working days", after=after, only_if=only_if)


def keys(found: Following) -> tuple[list[str], list[str]]:
    """Keys of what opens, and of what is skipped."""
    return [one.key for one in found.opens], list(found.skips)


LINE = Flow(steps=(step("a"), step("b", "a"), step("c", "b")))
FORK = Flow(steps=(step("a"), step("b", "a"), step("c", "a"), step("d", "b", "c")))


@pytest.mark.parametrize(
    ("flow", "done", "opened", "opens"),
    [
        (LINE, {}, (), ["a"]),
        (LINE, {}, ("a",), []),
        (LINE, {"a": PASSED}, (), ["b"]),
        (LINE, {"a": PASSED, "b": PASSED}, (), ["c"]),
        (LINE, {"a": PASSED, "b": PASSED, "c": PASSED}, (), []),
        (FORK, {"a": PASSED}, (), ["b", "c"]),
        (FORK, {"a": PASSED, "c": PASSED}, ("b",), []),
        (FORK, {"a": PASSED, "b": PASSED, "c": PASSED}, (), ["d"]),
    ],
)
def test_steps_open_when_all_that_they_wait_for_is_done(
    flow: Flow, done: dict[str, str], opened: tuple[str, ...], opens: list[str]
) -> None:
    assert keys(following(flow, done, opened, (), ())) == (opens, [])


def test_step_is_skipped_when_its_condition_does_not_hold_and_the_next_opens_at_once() -> None:
    survey = step("survey", "a", only_if=Condition(material="land_deed"))
    flow = Flow(steps=(step("a"), survey, step("b", "survey")))
    assert keys(following(flow, {"a": PASSED}, (), (), ())) == (["b"], ["survey"])
    assert keys(following(flow, {"a": PASSED}, (), (), ("land_deed",))) == (["survey"], [])


def test_skipping_goes_on_when_the_next_condition_asks_for_a_step_that_was_skipped() -> None:
    first = step("first", only_if=Condition(material="m"))
    second = step("second", "first", only_if=Condition(step="first"))
    third = step("third", "second", only_if=Condition(step="second", outcome=PASSED, negated=True))
    assert keys(following(Flow(steps=(first, second, third)), {}, (), (), ())) == (["third"], ["first", "second"])


@pytest.mark.parametrize(
    ("condition", "done", "holds"),
    [
        (Condition(), {}, True),
        (Condition(step="a"), {"a": "x"}, True),
        (Condition(step="a"), {}, False),
        (Condition(step="a", outcome="x"), {"a": "x"}, True),
        (Condition(step="a", outcome="x"), {"a": "y"}, False),
        (Condition(step="a", outcome="x", negated=True), {"a": "y"}, True),
        (Condition(material="m"), {}, True),
        (Condition(material="n"), {}, False),
        (Condition(step="a", material="m"), {"a": "x"}, True),
        (Condition(step="a", material="n"), {"a": "x"}, False),
        (Condition(material="n", negated=True), {}, True),
    ],
)
def test_condition_holds_as_it_says(condition: Condition, done: dict[str, str], holds: bool) -> None:
    assert condition.holds(done, ("m",)) is holds


def test_outcome_of_a_step_has_its_effect_and_another_is_refused() -> None:
    usual = step("a")
    assert usual.effect(PASSED) is OutcomeEffect.GO_ON
    assert usual.effect(TURNED_DOWN) is OutcomeEffect.REFUSE
    own = Step(key="b", unit="u", outcomes=(StepOutcome(code="granted", effect=OutcomeEffect.APPROVE),))
    assert own.effect("granted") is OutcomeEffect.APPROVE
    with pytest.raises(Unprocessable, match="step_outcome_unknown"):
        own.effect(PASSED)


def test_flow_is_the_same_when_it_was_plain_in_between() -> None:
    flow = Flow(steps=(step("a"), step("b", "a", only_if=Condition(step="a", outcome=PASSED), kind=StepKind.OUTSIDE)))
    assert of_plain(Flow, to_plain(flow)) == flow


OUTCOMES = (PASSED, TURNED_DOWN)


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    """Any graph in which a step waits for earlier ones only, with any conditions on earlier steps and two materials."""
    steps: list[Step] = []
    for number in range(draw(st.integers(1, 9))):
        before = [one.key for one in steps]
        after = tuple(draw(st.lists(st.sampled_from(before), unique=True, max_size=3))) if before else ()
        conditions = [st.none(), st.builds(Condition, material=st.sampled_from("mn"), negated=st.booleans())]
        if after:
            of_step = st.builds(
                Condition,
                step=st.sampled_from(after),
                outcome=st.sampled_from((None, *OUTCOMES)),
                negated=st.booleans(),
            )
            conditions.append(of_step)
        steps.append(step(f"s{number}", *after, only_if=draw(st.one_of(conditions))))
    return Flow(steps=tuple(steps))


@given(flow=flows(), data=st.data())
def test_every_flow_comes_to_its_end_and_no_step_opens_twice(flow: Flow, data: st.DataObject) -> None:
    done: dict[str, str] = {}
    opened: list[str] = []
    skipped: list[str] = []
    seen: list[str] = []
    materials = data.draw(st.sets(st.sampled_from("mn")))
    for _ in range(2 * len(flow.steps) + 2):
        found = following(flow, done, opened, skipped, materials)
        seen += [one.key for one in found.opens] + list(found.skips)
        for one in found.opens:
            assert {*done, *skipped, *found.skips}.issuperset(one.after), "a step opened before its turn"
        opened += [one.key for one in found.opens]
        skipped += found.skips
        assert keys(following(flow, done, opened, skipped, materials)) == ([], []), "opening is complete at once"
        if not opened:
            break
        key = data.draw(st.sampled_from(opened))
        opened.remove(key)
        done[key] = data.draw(st.sampled_from(OUTCOMES))
    assert sorted(seen) == sorted(one.key for one in flow.steps), "every step opened or was skipped, once"
    assert {*done, *skipped} == {one.key for one in flow.steps}
