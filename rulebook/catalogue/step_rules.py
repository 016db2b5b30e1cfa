"""What is wrong with the steps of an item: who holds them, their limits, and the graph that they make."""

from datetime import timedelta
from typing import Final

from domain.catalogue.holders import Holders
from domain.catalogue.items import Holder, HolderKind, StepRule
from domain.catalogue.step_graph import Graph, circle, earlier, layers, longest_way
from domain.errors import Unprocessable
from domain.limits import Limit, LimitUnit
from domain.service.flow import Condition
from domain.vocabulary import OutcomeEffect, StepKind
from domain.worktime import OfficeHours
from rulebook.catalogue.files import Written
from rulebook.catalogue.lengths import nominal
from rulebook.catalogue.schema import ConditionModel, StepModel
from rulebook.catalogue.values import steps_of
from rulebook.problems import Problem

_ROUNDING: Final = timedelta(milliseconds=1)
_A_DAY: Final = Limit(1, LimitUnit.WORKING_DAYS)


def check_steps(written: Written, holders: Holders, hours: OfficeHours, problems: list[Problem]) -> None:
    """Everything about the steps of one item."""
    models = written.model.steps
    steps = steps_of(models)
    graph: Graph = {step.key: step.after for step in steps}
    for index, (model, step) in enumerate(zip(models, steps, strict=True)):
        at = ("steps", index)
        for key, expected, found in _own_faults(model, step, holders):
            problems.append(written.problem((*at, key) if key else at, expected, found))
        _check_place(written, index, steps, problems)
        _check_condition(written, index, model, steps, graph, problems)
    if models and all(step.kind is StepKind.OUTSIDE for step in steps):
        problems.append(written.problem(("steps",), "at least one inside step, to which a promise can be held", "none"))
    _check_graph(written, graph, problems)
    _check_length(written, steps, graph, hours, problems)


def _own_faults(model: StepModel, step: StepRule, holders: Holders) -> list[tuple[str, str, str]]:
    """Key, what was expected, what was found: faults of a step by itself."""
    faults: list[tuple[str, str, str]] = []
    key = step.key
    if step.kind is StepKind.INSIDE:
        if step.limit is None:
            faults.append(("", "a limit, since the step is inside", f"{key} without one"))
        if model.reference is not None:
            faults.append(("reference", "a limit in place of a reference time, since the step is inside", key))
        if step.connector is not None:
            faults.append(("connector", "a connector on outside steps only", key))
    else:
        if model.reference is None:
            faults.append(("", "a reference time, since the step is outside", f"{key} without one"))
        if step.limit is not None:
            faults.append(("limit", "a reference time in place of a limit, since the step is outside", key))
    if model.reference is not None and model.reference[0].amount > model.reference[1].amount:
        faults.append(("reference", "the shorter time first", f"{model.reference[0]} to {model.reference[1]}"))
    faults += [("holder", expected, found) for expected, found in _holder_faults(step.holder, holders)]
    return faults + _outcome_faults(step)


def _holder_faults(holder: Holder, holders: Holders) -> list[tuple[str, str]]:
    communities = holders.communities()
    if holder.kind is HolderKind.COMMUNITY:
        return [] if communities else [("a unit, since the district has no community", "community")]
    try:
        for community in communities or (None,):
            holders.unit_of(holder, community)
    except Unprocessable:
        kind = "the code of a unit" if holder.kind is HolderKind.UNIT else "a line with exactly one unit on the street"
        return [(kind, str(holder.code))]
    return []


def _outcome_faults(step: StepRule) -> list[tuple[str, str, str]]:
    codes = [outcome.code for outcome in step.outcomes]
    faults = []
    if len(set(codes)) < len(codes):
        faults.append(("outcomes", "every outcome once", ", ".join(codes)))
    if all(outcome.effect is OutcomeEffect.REFUSE for outcome in step.outcomes):
        faults.append(("outcomes", "an outcome with which it goes on", f"only refusals in {step.key}"))
    return faults


