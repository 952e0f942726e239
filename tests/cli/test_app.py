"""The command line as a whole."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from charter import __version__
from charter.cli import app, main


def test_version_is_that_of_the_package():
    result = CliRunner().invoke(app, ["--version"])
    assert (result.exit_code, result.stdout) == (0, f"charter {__version__}\n")


def test_help_names_the_commands():
    result = CliRunner().invoke(app, ["--help"])
    assert result.exit_code == 0
    assert {"evaluate", "check"} <= set(result.stdout.split())


@pytest.mark.slow
def test_help_does_not_wait_for_torch():
    code = "import sys, charter.cli; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_home_is_found_in_quotes_and_behind_an_option(monkeypatch, tmp_path, capsys):
    """Shells put it in only for a bare ``~``; else a folder of that name would be made."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["charter", "timing", "~/My Songs/a.ogg", "--plot=~/a.txt"])
    with pytest.raises(SystemExit):
        main()
    assert capsys.readouterr().err == f"error: --plot {tmp_path}/a.txt: the picture is a .png; what is its name?\n"
    monkeypatch.setattr(sys, "argv", ["charter", "check", "~/My Songs/a.ssc", "~a.ssc"])
    with pytest.raises(SystemExit):
        main()
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith(f"error: {tmp_path}/My Songs/a.ssc: ")
    assert second.startswith("error: ~a.ssc: ")


@pytest.fixture
def typed(monkeypatch):
    """What the commands get of the words that were typed."""

    def words(*typed):
        monkeypatch.setattr(sys, "argv", ["charter", *typed])
        monkeypatch.setattr(sys.modules["charter.cli"], "app", lambda: None)
        main()
        return sys.argv[1:]

    return words


def test_the_home_folder_itself_and_names_that_look_like_it(monkeypatch, typed):
    monkeypatch.setenv("HOME", "/home/me")
    assert typed("~", "--out=~", "--out", "~") == ["/home/me", "--out=/home/me", "--out", "/home/me"]
    names = ["--title=~", "--title", "~", "--artist=~/x", "--artist", "~/x", "~you/x", "--out=a~/x"]
    assert typed(*names) == names


def test_a_user_without_a_home(monkeypatch, typed):
    monkeypatch.delenv("HOME")
    monkeypatch.setattr("pwd.getpwuid", lambda uid: {}[uid])
    assert typed("check", "~/a.ssc") == ["check", "~/a.ssc"]


@pytest.mark.slow
def test_runs_as_a_module():
    command = [sys.executable, "-m", "charter", "--version"]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == f"charter {__version__}\n"
