"""What open pages hear, and who may listen."""

import json
import socket
import threading
import time
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from charter.review.store.tables import Chart, Visit
from charter.review.web import live as live_module
from charter.review.web.context import Who
from charter.review.web.live import Listener, Live

MARK = {"X-Charter": "1"}


class Page:
    """A page that is open on a run."""

    def __init__(self, client, run=1, **headers):
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        address = f"ws://{client.base_url.netloc.decode()}/api/live?run={run}"
        self._connection = connect(address, additional_headers={"Cookie": cookie, **headers}, proxy=None)
        self.socket = self._connection.__enter__()

    def hear(self, kind, true=lambda event: True):
        """The next event of a kind that is true."""
        while True:
            event = json.loads(self.socket.recv(timeout=5))
            if event["type"] == kind and true(event):
                return event

    def say(self, **message):
        self.socket.send(json.dumps(message))

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._connection.__exit__(*error)


def patiently(client):
    """A page that is refused at first, maybe."""
    end = time.monotonic() + 5
    while True:
        try:
            return Page(client)
        except InvalidStatus:
            assert time.monotonic() < end
            time.sleep(0.02)


@pytest.fixture
def bea(browser, ann):
    client = browser()
    client.post("/api/login", json={"name": "Bea"}, headers=MARK)
    return client


@pytest.fixture(scope="module")
def chart(review):
    with review.database.write() as session:
        made = Chart(song_id=1, place=0, slot="hard", meter=5, draft={"notes": []}, findings=[], footing=[])
        session.add(made)
        session.flush()
        return made.id


def test_pages_of_a_run_hear_what_changes(review, ann, bea):
    with Page(ann) as first, Page(bea) as second, Page(bea, run=2) as other:
        event = {"type": "edit", "chart": 5, "edit": {"summary": "</script>ü\u2028"}}
        threading.Thread(target=review.live.publish, args=(1, event)).start()
        assert first.hear("edit") == second.hear("edit") == event
        review.live.publish(2, {"type": "edit", "chart": 6})
        assert other.hear("edit")["chart"] == 6


def test_events_come_in_order(review, ann):
    with Page(ann) as page:
        for number in range(200):
            review.live.publish(1, {"type": "job", "number": number})
        assert [page.hear("job")["number"] for _ in range(200)] == list(range(200))


def test_people_see_where_others_are(ann, bea):
    with Page(ann) as first:
        with Page(bea) as second:
            second.say(type="here", chart=7, tick=96)
            people = first.hear("people", lambda event: any(one["chart"] for one in event["people"]))["people"]
            assert [(one["name"], one["chart"], one["tick"]) for one in people] == [("Ann", None, 0), ("Bea", 7, 96)]
        assert [one["name"] for one in first.hear("people", lambda event: len(event["people"]) == 1)["people"]] == [
            "Ann"
        ]


def test_two_pages_of_one_person_on_one_place_are_one(ann):
    with Page(ann) as first, Page(ann), Page(ann):
        time.sleep(0.3)
        assert len(first.hear("people")["people"]) == 1


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("Cookie", "charter_review=1.forged"),
        ("Cookie", ""),
        ("Origin", "http://evil.example"),
        ("Origin", "null"),
        ("Sec-Fetch-Site", "cross-site"),
    ],
)
def test_strangers_hear_nothing(ann, change, value):
    with pytest.raises(InvalidStatus) as error:
        Page(ann, **{change: value})
    assert error.value.response.status_code == 403


def test_other_names_of_the_server_hear_nothing(ann):
    """As a page has that had its own name lead here."""
    cookie = "; ".join(f"{name}={value}" for name, value in ann.cookies.items())
    address = ann.base_url.host, ann.base_url.port
    with socket.create_connection(address) as connection, pytest.raises(InvalidStatus) as error:
        connect("ws://evil.example/api/live?run=1", additional_headers={"Cookie": cookie}, sock=connection).__enter__()
    assert error.value.response.status_code == 403


@pytest.mark.parametrize("run", ["x", "", "-1", "0", "99999999999999999999", "3000000000", "1%00"])
def test_what_is_no_run_cannot_be_heard(ann, run):
    with pytest.raises(InvalidStatus):
        Page(ann, run=run)


def test_our_own_page_may_listen(ann):
    with Page(ann, Origin=f"http://{ann.base_url.netloc.decode()}") as page:
        assert page.hear("people")


