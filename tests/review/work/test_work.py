"""What the worker processes do for a review, done here."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from charter.audio.decode import Audio, decode
from charter.audio.song_audio import SongAudio
from charter.audio.spec import AudioSpec
from charter.check.findings import examine
from charter.check.sync import listen
from charter.decode.rules import RULES
from charter.errors import AudioError, ChartError, RequestError, TimingError
from charter.generate import Models
from charter.notation import Difficulty, Passage
from charter.redo_file import redo as redo_file
from charter.redo_request import RedoRequest
from charter.review.data_folder import HEARING
from charter.review.document.codec import notes_json
from charter.review.work import models, upload
from charter.review.work.checking import check
from charter.review.work.chiptune import chiptune
from charter.review.work.findings import findings_json
from charter.review.work.hear_again import hear_again
from charter.review.work.hearing import BAND_COUNT, BAND_RATE, PEAK_RATE, bands, peaks
from charter.review.work.intake import intake
from charter.review.work.reading import read_folder
from charter.review.work.redo import redo
from charter.review.work.take_in import take_in
from charter.review.work.upload import check_upload
from export.stepmania import read_song

BEAT = 48


def nobody(share: float, stage: str) -> None:
    """Is told how far it is."""


def data_folder(data: Path) -> Path:
    for name in ("songs", "uploads", "exports"):
        (data / name).mkdir(parents=True)
    return data


def song_folder(folder: Path, write_song: Any, write_loop: Any) -> Path:
    """A pack's song folder: 40 beats of quarters at 120 BPM over 20 seconds of drums, a picture, something hidden."""
    rows = np.random.default_rng(1).choice(["1000", "0100", "0010", "0001"], 40).tolist()
    rows[8:11] = ["2000", "0100", "3000"]
    rows[-1] = "0002"  # which ends nowhere
    charts = {"Hard": " ".join(rows), "Easy": " ".join(["1000", "0000"] * 20)}
    write_song(folder / "a.sm", charts, MUSIC="song.wav", BPMS="0=120")
    write_loop(folder / "song.wav", bpm=120, first=0.0, seconds=21)
    (folder / "bn.png").write_bytes(b"picture")
    (folder / ".hidden").touch()
    (folder / "linked").symlink_to("/etc/passwd")
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return data_folder(tmp_path / "data")


@pytest.fixture
def pack_song(write_song: Any, write_loop: Any, tmp_path: Path) -> Path:
    return song_folder(tmp_path / "Pack" / "A <song>", write_song, write_loop)


def taken_in(data: Path, folder: Path, key: str = "ab" * 16) -> dict[str, Any]:
    return take_in({"kind": "take in", "key": key, "folder": str(folder)}, data, nobody)


def documents(read: dict[str, Any], key: str = "ab" * 16) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    charts = [{"id": place, "version": 7, **chart} for place, chart in enumerate(read["charts"])]
    return {"key": key, "fields": read["fields"]}, charts


@pytest.fixture(scope="module")
def taken(
    write_song: Any, write_loop: Any, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any], list[dict[str, Any]]]:
    """Data with a song that was taken in, and its documents, for those who change nothing."""
    folder = tmp_path_factory.mktemp("taken")
    data = data_folder(folder / "data")
    return data, *documents(taken_in(data, song_folder(folder / "Pack" / "A <song>", write_song, write_loop)))


def test_a_packs_song_is_copied_and_read(data: Path, pack_song: Path) -> None:
    stages: list[str] = []
    read = take_in({"key": "k", "folder": str(pack_song)}, data, lambda share, stage: stages.append(stage))
    assert stages == ["copying", "preparing the player", "writing"]
    folder = data / "songs" / "k"
    assert sorted(path.name for path in folder.iterdir()) == ["a.sm", "bn.png", HEARING, "song.wav"]
    assert (folder / "a.sm").read_bytes() == (pack_song / "a.sm").read_bytes()
    assert read["fields"]["title"] == "A song" and read["fields"]["timing"]["tempos"] == [[0, 120.0]]
    assert [(chart["place"], chart["slot"]) for chart in read["charts"]] == [(0, "hard"), (1, "easy")]
    notes = read["charts"][0]["notes"]
    assert [8 * BEAT, 0, "2", 10 * BEAT] in notes and notes[-1] == [39 * BEAT, 3, "1", None]
    assert read["told"] == ["Hard: holds that end nowhere are taps now"]
    assert [path.name for path in (data / "songs").iterdir()] == ["k"]


