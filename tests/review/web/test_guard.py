"""Who gets past the guard, and who does not."""

import json
import logging
import re

import pytest

from charter.review.web.accounts import one_token
from charter.review.web.app import create_app
from charter.review.web.guard import GuardSettings
from charter.review.web.hosts import Hosts

MARK = {"X-Charter": "1"}
JSON = {"Content-Type": "application/json"}


def refused(answer, status: int) -> str:
    """The line of a refusal."""
    assert answer.status_code == status, answer.text
    line = answer.json()["error"]
    assert "\n" not in line
    assert line
    return line


@pytest.mark.parametrize("path", ["/api/me", "/api/people", "/api/runs", "/openapi.json", "/api/songs/1/cover"])
def test_nothing_is_told_to_strangers(browser, path):
    answer = browser().get(path)
    assert "sign in" in refused(answer, 401)
    assert answer.json()["needs_token"] is False


def test_strangers_change_nothing(browser):
    for path in ("/api/runs", "/api/logout", "/api/runs/1/songs"):
        refused(browser().post(path, headers=MARK, json={}), 401)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8765", "localhost.evil.example", "192.168.1.5", "", "localhost@evil.example", "a/b"],
)
def test_names_that_are_not_ours_are_refused(ann, host):
    """Pages of others whose name was made to lead here."""
    refused(ann.get("/api/me", headers={"Host": host}), 403)
    refused(ann.get("/", headers={"Host": host}), 403)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:8765", "127.8.8.8", "[::1]:99"])
def test_loopback_is_known_by_all_its_names(ann, host):
    cookie = "; ".join(f"{name}={value}" for name, value in ann.cookies.items())
    assert ann.get("/api/me", headers={"Host": host, "Cookie": cookie}).status_code == 200


def test_a_server_for_others_is_known_by_any_address_and_its_own_names():
    hosts = Hosts(frozenset({"localhost", "studio"}), others=True)
    assert all(map(hosts.know, ("10.0.0.4:8765", "studio", "Studio:8765", "[fe80::1]", "localhost")))
    assert not any(map(hosts.know, ("evil.example", "studio.evil.example", "10.0.0.4.evil.example", "10.0.0.4:port")))


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "http://localhost:9999",
        "https://localhost:8765",
        "file://",
        "http://localhost:8765x",
    ],
)
def test_pages_of_others_change_nothing(ann, origin):
    assert "another page" in refused(ann.post("/api/logout", headers={"Origin": origin}), 403)
    assert ann.get("/api/me").status_code == 200


def test_our_own_page_may(ann):
    assert ann.post("/api/logout", headers={"Origin": f"http://{ann.base_url.netloc.decode()}"}).status_code == 200
    assert ann.get("/api/me").status_code == 401


def test_a_proxy_may_ask_by_another_name():
    hosts = Hosts(frozenset({"localhost", "charts.studio.example"}))
    assert hosts.are_asked_from("https://charts.studio.example", "127.0.0.1:8765")
    assert hosts.are_asked_from("https://charts.studio.example", "charts.studio.example")
    assert not hosts.are_asked_from("https://other.studio.example", "charts.studio.example")


def test_browsers_that_say_where_a_request_is_from_are_heard(ann):
    refused(ann.post("/api/logout", headers={"Sec-Fetch-Site": "cross-site"}), 403)
    refused(ann.post("/api/logout", headers={"Sec-Fetch-Site": "same-site"}), 403)


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE", "PUT", "OPTIONS"])
def test_a_form_of_another_page_lacks_the_mark(ann, method):
    del ann.headers["X-Charter"]
    assert "X-Charter" in refused(ann.request(method, "/api/logout"), 403)
    assert ann.get("/api/me").status_code == 200


def test_forged_cookies_let_nobody_in(browser, ann):
    cookie = ann.cookies["charter_review"]
    person, _, secret = cookie.partition(".")
    forged = [
        "",
        person,
        f"{person}.",
        f"{person}.{'A' * 43}",
        f"{person}.{secret[:-1]}{'A' if secret[-1] != 'A' else 'B'}",
        f"{int(person) + 1}.{secret}",
        f"0{person}.{secret}",
        f"{person}.{secret}é",
        f"99999999999999999999.{secret}",
        "1.' OR 1=1 --",
        f"{person}.{secret} ",
        "x" * 4000,
    ]
    for value in forged:
        answer = browser().get("/api/me", headers={"Cookie": f'charter_review="{value}"'.encode("latin-1")})
        assert answer.status_code == 401, value
    assert browser().get("/api/me", headers={"Cookie": f"charter_review={cookie}"}).status_code == 200


