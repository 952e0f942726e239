"""What a file says of its notes and tempos besides is as new as they are."""

from dataclasses import replace
from pathlib import Path

import pytest

from charter.notation import Chart, Difficulty, Note, NoteKind, Song, Tempo, Timing
from export.stepmania.derived import shown_tempos, with_radar
from export.stepmania.read import parse_song
from export.stepmania.rewrite import rewritten
from export.stepmania.write import sm_text, ssc_text

TAPS = tuple(Note(tick, tick // 48 % 4, NoteKind.TAP) for tick in range(0, 1920, 48))
SONG = Song(
    "A song",
    Timing.constant(120.0),
    (Chart(Difficulty.EASY, 3, TAPS[::4]), Chart(Difficulty.HARD, 9, TAPS)),
    music="song.ogg",
)
FEWER = replace(SONG, charts=(SONG.charts[0], Chart(Difficulty.HARD, 9, TAPS[:20])))
WRITERS = {".ssc": ssc_text, ".sm": sm_text}
SSC = Path("a.ssc")


@pytest.fixture(params=[".ssc", ".sm"])
def suffix(request):
    return request.param


def test_a_chart_that_changed_gets_the_radar_of_its_notes_now(suffix):
    write, path = WRITERS[suffix], Path(f"a{suffix}")
    after = rewritten(write(SONG, duration=40.0).encode(), path, FEWER, (0, 1), duration=40.0)
    assert said_radars(after) == said_radars(write(FEWER, duration=40.0).encode())
    without_duration = rewritten(write(SONG).encode(), path, FEWER, (0, 1))
    assert said_radars(without_duration) == said_radars(write(FEWER).encode())


def said_radars(data):
    return [line.strip().removeprefix(b"#RADARVALUES:") for line in data.splitlines() if line.count(b",") > 20]


def test_a_radar_that_notes_and_timing_leave_the_same_stays_as_it_is():
    data = ssc_text(SONG, duration=40.0).replace("#RADARVALUES:", "#RADARVALUES:9,").encode()  # by another program
    panels = tuple(note._replace(panel=3 - note.panel) for note in TAPS)
    target = replace(SONG, charts=(SONG.charts[0], Chart(Difficulty.HARD, 9, panels)))
    after = rewritten(data, SSC, target, (0, 1), duration=40.0)
    assert after != data and said_radars(after) == said_radars(data)


@pytest.mark.parametrize("blank", ["", "#RADARVALUES:;"])
def test_a_file_without_a_radar_gets_none(blank):
    lines = ssc_text(SONG).splitlines(keepends=True)
    data = "".join(blank + "\n" if line.startswith("#RADAR") else line for line in lines).encode()
    after = rewritten(data, SSC, FEWER, (0, 1))
    assert after.count(b"RADARVALUES") == data.count(b"RADARVALUES") and said_radars(after) == []


def test_one_chart_alone_may_be_counted_anew(suffix):
    write = WRITERS[suffix]
    data = write(SONG, duration=40.0).encode()
    easy, hard = said_radars(data)
    after = with_radar(data, 1, SONG, FEWER, 40.0)
    assert said_radars(after) == said_radars(write(FEWER, duration=40.0).encode()) and said_radars(after)[0] == easy
    assert after.replace(said_radars(after)[1], hard) == data


@pytest.mark.parametrize(
    ("said", "before", "after", "shown"),
    [
        ("120", [120], [124.5], "124"),
        ("120.000", [120], [124.5], "124.500"),
        ("128", [127.97], [130.02], "130"),
        ("128.000", [127.97], [127.97], "128.000"),
        ("143", [143.749], [150.1], "150"),
        ("150", [120], [124], "150"),  # somebody's choice
        ("*", [120], [124], "*"),
        ("", [120], [124], ""),
        ("120:180", [120, 180, 120], [121, 181, 121], "121:181"),
        ("120:180", [120, 180], [120], "120"),
        ("120", [120], [120, 140], "120:140"),
        ("150", [150, 600], [151, 604], "151"),  # not the one that nobody hears
        ("150", [150, 600], [150, 604], "150"),
        ("140:150", [150, 600], [151, 604], "140:151"),
    ],
)
def test_the_tempos_that_the_game_shows_are_those_of_now(said, before, after, shown):
    def timing(bpms):
        return Timing(tuple(Tempo(number * 192, float(bpm)) for number, bpm in enumerate(bpms)))

    assert ":".join(shown_tempos(said.split(":"), timing(before), timing(after))) == shown


def test_a_tempo_is_found_where_beat_0_moved_it():
    before = Timing((Tempo(0, 100.0), Tempo(192, 150.0), Tempo(384, 600.0)))
    after = Timing((Tempo(0, 100.0), Tempo(288, 151.0), Tempo(480, 600.0)))
    assert shown_tempos(["150"], before, after, 96) == ["151"]


@pytest.mark.parametrize("text", ["#DISPLAYBPM:120.000;\n", "#DISPLAYBPM:120.000:120.000;\n"])
def test_an_edited_tempo_is_shown(suffix, text):
    data = WRITERS[suffix](SONG).replace("#BPMS", f"{text}#BPMS", 1).encode()
    faster = replace(SONG, timing=Timing.constant(132.5))
    after = rewritten(data, Path(f"a{suffix}"), faster, (0, 1))
    assert b"#DISPLAYBPM:132.500;\n" in after and parse_song(after, Path(f"a{suffix}")).timing == faster.timing
    later = replace(SONG, timing=Timing.constant(120.0, -0.5))
    assert text.encode() in rewritten(data, Path(f"a{suffix}"), later, (0, 1))


def test_a_chart_shows_the_tempos_that_it_is_played_by():
    own = replace(SONG, charts=(SONG.charts[0], replace(SONG.charts[1], timing=Timing.constant(180.0))))
    easy, hard = ssc_text(own).split("#DIFFICULTY:Hard;")
    data = "#DIFFICULTY:Hard;\n#DISPLAYBPM:180;".join([easy.replace("Easy;", "Easy;\n#DISPLAYBPM:120;"), hard])
    target = replace(own, timing=Timing.constant(125.0))
    after = rewritten(data.encode(), SSC, target, (0, 1))
    assert b"Easy;\n#DISPLAYBPM:125;" in after and b"Hard;\n#DISPLAYBPM:180;" in after
    target = replace(own, charts=(own.charts[0], replace(own.charts[1], timing=Timing.constant(190.0))))
    after = rewritten(data.encode(), SSC, target, (0, 1))
    assert b"Easy;\n#DISPLAYBPM:120;" in after and b"Hard;\n#DISPLAYBPM:190;" in after
