"""Pictures of charts: every note of the passage once, where it belongs."""

import subprocess
import sys
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from charter.errors import RequestError
from charter.notation import (
    PANEL_NAMES,
    TICKS_PER_MEASURE,
    Chart,
    Difficulty,
    Note,
    NoteKind,
    Song,
    Timing,
    sorted_notes,
)
from examples.picture import BEAT, GAP, HEAD, LANE, MARGIN, SNAPS, Measures, draw
from export.stepmania import save_song

EASY, HARD = Difficulty.EASY, Difficulty.HARD
MEASURES = Measures(1, 2)
FIELD = 4 * LANE + GAP
M = TICKS_PER_MEASURE


def tap(tick: int, panel: int) -> Note:
    return Note(tick, panel, NoteKind.TAP)


def bar(kind: NoteKind, panel: int, head: int, tail: int) -> list[Note]:
    return [Note(head, panel, kind), Note(tail, panel, NoteKind.TAIL)]


EASY_NOTES = sorted_notes(
    [
        tap(0, 0),  # before the passage
        tap(M, 0),  # its first tick
        tap(M + 24, 1),
        Note(M + 36, 2, NoteKind.MINE),
        tap(M + 48, 2),
        tap(M + 48, 3),  # a jump
        *bar(NoteKind.HOLD, 1, M + 96, 2 * M),
        *bar(NoteKind.ROLL, 0, 2 * M, 2 * M + 96),
        tap(3 * M - 1, 3),  # its last tick
        tap(3 * M, 3),  # behind it
    ]
)
HARD_NOTES = sorted_notes(
    [
        *bar(NoteKind.HOLD, 0, 96, M + 96),  # reaches into the passage
        *bar(NoteKind.HOLD, 3, 2 * M, 4 * M),  # and out of it
        *bar(NoteKind.HOLD, 1, 0, 96),  # does neither
        Note(M, 2, NoteKind.LIFT),
    ]
)


@pytest.fixture
def song() -> Song:
    charts = (Chart(EASY, 4, EASY_NOTES), Chart(HARD, 9, HARD_NOTES))
    return Song("Rise & <fall>\x07", Timing.constant(150), charts, artist="A 'quoted' \"name\"")


def drawn(song: Song, measures: Measures = MEASURES, *levels: Difficulty) -> ElementTree.Element:
    return ElementTree.fromstring(draw(song, measures, levels or None).replace(" xmlns=", " was="))


def field(root: ElementTree.Element, level: Difficulty) -> ElementTree.Element:
    found = root.findall(f"g[@class='{level.name.lower()}']")
    assert len(found) == 1
    return found[0]


def symbols(root: ElementTree.Element, level: Difficulty) -> list[tuple[str, float, float]]:
    """What is drawn, in order of drawing: its shape, x and y."""
    uses = field(root, level).findall("use")
    return [(use.attrib["href"], float(use.attrib["x"]), float(use.attrib["y"])) for use in uses]


def bars(root: ElementTree.Element, level: Difficulty, kind: str) -> list[tuple[float, float, float]]:
    """Middle, top and bottom of each."""
    places = []
    for rect in field(root, level).findall(f"rect[@class='{kind}']"):
        x, y, width, height = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
        places.append((x + width / 2, y, y + height))
    return places


def lane(panel: int, column: int = 0) -> float:
    return MARGIN + column * FIELD + (panel + 0.5) * LANE


def height(tick: int) -> float:
    return pytest.approx(HEAD + (tick - M) / 48 * BEAT, abs=0.01)


def test_every_note_of_the_passage_once_in_its_lane_at_its_height(song):
    shown = [note for note in EASY_NOTES if M <= note.tick < 3 * M and note.kind is not NoteKind.TAIL]
    assert len(shown) == 8
    shapes = {note: f"#{PANEL_NAMES[note.panel]}" for note in shown if note.kind is not NoteKind.MINE}
    assert symbols(drawn(song), EASY) == [
        (shapes.get(note, "#mine"), lane(note.panel), height(note.tick)) for note in shown
    ]


def test_heights_grow_with_the_tick():
    heights = [MEASURES.y(tick) for tick in range(M, 3 * M + 1)]
    assert all(later > earlier for earlier, later in pairwise(heights))
    assert heights[-1] - heights[0] == 8 * BEAT


