"""How a batch is told on a terminal; `test_batch.py` has the plain lines."""

from pathlib import Path

import pytest

from charter.batch.row import Row, RowChart, RowTiming, Status
from charter.cli.batch_progress import BatchProgress

ROW = Row(
    "a.ogg",
    Status.CHARTED,
    "A",
    timing=RowTiming(150.0, 0.0, changes=1, doubt="its timing is unsure", found=False),
    charts=(RowChart("Hard", 9, 100, 3.0, is_kept=True), RowChart("Easy", 3, 50, 1.5)),
    notes=("no .sm: it has warps",),
)


def shown(capsys: pytest.CaptureFixture[str], *, quiet: bool = False) -> tuple[str, str]:
    with BatchProgress(quiet=quiet) as progress:
        step = progress.steps("charting", 4)
        progress.show(ROW, Path("Songs/P"))
        step()
    told = capsys.readouterr()
    return told.out, told.err


def test_a_terminal_is_shown_how_many_how_fast_and_how_long(capsys, monkeypatch):
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("COLUMNS", "100")
    _, err = shown(capsys)
    assert "charting" in err and "1/4" in err and "songs/min" in err and ":" in err.rsplit("songs/min", 1)[1]


def test_a_file_is_told_in_plain_lines(capsys):
    out, err = shown(capsys)
    assert out == "a.ogg -> Songs/P/A (150 BPM and 1 change; hard 9 (kept), easy 3; no .sm: it has warps)\n"
    assert err == "warning: a.ogg: its timing is unsure; if it is wrong, mend its simfile\n"


def test_quiet_is_quiet(capsys):
    assert shown(capsys, quiet=True) == ("", "")