def _check_place(written: Written, index: int, steps: tuple[StepRule, ...], problems: list[Problem]) -> None:
    """Where the step stands among the others."""
    step, keys = steps[index], [other.key for other in steps]
    if step.key in keys[:index]:
        problems.append(written.problem(("steps", index, "key"), "every key once", f"{step.key} again"))
    for number, before in enumerate(step.after):
        if before not in keys:
            known = f"the key of a step ({', '.join(keys)})"
            problems.append(written.problem(("steps", index, "after", number), known, before))
        elif not any(outcome.effect is OutcomeEffect.GO_ON for outcome in steps[keys.index(before)].outcomes):
            found = f"{step.key} after {before}, with which everything ends"
            problems.append(written.problem(("steps", index), "a step that can be reached", found))


def _check_condition(
    written: Written,
    index: int,
    model: StepModel,
    steps: tuple[StepRule, ...],
    graph: Graph,
    problems: list[Problem],
) -> None:
    key = "only_if" if model.only_if is not None else "unless"
    if model.only_if is not None and model.unless is not None:
        problems.append(written.problem(("steps", index, "unless"), "either only_if or unless", "both"))
    given, condition = getattr(model, key), steps[index].only_if
    if given is None or condition is None:
        return
    for expected, found in _condition_faults(given, condition, steps[index], steps, graph, written):
        problems.append(written.problem(("steps", index, key), expected, found))


def _condition_faults(
    given: ConditionModel,
    condition: Condition,
    step: StepRule,
    steps: tuple[StepRule, ...],
    graph: Graph,
    written: Written,
) -> list[tuple[str, str]]:
    if (given.material is None) == (given.step is None) or (given.outcome is not None and given.step is None):
        return [("either a step with an outcome, or a material", "something else")]
    if condition.material is not None:
        codes = [material.code for material in written.model.materials]
        return [] if condition.material in codes else [("a material of this item", condition.material)]
    before = next((other for other in steps if other.key == condition.step), None)
    if before is None or before.key not in earlier(graph, step.key):
        return [(f"a step that comes before {step.key}", str(condition.step))]
    going_on = [outcome.code for outcome in before.outcomes if outcome.effect is OutcomeEffect.GO_ON]
    if condition.outcome is not None and condition.outcome not in going_on:
        return [(f"an outcome of {before.key} with which it goes on ({', '.join(going_on)})", condition.outcome)]
    return []


def _check_graph(written: Written, graph: Graph, problems: list[Problem]) -> None:
    round_trip = circle(graph)
    if round_trip:
        problems.append(written.problem(("steps",), "steps without a circle", " → ".join(round_trip)))
    reached = {key for level in layers(graph) for key in level}
    lost = [key for key in graph if key not in reached and key not in round_trip]
    if lost:
        found = f"{', '.join(lost)} behind the circle"
        problems.append(written.problem(("steps",), "steps that can be reached", found))


def _check_length(
    written: Written, steps: tuple[StepRule, ...], graph: Graph, hours: OfficeHours, problems: list[Problem]
) -> None:
    """The longest way fits into the promise. Outside, the clock of the whole stands still, but for a day's rest."""
    promised = written.model.promised
    if promised is None or circle(graph):
        return
    limits = {step.key: step.limit for step in steps if step.limit is not None} | _days_lost(steps, graph)
    length, way = longest_way(graph, {key: nominal(limit, hours) for key, limit in limits.items()})
    if length - nominal(promised, hours) > _ROUNDING:
        told = " → ".join(f"{key} ({limits[key]})" for key in way if key in limits)
        problems.append(written.problem(("promised",), f"at least as long as {told}", str(promised)))


def _days_lost(steps: tuple[StepRule, ...], graph: Graph) -> dict[str, Limit]:
    """What comes back from outside in the middle of a day is counted in days from the next one: so much is lost."""
    counted = [step.key for step in steps if step.limit is not None and not step.limit.is_elapsed]
    before = frozenset[str]().union(*(earlier(graph, key) for key in counted))
    return {step.key: _A_DAY for step in steps if step.kind is StepKind.OUTSIDE and step.key in before}
