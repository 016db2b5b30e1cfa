"""The way back for connectors: what they are given, and that what they bring counts once, however often."""

from collections.abc import AsyncIterator

import pytest

from api.delivery import ConnectorDelivery
from api.desk import Desk, connect
from db.engine import Database
from domain.errors import Refused
from domain.service.handoffs import Answered
from domain.vocabulary import EventType, Outcome
from rulebook.load import load
from tests.api.applications import ID_NUMBER, application
from tests.api.conftest import As
from tests.api.served import Served

REASON = "不符合年龄条件；年满六十周岁后可再申请。"


@pytest.fixture
async def delivery(town: Served) -> AsyncIterator[ConnectorDelivery]:
    database = Database(town.settings.database_url)
    desk = Desk(await connect(town.settings), database)
    yield ConnectorDelivery(database, desk, lambda: load(town.settings.rulebook))
    await database.aclose()


@pytest.fixture
def number(in_town: As) -> str:
    """Of a request whose step is outside, and is handed out by hand."""
    body = application(item="rehearsal-service-above", materials=[], form={"use": "落户"})
    return str(in_town("intake_clerk").post("/service-requests", json=body).json()["number"])


def events(in_town: As, number: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = in_town("intake_clerk").get(f"/cases/{number}/events").json()["items"]
    return found


async def test_connector_is_given_the_filled_form_of_an_open_step_only(
    delivery: ConnectorDelivery, number: str
) -> None:
    handoff = await delivery.handoff(number, "higher", f"{number}-higher-H1")
    assert handoff is not None
    assert (handoff.unit, handoff.outcomes) == ("rehearsal-higher", ("passed", "refused"))
    assert handoff.form["applicant"]["id_number"] == ID_NUMBER
    assert handoff.form["form"] == {"use": "落户"}
    for step, id in (("higher", f"{number}-higher-H2"), ("delivery", handoff.id), ("no-such", handoff.id)):
        assert await delivery.handoff(number, step, id) is None
    assert await delivery.handoff("BJ000000-0000000", "higher", handoff.id) is None


async def test_answer_that_is_brought_twice_counts_once(delivery: ConnectorDelivery, number: str, in_town: As) -> None:
    handoff = await delivery.handoff(number, "higher", f"{number}-higher-H1")
    assert handoff is not None
    for _ in range(2):
        await delivery.confirm(handoff, "函12号")
    for _ in range(2):
        await delivery.answer(handoff, Answered(outcome="refused", note=REASON))
    told = events(in_town, number)
    types = [event["type"] for event in told]
    assert types.count(EventType.HANDOFF_CONFIRMED) == types.count(EventType.STEP_COMPLETED) == 1
    (completed,) = [event for event in told if event["type"] == EventType.STEP_COMPLETED]
    assert completed["actor"] is None
    assert isinstance(completed["data"], dict)
    assert completed["data"]["note"] == REASON
    assert in_town("intake_clerk").get(f"/cases/{number}").json()["result"] == Outcome.REFUSED
    assert await delivery.handoff(number, "higher", handoff.id) is None


async def test_answer_that_comes_after_a_hand_is_refused(delivery: ConnectorDelivery, number: str, in_town: As) -> None:
    handoff = await delivery.handoff(number, "higher", f"{number}-higher-H1")
    assert handoff is not None
    done = in_town("intake_clerk").post(f"/cases/{number}/steps/higher/completion", json={"outcome": "passed"})
    assert done.status_code == 200
    with pytest.raises(Refused, match="step_already_completed"):
        await delivery.answer(handoff, Answered(outcome="refused", note=REASON))
    with pytest.raises(Refused, match="step_outcome_unknown"):
        await delivery.answer(handoff, Answered(outcome="perhaps"))