def test_an_interrupted_attempt_does_no_harm(data: Path, pack_song: Path) -> None:
    (data / "songs" / "k").mkdir()
    (data / "songs" / "k" / "half.ogg").touch()
    taken_in(data, pack_song, "k")
    assert not (data / "songs" / "k" / "half.ogg").exists()


def test_a_song_that_cannot_be_read_leaves_nothing(data: Path, pack_song: Path) -> None:
    (pack_song / "a.sm").write_text("#TITLE:x;#BPMS:0=0;")
    with pytest.raises(Exception, match=r"a\.sm"):
        taken_in(data, pack_song)
    assert list((data / "songs").iterdir()) == []


def test_a_song_without_music_can_be_looked_at(data: Path, pack_song: Path) -> None:
    (pack_song / "song.wav").unlink()
    read = taken_in(data, pack_song)
    assert read["sound"] == {} and len(read["charts"]) == 2
    assert "cannot be played: its music is not beside the simfile" in read["told"]


@pytest.mark.parametrize("is_absolute", [False, True])
def test_music_outside_of_the_songs_folder_is_not_taken(data: Path, pack_song: Path, is_absolute: bool) -> None:
    secret = data / "secret.wav"
    (pack_song / "song.wav").rename(secret)
    simfile = pack_song / "a.sm"
    simfile.write_text(simfile.read_text().replace("song.wav", str(secret) if is_absolute else "../../secret.wav"))
    with pytest.raises(ChartError, match=r"^a\.sm: #MUSIC names a file outside") as raised:
        taken_in(data, pack_song)
    assert str(data) not in str(raised.value) and list((data / "songs").iterdir()) == []


def test_a_timing_that_cannot_be_reckoned_with_is_told(data: Path, pack_song: Path) -> None:
    simfile = pack_song / "a.sm"
    simfile.write_text(simfile.read_text().replace("#OFFSET:0", "#OFFSET:1e308"))
    with pytest.raises(TimingError, match=r"a\.sm: the offset is 1e\+308 s"):
        taken_in(data, pack_song)


def test_a_record_that_says_nonsense_does_no_harm(data: Path, pack_song: Path) -> None:
    (pack_song / "charter.json").write_text(json.dumps({"weights": [1, "2"], "audio_hash": 5}))
    assert taken_in(data, pack_song)["weights"] == {}


def test_the_players_files_say_what_is_heard(data: Path, pack_song: Path) -> None:
    read = taken_in(data, pack_song)
    folder = data / "songs" / ("ab" * 16) / HEARING
    seconds = read["sound"]["duration"]
    assert seconds == pytest.approx(21, abs=0.01)
    assert len((folder / "peaks.bin").read_bytes()) // 2 == pytest.approx(seconds * PEAK_RATE, abs=2)
    assert len((folder / "bands.bin").read_bytes()) // BAND_COUNT == pytest.approx(seconds * BAND_RATE, abs=2)
    onsets = np.frombuffer((folder / "onsets.bin").read_bytes(), np.uint8)
    assert len(onsets) == pytest.approx(seconds * 1000, abs=2)
    assert onsets[495:515].max() > 200 > 20 > onsets[300:450].max()  # the beat at half a second
    here, there = (decode(path, 24_000) for path in (folder / "listen.ogg", pack_song / "song.wav"))
    both = [each.samples[: 20 * 24_000] for each in (here, there)]
    lags = [int(np.argmax(np.correlate(both[0][1000:9000], both[1][1000 + lag : 9000 + lag]))) for lag in (0,)]
    assert lags == [0] and np.corrcoef(*both)[0, 1] > 0.99


