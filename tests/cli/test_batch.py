"""`charter batch` in this process, with networks that know nothing: what a pack holds; every mistake told once."""

import json
import os
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import mutagen.flac
import pytest
import soundfile
from PIL import Image
from typer.testing import CliRunner

from charter.batch.work import worker
from charter.cli import app
from charter.notation import Difficulty, Song, Timing
from export.stepmania.read import read_song
from export.stepmania.write import ssc_text

COMMAND = sys.modules["charter.cli.batch"]  # the package's own name `batch` is the function

pytestmark = pytest.mark.usefixtures("small_models", "here")


@pytest.fixture
def here(monkeypatch):
    """The songs are charted in this process, where `small_models` are."""

    def in_turn(jobs, settings, workers):
        chart = worker(settings)
        for job in jobs:
            try:
                yield chart(job)
            except Exception as error:
                yield job.failure(str(error), settings.folder)

    monkeypatch.setattr(COMMAND, "on_this_machine", in_turn)


def run(*arguments):
    return CliRunner().invoke(app, ["batch", *map(str, arguments)], catch_exceptions=False)


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def contents(folder: Path) -> dict[str, bytes]:
    """All of a pack but its report, which tells of times."""
    return {name: (folder / name).read_bytes() for name in files(folder) if not name.startswith("report.")}


def song_files(name: str) -> set[str]:
    ends = (".ssc", ".sm", ".ogg", "-bn.png", "-bg.jpg", "-jacket.png")
    return {f"{name}/{name}{end}" for end in ends} | {f"{name}/charter.json"}


PACK_FILES = {"Pack.ini", "banner.png", "report.html", "report.jsonl"}


@pytest.mark.slow
def test_a_folder_of_songs_becomes_a_pack(tmp_path, write_loop):
    write_loop(tmp_path / "in" / "a.wav", bpm=140)
    write_loop(tmp_path / "in" / "album" / "b.wav", bpm=130)
    (tmp_path / "in" / "notes.txt").write_text("no song")
    pack = tmp_path / "Songs" / "My Pack"
    result = run(tmp_path / "in", "--out", pack, "--zip")
    assert (result.exit_code, result.stderr) == (0, "note: 1 file is no audio (1 .txt)\n")
    assert files(pack) == song_files("a") | song_files("b") | PACK_FILES
    first, second, last, packed = result.stdout.splitlines()
    assert packed == f"packed up as {tmp_path / 'Songs' / 'My Pack.zip'}"
    assert first.startswith(f"a.wav -> {pack / 'a'} (140 BPM; beginner ")
    assert second.startswith(f"album/b.wav -> {pack / 'b'} (130 BPM; beginner ")
    assert last.startswith("2 songs: 2 charted, ") and last.endswith(f"look through {pack / 'report.html'}")
    song = read_song(pack / "a" / "a.ssc")
    assert [chart.difficulty for chart in song.charts] == list(Difficulty)
    named = {song.music, song.banner, song.background, song.jacket}
    assert named == {"a.ogg", "a-bn.png", "a-bg.jpg", "a-jacket.png"}
    for name, size in (("a-bn.png", (418, 164)), ("a-bg.jpg", (1920, 1080)), ("a-jacket.png", (512, 512))):
        with Image.open(pack / "a" / name) as picture:
            assert picture.size == size
    with zipfile.ZipFile(tmp_path / "Songs" / "My Pack.zip") as packed:
        names = {f"My Pack/{name}" for name in files(pack) if not name.startswith("report.")}
        assert set(packed.namelist()) == names


@pytest.mark.slow
def test_the_report_has_all_that_can_be_known_of_a_song(tmp_path, write_loop):
    write_loop(tmp_path / "in" / "a.wav")
    run(tmp_path / "in", "--out", tmp_path / "pack", "--seed", 5)
    (row,) = [json.loads(line) for line in (tmp_path / "pack" / "report.jsonl").read_text().splitlines()]
    assert (row["source"], row["status"], row["folder"], row["seed"]) == ("a.wav", "charted", "a", 5)
    assert set(row["weights"]) == {"placement", "symbols", "beats", "sections"}
    assert row["timing"]["bpm"] == 140 and row["timing"]["found"] and 0 <= row["timing"]["confidence"] <= 1
    assert [chart["difficulty"] for chart in row["charts"]] == [level.label for level in Difficulty]
    for chart in row["charts"]:
        assert 4 * sum(chart["density"]) == pytest.approx(chart["rows"], abs=1)
    assert row["seconds"] > 0 and row["duration"] == pytest.approx(8, abs=0.1)
    assert row["timing_picture"] and row["key"] and row["audio_hash"]
    page = (tmp_path / "pack" / "report.html").read_text()
    assert row["timing_picture"] in page and "<svg" in page


