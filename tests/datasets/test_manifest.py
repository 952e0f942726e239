"""Lists of songs: read as they are written, and their charts found in the simfile."""

import codecs

import pytest

from charter.errors import ChartError
from charter.notation import Chart, Difficulty, Note, NoteKind, Song, Timing
from datasets.manifest import ListedChart, listed_charts, manifest_text, read_manifest

HEADER = "id\tsplit\ttitle\tartist\tcredit\tcharts\tduration_s\tsync_lag_ms\tsync_contrast\tstyle"
LINE = 'a-1\ttrain\tThe "X\tArtist\tC\tEasy:3:12 Edit:9:30 Challenge:11:100\t98.5\t-45\t1.50\tpad'


@pytest.fixture
def listed(tmp_path):
    def write(*lines):
        path = tmp_path / "songs.tsv"
        path.write_bytes("".join(f"{line}\n" for line in lines).encode())
        return path

    return write


def test_reading(listed):
    (entry,) = read_manifest(listed(HEADER, LINE))
    assert (entry.id, entry.split, entry.title, entry.artist) == ("a-1", "train", 'The "X', "Artist")
    assert (entry.duration, entry.lag, entry.style) == (98.5, -0.045, "pad")
    assert entry.charts == (
        ListedChart(Difficulty.EASY, 3, 12),
        ListedChart(None, 9, 30),
        ListedChart(Difficulty.CHALLENGE, 11, 100),
    )


def test_as_a_spreadsheet_on_windows_writes_it(listed):
    path = listed(HEADER, LINE)
    as_it_was = read_manifest(path)
    path.write_bytes(codecs.BOM_UTF8 + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_manifest(path) == as_it_was


@pytest.mark.parametrize(("contrast", "lag"), [("1.5", -0.045), ("1.49", 0.0), ("", 0.0)])
def test_a_lag_counts_where_it_was_measured_well(listed, contrast, lag):
    (entry,) = read_manifest(listed(HEADER, LINE.replace("1.50", contrast)))
    assert entry.lag == lag
    assert entry.is_synced is (lag != 0)


def test_a_lag_of_nothing_may_be_measured_well(listed):
    (entry,) = read_manifest(listed(HEADER, LINE.replace("-45", "0")))
    assert (entry.lag, entry.is_synced) == (0.0, True)


@pytest.mark.parametrize("column", HEADER.replace("credit\t", "").split("\t"))
def test_a_missing_column_is_named(listed, column):
    columns = HEADER.split("\t")
    place = columns.index(column)
    without = ["\t".join(part for at, part in enumerate(line.split("\t")) if at != place) for line in (HEADER, LINE)]
    with pytest.raises(ChartError, match=rf"songs\.tsv: lacks the column {column}$"):
        read_manifest(listed(*without))


@pytest.mark.parametrize(
    ("good", "bad"),
    [("98.5", "long"), ("Easy:3:12", "Easy:3"), ("Easy:3:12", "Light:3:12"), ("\tpad", ""), ("pad", "pad\tx")],
)
def test_a_line_that_cannot_be_read_is_named(listed, good, bad):
    with pytest.raises(ChartError, match=r"songs\.tsv, line 3: cannot be read"):
        read_manifest(listed(HEADER, LINE, LINE.replace(good, bad)))


def test_files_that_are_no_lists(listed, tmp_path):
    with pytest.raises(ChartError, match="lists no songs"):
        read_manifest(listed(HEADER))
    with pytest.raises(ChartError, match=r"none\.tsv: cannot be read"):
        read_manifest(tmp_path / "none.tsv")
    (tmp_path / "binary.tsv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ChartError, match=r"binary\.tsv: cannot be read"):
        read_manifest(tmp_path / "binary.tsv")


def chart(difficulty, meter, rows, description=""):
    """A chart of so many jumps, one a beat, between mines."""
    taps = (Note(48 * row, panel, NoteKind.TAP) for row in range(rows) for panel in (0, 1))
    mines = (Note(48 * row + 24, 0, NoteKind.MINE) for row in range(rows))
    return Chart(difficulty, meter, tuple(sorted([*taps, *mines], key=lambda note: note[:2])), description)


def test_the_listed_charts_of_a_song(listed):
    (entry,) = read_manifest(listed(HEADER, LINE))
    easy = chart(Difficulty.EASY, 3, 12)
    song = Song(
        "x",
        Timing.constant(120),
        (
            chart(Difficulty.EASY, 3, 11),
            easy,
            chart(Difficulty.EASY, 3, 12, "the same again"),
            chart(None, 9, 30),
            chart(Difficulty.CHALLENGE, 12, 100),
            chart(Difficulty.HARD, 11, 100),
        ),
    )
    assert listed_charts(song, entry) == {Difficulty.EASY: easy}


@pytest.mark.parametrize("name", ["a\tb", "a\nb", "\udcff", ""])
def test_a_name_that_a_list_cannot_hold_is_told(name):
    columns = ["id", "split", "title", "artist", "charts", "duration_s", "sync_lag_ms", "sync_contrast", "style"]
    with pytest.raises(ChartError, match="stands in no list; rename it"):
        manifest_text([{column: name if column == "id" else "0" for column in columns}])
