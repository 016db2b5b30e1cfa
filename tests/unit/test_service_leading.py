"""Which step stands for a request where only one can be shown: the value and the row of the list agree about it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from db.projections.service_request import leading
from domain.holding.outside import Outside
from domain.holding.state import Part
from domain.limits import Limit
from domain.plain import to_plain
from domain.service.promising import promise
from domain.vocabulary import CaseStatus
from tests.unit.service_world import RECEIVED, RULES, bare


def inside(key: str, limit: str) -> Part:
    return Part(key=key, unit=key, status=CaseStatus.DISPATCHED, promise=promise(RULES, Limit.parse(limit), RECEIVED))


def outside(key: str, days: int | None) -> Part:
    by = RECEIVED + timedelta(days=days) if days is not None else None
    return Part(
        key=key, unit=key, status=CaseStatus.AWAITING_ANSWER, outside=Outside(handoff=f"H-{key}", reference_by=by)
    )


def over(key: str) -> Part:
    return Part(key=key, unit=key, status=CaseStatus.CLOSED, outcome="passed")


@pytest.mark.parametrize(
    ("parts", "leads"),
    [
        ((), None),
        ((inside("a", "5 working days"), inside("b", "3 working days")), "b"),
        ((inside("a", "3 working days"), inside("b", "3 working days")), "a"),
        ((outside("a", 1), inside("b", "3 working days")), "b"),
        ((outside("a", 9), outside("b", 4)), "b"),
        ((outside("a", None), outside("b", 4)), "b"),
        ((outside("a", None), outside("b", None)), "a"),
        ((over("a"), outside("b", None)), "b"),
        ((over("a"), over("b")), "b"),
    ],
    ids=["nothing", "earlier", "equal", "limit first", "reference", "reference first", "in order", "open", "last"],
)
def test_step_that_falls_due_first_leads_when_several_are_open(parts: tuple[Part, ...], leads: str | None) -> None:
    request = replace(bare(), parts=parts)
    row = leading(to_plain(parts))
    assert (request.leading.key if request.leading else None) == leads
    assert (row["key"] if row else None) == leads
