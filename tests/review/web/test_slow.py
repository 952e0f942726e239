"""Those who send a request a letter at a time, and those who send none."""

import socket
import time
from contextlib import suppress

import pytest

from charter.review.web import bodies, patience

MARK = {"X-Charter": "1"}


def connected(client) -> socket.socket:
    connection = socket.create_connection((client.base_url.host, client.base_url.port), timeout=5)
    return connection


def is_closed_within(connection: socket.socket, seconds: float, drop: bytes = b"") -> bool:
    """Whether the server closes a connection on which a drop is sent now and then."""
    connection.settimeout(0.05)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if drop:
                connection.sendall(drop)
            if not connection.recv(4096):
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


@pytest.mark.parametrize("drop", [b"", b"a"])
@pytest.mark.parametrize("first", [b"", b"GET /api/me HTTP/1.1\r\nHo"])
def test_heads_that_do_not_end_are_cut_off(browser, monkeypatch, first, drop):
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.3)
    with connected(browser()) as connection:
        connection.sendall(first)
        assert is_closed_within(connection, 3, drop)


def test_a_second_head_may_not_be_slow_either(browser, monkeypatch):
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.3)
    client = browser()
    with connected(client) as connection:
        head = f"GET / HTTP/1.1\r\nHost: {client.base_url.netloc.decode()}\r\n\r\n".encode()
        connection.sendall(head)
        assert connection.recv(64_000).startswith(b"HTTP/1.1")
        assert is_closed_within(connection, 3, b"G")


def test_answers_that_take_long_are_waited_for(browser, monkeypatch):
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.1)

    def long(_session):
        time.sleep(0.5)
        return [{"name": "after all"}]

    monkeypatch.setattr("charter.review.web.routes.session.all_people", long)
    client = browser()
    client.post("/api/login", json={"name": "Ann"}, headers=MARK)
    assert client.get("/api/people").json() == [{"name": "after all"}]


def test_bodies_that_do_not_come_are_not_waited_for(browser, monkeypatch):
    monkeypatch.setattr(bodies, "_SECONDS", 0.1)
    monkeypatch.setattr(bodies, "_LEAST_RATE", 1e9)
    client = browser()
    host = client.base_url.netloc.decode()
    head = f"POST /api/login HTTP/1.1\r\nHost: {host}\r\nX-Charter: 1\r\nContent-Length: 100\r\n\r\n"
    with connected(client) as connection:
        connection.sendall(head.encode() + b'{"name"')
        assert b"400" in connection.recv(4096)
    assert client.post("/api/login", json={"name": "Ann"}, headers=MARK).status_code == 200


def test_hundreds_who_say_nothing_do_not_keep_others_away(browser):
    client = browser()
    connections = [connected(client) for _ in range(300)]
    try:
        assert client.post("/api/login", json={"name": "Ann"}, headers=MARK).status_code == 200
    finally:
        for connection in connections:
            connection.close()


@pytest.mark.parametrize(
    "request_text",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"POST /api/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
        b"POST /api/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01",
        b"A" * 100_000,
    ],
)
def test_what_is_no_request_is_refused(browser, request_text):
    with connected(browser()) as connection:
        connection.sendall(request_text)
        with suppress(ConnectionResetError):
            assert connection.recv(4096).split()[1] in (b"400", b"403")


_OPENING = (
    b"Host: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


@pytest.mark.parametrize(
    ("address", "more", "status"),
    [
        (b"/api/live?run=1&x=" + b"a" * 9_000, b"", b"414"),
        (b"/api/live?run=1", b"X: " + b"a" * 9_000 + b"\r\n", b"431"),
        (b"/api/live?run=1", b"".join(b"X-%d: a\r\n" % number for number in range(300)), b"431"),
        (b"/api/live?run=1", b"Content-Length: 5\r\n", b""),
    ],
)
def test_a_websocket_that_cannot_be_opened_keeps_no_connection(browser, address, more, status):
    """By whoever asks: nobody is signed in here."""
    with connected(browser()) as connection:
        connection.sendall(b"GET " + address + b" HTTP/1.1\r\n" + _OPENING + more + b"\r\n")
        said = b""
        while part := connection.recv(4096):  # times out where the connection is kept
            said += part
    assert said[9:12] == status


def test_who_pings_and_reads_no_answer_is_hung_up_on(ann):
    cookie = "; ".join(f"{name}={value}" for name, value in ann.cookies.items()).encode()
    ping = b"\x89\xfd\0\0\0\0" + b"p" * 125
    with connected(ann) as connection:
        connection.sendall(b"GET /api/live?run=1 HTTP/1.1\r\nCookie: " + cookie + b"\r\n" + _OPENING + b"\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 101")
        with pytest.raises(ConnectionError):
            for _ in range(10_000):  # 130 MB
                connection.sendall(ping * 100)