@pytest.mark.slow
def test_a_second_run_does_nothing_and_changes_nothing(tmp_path, write_loop):
    write_loop(tmp_path / "in" / "a.wav")
    run(tmp_path / "in", "--out", tmp_path / "pack")
    before = contents(tmp_path / "pack")
    result = run(tmp_path / "in", "--out", tmp_path / "pack")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("1 song: 1 kept; ")
    assert contents(tmp_path / "pack") == before


@pytest.mark.slow
def test_new_songs_join_and_other_options_chart_anew(tmp_path, write_loop):
    write_loop(tmp_path / "in" / "a.wav")
    run(tmp_path / "in", "--out", tmp_path / "pack")
    write_loop(tmp_path / "in" / "b.wav", bpm=120)
    result = json.loads(run(tmp_path / "in", "--out", tmp_path / "pack", "--json").stdout)
    assert result["songs"] == {"charted": 1, "kept": 1, "edited": 0, "repeated": 0, "failed": 0}
    result = json.loads(run(tmp_path / "in", "--out", tmp_path / "pack", "--json", "--formats", "ssc").stdout)
    assert result["songs"]["charted"] == 2
    assert not any(name.endswith(".sm") for name in files(tmp_path / "pack"))


@pytest.mark.slow
def test_what_was_edited_is_left_alone_and_told(tmp_path, write_loop):
    write_loop(tmp_path / "in" / "a.wav")
    run(tmp_path / "in", "--out", tmp_path / "pack")
    simfile = tmp_path / "pack" / "a" / "a.ssc"
    simfile.write_text(simfile.read_text().replace("#GENRE:;", "#GENRE:mine;"))
    before = contents(tmp_path / "pack")
    result = run(tmp_path / "in", "--out", tmp_path / "pack", "--seed", 9)
    assert result.exit_code == 0
    assert "charted or edited by hand, and left alone" in result.stderr
    assert contents(tmp_path / "pack") == before


@pytest.mark.slow
def test_a_song_charted_alone_into_the_pack_stays_as_it_is(tmp_path, write_loop):
    audio = write_loop(tmp_path / "in" / "a.wav")
    pack = tmp_path / "pack"
    run(tmp_path / "in", "--out", pack)
    alone = ["generate", str(audio), "--out", str(pack), "--bpm", "70"]
    assert CliRunner().invoke(app, alone, catch_exceptions=False).exit_code == 0
    assert read_song(pack / "a" / "a.ssc").timing.tempos[0].bpm == 70
    assert (pack / "a" / "a-bn.png").exists()
    before = contents(pack)
    assert "charted or edited by hand, and left alone" in run(tmp_path / "in", "--out", pack).stderr
    assert contents(pack) == before


@pytest.mark.slow
def test_a_cover_is_shown(tmp_path, write_loop):
    folder = tmp_path / "in"
    audio = write_loop(folder / "a.wav")
    data, rate = soundfile.read(audio)
    audio.unlink()
    soundfile.write(folder / "a.flac", data, rate)
    picture = BytesIO()
    Image.new("RGB", (300, 300), (250, 20, 30)).save(picture, "PNG")
    tags = mutagen.flac.FLAC(folder / "a.flac")
    tags["title"], tags["artist"] = "夜のバス", "فنان"
    cover = mutagen.flac.Picture()
    cover.type, cover.mime, cover.data = 3, "image/png", picture.getvalue()
    tags.add_picture(cover)
    tags.save()
    assert run(folder, "--out", tmp_path / "pack").exit_code == 0
    song = read_song(tmp_path / "pack" / "夜のバス" / "夜のバス.ssc")
    assert (song.title, song.artist) == ("夜のバス", "فنان")
    with Image.open(tmp_path / "pack" / "夜のバス" / song.jacket) as jacket:
        assert jacket.convert("RGB").getpixel((256, 256)) == (250, 20, 30)


