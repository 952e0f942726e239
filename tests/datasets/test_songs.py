"""Songs to learn from: which split they are in, and which titles are one song."""

import shutil
from pathlib import Path

import pytest

from charter.errors import RequestError
from datasets.listing import listing
from datasets.songs import labelled_songs, same_title, split_of
from training.synthetic import write_corpus

LISTS = {"train": {"a"}, "valid": {"b"}, "test": {"c"}}


@pytest.mark.parametrize(
    ("song", "listed", "split"), [("b", "train", "valid"), ("x", "test", "test"), ("a", "", "train")]
)
def test_the_committed_lists_come_first(song: str, listed: str, split: str) -> None:
    assert split_of(song, LISTS, listed) == split


def test_songs_on_no_list_are_split_by_their_names_alone() -> None:
    splits = [split_of(f"song {number}", LISTS) for number in range(2000)]
    assert splits == [split_of(f"song {number}", LISTS) for number in range(2000)]
    assert 150 < splits.count("valid") < 250
    assert set(splits) == {"train", "valid"}


def test_a_small_corpus_still_holds_one_song_back(tmp_path: Path) -> None:
    for seed, name in enumerate(("song 0", "song 1", "song 2")):
        write_corpus(tmp_path / "made", seed=seed)
        shutil.copytree(tmp_path / "made" / "songs" / "one-song-train", tmp_path / "corpus" / name)
    splits = [song.split for song in labelled_songs(tmp_path / "corpus")]
    assert sorted(splits) == ["train", "train", "valid"]
    assert splits == [song.split for song in labelled_songs(tmp_path / "corpus")]


def test_one_song_spelt_in_two_ways() -> None:
    assert same_title("Tell Your World (saqwz J-Core Remix)", "Tell your world (sawqz J-core remix)")
    assert not same_title("Candy Star", "Candy Planet")


def test_a_manifest_shifts_the_timing_by_its_lag(tmp_path: Path) -> None:
    write_corpus(tmp_path)
    manifest = tmp_path / "songs.tsv"
    (before, *_) = labelled_songs(tmp_path / "songs", manifest)
    manifest.write_text(manifest.read_text().replace("\t0\t2\t", "\t-35\t2\t"))
    (after, *_) = labelled_songs(tmp_path / "songs", manifest)
    assert float(after.timing.seconds_at(0)) == pytest.approx(float(before.timing.seconds_at(0)) - 0.035)
    assert len(after.charts) == 5


def test_a_song_is_synced_where_a_list_measured_it(tmp_path: Path) -> None:
    write_corpus(tmp_path)
    manifest = tmp_path / "songs.tsv"
    assert [song.is_synced for song in labelled_songs(tmp_path / "songs", manifest)] == [True, True]
    manifest.write_text(manifest.read_text().replace("\t0\t2\t", "\t-35\t1.2\t"))
    unsure = list(labelled_songs(tmp_path / "songs", manifest))
    assert [song.is_synced for song in unsure] == [False, False]
    assert float(unsure[0].timing.seconds_at(0)) == pytest.approx(0.5), "and its lag is not believed"
    assert not any(song.is_synced for song in labelled_songs(tmp_path / "songs"))


def test_a_listed_song_that_is_not_there_is_told(tmp_path: Path) -> None:
    write_corpus(tmp_path)
    with pytest.raises(RequestError, match=r"holds no song one-song-train, which .*songs\.tsv lists"):
        list(labelled_songs(tmp_path, tmp_path / "songs.tsv"))


def test_a_listing_is_the_corpus_as_it_is_read_without_one(tmp_path: Path) -> None:
    for seed, name in enumerate(("Pack/song 0", "Pack/song  1 ", "song 2")):
        write_corpus(tmp_path / "made", seed)
        shutil.copytree(tmp_path / "made" / "songs" / "one-song-train", tmp_path / "songs" / name)
    text = listing(tmp_path / "songs")
    assert text.splitlines()[1].split("\t")[4].split()[0].startswith("Beginner:1:")
    (tmp_path / "songs.tsv").write_text(text, encoding="utf-8")
    plain, listed = (list(labelled_songs(tmp_path / "songs", path)) for path in (None, tmp_path / "songs.tsv"))
    assert {song.split for song in plain} == {"train", "valid"}
    assert sorted(listed, key=lambda song: song.id) == sorted(plain, key=lambda song: song.id)