def test_who_signs_out_hears_no_more(review, ann):
    with Page(ann) as page:
        page.hear("people")
        ann.post("/api/logout")
        with pytest.raises(ConnectionClosed):
            while True:
                page.socket.recv(timeout=5)
    assert ann.get("/api/me").status_code == 401


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        "[]",
        "5",
        "null",
        "{}",
        '{"type": "here"}',
        '{"type": "here", "chart": "1"}',
        '{"type": "here", "chart": true}',
        '{"type": "here", "chart": 1, "tick": -5}',
        '{"type": "here", "chart": 1, "tick": 1e400}',
        '{"type": "active", "chart": 1, "seconds": NaN}',
        '{"type": "active", "chart": 1, "seconds": -5}',
        '{"type": "active", "chart": 1.5, "seconds": 5}',
        '{"type": "active", "chart": null, "seconds": 5}',
        "[" * 50_000,
        "x" * 70_000,
    ],
)
def test_who_talks_nonsense_is_sent_away(ann, text):
    with Page(ann) as page:
        page.socket.send(text)
        with pytest.raises(ConnectionClosed):
            while True:
                page.socket.recv(timeout=5)
    with Page(ann) as page:
        assert page.hear("people")


def test_bytes_are_nonsense_too(ann):
    with Page(ann) as page:
        page.socket.send(b"\x00\xff")
        with pytest.raises(ConnectionClosed):
            while True:
                page.socket.recv(timeout=5)


def test_who_talks_too_much_is_sent_away(ann):
    with Page(ann) as page, pytest.raises(ConnectionClosed):
        for number in range(20_000):
            page.say(type="here", chart=1, tick=number)
            if number % 100 == 0:
                time.sleep(0.01)


def test_time_that_passed_is_kept(review, ann, chart):
    def kept() -> float:
        with review.database.read() as session:
            return sum(session.scalars(select(Visit.seconds).where(Visit.chart_id == chart)))

    with Page(ann) as page:
        page.hear("people")
        page.say(type="active", chart=chart, seconds=0.1)
        page.say(type="active", chart=chart, seconds=100_000)
        page.say(type="active", chart=99_999, seconds=1)  # a chart that is gone
        end = time.monotonic() + 5
        while kept() < 0.2 and time.monotonic() < end:
            time.sleep(0.02)
        page.say(type="here", chart=chart, tick=1)
        page.hear("people", lambda event: event["people"][0]["chart"] == chart)
    assert 0.1 < kept() < 20


def test_nobody_works_more_than_time_passes(monkeypatch):
    clock = [100.0]  # of that module alone: with the process's own, the server of the other tests would sleep for a day
    monkeypatch.setattr(live_module, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    live, ann = Live(), Who(1, "Ann")
    live._time[1] = clock[0], live_module._SLACK_SECONDS
    counted = 0.0
    for _ in range(60):
        clock[0] += 1
        counted += live.worked(ann, 1, 15)  # in each of many pages
    assert counted <= 60 + live_module._SLACK_SECONDS
    clock[0] += 100_000
    assert live.worked(ann, 1, 100_000) == live_module._LONGEST_SECONDS


def test_pages_that_do_not_keep_up_are_sent_away():
    listener = Listener(Who(1, "Ann"))
    told = [listener.tell("x") for _ in range(live_module._MOST_BEHIND + 1)]
    assert told[-2:] == [True, False]
    listener = Listener(Who(1, "Ann"))
    assert [listener.tell("x" * 5_000_000) for _ in range(2)] == [True, False]


def test_one_person_opens_no_more_than_some(ann, monkeypatch):
    monkeypatch.setattr(live_module, "_SOCKETS_EACH", 2)
    with Page(ann), Page(ann), pytest.raises(InvalidStatus):
        Page(ann)
    with patiently(ann) as page:  # the server has yet to hear that the others are closed
        assert page.hear("people")


def test_nobody_hears_before_the_first_page():
    Live().publish(1, {"type": "edit"})


def test_moments_of_work_are_kept_together(monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(live_module, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    live, ann = Live(), Who(1, "Ann")
    kept = []
    for _ in range(1000):
        clock[0] += 0.125
        kept.append(live.worked(ann, 7, 0.125))
    assert sum(map(bool, kept)) == 124 and sum(kept) == 124  # the first time is that of the start
    assert live.worked(ann, 7, 5) == 0  # none of that has passed
