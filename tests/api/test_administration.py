"""What administrators do with accounts, and everybody with the own one; what is noted of it."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from domain.vocabulary import Role
from tests.api.conftest import As, token_of
from tests.api.served import PASSWORD, Served
from tests.api.test_identity import account, sign_in

OTHERS = [role.value for role in Role if role is not Role.ADMINISTRATOR]


def last_of(client: httpx.Client) -> dict[str, object]:
    entry: dict[str, object] = client.get("/admin-log?limit=1").json()["items"][0]
    return {name: entry[name] for name in ("actor", "subject", "name", "act", "before", "after")}


def test_password_is_made_and_shown_once_when_none_is_given(as_: As, api: Served) -> None:
    administrator = as_("administrator")
    wanted = {name: value for name, value in account().items() if name != "password"}
    made = administrator.post("/accounts", json=wanted).json()
    assert len(made["password"]) == 14
    assert sign_in(api, "new.handler", made["password"]).status_code == 201
    shown = administrator.get("/accounts/new.handler").json()
    assert "password" not in shown
    assert shown["signed_in_at"] is not None


def test_reset_password_ends_the_sessions_of_the_old_one(as_: As, api: Served) -> None:
    handler, administrator = as_("handler"), as_("administrator")
    made = administrator.post("/accounts/handler/password").json()["password"]
    assert handler.get("/cases").status_code == 401
    assert sign_in(api, "handler").status_code == 401
    assert sign_in(api, "handler", made).status_code == 201
    assert made not in administrator.get("/admin-log").text
    assert last_of(administrator) == {
        "actor": "administrator", "subject": "account", "name": "handler", "act": "password_reset", "before": {},
        "after": {},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=REHEARSAL-PARTNER", {"rehearsal-partner.handler", "rehearsal-partner.leader"}),
        ("q=%25", set()),
        ("unit=rehearsal-partner", {"rehearsal-partner.handler", "rehearsal-partner.leader"}),
        ("role=auditor", {"auditor"}),
        ("role=unit_leader&unit=rehearsal-unit", {"rehearsal.leader"}),
        ("active=false", set()),
    ],
)
def test_accounts_are_found_by_what_is_asked(as_: As, asked: str, found: set[str]) -> None:
    rows = as_("administrator").get(f"/accounts?{asked}").json()["items"]
    assert {row["username"] for row in rows} == found


def test_accounts_come_in_pages(as_: As) -> None:
    administrator = as_("administrator")
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = administrator.get("/accounts", params={"limit": 4, "cursor": cursor}).json()
        seen += [row["username"] for row in page["items"]]
        cursor = page["next_cursor"]
    assert seen == sorted(set(seen))
    assert len(seen) == 15


@pytest.mark.parametrize("change", [{"active": False}, {"roles": ["auditor"]}])
def test_last_administrator_stays(as_: As, change: dict[str, object]) -> None:
    administrator = as_("administrator")
    refused = administrator.patch("/accounts/administrator", json=change)
    assert (refused.status_code, refused.json()["code"]) == (409, "last_administrator")
    assert administrator.post("/accounts", json=account(roles=["administrator"])).status_code == 201
    assert administrator.patch("/accounts/administrator", json=change).status_code == 200
    assert administrator.get("/accounts").status_code in (401, 403)


def test_one_of_two_administrators_stays_when_they_remove_each_other(as_: As, api: Served) -> None:
    as_("administrator").post("/accounts", json=account(username="second", roles=["administrator"]))
    tokens = {
        "administrator": token_of("administrator"),
        "second": sign_in(api, "second", "long-enough").json()["token"],
    }

    def remove(asks: str, whom: str) -> int:
        with api.client(tokens[asks]) as client:
            return client.patch(f"/accounts/{whom}", json={"active": False}).status_code

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(remove, ("administrator", "second"), ("second", "administrator")))
    assert answers.count(200) == 1
    assert set(answers) <= {200, 401, 409}


def test_own_password_is_changed_by_whoever_knows_the_old_one(as_: As, api: Served) -> None:
    handler, elsewhere = as_("handler"), sign_in(api, "handler").json()["token"]
    wrong = handler.post("/account/password", json={"old": "not-the-old-one", "new": "another-password"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "password_wrong")
    short = handler.post("/account/password", json={"old": PASSWORD, "new": "short"})
    assert (short.status_code, short.json()["code"]) == (422, "password_too_short")
    assert handler.post("/account/password", json={"old": PASSWORD, "new": "another-password"}).status_code == 204
    assert handler.get("/cases").status_code == 200
    with api.client(elsewhere) as other:
        assert other.get("/cases").status_code == 401
    assert sign_in(api, "handler", "another-password").status_code == 201
    assert last_of(as_("auditor"))["act"] == "password_changed"


def test_guessing_the_old_password_has_to_wait(as_: As) -> None:
    handler, wanted = as_("handler"), {"old": "not-the-old-one", "new": "another-password"}
    assert [handler.post("/account/password", json=wanted).status_code for _ in range(6)] == [422] * 5 + [429]


def test_own_session_is_listed_and_ended(as_: As, api: Served) -> None:
    handler, elsewhere = as_("handler"), sign_in(api, "handler").json()["token"]
    found = handler.get("/account/sessions").json()["items"]
    assert sorted(one["current"] for one in found) == [False, True]
    other = next(one["id"] for one in found if not one["current"])
    assert as_("supervisor").delete(f"/account/sessions/{other}").status_code == 404
    assert handler.delete(f"/account/sessions/{other}").status_code == 204
    with api.client(elsewhere) as client:
        assert client.get("/cases").status_code == 401
    assert len(handler.get("/account/sessions").json()["items"]) == 1


def test_machine_client_has_no_account_of_its_own(as_: As, api: Served) -> None:
    made = as_("administrator").post("/api-keys", json={"name": "feed", "unit": "sanitation", "roles": ["handler"]})
    with api.client(made.json()["key"]) as machine:
        assert machine.get("/account/sessions").status_code == 403
        assert machine.post("/account/password", json={}).status_code == 403


def test_log_tells_who_did_what_without_secrets(as_: As) -> None:
    administrator = as_("administrator")
    administrator.post("/accounts", json=account())
    assert last_of(administrator) == {
        "actor": "administrator", "subject": "account", "name": "new.handler", "act": "created", "before": {},
        "after": {"username": "new.handler", "name": "新处理员", "unit": "sanitation", "roles": ["handler"]},
    }  # fmt: skip
    administrator.patch("/accounts/new.handler", json={"unit": "housing", "roles": ["handler"]})
    told = last_of(administrator)
    assert (told["act"], told["before"], told["after"]) == ("changed", {"unit": "sanitation"}, {"unit": "housing"})
    administrator.patch("/accounts/new.handler", json={"unit": "housing"})
    administrator.patch("/accounts/new.handler", json={"active": False})
    assert last_of(administrator)["act"] == "deactivated"
    whole = administrator.get("/admin-log").text
    assert len(administrator.get("/admin-log?name=new.handler").json()["items"]) == 3
    for secret in ("long-enough", "argon2", "password_hash", "key_hash"):
        assert secret not in whole


def test_log_comes_in_pages_newest_first(as_: As) -> None:
    administrator = as_("administrator")
    for unit in ("housing", "sanitation", "energy"):
        administrator.patch("/accounts/handler", json={"unit": unit})
    first = administrator.get("/admin-log?limit=2").json()
    rest = administrator.get("/admin-log", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [one["after"]["unit"] for one in first["items"] + rest["items"]] == ["energy", "sanitation", "housing"]
    assert rest["next_cursor"] is None


def test_log_is_read_by_administrator_and_auditor_only(in_calm: As) -> None:
    for who in OTHERS:
        assert in_calm(who).get("/admin-log").status_code == (200 if who == "auditor" else 403), who


@pytest.mark.parametrize("query", ["subject=nonsense", "limit=0", "cursor=nonsense", "name=%00", "nonsense=1"])
def test_query_of_the_log_is_refused(in_calm: As, query: str) -> None:
    assert in_calm("administrator").get(f"/admin-log?{query}").status_code == 422


def test_accounts_are_changed_by_administrators_only(in_calm: As) -> None:
    for who in OTHERS:
        assert in_calm(who).post("/accounts/handler/password").status_code == 403, who
    assert in_calm("administrator").post("/accounts/nobody/password").status_code == 404
