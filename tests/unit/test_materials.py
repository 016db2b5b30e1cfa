"""Materials: what is missing, what may be asked for, and when everything is there (B9)."""

from datetime import UTC, datetime

import pytest

from domain.errors import Refused
from domain.service.materials import Materials

BY = datetime(2026, 3, 30, tzinfo=UTC)
SOME = Materials(needed=("id", "deed"), may_follow=("photo",), optional=("letter",), given=("id",))


def test_missing_is_what_is_needed_before_anything_is_handed_over() -> None:
    assert SOME.missing == ("deed",)
    assert SOME.unfinished == ("deed", "photo")
    assert SOME.with_given(["deed"]).missing == ()
    assert SOME.with_given(["deed", "photo", "deed"]).unfinished == ()


def test_nothing_is_asked_for_any_more_when_all_of_it_came() -> None:
    asked = SOME.with_asked(["deed", "letter"], BY, requested=True)
    assert asked.outstanding == ("deed", "letter")
    assert not asked.complete_with(["deed"])
    assert asked.complete_with(["letter", "deed", "photo"])
    first = asked.with_given(["letter"])
    assert first.outstanding == ("deed",)
    assert first.by == BY
    last = first.with_given(["deed"])
    assert (last.asked, last.by, last.requested) == ((), None, True)


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ([], "material_unknown"),
        (["passport"], "material_unknown"),
        (["deed", "passport"], "material_unknown"),
        (["id"], "material_given"),
        (["deed", "id"], "material_given"),
    ],
)
def test_codes_are_refused_when_they_are_not_of_the_item_or_are_there(codes: list[str], code: str) -> None:
    with pytest.raises(Refused) as caught:
        SOME.check(codes)
    assert (caught.value.code, caught.value.http_status, caught.value.field) == (code, 422, "codes")


def test_step_may_ask_once_whoever_asked_at_the_desk() -> None:
    at_desk = SOME.with_asked(["deed"], BY, requested=False).with_given(["deed"])
    assert at_desk.check_request(["photo", "photo"]) == ("photo",)
    by_step = at_desk.with_asked(["photo"], BY, requested=True)
    with pytest.raises(Refused) as caught:
        by_step.with_given(["photo"]).check_request(["letter"])
    assert (caught.value.code, caught.value.http_status) == ("materials_requested_before", 409)
