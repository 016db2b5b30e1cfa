"""Fields that a schema refuses, with the code that comes out; what needs no server to be seen."""

import json

import pytest
from pydantic import ValidationError

from api.bodies import of_validation
from api.schemas.discipline import RectificationIn


@pytest.mark.parametrize(
    ("due_on", "code"),
    [
        ("9999-12-31", "instant_out_of_range"),
        ("2200-01-01", "instant_out_of_range"),
        ("0001-01-01", "instant_out_of_range"),
        ("2027-02-30", "instant_malformed"),
        ("9999-12-31T00:00:00Z", "instant_out_of_range"),
        ("2027-02-01T00:00:00", "instant_without_offset"),
        (20270201, "instant_malformed"),
    ],
)
def test_day_of_rectification_is_one_that_calendars_deal_with(due_on: object, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        RectificationIn.model_validate_json(json.dumps({"measures": "每周巡查", "due_on": due_on}))
    assert [(fault.field, fault.code) for fault in of_validation(refused.value).faults] == [("due_on", code)]