@pytest.mark.slow
def test_workers_elsewhere_are_given_whole_paths(tmp_path, monkeypatch, small_weights, write_loop):
    write_loop(tmp_path / "in" / "a.wav")
    given = []

    def on_ray(jobs, settings, address):
        given.append((settings, jobs[0].source.music, address))
        yield worker(settings)(jobs[0])

    monkeypatch.setattr(COMMAND, "on_ray", on_ray)
    monkeypatch.chdir(tmp_path)
    weights = Path(os.path.relpath(small_weights / "placement.safetensors"))
    options = ("--ray", "head:6379", "--placement-weights", weights, "--symbol-weights", "club")
    assert run("in", "--out", "pack", *options).exit_code == 0
    ((settings, music, address),) = given
    assert (settings.folder, settings.pack, address) == (tmp_path / "in", tmp_path / "pack", "head:6379")
    assert settings.weights.placement.is_absolute() and settings.weights.symbols == Path("club")
    assert music == tmp_path / "in" / "a.wav"


# Songs that have a simfile


@pytest.fixture
def charted(tmp_path, write_song, write_loop):
    """A song folder of a person's, with a Hard chart, a banner and other tags."""
    folder = tmp_path / "in" / "Mine"
    write_loop(folder / "song.wav", bpm=60, seconds=20)
    rows = "1000 0100 0010 0001 " * 4
    tags = {"MUSIC": "song.wav", "OFFSET": "-0.1", "BANNER": "b.png", "SUBTITLE": "(live)", "LASTBEATHINT": "17"}
    write_song(folder / "mine.sm", {"Hard": rows}, **tags)
    Image.new("RGB", (418, 164), "green").save(folder / "b.png")
    return folder


@pytest.mark.slow
def test_a_simfile_keeps_what_it_has_and_gets_what_it_lacks(tmp_path, charted):
    result = run(tmp_path / "in", "--out", tmp_path / "pack")
    assert (result.exit_code, result.stderr) == (0, "")
    pack = tmp_path / "pack" / "Mine"
    assert files(pack) == {
        "mine.sm",
        "mine.ssc",
        "song.wav",
        "b.png",
        "mine-bg.jpg",
        "mine-jacket.png",
        "charter.json",
    }
    before, after = (charted / "mine.sm").read_text(), (pack / "mine.sm").read_text()
    for tag in ("#SUBTITLE:(live);", "#LASTBEATHINT:17;", "#BANNER:b.png;", "#MUSIC:song.wav;"):
        assert tag in after
    assert before[before.index("#NOTES") :] in after
    old = read_song(charted / "mine.sm")
    for name in ("mine.sm", "mine.ssc"):
        song = read_song(pack / name)
        assert song.timing == old.timing
        assert song.charts[0].notes == old.charts[0].notes
        assert {chart.difficulty for chart in song.charts} == set(Difficulty)
        assert (song.background, song.title, song.subtitle) == ("mine-bg.jpg", "A song", "(live)")
    assert (pack / "b.png").read_bytes() == (charted / "b.png").read_bytes()
    assert (pack / "song.wav").read_bytes() == (charted / "song.wav").read_bytes()
    (row,) = [json.loads(line) for line in (tmp_path / "pack" / "report.jsonl").read_text().splitlines()]
    assert {chart["difficulty"] for chart in row["charts"] if chart["is_kept"]} == {"Hard"}


@pytest.mark.slow
def test_replace_writes_every_chart_anew(tmp_path, charted):
    run(tmp_path / "in", "--out", tmp_path / "pack", "--replace")
    old, new = read_song(charted / "mine.sm"), read_song(tmp_path / "pack" / "Mine" / "mine.ssc")
    assert sorted(chart.difficulty for chart in new.charts) == list(Difficulty)
    hard = new.chart(Difficulty.HARD)
    assert hard.notes != old.charts[0].notes and hard.description.startswith("charter ")


