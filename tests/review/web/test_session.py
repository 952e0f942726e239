"""Signing in, and what ends it."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from charter.errors import RequestError
from charter.review.errors import Forbidden, TooMany
from charter.review.store.tables import Login, Person
from charter.review.web import throttle
from charter.review.web.accounts import Accounts, clean_name, one_token, users_file
from charter.review.web.guard import GuardSettings
from charter.review.web.session import Sessions
from charter.review.web.throttle import Attempts

MARK = {"X-Charter": "1"}
TOKEN = "a long token"
WITH_TOKEN = GuardSettings(one_token(TOKEN))


def sign_in(client, name, token=""):
    return client.post("/api/login", json={"name": name, "token": token}, headers=MARK)


def test_a_name_is_enough_on_loopback(browser):
    client = browser()
    answer = sign_in(client, "  Ann \t Lee ")
    assert (answer.status_code, answer.json()["name"]) == (200, "Ann Lee")
    assert client.get("/api/me").json() == {**answer.json(), "needs_token": False, "most_upload": 300_000_000}
    assert {"id": answer.json()["id"], "name": "Ann Lee"} in client.get("/api/people").json()


def test_the_cookie_is_for_the_browser_alone(browser):
    said = sign_in(browser(), "Ann").headers["set-cookie"].lower()
    assert {"httponly", "samesite=strict", "path=/"} <= {part.strip() for part in said.split(";")}


def test_a_name_in_another_case_is_the_same_person(browser):
    assert sign_in(browser(), "Straße").json() == sign_in(browser(), "STRASSE").json()


@pytest.mark.parametrize("name", ["", "   ", "a" * 61, "a\u202eb", "a\x07", "\u200b"])
def test_what_is_no_name_is_refused(browser, name):
    answer = sign_in(browser(), name)
    assert answer.status_code == 400
    assert "name" in answer.json()["error"]


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "../../etc/passwd", "'; DROP TABLE people; --", "アン"])
def test_names_are_text(browser, name):
    client = browser()
    assert sign_in(client, name).json()["name"] == name
    answer = client.get("/api/me")
    assert answer.json()["name"] == name
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    "body", [{}, {"name": 5}, {"name": None}, {"name": "a", "token": ["x"]}, {"name": "a", "x": 1}, []]
)
def test_misshapen_logins_are_told_in_a_line(browser, body):
    answer = browser().post("/api/login", json=body, headers=MARK)
    assert answer.status_code == 422
    assert answer.json()["error"].count("\n") == 0


def test_a_token_is_needed_where_there_is_one(browser, monkeypatch):
    monkeypatch.setattr(throttle, "_FREE", 100)
    client = browser(WITH_TOKEN)
    assert client.get("/api/me").json()["needs_token"] is True
    for wrong in ("", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "\x00"):
        answer = sign_in(client, "Ann", wrong)
        assert answer.status_code in (400, 403), wrong
        assert client.get("/api/me").status_code == 401
    assert sign_in(client, "Ann", TOKEN).status_code == 200
    assert client.get("/api/me").json()["needs_token"] is True


def test_guessing_is_slowed(browser):
    client = browser(GuardSettings(one_token("another token")))
    statuses = [sign_in(client, "Ann", f"guess {number}").status_code for number in range(8)]
    assert statuses[:5] == [403] * 5
    assert set(statuses[5:]) == {429}
    answer = sign_in(client, "Ann", "another token")
    assert answer.status_code == 429  # the right one has to wait as well, or guessing would go on
    assert "wait" in answer.json()["error"]


def is_to_wait(attempts: Attempts) -> bool:
    try:
        attempts.begin("10.0.0.1")
    except TooMany:
        return True
    return False


def test_waits_grow_and_end(monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(throttle, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    attempts = Attempts()
    waits = []
    for _ in range(15):
        began = clock[0]
        while is_to_wait(attempts):
            clock[0] += 0.5
        waits.append(clock[0] - began)
    assert waits == sorted(waits)
    assert waits[0] == 0
    assert waits[-1] == 60
    assert is_to_wait(attempts)
    attempts.begin("10.0.0.2")  # someone else's business
    attempts.right("10.0.0.1")
    assert not is_to_wait(attempts)


def test_addresses_of_one_ipv6_network_are_one():
    attempts = Attempts()
    for number in range(5):
        attempts.begin(f"2001:db8::{number}")
    with pytest.raises(TooMany):
        attempts.begin("2001:db8::99")
    attempts.begin("2001:db8:0:1::1")


def test_signing_out_ends_it(browser):
    client, other = browser(), browser()
    sign_in(client, "Ann")
    kept = client.cookies["charter_review"]
    other.headers["Cookie"] = f"charter_review={kept}"
    assert other.get("/api/me").status_code == 200
    assert client.post("/api/logout", headers=MARK).status_code == 200
    assert other.get("/api/me").status_code == 401


def test_logins_hang_on_the_token(review):
    """A server that is opened to others with a token lets in nobody who came before without one."""
    _, free = Sessions(review.database, Accounts()).sign_in("Ann", "")
    _, first = Sessions(review.database, one_token("first token")).sign_in("Ann", "first token")
    for accounts, cookie, is_known in [
        (Accounts(), free, True),
        (one_token("first token"), free, False),
        (one_token("first token"), first, True),
        (one_token("second token"), first, False),
        (Accounts(), first, False),
        (Accounts(people={"Bea": "5" * 64}), first, False),
    ]:
        assert (Sessions(review.database, accounts).find(cookie) is not None) is is_known


def test_a_login_survives_the_server(review):
    who, cookie = Sessions(review.database, Accounts()).sign_in("Ann", "")
    assert Sessions(review.database, Accounts()).find(cookie) == who


def test_logins_end_with_time(review):
    sessions = Sessions(review.database, Accounts())
    _, cookie = sessions.sign_in("Late", "")
    with review.database.write() as session:
        person = session.scalars(select(Person).where(Person.name == "Late")).one()
        (login,) = session.scalars(select(Login).where(Login.person_id == person.id))
        login.expires = login.created
    assert Sessions(review.database, Accounts()).find(cookie) is None


def test_the_database_holds_no_cookie(review):
    _, cookie = Sessions(review.database, Accounts()).sign_in("Ann", "")
    with review.database.read() as session:
        hashes = session.scalars(select(Login.secret_hash)).all()
    assert hashes
    assert all(cookie not in one and cookie.partition(".")[2] not in one for one in hashes)


def test_users_have_tokens_of_their_own(tmp_path: Path):
    path = tmp_path / "users"
    text = "Ann Lee : token of Ann\r\n\r\n# the team\r\nBob: sha256:" + "0" * 64 + "\r\n"
    path.write_bytes(text.encode("utf-8-sig"))  # as an editor on Windows may write it
    accounts = users_file(path)
    assert accounts.need_token
    assert accounts.signed("ann  lee", "token of Ann") == "Ann Lee"
    for name, token in [
        ("Ann Lee", "wrong token"),
        ("Bob", "token of Ann"),
        ("Eve", "token of Ann"),
        ("Eve", ""),
        ("Ann Lee", ""),
    ]:
        with pytest.raises(Forbidden):
            accounts.signed(name, token)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nobody"),
        ("Ann\n", "line 1"),
        ("Ann: short\n", "line 1"),
        ("A: 12345678\n\na: 12345678", "again"),
        (": 12345678", "name"),
    ],
)
def test_a_file_that_names_no_users_is_told(tmp_path, text, said):
    (tmp_path / "users").write_text(text)
    with pytest.raises(RequestError, match=said) as error:
        users_file(tmp_path / "users")
    assert str(tmp_path / "users") in str(error.value)


def test_a_missing_file_of_users_is_told(tmp_path):
    with pytest.raises(RequestError, match="cannot be read"):
        users_file(tmp_path / "none")


def test_a_token_that_can_be_guessed_is_refused():
    with pytest.raises(RequestError, match="8 characters"):
        one_token("1234567")


def test_names_in_other_forms_are_one():
    assert clean_name("e\u0301") == clean_name("é")
