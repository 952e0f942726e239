"""A simfile gets charts that it lacks, and no other byte changes."""

from dataclasses import replace
from pathlib import Path

import pytest

from charter.errors import ChartError
from charter.notation import Chart, Difficulty, Note, NoteKind, Span, Timing
from export.stepmania.extend import with_charts
from export.stepmania.read import parse_song
from export.stepmania.write import sm_text, ssc_text

MEASURE = "1000\n0100\n0010\n0001\n"
SSC_HEAD = "#VERSION:0.83;\n// mine\n#TITLE:Ünï;\n#MUSIC:a.ogg;\n#OFFSET:-0.1;\n#BPMS:0=120;\n"
SM_HEAD = SSC_HEAD.split("\n", 1)[1]
NEW = Chart(Difficulty.HARD, 9, (Note(0, 0, NoteKind.TAP), Note(60, 1, NoteKind.HOLD), Note(400, 1, NoteKind.TAIL)))


def ssc_chart(difficulty: str, style: str = "dance-single") -> str:
    row = "" if style == "dance-single" else "0000"
    notes = MEASURE.replace("\n", row + "\n")
    return (
        f"\n//-------- {style} - {difficulty} --------\n#NOTEDATA:;\n#STEPSTYPE:{style};\n#DESCRIPTION:x;\n"
        f"#DIFFICULTY:{difficulty};\n#METER:3;\n#RADARVALUES:0,0;\n#NOTES:\n{notes};\n"
    )


def sm_chart(difficulty: str, style: str = "dance-single") -> str:
    row = "" if style == "dance-single" else "0000"
    notes = MEASURE.replace("\n", row + "\n")
    head = f"\n//-------- {style} - {difficulty} --------\n#NOTES:\n"
    return f"{head}     {style}:\n     x:\n     {difficulty}:\n     3:\n     0,0:\n{notes};\n"


KINDS = pytest.mark.parametrize(
    ("path", "head", "chart"),
    [(Path("a.ssc"), SSC_HEAD, ssc_chart), (Path("a.SM"), SM_HEAD, sm_chart)],
    ids=["ssc", "sm"],
)


def extended(data, path, *charts, **options):
    return with_charts(data, path, parse_song(data, path), charts, **options)


@KINDS
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("line", ["\n", "\r\n"])
def test_a_new_chart_stands_behind_the_old_ones(path, head, chart, encoding, line):
    data = (head + chart("Easy")).replace("\n", line).encode(encoding)
    after = extended(data, path, NEW, duration=100)
    assert after.startswith(data)
    assert after.count(b"\n") == after.count(line.encode())
    old, new = parse_song(data, path), parse_song(after, path)
    assert new == replace(old, charts=(*old.charts, NEW))


@KINDS
def test_radar_and_words_are_those_of_a_file_of_ours(path, head, chart):
    new = replace(NEW, description="charter (machine-made)")
    data = (head + chart("Easy")).encode()
    after = extended(data, path, new, duration=100).decode()
    ours = (ssc_text if head is SSC_HEAD else sm_text)(replace(parse_song(data, path), charts=(new,)), duration=100)
    first = "#NOTEDATA" if head is SSC_HEAD else "#NOTES"
    assert after.endswith("\n\n" + ours[ours.index(first) :].rstrip() + "\n")


@KINDS
def test_a_replaced_chart_goes_with_its_heading(path, head, chart):
    kept = chart("Medium", "dance-double") + chart("Edit") + chart("Challenge")
    data = (head + chart("Medium") + kept).encode()
    after = extended(data, path, replace(NEW, difficulty=Difficulty.MEDIUM), replaced=[Difficulty.MEDIUM])
    assert after.startswith((head + "\n" + kept).encode())
    assert [chart.difficulty for chart in parse_song(after, path).charts] == [
        None,
        Difficulty.CHALLENGE,
        Difficulty.MEDIUM,
    ]
    assert extended(data, path, replaced=list(Difficulty)).startswith(
        (head + "\n" + chart("Medium", "dance-double") + chart("Edit")).encode()
    )


