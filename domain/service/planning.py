"""What the end of a step brings about: a decision of the whole, or further steps. Asked before and while deciding."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from domain.errors import Conflict, Unprocessable
from domain.facts import Fact
from domain.holding import parts
from domain.service.flow import Following, Step
from domain.vocabulary import EventType, Outcome, OutcomeEffect

if TYPE_CHECKING:
    from domain.service.request import ServiceRequest

_DECIDES: Final = {OutcomeEffect.REFUSE: Outcome.REFUSED, OutcomeEffect.APPROVE: Outcome.APPROVED}


class Plan(NamedTuple):
    """What comes next.

    decided  the whole is decided so; nothing opens then
    opens    these steps are handed over; ``skips`` turn out not to be needed
    stands   only outside steps will be open: the clock of the whole stands (B4)
    """

    decided: Outcome | None
    opens: tuple[Step, ...] = ()
    skips: tuple[str, ...] = ()
    stands: bool = False


def after(request: "ServiceRequest", key: str, outcome: str) -> Plan:
    """When the open step ``key`` ends with ``outcome``.

    Raises Unprocessable("step_unknown"), Unprocessable("step_outcome_unknown").
    """
    step = request.flow.step(key)
    if step is None:
        raise Unprocessable("step_unknown", field="step")
    result = _DECIDES.get(step.effect(outcome))
    if result is not None:
        return Plan(result)
    others = [part for part in request.open_parts if part.key != key]
    return _plan(
        request.following({**request.done, key: outcome}),
        open_inside=any(part.outside is None for part in others),
        open_outside=any(part.outside is not None for part in others),
    )


def at_first(request: "ServiceRequest", materials: Iterable[str] = ()) -> Plan:
    """When the request is complete, with these materials brought last: its first steps."""
    return _plan(request.following({}, frozenset(materials)), open_inside=False, open_outside=False)


def again(request: "ServiceRequest") -> Plan:
    """When the applicant is not content, and it is taken up again."""
    step = request.to_redo
    return Plan(None, (step,), (), stands=not step.inside)


def _plan(found: Following, *, open_inside: bool, open_outside: bool) -> Plan:
    if not found.opens and not open_inside and not open_outside:
        return Plan(Outcome.APPROVED, (), found.skips)
    stands = not open_inside and not any(step.inside for step in found.opens)
    return Plan(None, found.opens, found.skips, stands)


def facts_of(request: "ServiceRequest", plan: Plan, data: Mapping[str, Any]) -> list[Fact]:
    """The steps that are skipped and handed over, with what was resolved for each in ``data["handovers"]``.

    Raises Conflict("promise_changed") when nothing was resolved for one: then it is resolved again.
    """
    facts: list[Fact] = [(EventType.STEP_SKIPPED, {"part": key}) for key in plan.skips]
    handoffs = sum(1 for part in request.parts if part.outside is not None)
    for step in sorted(plan.opens, key=lambda step: not step.inside):
        resolved = data.get("handovers", {}).get(step.key)
        if resolved is None:
            raise Conflict("promise_changed")
        if step.inside:
            facts.append((EventType.DISPATCHED, {"part": step.key, "by_rule": None, **resolved}))
        else:
            handoffs += 1
            handoff = {"handoff": f"{request.number}-{step.key}-H{handoffs}", "connector": step.connector}
            facts.append((EventType.HANDED_OUT, {"part": step.key, **handoff, **resolved, "stands": plan.stands}))
    return facts


def whole_clock(request: "ServiceRequest", data: Mapping[str, Any], *, runs: bool) -> dict[str, Any]:
    """What the clock of the whole goes on with. Raises Conflict("promise_changed") when that was not resolved."""
    if not runs or request.red:
        return {"promise": None, "legal_due_at": data.get("legal_due_at") if runs else None}
    if data.get("promise") is None:
        raise Conflict("promise_changed")
    return {"promise": data["promise"], "legal_due_at": data.get("legal_due_at")}


def going_on(request: "ServiceRequest", plan: Plan, data: Mapping[str, Any], *, but: str | None = None) -> list[Fact]:
    """Further steps, or the decision of the whole: whoever still works on a step, ``but`` one, is released then.

    Raises Conflict("materials_missing") for an approval without what had to follow, and Conflict("promise_changed").
    """
    following = facts_of(request, plan, data)
    if plan.decided is None:
        return following
    if plan.decided is Outcome.APPROVED and request.materials.unfinished:
        raise Conflict("materials_missing")
    if data.get("answer_by") is None:
        raise Conflict("promise_changed")
    released = [fact for fact in parts.release(request) if fact[1]["part"] != but]
    how = {"outcome": plan.decided.value, "answer_by": data["answer_by"]}
    return [*following, *released, (EventType.COMPLETED, how)]
