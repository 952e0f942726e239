"""A finished folder as a row; a record that someone broke is told."""

import json

import pytest

from charter.batch.described import described
from charter.check.sync import HeardMusic
from charter.decode.rules import RULES
from charter.errors import ChartError
from charter.song_draft import RECORD_NAME

RECORD = {
    **{"title": "x", "artist": "y", "audio_hash": "0", "seed": 0, "weights": {}, "duration": 8.0},
    **{"options": {"timing": "found"}, "timing_confidence": 0.5, "timing_doubt": "", "kept": ["Hard"]},
}


@pytest.fixture
def folder(tmp_path, write_song):
    write_song(tmp_path / "song.sm", {"Hard": "1000 0100 0010 0001", "Easy": "1000 0000 0000 0001"})

    def write(**changes):
        said = {name: value for name, value in (RECORD | changes).items() if value is not ...}
        (tmp_path / RECORD_NAME).write_text(json.dumps(said))
        return tmp_path

    return write


def test_a_row_says_what_the_record_and_the_simfile_say(folder):
    row = described(folder(), "song.ogg", RULES, HeardMusic(None))
    assert (row.title, row.duration, row.timing.confidence, row.timing.bpm) == ("x", 8.0, 0.5, 60.0)
    assert [(chart.difficulty, chart.is_kept) for chart in row.charts] == [("Hard", True), ("Easy", False)]


@pytest.mark.parametrize(
    "changes",
    [
        *({"title": ...}, {"title": 5}, {"seed": "x"}, {"weights": None}, {"duration": 1e30}, {"duration": None}),
        *({"options": {}}, {"timing_confidence": float("nan")}, {"notes": 5}, {"kept": [[]]}, {"hashes": "x"}),
    ],
)
def test_a_record_that_someone_broke_names_itself(folder, changes):
    with pytest.raises(ChartError, match=r"charter\.json: is not as charter writes it \(.*\); take the folder away"):
        described(folder(**changes), "song.ogg", RULES, HeardMusic(None))
