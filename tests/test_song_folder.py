"""The folder that songs are written to."""

import pytest

from charter.errors import OutputError
from charter.song_folder import output_folder


def test_what_was_made_for_nothing_goes_again(tmp_path):
    there = tmp_path / "Songs"
    there.mkdir()
    with pytest.raises(KeyboardInterrupt), output_folder(there / "new" / "pack", ["ssc"]):
        assert (there / "new" / "pack").is_dir()
        raise KeyboardInterrupt
    assert list(tmp_path.rglob("*")) == [there]


def test_what_holds_something_or_was_there_stays(tmp_path):
    (tmp_path / "empty").mkdir()
    with output_folder(tmp_path / "empty", ["ssc"]):
        pass
    with pytest.raises(KeyboardInterrupt), output_folder(tmp_path / "new" / "pack", ["ssc"]):
        (tmp_path / "new" / "pack" / "song").mkdir()
        raise KeyboardInterrupt
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["empty", "new", "pack", "song"]


@pytest.mark.parametrize("name", ["file", "file/below", "x" * 300])
def test_a_place_where_no_folder_can_be(tmp_path, name):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be written"), output_folder(tmp_path / name, ["ssc"]):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
