"""From an item of the catalogue to the flow of one case: holders resolved, limits as words, names left behind (B6)."""

from collections.abc import Callable, Sequence

from domain.catalogue.items import ApplicantKind, Holder, Item, StepRule
from domain.catalogue.step_graph import layers
from domain.errors import Unprocessable
from domain.limits import Limit
from domain.service.flow import Flow, Step, StepOutcome
from domain.service.materials import Materials


def flow_of(item: Item, unit_of: Callable[[Holder], str]) -> Flow:
    """The flow under which a case of this item runs; a step stands after those that it waits for.

    ``unit_of`` says who holds a step here; what it raises is raised.
    """
    ordered = [key for level in layers({step.key: step.after for step in item.steps}) for key in level]
    steps = {step.key: step for step in item.steps}
    return Flow(steps=tuple(_step(steps[key], unit_of) for key in ordered))


def materials_of(item: Item, applicant: ApplicantKind, *, by_proxy: bool, given: Sequence[str]) -> Materials:
    """The materials of one case: what such an applicant is asked for, and what was ``given``.

    Raises Unprocessable("material_unknown") for one that such an applicant is not asked for.
    """
    asked = item.asked_of(applicant, by_proxy=by_proxy)
    if not {material.code for material in asked}.issuperset(given):
        raise Unprocessable("material_unknown", field="materials")
    return Materials(
        needed=tuple(material.code for material in asked if material.required and not material.may_follow),
        may_follow=tuple(material.code for material in asked if material.required and material.may_follow),
        optional=tuple(material.code for material in asked if not material.required),
        given=tuple(given),
    )


def _step(rule: StepRule, unit_of: Callable[[Holder], str]) -> Step:
    return Step(
        key=rule.key,
        kind=rule.kind,
        unit=unit_of(rule.holder),
        limit=_words(rule.limit),
        reference_min=_words(rule.reference_min),
        reference_max=_words(rule.reference_max),
        after=rule.after,
        only_if=rule.only_if,
        outcomes=tuple(StepOutcome(code=outcome.code, effect=outcome.effect) for outcome in rule.outcomes),
        connector=rule.connector,
    )


def _words(limit: Limit | None) -> str | None:
    return None if limit is None else str(limit)
