"""A step and an assisting unit say by the same words where they stand."""

from dataclasses import replace

import pytest

from api.holding_view import step_status
from api.request_view import request_view
from domain.holding.outside import Outside
from domain.holding.state import Part
from domain.vocabulary import CaseStatus, StepStatus
from tests.unit.service_world import CHECK, LINE, RECEIVED, bare

OUTSIDE = Outside(handoff="H1")


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        (Part(key=CHECK.key, status=CaseStatus.DISPATCHED, unit="civil"), StepStatus.DISPATCHED),
        (Part(key=CHECK.key, status=CaseStatus.IN_PROGRESS, unit="civil"), StepStatus.IN_PROGRESS),
        (Part(key=CHECK.key, status=CaseStatus.SUSPENDED, unit="civil"), StepStatus.PAUSED),
        (Part(key=CHECK.key, status=CaseStatus.AWAITING_DISPATCH), StepStatus.WAITING),
        (Part(key=CHECK.key, status=CaseStatus.AWAITING_ANSWER, outside=OUTSIDE), StepStatus.OUTSIDE),
        (Part(key=CHECK.key, status=CaseStatus.CLOSED, outside=OUTSIDE, outcome="passed"), StepStatus.DONE),
        (Part(key=CHECK.key, status=CaseStatus.CLOSED, outcome="passed"), StepStatus.DONE),
        (Part(key=CHECK.key, status=CaseStatus.WITHDRAWN), StepStatus.RELEASED),
    ],
    ids=lambda value: value.value if isinstance(value, StepStatus) else "",
)
def test_step_stands_as_its_part_does_when_it_was_handed_over(part: Part, shown: StepStatus) -> None:
    steps = request_view(replace(bare(LINE), parts=(part,)), RECEIVED)["steps"]
    assert step_status(part) is shown
    assert steps[0]["status"] is shown
    assert steps[1]["status"] is StepStatus.WAITING