@pytest.mark.slow
def test_a_second_simfile_of_another_timing_gets_no_charts(tmp_path, charted, write_song):
    write_song(charted / "mine.sm", {"Hard": "1000 0100 0010 0001"}, MUSIC="song.wav", OFFSET="-0.3")
    ours = Song("A song", Timing.constant(60, -0.1), music="song.wav")
    (charted / "mine.ssc").write_text(ssc_text(ours))
    result = run(tmp_path / "in", "--out", tmp_path / "pack")
    assert result.exit_code == 0
    assert "mine.sm is as it was: its timing is another" in result.stdout
    pack = tmp_path / "pack" / "Mine"
    assert (pack / "mine.sm").read_bytes() == (charted / "mine.sm").read_bytes()
    assert len(read_song(pack / "mine.ssc").charts) == 5


@pytest.mark.slow
def test_a_tune_is_named_by_the_ssc_that_a_sm_becomes(tmp_path, charted):
    assert run(tmp_path / "in", "--out", tmp_path / "pack", "--preview").exit_code == 0
    song = read_song(tmp_path / "pack" / "Mine" / "mine.ssc")
    assert (song.preview_music, song.jacket) == ("mine (chiptune).ogg", "mine-jacket.png")
    assert (tmp_path / "pack" / "Mine" / song.preview_music).exists()
    assert read_song(tmp_path / "pack" / "Mine" / "mine.sm").charts == song.charts
    result = run(tmp_path / "in", "--out", tmp_path / "other", "--preview", "--difficulties", "hard")
    assert "no chip tune, for nothing was charted" in result.stdout


@pytest.mark.slow
def test_music_below_the_song_stays_there(tmp_path, charted):
    (charted / "full").mkdir()
    (charted / "song.wav").rename(charted / "full" / "song.wav")
    simfile = charted / "mine.sm"
    simfile.write_text(simfile.read_text().replace("#MUSIC:song.wav;", "#MUSIC:full/song.wav;"))
    assert run(tmp_path / "in", "--out", tmp_path / "pack").exit_code == 0
    pack = tmp_path / "pack" / "Mine"
    assert read_song(pack / "mine.ssc").music == "full/song.wav"
    assert (pack / "full" / "song.wav").read_bytes() == (charted / "full" / "song.wav").read_bytes()


@pytest.mark.slow
def test_music_made_ogg_does_not_take_the_place_of_another_sound(tmp_path, charted):
    data, rate = soundfile.read(charted / "song.wav")
    (charted / "song.wav").unlink()
    soundfile.write(charted / "song.flac", data, rate)
    soundfile.write(charted / "song.ogg", data[: 2 * rate], rate)
    simfile = charted / "mine.sm"
    text = simfile.read_text().replace("#MUSIC:song.wav;", "#MUSIC:song.flac;\n#PREVIEW:song.ogg;")
    simfile.write_text(text)
    assert run(tmp_path / "in", "--out", tmp_path / "pack").exit_code == 0
    pack = tmp_path / "pack" / "Mine"
    assert read_song(pack / "mine.sm").music == "song (music).ogg"
    assert (pack / "song.ogg").read_bytes() == (charted / "song.ogg").read_bytes()
    assert soundfile.info(pack / "song (music).ogg").duration == pytest.approx(20, abs=0.1)


@pytest.mark.slow
def test_a_simfile_in_an_old_encoding_keeps_it(tmp_path, charted):
    text = (charted / "mine.sm").read_text().replace("A song", "Chanson d'\u00e9t\u00e9").replace("#BANNER:b.png;", "")
    (charted / "mine.sm").unlink()
    (charted / "夏.sm").write_bytes(text.encode("cp1252"))
    (charted / "b.png").unlink()
    assert run(tmp_path / "in", "--out", tmp_path / "pack").exit_code == 0
    pack = tmp_path / "pack" / "Mine"
    assert "été".encode("cp1252") in (pack / "夏.sm").read_bytes()
    assert (pack / "夏-bn.png").exists() and len(read_song(pack / "夏.sm").charts) == 5


