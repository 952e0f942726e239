"""A timing file is told by its suffix; of a bad one a single line says which and why."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charter.errors import CharterError, ChartError, TimingError
from charter.notation import Song, Span, Timing
from export.stepmania import ssc_text
from export.timing_file import read_timing_file

SM = "#TITLE:x;#OFFSET:-1;#BPMS:0=120;"
SUFFIXES = ("ssc", "sm", "osu")
TEXTS = {"sm": SM, "ssc": f"#VERSION:0.83;{SM}", "osu": "osu file format v14\n[TimingPoints]\n1000,500\n"}


@pytest.mark.parametrize("suffix", [*SUFFIXES, "SM", "Ssc", "OSU"])
def test_told_by_the_suffix(tmp_path, suffix):
    path = tmp_path / f"song (someone) [hard].{suffix}"
    path.write_text(TEXTS[suffix.lower()])
    assert read_timing_file(path) == Timing.constant(120, offset=-1.0)


@pytest.mark.parametrize("name", ["song.osz", "song.txt", "song", ".osu"])
def test_another_suffix(tmp_path, name):
    with pytest.raises(TimingError, match=r"not a timing file \(expected \.ssc, \.sm or \.osu\)") as caught:
        read_timing_file(tmp_path / name)
    assert str(caught.value).startswith(f"{tmp_path / name}: ")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_no_file_and_a_folder(tmp_path, suffix):
    path = tmp_path / f"song.{suffix}"
    with pytest.raises(CharterError, match=r"cannot be read \(No such file"):
        read_timing_file(path)
    path.mkdir()
    with pytest.raises(CharterError, match=r"cannot be read \(Is a directory"):
        read_timing_file(path)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_empty_file(tmp_path, suffix):
    path = tmp_path / f"song.{suffix}"
    path.touch()
    with pytest.raises(CharterError, match=rf"song\.{suffix}: (holds no simfile|is no osu! beatmap)"):
        read_timing_file(path)


@given(st.sampled_from(SUFFIXES), st.binary(max_size=400), st.booleans())
def test_rubbish_is_a_charter_error_of_one_line(tmp_path_factory, suffix, rubbish, begins_well):
    path = tmp_path_factory.mktemp("rubbish") / f"song.{suffix}"
    path.write_bytes(TEXTS[suffix].encode()[:-1] * begins_well + rubbish)
    try:
        timing = read_timing_file(path)
    except (ChartError, TimingError) as error:
        assert str(error).startswith(f"{path}: ")
        assert len(str(error).splitlines()) == 1
    else:
        assert timing.tempos


@given(
    st.sampled_from(SUFFIXES),
    st.lists(st.sampled_from(["0", "4", "120", "-120", "1e9", "-0.5", "nan", "inf", "", "x", "=", ","]), max_size=12),
)
def test_numbers_in_any_order_are_a_timing_or_an_error(tmp_path_factory, suffix, words):
    path = tmp_path_factory.mktemp("numbers") / f"song.{suffix}"
    join = "".join(words)
    texts = {"osu": f"{TEXTS['osu']}{join.replace('=', chr(10))}", "sm": f"{SM[:-1]},{join};#STOPS:{join};"}
    path.write_text(texts.get(suffix, f"#VERSION:0.83;{texts['sm']}#WARPS:{join};"))
    try:
        assert read_timing_file(path).tempos
    except (ChartError, TimingError) as error:
        assert str(error).startswith(f"{path}: ")


def test_warps_are_kept(tmp_path):
    timing = Timing.constant(140, -0.2)
    warped = Timing(timing.tempos, timing.offset, warps=(Span(96, 48), Span(480, 96)))
    path = tmp_path / "song.ssc"
    path.write_text(ssc_text(Song("x", warped, ())))
    assert read_timing_file(path) == warped


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_ten_thousand_changes_take_no_time(tmp_path, suffix):
    changes = range(10_000)
    bpms = ",\n".join(f"{beat}={100 + beat % 50}" for beat in changes)
    points = "\n".join(f"{beat * 500},{500 - beat % 2}" for beat in changes)
    path = tmp_path / f"song.{suffix}"
    path.write_text(TEXTS[suffix].replace("0=120", bpms).replace("1000,500", points))
    start = time.perf_counter()
    timing = read_timing_file(path)
    timing.seconds_at([0, 480])
    assert time.perf_counter() - start < 5
    assert len(timing.tempos) == 10_000