def test_every_answer_guards_the_page(browser, ann):
    for answer in (ann.get("/"), ann.get("/api/me"), browser().get("/api/me"), ann.get("/none"), ann.post("/api/none")):
        policy = answer.headers["content-security-policy"]
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        assert rules["default-src"] == "'none'"
        assert rules["script-src"] == rules["style-src"] == "'self'"
        assert "unsafe" not in policy
        assert f"ws://{ann.base_url.netloc.decode()}" in rules["connect-src"]
        assert rules["frame-ancestors"] == "'none'"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert "access-control-allow-origin" not in answer.headers


def test_answers_are_not_kept_by_browsers(ann):
    assert ann.get("/api/me").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "most"), [("/api/runs", 2_000_000), ("/api/songs/1/charts", 16_000_000), ("/api/login", 4_000)]
)
def test_bodies_are_no_larger_than_they_may_be(ann, path, most):
    assert "too large" in refused(ann.post(path, content=b"1" * (most + 1)), 413)
    pieces = (b"1" * 1_000 for _ in range(most // 1_000 + 1))  # in a request that does not say how large it is
    assert "too large" in refused(ann.post(path, content=pieces), 413)


@pytest.mark.parametrize(
    "body",
    [
        b'{"name": "\\u0000"}',
        b'{"name": "\\ud800"}',
        b'{"name": "a", "x": NaN}',
        b'{"name": "a", "x": 1e999}',
        b'{"name": "a", "x": -Infinity}',
        b'{"name": "a", "x": 99999999999999999999999}',
        b"1" * 2000,
        b"[" * 3000,
        b"\xff\xfe",
        b'{"name": "\xed\xa0\x80"}',
        '{"name": "Ann", "x": "\\u0000"}'.encode("utf-16"),
        b"{",
    ],
)
def test_json_that_nothing_can_keep_is_refused(ann, body):
    assert "no JSON" in refused(ann.post("/api/login", content=body), 400)


@pytest.mark.parametrize("name", ["\\u00e9", "\\ud83d\\ude00", "\\\\u0000", "NaN"])
def test_json_of_any_language_is_taken(ann, name):
    assert ann.post("/api/login", content=f'{{"name": "{name}"}}', headers=JSON).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/api/songs/99999999999999/cover",
        "/api/songs/1/cover?run=9999999999999999",
        "/api/songs/1/cover?a=%00",
        "/a%00b",
    ],
)
def test_addresses_that_no_database_holds_are_refused(ann, path):
    refused(ann.get(path), 400)


@pytest.mark.parametrize(
    "number", ["0", "-1", "-99999999999999999999", "%2B99999999999999999999", "99999999999999999999.0"]
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/songs/{}/cover"), ("GET", "/api/songs/{}/sound/listen.ogg"), ("POST", "/api/runs/{}/songs")],
)
def test_numbers_that_no_row_has_are_refused_before_the_database_is_asked(ann, method, path, number):
    refused(ann.request(method, path.format(number), content=b"{}"), 422)


def test_a_failure_of_ours_is_told_in_the_log_alone(review, browser, monkeypatch, caplog):
    def broken(*_):
        raise ZeroDivisionError("a secret of the house")

    monkeypatch.setattr("charter.review.web.routes.session.all_people", broken)
    ann = browser()
    ann.post("/api/login", json={"name": "Ann"}, headers=MARK)
    with caplog.at_level(logging.ERROR, logger="charter.review"):
        answer = ann.get("/api/people")
    assert "secret" not in answer.text
    assert "log" in refused(answer, 500)
    assert "ZeroDivisionError" in caplog.text
    assert answer.headers["content-security-policy"]


def test_every_route_is_behind_it(review, browser):
    """Whatever is below /api needs someone, except signing in."""
    settings = GuardSettings(one_token("a long token"))
    addresses = create_app(review, settings).openapi()["paths"]
    assert len(addresses) > 5
    client = browser(settings)
    for address, methods in addresses.items():
        for method in methods:
            answer = client.request(method, re.sub(r"{\w+}", "1", address), headers=MARK, json={})
            wanted = (403, 422) if address == "/api/login" else (401,)
            assert answer.status_code in wanted, (method, address, answer.text)
            assert json.loads(answer.text)["error"]


def test_the_page_of_addresses_says_how_each_refuses(review, browser, ann):
    page = ann.get("/openapi.json").json()
    assert "HTTPValidationError" not in page["components"]["schemas"]
    for address, methods in page["paths"].items():
        for method, told in methods.items():
            wanted = {"400", "403", "422", "500", "503"} | ({"401"} if address != "/api/login" else set())
            wanted |= {"404"} if "{" in address else set()
            wanted |= {"409", "413", "429", "507"} if method != "get" else set()
            assert wanted <= told["responses"].keys(), (method, address)
            for status, answer in told["responses"].items():
                if status[0] in "45":
                    assert answer["content"]["application/json"]["schema"]["$ref"].endswith("/Refusal")
    assert ann.get("/openapi.json").json() == page
