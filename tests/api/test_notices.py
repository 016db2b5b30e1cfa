"""Notices in the console: told to whom they concern, read by each for themselves."""

from tests.api.conftest import As
from tests.api.served import report


def test_unit_is_told_of_a_dispatch_and_reads_it(as_: As) -> None:
    number = as_("intake_clerk").post("/incidents", json=report()).json()["number"]
    handler, leader = as_("rehearsal.handler"), as_("rehearsal.leader")
    (notice,) = handler.get("/notices?unread=true").json()["items"]
    assert (notice["case"], notice["type"], notice["read_at"]) == (number, "dispatched", None)
    assert handler.post(f"/notices/{notice['id']}/read").status_code == 204
    assert handler.post(f"/notices/{notice['id']}/read").status_code == 204
    assert handler.get("/notices?unread=true").json() == {"items": [], "next_cursor": None, "unread": 0}
    assert leader.get("/notices").json()["unread"] == 1


def test_notice_of_somebody_else_is_not_found(as_: As) -> None:
    as_("intake_clerk").post("/incidents", json=report())
    (notice,) = as_("rehearsal.handler").get("/notices").json()["items"]
    for identifier in (notice["id"], "0", "x", "99999999999999999999"):
        assert as_("handler").post(f"/notices/{identifier}/read").status_code == 404