@KINDS
def test_old_words_for_a_difficulty_are_understood(path, head, chart):
    data = (head + chart("Heavy")).encode()
    with pytest.raises(ChartError, match="two Hard charts"):
        extended(data, path, NEW)
    assert len(parse_song(extended(data, path, NEW, replaced=[Difficulty.HARD]), path).charts) == 1


@KINDS
@pytest.mark.parametrize(
    "end", ["", ";", " // the end", "0000", "\r\n\r\n", ";\n// no line end", "0000\n// never closed"]
)
def test_however_a_file_ends(path, head, chart, end):
    data = (head + chart("Easy").removesuffix(";\n") + end).encode()
    after = extended(data, path, NEW)
    assert after.startswith(data)
    assert [each.difficulty for each in parse_song(after, path).charts] == [Difficulty.EASY, Difficulty.HARD]


@KINDS
def test_a_file_without_charts_gets_its_first(path, head, chart):
    assert parse_song(extended(head.encode(), path, NEW), path).charts == (NEW,)


@KINDS
def test_two_charts_of_one_difficulty_are_refused(path, head, chart):
    data = (head + chart("Hard")).encode()
    with pytest.raises(ChartError, match=rf"^{path}: would have two Hard charts"):
        extended(data, path, NEW)
    assert len(parse_song(extended(data, path, replace(NEW, difficulty=None)), path).charts) == 2


@pytest.mark.parametrize("warp", ["#BPMS:0=120,4=-120,6=120;\n", "#BPMS:0=120;\n#STOPS:4=-0.5;\n"])
def test_warps_of_a_sm_stay_and_beats_keep_their_numbers(warp):
    path = Path("a.sm")
    data = (SM_HEAD.replace("#BPMS:0=120;\n", warp) + sm_chart("Easy")).encode()
    song = parse_song(data, path)
    assert song.timing.warps
    behind = Chart(Difficulty.HARD, 9, (Note(480, 2, NoteKind.TAP),))
    after = with_charts(data, path, song, [behind], duration=60)
    assert after.startswith(data)
    read = parse_song(after, path)
    assert (read.timing, read.charts[1]) == (song.timing, behind)


@pytest.mark.parametrize("tag", ["#WARPS:4=1;\n", "#FAKES:4=1;\n"])
def test_what_only_some_read_in_a_sm_is_refused(tag):
    with pytest.raises(ChartError, match=tag[:6]):
        extended((SM_HEAD + tag + sm_chart("Easy")).encode(), Path("a.sm"), NEW)


def test_warps_and_a_timing_of_its_own_are_no_matter_in_a_ssc():
    path = Path("a.ssc")
    data = (SSC_HEAD + "#WARPS:4=1;\n" + ssc_chart("Easy")).encode()
    own = replace(NEW, timing=Timing.constant(90, 0.5))
    read = parse_song(extended(data, path, own), path)
    assert read.timing.warps == (Span(192, 48),)
    assert read.charts[1] == own


def test_a_timing_of_its_own_is_refused_in_a_sm():
    with pytest.raises(ChartError, match="own timing"):
        extended(SM_HEAD.encode(), Path("a.sm"), replace(NEW, timing=Timing.constant(90)))


@pytest.mark.parametrize(("name", "text"), [("a.sm", SSC_HEAD), ("a.ssc", SM_HEAD)])
def test_a_file_that_is_not_what_its_name_says_is_refused(name, text):
    with pytest.raises(ChartError, match="whatever its name says"):
        extended(text.encode(), Path(name), NEW)


@KINDS
def test_words_that_the_encoding_lacks_are_refused(path, head, chart):
    with pytest.raises(ChartError, match="cp1252"):
        extended(head.encode("cp1252"), path, replace(NEW, description="夜"))


@KINDS
def test_a_file_that_would_not_say_the_same_is_refused(path, head, chart):
    data = (head + chart("Easy")).encode()
    song = parse_song(data, path)
    with pytest.raises(ChartError, match="laid out"):
        with_charts(data, path, replace(song, title="another"), [NEW])


def test_a_chart_whose_tags_stand_behind_its_notes_is_refused():
    data = (SSC_HEAD + f"#NOTEDATA:;\n#NOTES:\n{MEASURE};\n#STEPSTYPE:dance-single;\n").encode()
    with pytest.raises(ChartError, match="laid out"):
        extended(data, Path("a.ssc"), NEW)