def test_ogg_vorbis_is_heard_as_it_is(data: Path, pack_song: Path) -> None:
    samples, rate = soundfile.read(pack_song / "song.wav")
    soundfile.write(pack_song / "song.ogg", samples, rate)
    (pack_song / "song.wav").unlink()
    simfile = pack_song / "a.sm"
    simfile.write_text(simfile.read_text().replace("song.wav", "song.ogg"))
    taken_in(data, pack_song)
    listen_to = data / "songs" / ("ab" * 16) / HEARING / "listen.ogg"
    assert listen_to.read_bytes() == (pack_song / "song.ogg").read_bytes()
    written = listen_to.stat().st_mtime_ns
    assert hear_again({"key": "ab" * 16}, data, nobody)["sound"]["chip"] is False
    assert listen_to.read_bytes() == (pack_song / "song.ogg").read_bytes() and listen_to.stat().st_mtime_ns >= written


def test_peaks_and_bands() -> None:
    wave = np.zeros(24_000, np.float32)
    wave[12_000:12_080] = np.linspace(-1, 1, 80)
    drawn = peaks(Audio(wave, 24_000))
    assert drawn.shape == (PEAK_RATE, 2) and drawn[150].tolist() == [-127, 127] and not drawn[149].any()
    mel = np.zeros((101, 64, 2), np.float32)
    mel[50:, :2] = 1.0
    seen = bands(mel, 100.0)
    assert seen.shape == (51, BAND_COUNT) and seen[30, 0] == 255 and seen[:, 1:].max() == 0 == seen[10, 0]


def test_a_check_finds_what_charter_check_finds(data: Path, pack_song: Path) -> None:
    read = taken_in(data, pack_song)
    folder = data / "songs" / ("ab" * 16)
    song, charts = documents(read)
    # The file itself has a hold that ends nowhere, which was mended.
    kept = read_song(folder / "a.sm")
    mended = replace(kept, charts=(replace(kept.charts[0], notes=read_notes(charts[0])), kept.charts[1]))
    expected = examine(mended, folder, listen(folder, "song.wav"), RULES)
    others = [{key: charts[1][key] for key in ("slot", "meter", "own_timing")} | {"rows": expected.charts[1].rows}]
    answer = check({"song": song, "chart": charts[0], "others": others}, data, nobody)
    assert answer["findings"] == findings_json(expected.charts[0].findings)
    assert answer["song_findings"] == findings_json(expected.findings)
    assert len(answer["footing"]) == expected.charts[0].rows == 39
    tick, feet, techs = answer["footing"][0]
    assert tick == 0 and len(feet) == 4 and set(feet) <= set(".LlRr") and techs == []
    few = check(
        {"song": song, "chart": charts[1], "others": [{**others[0], "slot": "beginner", "rows": 99}]}, data, nobody
    )
    assert any(finding["kind"] == "ladder" for finding in few["song_findings"])


def read_notes(chart: dict[str, Any]) -> Any:
    from charter.review.document.codec import notes_of  # noqa: PLC0415

    return notes_of(chart["notes"])


def test_notes_that_are_none_are_refused(taken: Any) -> None:
    data, song, charts = taken
    with pytest.raises(ChartError, match="is no note"):
        check({"song": song, "chart": {**charts[0], "notes": [[0, 9, "1", None]]}, "others": []}, data, nobody)


