"""Who may come in, and when that ends."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import update

from db.engine import Database
from db.tables import Session, core
from tests.api.conftest import As, token_of
from tests.api.served import PASSWORD, Served, report, served, settings_for


def sign_in(api: Served, username: str, password: str = PASSWORD) -> httpx.Response:
    with api.client() as client:
        return client.post("/sessions", json={"username": username, "password": password})


def test_token_opens_the_door_when_the_password_is_right(api: Served) -> None:
    answer = sign_in(api, "handler")
    assert answer.status_code == 201
    assert set(answer.json()) == {"token", "expires_at", "account"}
    with api.client(answer.json()["token"]) as client:
        me = client.get("/sessions/current").json()
    assert (me["username"], me["roles"]) == ("handler", ["handler"])


@pytest.mark.parametrize(("username", "password"), [("handler", "wrong-password"), ("nobody", PASSWORD)])
def test_wrong_name_and_wrong_password_look_the_same(api: Served, username: str, password: str) -> None:
    answer = sign_in(api, username, password)
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")
    assert username not in answer.text


def test_failing_again_and_again_has_to_wait(api: Served) -> None:
    answers = [sign_in(api, "handler", "wrong-password") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert sign_in(api, "supervisor").status_code == 201


def test_stranger_who_guesses_does_not_lock_the_account_out(api: Served) -> None:
    stranger = {"X-Forwarded-For": "203.0.113.9"}
    with api.client() as client:
        wrong = {"username": "handler", "password": "wrong-password"}
        statuses = [client.post("/sessions", json=wrong, headers=stranger).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    assert sign_in(api, "handler").status_code == 201


def test_guesses_that_come_together_count_as_those_that_come_in_turn(api: Served) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: sign_in(api, "handler", "wrong-password"), range(16)))
    statuses = Counter(answer.status_code for answer in answers)
    assert (statuses[401], statuses[429]) == (5, 11)


@pytest.mark.parametrize("token", ["x", "bhs_unknown", "bhk_unknown", "é", "x" * 200])
def test_unknown_token_is_no_identity(calm: Served, token: str) -> None:
    headers = [(b"Authorization", b"Bearer " + token.encode("latin-1"))]
    with calm.client() as client:
        answer = client.get("/cases", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_session_ends_when_signed_out(api: Served, as_: As) -> None:
    client = as_("handler")
    assert client.delete("/sessions/current").status_code == 204
    assert client.get("/cases").status_code == 401
    assert client.delete("/sessions/current").status_code == 401


def test_session_ends_when_it_expires(api: Served, as_: As) -> None:
    store = Database(api.settings.database_url)
    past = datetime.now(UTC) - timedelta(seconds=1)
    store.write_sync(lambda connection: connection.execute(update(core(Session)).values(expires_at=past)))
    store.close()
    assert as_("handler").get("/cases").status_code == 401


def test_session_outlives_a_restart(api: Served) -> None:
    token = sign_in(api, "handler").json()["token"]
    with served(settings_for(api.settings.database_url, api.settings.data_dir)) as again, again.client(token) as client:
        assert client.get("/cases").status_code == 200


def test_access_ends_at_once_when_the_account_is_deactivated(as_: As, api: Served) -> None:
    handler = as_("handler")
    assert handler.get("/cases").status_code == 200
    assert as_("administrator").patch("/accounts/handler", json={"active": False}).status_code == 200
    assert handler.get("/cases").status_code == 401
    assert sign_in(api, "handler").status_code == 401


def test_new_password_ends_the_sessions_of_the_old_one(as_: As, api: Served) -> None:
    handler = as_("handler")
    as_("administrator").patch("/accounts/handler", json={"password": "another-password"})
    assert handler.get("/cases").status_code == 401
    assert sign_in(api, "handler").status_code == 401
    assert sign_in(api, "handler", "another-password").status_code == 201


def test_roles_count_as_they_are_now(as_: As) -> None:
    handler = as_("handler")
    assert handler.post("/incidents", json=report()).status_code == 403
    as_("administrator").patch("/accounts/handler", json={"roles": ["handler", "intake_clerk"]})
    assert handler.post("/incidents", json=report()).status_code == 201


def account(**changes: object) -> dict[str, object]:
    return {
        "username": "new.handler",
        "password": "long-enough",
        "name": "新处理员",
        "unit": "sanitation",
        "roles": ["handler"],
        **changes,
    }


def test_new_account_can_sign_in(as_: As, api: Served) -> None:
    answer = as_("administrator").post("/accounts", json=account())
    assert (answer.status_code, answer.headers["location"]) == (201, "/api/v1/accounts/new.handler")
    assert "password" not in answer.text
    assert sign_in(api, "new.handler", "long-enough").status_code == 201


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"username": "handler"}, 409, "username_taken"),
        ({"username": "Mixed Case"}, 422, "username_malformed"),
        ({"password": "short"}, 422, "password_too_short"),
        ({"unit": "no-such"}, 422, "unit_unknown"),
        ({"roles": ["king"]}, 422, "value_unknown"),
        ({"roles": []}, 422, "roles_missing"),
        ({"name": "\x00"}, 422, "text_control_characters"),
    ],
)
def test_account_is_refused_with_its_code(in_calm: As, changes: dict[str, object], status: int, code: str) -> None:
    answer = in_calm("administrator").post("/accounts", json=account(**changes))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_accounts_are_the_administrators_alone(in_calm: As) -> None:
    for client in (in_calm("supervisor"), in_calm("unit_leader")):
        assert client.get("/accounts").status_code == 403
        assert client.post("/accounts", json={}).status_code == 403
        assert client.patch("/accounts/handler", json={"active": False}).status_code == 403
        assert client.get("/api-keys").status_code == 403
    assert in_calm("administrator").patch("/accounts/nobody", json={}).status_code == 404


def test_key_of_a_machine_client_counts_until_it_is_revoked(as_: As, api: Served) -> None:
    administrator = as_("administrator")
    wanted = {"name": "hotline-system", "unit": "intake-desk", "roles": ["intake_clerk"]}
    made = administrator.post("/api-keys", json=wanted)
    assert made.status_code == 201
    assert administrator.post("/api-keys", json=wanted).json()["code"] == "name_taken"
    assert made.json()["key"] not in administrator.get("/api-keys").text
    with api.client(made.json()["key"]) as machine:
        assert machine.post("/incidents", json=report(source="api")).status_code == 201
        assert machine.get("/accounts").status_code == 403
        assert administrator.delete("/api-keys/hotline-system").status_code == 204
        assert machine.get("/cases").status_code == 401
    assert administrator.delete("/api-keys/hotline-system").status_code == 404


def test_tokens_are_not_kept_in_clear(api: Served, as_: As) -> None:
    store = Database(api.settings.database_url)
    rows = store.read_sync(lambda connection: connection.execute(core(Session).select()).all())
    store.close()
    assert rows
    assert token_of("handler") not in str(rows)
