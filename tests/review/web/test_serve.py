"""`charter review serve`: how it starts, what it cannot start with, and how it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from charter.cli import app
from charter.review.web.hosts import own_addresses
from charter.review.web.serve import _own_token
from tests.http_client import open_client

ROOT = Path(__file__).parents[3]
MARK = {"X-Charter": "1"}


@contextmanager
def started(data, *options):
    """A server of its own process, and the address that it printed."""
    command = [sys.executable, "-m", "charter", "review", "serve", "--port", "0", "--no-open", "--data", str(data)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=ROOT
    ) as server:
        try:
            line = server.stdout.readline()
            found = re.search(r"https?://\S+", line)
            assert found, (line, server.poll() is not None and server.stderr.read())
            yield server, found[0]
        finally:
            server.kill()


def refused(*options) -> str:
    """The one line of a server that does not start."""
    result = CliRunner().invoke(app, ["review", "serve", "--no-open", *map(str, options)], catch_exceptions=False)
    assert (result.exit_code, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    return line


def ended(server, number) -> None:
    """End a server by a signal, and see that it ends well and soon."""
    began = time.monotonic()
    server.send_signal(number)
    assert server.wait(20) == 0
    assert time.monotonic() - began < 15
    assert server.stderr.read() == ""


@pytest.mark.slow
def test_it_starts_and_ends_cleanly_and_knows_who_was_there(tmp_path):
    data = tmp_path / "data"
    with started(data) as (server, address):
        assert "another server" in refused("--data", data, "--port", 0)
        client = open_client(address, timeout=30)
        client.post("/api/login", json={"name": "Ann"}, headers=MARK).raise_for_status()
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        live = f"ws{address.removeprefix('http')}api/live?run=1"
        with connect(live, additional_headers={"Cookie": cookie}, proxy=None) as page:
            ended(server, signal.SIGTERM)
            with pytest.raises(ConnectionClosed):
                while True:
                    page.recv(timeout=10)
    # The port is free for the next; and what is killed leaves no lock.
    with started(data, "--port", address.rsplit(":", 1)[1].strip("/")) as (server, again):
        assert again == address
        assert client.get("/api/me").json()["name"] == "Ann"
        server.kill()
        server.wait()
    client.close()
    # For others it asks for a token, and who came without one is a stranger.
    with started(data, "--host", "0.0.0.0") as (server, address):
        base, _, token = address.partition("/login#token=")
        lines = [server.stdout.readline() for _ in own_addresses()]
        sites = [address, *(re.search(r"https?://\S+", line)[0] for line in lines)]
        assert [urlsplit(site).hostname for site in sites] == [*own_addresses(), socket.gethostname().lower()]
        assert {urlsplit(site).fragment for site in sites} == {f"token={token}"}
        with open_client(f"http://127.0.0.1:{base.rsplit(':', 1)[1]}", timeout=30) as other:
            assert other.get("/api/me", headers={"Cookie": cookie}).json()["needs_token"] is True
            assert other.post("/api/login", json={"name": "Ann"}, headers=MARK).status_code == 403
            assert other.post("/api/login", json={"name": "Ann", "token": token}, headers=MARK).status_code == 200
        ended(server, signal.SIGINT)


def test_a_token_that_was_made_is_for_the_owner_alone_and_stays(tmp_path):
    token = _own_token(tmp_path)
    assert len(token) >= 20
    assert (tmp_path / "token").stat().st_mode & 0o077 == 0
    assert _own_token(tmp_path) == token


@pytest.mark.parametrize("left", ["", "\n", "short"])
def test_a_token_that_a_full_disk_cut_off_is_made_anew(tmp_path, left):
    (tmp_path / "token").write_text(left)
    token = _own_token(tmp_path)
    assert len(token) >= 20 and _own_token(tmp_path) == token


@pytest.mark.slow
def test_behind_a_proxy_it_asks_for_a_token(tmp_path):
    with started(tmp_path / "data", "--site", "review.example.com") as (server, address):
        assert "/login#token=" in address
        server.kill()


@pytest.mark.slow
def test_help_says_where_data_is_kept_by_default(tmp_path):
    code = "from charter.cli import main; import sys; sys.argv = ['charter', 'review', 'serve', '--help']; main()"
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "COLUMNS": "300", "NO_COLOR": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert f"{tmp_path}/charter/review" in done.stdout.replace("\n", "")


def test_addresses_for_others_are_none_of_this_machine_alone():
    for address in own_addresses(with_ipv6=True):
        assert not address.startswith(("127.", "169.254.", "fe80", "::1"))


def test_a_port_in_use_is_told(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = refused("--data", tmp_path / "data", "--port", port)
    assert str(port) in line
    assert "in use" in line


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--database", "nonsense"), "nonsense"),
        (("--database", "oracle://x/y"), "oracle"),
        (("--database", "sqlite:////nowhere/at/all.sqlite3"), "nowhere"),
        (("--database", "postgresql://ann:secret@127.0.0.1:1/charter"), "127.0.0.1"),
        (("--users", "nobody"), "nobody"),
        (("--token", "short"), "8 characters"),
        (("--token", "long enough", "--users", "x"), "leave one out"),
        (("--host", "no.such.host.invalid"), "no.such.host.invalid"),
        (("--host", "203.0.113.7"), "203.0.113.7"),
        (("--certificate", "a.pem"), "go together"),
        (("--certificate", "a.pem", "--key", "a.key"), "a.pem"),
        (("no such pack",), "no such pack"),
    ],
)
def test_what_it_cannot_start_with_is_told_in_a_line(tmp_path, options, said):
    line = refused("--data", tmp_path / "data", "--port", 0, *options)
    assert said in line
    assert "secret" not in line


@pytest.mark.parametrize("name", ["file", "review.sqlite3"])
def test_data_that_is_none_is_told(tmp_path, name):
    data = tmp_path / "data"
    data.mkdir()
    (data / name).write_text("no database " * 1000)
    assert name in refused("--data", data / name if name == "file" else data, "--port", 0)


@pytest.mark.slow
def test_the_server_itself_needs_no_torch():
    """It starts at once, and its workers' libraries break none of it."""
    code = "import sys, charter.review.web.serve; sys.exit(bool({'torch', 'scipy.signal', 'av'} & {*sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_without_the_packages_it_says_which_to_install():
    code = (
        "import sys\n"
        "for name in ('fastapi', 'uvicorn', 'sqlalchemy', 'platformdirs', 'websockets'): sys.modules[name] = None\n"
        "from charter.cli import main\n"
        "sys.argv = ['charter', 'review', 'serve']\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 1
    assert done.stderr.strip().endswith("pip install 'charter[review]'")
    assert done.stderr.count("\n") == 1