@pytest.mark.slow
def test_a_pack_of_an_older_version_is_left_alone(tmp_path, write_loop):
    write_loop(tmp_path / "in" / "a.wav")
    run(tmp_path / "in", "--out", tmp_path / "pack")
    record = tmp_path / "pack" / "a" / "charter.json"
    said = json.loads(record.read_text())
    newer = ("key", "hashes", "timing_doubt", "notes")
    record.write_text(json.dumps({name: value for name, value in said.items() if name not in newer}))
    (tmp_path / "pack" / "report.jsonl").unlink()
    before = contents(tmp_path / "pack")
    result = run(tmp_path / "in", "--out", tmp_path / "pack", "--seed", 3)
    assert (result.exit_code, "charted or edited by hand" in result.stderr) == (0, True)
    assert contents(tmp_path / "pack") == before


@pytest.mark.slow
def test_another_tag_keeps_the_folder_and_another_sync_is_told(tmp_path, write_loop):
    folder, pack = tmp_path / "in", tmp_path / "pack"
    for name, bpm in (("a", 120), ("b", 130)):
        data, rate = soundfile.read(write_loop(folder / f"{name}.wav", bpm=bpm, seconds=12))
        (folder / f"{name}.wav").unlink()
        soundfile.write(folder / f"{name}.flac", data, rate)
    assert run(folder, "--out", pack).exit_code == 0
    tags = mutagen.flac.FLAC(folder / "a.flac")
    tags["title"] = "Real Title"
    tags.save()
    (folder / "b.flac").unlink()
    result = run(folder, "--out", pack, "--sync", "itg")
    assert result.stdout.splitlines()[-1].startswith("1 song: 1 charted")
    assert f"note: of no song of {folder}, and left in the pack: b\n" in result.stderr
    assert "of 1 of its songs the steps are not in the pack's SyncOffset, which is ITG: b" in result.stderr
    assert read_song(pack / "a" / "a.ssc").title == "Real Title"


@pytest.mark.slow
def test_a_simfile_in_the_input_names_its_song_and_hides_no_other(tmp_path, write_song, write_loop):
    folder = tmp_path / "in"
    for name, bpm in (("alpha", 60), ("beta", 120)):
        write_loop(folder / f"{name}.wav", bpm=bpm, seconds=50)
    write_song(folder / "alpha.sm", {"Hard": "1000 0100 0010 0001"}, MUSIC="alpha.wav", OFFSET="-0.1")
    assert run(folder, "--out", tmp_path / "pack", "--difficulties", "easy").exit_code == 0
    assert {path.name for path in (tmp_path / "pack").iterdir() if path.is_dir()} == {"alpha", "beta"}


@pytest.mark.slow
def test_two_inputs_make_one_pack(tmp_path, write_loop):
    for name, bpm in (("a", 120), ("b", 130)):
        write_loop(tmp_path / f"in {name}" / f"{name}.wav", bpm=bpm)
        assert run(tmp_path / f"in {name}", "--out", tmp_path / "pack").exit_code == 0
    rows = [json.loads(line) for line in (tmp_path / "pack" / "report.jsonl").read_text().splitlines()]
    assert [(row["source"], row["status"]) for row in rows] == [("a.wav", "kept"), ("b.wav", "charted")]


@pytest.mark.slow
def test_a_song_that_lacks_nothing_is_carried_over(tmp_path, charted):
    assert run(tmp_path / "in", "--out", tmp_path / "pack", "--difficulties", "hard").exit_code == 0
    song = read_song(tmp_path / "pack" / "Mine" / "mine.sm")
    assert song.charts == read_song(charted / "mine.sm").charts


# Mistakes


@pytest.mark.slow
def test_formats_of_other_games(tmp_path, write_loop):
    write_loop(tmp_path / "in" / "a.wav")
    assert run(tmp_path / "in", "--out", tmp_path / "pack", "--formats", "ssc,osz,qua,mid").exit_code == 0
    made = files(tmp_path / "pack")
    assert {"a/a.osz", "a/a.mid", "a/a [Hard].qua"} <= made
    with zipfile.ZipFile(tmp_path / "pack" / "a" / "a.osz") as beatmaps:
        names = beatmaps.namelist()
    assert {"audio.ogg", "background.jpg"} <= set(names) and sum(name.endswith(".osu") for name in names) == 5


