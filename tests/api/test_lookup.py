"""What a desk gets of the register: as much as the item needs, in one shape, noted, and to nobody else (B5, C7, C8)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from db.engine import Database
from db.frontdesk.register import Applicant, remember
from db.tables import Look, core
from domain.identity import IdentityKind, Sex, check_digit, read_identity
from domain.register import COLUMNS, OF_LINE, RegisterField
from tests.api.bad_input import BAD_LOOKUPS, Bad
from tests.api.conftest import As
from tests.api.served import Served
from tests.api.test_bad_input import assert_problem
from tests.unit.rulebooks import shipped

PATH = "/applicants/lookup"
FIRST = "51010819900307251"
NUMBER = FIRST + check_digit(FIRST)
KNOWN = {"name": "王某某", "phone": "+8613800138000", "address": "望桐路1号"}


def known(api: Served) -> None:
    """The register knows the holder of ``NUMBER``."""
    store = Database(api.settings.database_url)
    now = datetime.now(UTC)
    applicant = Applicant(identity=read_identity(NUMBER, today=now.date()), **KNOWN)
    store.write_sync(lambda connection: remember(connection, applicant, now))
    store.close()


def wanted(**changes: Any) -> dict[str, Any]:
    return {"id_number": NUMBER, "item": "minimum-living-allowance", **changes}


def looks(api: Served) -> list[Any]:
    store = Database(api.settings.database_url)
    rows = store.read_sync(lambda connection: connection.execute(select(core(Look)).order_by(core(Look).c.id)).all())
    store.close()
    return list(rows)


def test_form_is_filled_with_what_the_item_needs(as_: As, api: Served) -> None:
    known(api)
    found = as_("intake_clerk").post(PATH, json=wanted()).json()
    assert {name: found["fields"][name]["value"] for name in KNOWN} == KNOWN
    assert found["fields"]["born_on"]["value"] == "1990-03-07"
    assert found["fields"]["phone"]["as_of"]
    assert set(found["fields"]) == {field.value for field in COLUMNS | OF_LINE["civil-affairs"]}
    assert (found["id_type"], found["id_number"]) == (IdentityKind.RESIDENT, "*" * 14 + NUMBER[-4:])


def test_unknown_number_is_answered_in_the_same_shape(as_: As, api: Served) -> None:
    clerk = as_("intake_clerk")
    before = clerk.post(PATH, json=wanted())
    known(api)
    after = clerk.post(PATH, json=wanted())
    assert (before.status_code, after.status_code) == (200, 200)
    assert shape(before.json()) == shape(after.json())
    assert [answer.json()["fields"]["sex"]["value"] for answer in (before, after)] == [Sex.MALE, Sex.MALE]


def shape(answer: Any) -> Any:
    """The keys of an answer, at whatever depth."""
    return {key: shape(value) for key, value in answer.items()} if isinstance(answer, dict) else None


def test_another_line_gets_other_fields(as_: As) -> None:
    clerk = as_("intake_clerk")
    police = clerk.post(PATH, json=wanted(item="residence-permit")).json()["fields"]
    relief = clerk.post(PATH, json=wanted(item="temporary-relief")).json()["fields"]
    assert RegisterField.MONTHLY_INCOME not in police
    assert RegisterField.MONTHLY_INCOME in relief


def test_look_is_noted_and_holds_no_value(as_: As, api: Served) -> None:
    as_("intake_clerk").post(PATH, json=wanted())
    known(api)
    as_("supervisor").post(PATH, json=wanted())
    first, second = looks(api)
    assert (first.username, first.person, first.purpose) == ("intake_clerk", None, "minimum-living-allowance")
    assert (second.username, bool(second.person)) == ("supervisor", True)
    assert RegisterField.MARITAL_STATUS in first.fields
    assert all(private not in str((first, second)) for private in (NUMBER, *KNOWN.values()))


def test_refused_look_is_not_noted_and_tells_nothing(as_: As, api: Served) -> None:
    known(api)
    answer = as_("intake_clerk").post(PATH, json=wanted(item="no-such"))
    assert (answer.status_code, answer.json()["code"]) == (422, "item_unknown")
    assert looks(api) == []


@pytest.mark.parametrize("who", ["handler", "unit_leader", "grid_officer", "statistician", "auditor", "administrator"])
def test_register_is_closed_to_other_roles(in_calm: As, who: str) -> None:
    answer = in_calm(who).post(PATH, json=wanted(id_number="nonsense"))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_register_needs_identity(calm: Served) -> None:
    with calm.client() as nobody:
        assert nobody.post(PATH, json=wanted()).status_code == 401


def test_odd_region_only_warns(in_calm: As) -> None:
    first = "000000" + FIRST[6:]
    answer = in_calm("intake_clerk").post(PATH, json=wanted(id_number=first + check_digit(first)))
    assert answer.json()["warnings"] == [{"field": "id_number", "code": "id_number_region_unknown"}]


@pytest.mark.parametrize("bad", BAD_LOOKUPS, ids=str)
def test_lookup_is_refused_with_its_code(in_calm: As, bad: Bad) -> None:
    answer = in_calm("intake_clerk").post(PATH, json=bad.body)
    assert_problem(answer, bad)
    assert NUMBER[:14] not in answer.text


def test_nothing_is_in_the_address(in_calm: As) -> None:
    answer = in_calm("intake_clerk").get(f"{PATH}?id_number={NUMBER}")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_lines_of_the_table_are_lines_of_the_catalogue() -> None:
    lines = {line.code for version in shipped().catalogue.versions for line in version.lines}
    assert set(OF_LINE) <= lines