@pytest.fixture
def learnt_nothing(small_models: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The networks of worker processes, drawn at random."""
    models.models.cache_clear()
    yield
    models.models.cache_clear()


@pytest.mark.slow
@pytest.mark.usefixtures("learnt_nothing")
def test_a_passage_is_written_as_charter_redo_writes_it(data: Path, pack_song: Path) -> None:
    simfile = pack_song / "a.sm"
    simfile.write_text(simfile.read_text().replace("0002", "0001"))
    song, charts = documents(taken_in(data, pack_song))
    wanted = {"start": 7 * BEAT, "end": 20 * BEAT, "locks": [[12 * BEAT, 13 * BEAT]], "seed": 4, "candidates": 2}
    answer = redo({"song": song, "chart": charts[0], "wanted": wanted}, data, nobody)
    assert (answer["version"], answer["start"], answer["end"]) == (7, 7 * BEAT, 20 * BEAT)
    passage = Passage(7 * BEAT, 20 * BEAT)
    request = RedoRequest(Difficulty.HARD, passage, (Passage(12 * BEAT, 13 * BEAT),), seed=4)
    of_file = list(redo_file(simfile, request, Models.load(), 2))
    assert [each["seed"] for each in answer["candidates"]] == [4, 5]
    for mine, theirs in zip(answer["candidates"], of_file, strict=True):
        expected = [note for note in notes_json(theirs.chart.notes) if passage.holds(note[0])]
        assert mine["notes"] == expected and mine["rows"] == theirs.rows_after
        assert next(note for note in charts[0]["notes"] if note[0] == 12 * BEAT) in mine["notes"]


@pytest.mark.usefixtures("learnt_nothing")
@pytest.mark.parametrize(
    "wanted",
    [{}, {"start": 0}, {"start": 96, "end": 48}, {"start": "a", "end": 9}, {"start": 0, "end": 48, "candidates": 99}],
)
def test_passages_that_make_no_sense_are_refused(taken: Any, wanted: dict[str, Any]) -> None:
    data, song, charts = taken
    with pytest.raises(RequestError):
        redo({"song": song, "chart": charts[0], "wanted": wanted}, data, nobody)


def uploaded(data: Path, content: bytes) -> dict[str, Any]:
    (data / "uploads" / "u1").write_bytes(content)
    return {"key": "k", "upload": "u1", "name": "My song.mp3", "wanted": {"difficulties": ["easy", "hard"], "seed": 3}}


@pytest.mark.slow
@pytest.mark.usefixtures("learnt_nothing")
def test_an_upload_is_charted(data: Path, write_loop: Any, tmp_path: Path) -> None:
    stages: list[str] = []
    request = uploaded(data, write_loop(tmp_path / "loop.wav", seconds=12).read_bytes())
    made = intake(request, data, lambda share, stage: stages.append(stage))
    assert made["fields"]["title"] == "My song" and [chart["slot"] for chart in made["charts"]] == ["easy", "hard"]
    assert all(chart["notes"] for chart in made["charts"]) and set(made["weights"]) >= {"placement", "symbols"}
    folder = data / "songs" / "k"
    record = json.loads((folder / "charter.json").read_text())
    assert record["seed"] == 3 and record["weights"] == made["weights"] and record["audio_hash"] == made["audio_hash"]
    assert {"My song.ssc", "My song.sm", "My song.ogg", HEARING} <= {path.name for path in folder.iterdir()}
    assert read_folder(folder)["charts"] == made["charts"]
    assert stages[:2] == ["decoding", "finding the timing"] and stages[-1] == "writing"
    # Once more, as behind a crash: the same song in its place.
    assert intake(request, data, nobody)["charts"] == made["charts"]
    assert (data / "uploads" / "u1").exists()  # until it is in the tables


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(10_000_000))
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", zipped(), b"#EXTM3U\nhttp://127.0.0.1/x.ts\n", b"ffconcat version 1.0\nfile /etc/passwd\n", b"\x00" * 5000],
    ids=["empty", "zip", "playlist", "list", "zeros"],
)
def test_what_is_no_audio_is_refused_and_removed(data: Path, content: bytes) -> None:
    with pytest.raises(AudioError, match=r"^My song\.mp3: is not audio that can be read") as caught:
        intake(uploaded(data, content), data, nobody)
    assert str(data) not in str(caught.value)
    assert list((data / "uploads").iterdir()) == [] == list((data / "songs").iterdir())


def test_more_than_an_hour_is_refused_whatever_its_header_says(
    data: Path, write_loop: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = write_loop(tmp_path / "loop.wav", seconds=12)
    check_upload(path)
    monkeypatch.setattr(upload, "LONGEST_SECONDS", 10.0)
    with pytest.raises(AudioError, match="lasts more than"):
        check_upload(path)
    monkeypatch.setattr(upload, "stated_duration", lambda path: 1.0)
    with pytest.raises(AudioError, match="lasts more than"):
        check_upload(path)


@pytest.mark.slow
def test_a_song_is_played_by_the_chip(data: Path, pack_song: Path) -> None:
    song, charts = documents(taken_in(data, pack_song))
    assert chiptune({"song": song, "charts": charts}, data, nobody) == {}
    chip = data / "songs" / ("ab" * 16) / HEARING / "chip.ogg"
    whole = SongAudio(pack_song / "song.wav").audio(AudioSpec())
    assert decode(chip, 24_000).duration == pytest.approx(whole.duration, abs=0.1)