@pytest.mark.slow
def test_a_bad_song_costs_only_itself_and_is_tried_again(tmp_path, write_loop):
    write_loop(tmp_path / "in" / "a.wav")
    (tmp_path / "in" / "b.mp3").write_bytes(b"no sound at all")
    soundfile.write(tmp_path / "in" / "c.wav", [0.0] * 22050 * 9, 22050)
    result = run(tmp_path / "in", "--out", tmp_path / "pack")
    assert result.exit_code == 1
    errors = result.stderr.splitlines()
    assert len(errors) == 2 and all(line.startswith("error: ") for line in errors)
    assert "b.mp3: is not audio that can be read" in errors[0] and "c.wav: is silent" in errors[1]
    assert result.stdout.splitlines()[-1].startswith("3 songs: 1 charted, 2 failed")
    (tmp_path / "in" / "b.mp3").unlink()
    write_loop(tmp_path / "in" / "c.wav", bpm=150)
    assert run(tmp_path / "in", "--out", tmp_path / "pack").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (["absent", "--out", "pack"], "absent: no such folder"),
        (["empty", "--out", "pack"], "empty: holds no song"),
        (["in", "--out", "in"], "name another output"),
        (["in", "--out", "in/a.wav"], "a file stands where a folder is needed"),
        (["in", "--out", "pack", "--formats", "smx"], "no format is called 'smx'"),
        (["in", "--out", "pack", "--formats", "sm", "--preview"], "--preview needs a .ssc"),
        (["in", "--out", "pack", "--difficulties", "oni"], "oni"),
        (["in", "--out", "pack", "--placement-weights", "none.safetensors"], "none.safetensors: cannot be read"),
        (["in", "--out", "pack", "--style-amount", "0.5"], "Name it by --symbol-weights"),
        (["in", "--out", "pack", "--ray", "nowhere", "--workers", "2"], "leave one out"),
        pytest.param(  # which imports Ray
            *(["in", "--out", "pack", "--ray", "nowhere"], "'nowhere' is no address"), marks=pytest.mark.slow
        ),
    ],
)
def test_a_mistake_is_told_and_nothing_is_charted(tmp_path, monkeypatch, write_loop, arguments, cause):
    monkeypatch.chdir(tmp_path)
    write_loop(tmp_path / "in" / "a.wav")
    (tmp_path / "empty").mkdir()
    result = run(*arguments)
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ") and cause in line
    assert not any(name.endswith((".ssc", ".sm")) for name in files(tmp_path))


@pytest.mark.slow
def test_names_of_all_kinds_and_an_output_within_the_input(tmp_path, monkeypatch, write_loop):
    deep = tmp_path / "in" / ("x" * 150) / ("y" * 150)
    names = ["name\twith\ncontrol.wav", "تجربة.wav", "日本語.wav", "what? <no>..wav", "z" * 251 + ".wav"]
    for at, name in enumerate(names):
        write_loop(deep / name, bpm=120 + at, seconds=5)
    (deep / "loop").symlink_to(tmp_path / "in")
    (deep / "also.wav").symlink_to(deep / names[1])
    os.mkfifo(deep / "pipe.ogg")
    pack = tmp_path / "in" / "pack"
    result = run(tmp_path / "in", "--out", pack)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1].startswith("5 songs: 5 charted")
    assert [line.startswith("note: ") for line in result.stderr.splitlines()] == [True, True]
    before = contents(pack)
    result = json.loads(run(tmp_path / "in", "--out", pack, "--json").stdout)
    assert result["songs"] == {"charted": 0, "kept": 5, "edited": 0, "repeated": 0, "failed": 0}
    assert contents(pack) == before


@pytest.mark.slow
def test_ctrl_c_reports_what_is_done(tmp_path, monkeypatch, write_loop):
    for name, bpm in (("a", 120), ("b", 130)):
        write_loop(tmp_path / "in" / f"{name}.wav", bpm=bpm)

    def stopped(jobs, settings, workers):
        yield worker(settings)(jobs[0])
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(COMMAND, "on_this_machine", stopped)
        result = run(tmp_path / "in", "--out", tmp_path / "pack")
    assert result.exit_code == 130
    assert result.stderr == "stopped; run it again to go on (1 song: 1 charted)\n"
    assert len((tmp_path / "pack" / "report.jsonl").read_text().splitlines()) == 1
    result = run(tmp_path / "in", "--out", tmp_path / "pack")
    assert result.stdout.splitlines()[-1].startswith("2 songs: 1 charted, 1 kept")