def test_second_chart_stands_right_of_the_first(song):
    assert symbols(drawn(song), HARD) == [
        ("#up", lane(2, column=1), height(M)),
        ("#right", lane(3, column=1), height(2 * M)),
    ]
    assert symbols(drawn(song, MEASURES, HARD), HARD)[0] == ("#up", lane(2), height(M))


def test_holds_and_rolls_span_from_head_to_tail(song):
    root = drawn(song)
    assert bars(root, EASY, "hold") == [(lane(1), height(M + 96), height(2 * M))]
    assert bars(root, EASY, "roll") == [(lane(0), height(2 * M), height(2 * M + 96))]


def test_holds_are_cut_at_the_edges_of_the_passage(song):
    assert bars(drawn(song), HARD, "hold") == [
        (lane(0, column=1), height(M), height(M + 96)),
        (lane(3, column=1), height(2 * M), height(3 * M)),
    ]


@pytest.mark.parametrize(
    ("tick", "name"),
    [
        *((0, "4th"), (96, "4th"), (24, "8th"), (72, "8th"), (16, "12th"), (80, "12th"), (12, "16th"), (84, "16th")),
        *((8, "24th"), (40, "24th"), (6, "32nd"), (90, "32nd"), (4, "48th"), (3, "64th"), (1, "192nd")),
    ],
)
def test_snaps_have_their_colours(tick, name):
    song = Song("", Timing.constant(150), (Chart(EASY, 1, (tap(tick, 0),)),))
    (use,) = field(drawn(song, Measures(0, 1)), EASY).findall("use")
    assert use.attrib["fill"] == dict(SNAPS.values())[name]


def test_no_two_snaps_share_a_colour():
    assert len({colour for _, colour in SNAPS.values()}) == len(SNAPS)


def test_words(song):
    root = drawn(song)
    words = [text.text for text in root.iter("text")]
    assert words[:5] == ["Rise & <fall>  by A 'quoted' \"name\", 150 BPM", "1", "2", "Easy 4", "Hard 9"]
    assert root.findtext("title") == f"{words[0]}, measures 1 to 2"


def test_no_dangling_references(song):
    root = drawn(song)
    names = {element.attrib["id"] for element in root.iter() if "id" in element.attrib}
    uses = {use.attrib["href"].removeprefix("#") for use in root.iter("use")}
    assert uses
    assert uses <= names
    assert "rungs" in names


def test_lines_of_measures_and_beats(song):
    strokes = [path.attrib["stroke"] for path in field(drawn(song), EASY).findall("path")]
    assert len(strokes) == 9
    measure, beat = strokes[0], strokes[1]
    assert strokes == [measure, beat, beat, beat, measure, beat, beat, beat, measure]


@pytest.mark.parametrize(
    ("measures", "levels", "cause"),
    [
        (Measures(-1, 4), [EASY], "no passage of 4 measures from measure -1"),
        (Measures(0, 0), [EASY], "no passage of 0 measures"),
        (MEASURES, [EASY, Difficulty.MEDIUM], "has no medium chart"),
    ],
)
def test_what_cannot_be_drawn(song, measures, levels, cause):
    with pytest.raises(RequestError, match=cause):
        draw(song, measures, levels)


def test_song_without_a_chart_cannot_be_drawn():
    with pytest.raises(RequestError, match="has no chart of a standard difficulty"):
        draw(Song("Empty", Timing.constant(150), (Chart(None, 1, EASY_NOTES),)), MEASURES)


def run(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "examples.picture", *map(str, words)]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def test_command_writes_the_file(tmp_path, song):
    save_song(song, tmp_path, ["ssc"], stem="song")
    out = tmp_path / "song.svg"
    asked = ["--from-measure", 1, "--measures", 2, "--difficulties", "hard,easy"]
    result = run(tmp_path / "song.ssc", out, *asked)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    root = ElementTree.fromstring(out.read_text(encoding="utf-8"))
    assert [group.attrib["class"] for group in root.findall("{*}g")] == ["hard", "easy"]


def test_command_tells_what_is_wrong_in_one_line(tmp_path):
    result = run(tmp_path / "song.ssc", tmp_path / "song.svg")
    assert result.returncode == 1
    assert result.stderr.startswith("error: ")
    assert len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "song.svg").exists()
