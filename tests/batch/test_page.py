"""The page to look through a batch."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from charter.batch.page import page
from charter.batch.row import RowChart, RowFinding, RowTiming, Status
from charter.batch.standing import Summary, rank

VOID = {"meta", "img", "input", "br", "hr", "link"}
EVIL = "<script>alert(1)</script> ]]> \"quoted\" 'single' & </style><img src=x onerror=alert(2)>"


class Reading(HTMLParser):
    """Every tag with its attributes, the text of each element, and whether all that was opened was closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs)
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if data.strip():
            self.texts.append((self.open[-1], data.strip()))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def texts_in(self, tag: str) -> list[str]:
        return [text for name, text in self.texts if name == tag]


def written(rows, run_seconds=None):
    summary = Summary(run_seconds)
    for row in rows:
        summary.add(row)
    return "".join(page("My Pack", summary, sorted(rows, key=rank)))


@pytest.fixture
def rows(make_row, fault):
    """One of each standing, best first."""
    doubt = RowTiming(bpm=87.0, offset=0.0, confidence=0.4, doubt="its timing is unsure: 87 BPM")
    return [
        make_row("repeated.ogg", Status.REPEATED, notes=("the same audio as fine.ogg",), charts=()),
        make_row("fine.ogg"),
        make_row("advice.ogg", findings=(RowFinding("", "advice", "metadata", "no title"),)),
        make_row("fault.ogg", Status.KEPT, findings=(fault,)),
        make_row("two faults.ogg", findings=(fault, fault)),
        make_row("violation.ogg", findings=(RowFinding("Easy", "violation", "format", "a hold without an end"),)),
        make_row("doubtful.ogg", timing=doubt),
        make_row("more doubtful.ogg", timing=RowTiming(**{**vars(doubt), "confidence": 0.2})),
        make_row(
            "failed.ogg", Status.FAILED, title="", folder="", error="failed.ogg: no music", timing=None, charts=()
        ),
    ]


def test_what_needs_a_look_comes_first(rows):
    read = Reading(written(rows))
    titles = [text.removeprefix("Song ") for text in read.texts_in("bdi") if text.startswith(("Song ", "failed"))]
    assert titles == [
        "failed.ogg",
        "more doubtful.ogg",
        "doubtful.ogg",
        "violation.ogg",
        "two faults.ogg",
        "fault.ogg",
        "advice.ogg",
        "fine.ogg",
        "repeated.ogg",
    ]
    headings = [
        "Failed",
        "Timing in doubt",
        "With violations",
        "With faults",
        "With advice",
        "Nothing found",
        "Repeated",
    ]
    assert read.texts_in("h2") == headings


def test_it_needs_nothing_but_itself(rows):
    text = written(rows)
    read = Reading(text)
    assert not re.search(r"https?:|//[a-z]|url\(|@import", text)
    assert not read.all("link")
    for tag, attributes in read.tags:
        for name, value in attributes.items():
            assert not name.startswith("on"), (tag, name)
            if name in {"src", "href", "srcset", "action", "data", "poster"}:
                is_picture = tag == "img" and value.startswith("data:image/png;base64,")
                is_near = tag == "a" and re.fullmatch(r"#[a-z]+|[\w%.-]+/", value)
                assert is_picture or is_near, (tag, value)


def test_the_policy_lets_its_own_style_and_script_through_and_no_others(rows):
    text = written(rows)
    (policy,) = (tag["content"] for tag in Reading(text).all("meta") if tag.get("http-equiv"))
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        (inside,) = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert " style=" not in text


@pytest.mark.parametrize(
    "place", ["title", "artist", "source", "folder", "error", "notes", "doubt", "message", "kind", "chart", "level"]
)
def test_what_files_say_is_text_and_nothing_else(make_row, fault, place):
    values = {place: EVIL} if place in {"title", "artist", "folder", "error"} else {}
    if place == "notes":
        values["notes"] = (EVIL,)
    if place == "doubt":
        values["timing"] = RowTiming(bpm=100.0, offset=0.0, doubt=EVIL)
    if place in {"message", "kind", "chart"}:
        values["findings"] = (RowFinding(**{**vars(fault), place: EVIL}),) * 7
    if place == "level":
        values["charts"] = (RowChart(EVIL, 9, 10, 1.0, (1.0,)),)
    source = EVIL if place == "source" else "a.ogg"
    read = Reading(written([make_row(source, **values)]))
    assert len(read.all("script")) == 1
    assert len(read.all("img")) == 1
    assert any(EVIL in text for _, text in read.texts)


def test_a_pack_with_an_evil_name():
    read = Reading("".join(page(EVIL, Summary(), [])))
    assert read.texts_in("h1") == [EVIL]
    assert len(read.all("script")) == 1


def test_control_characters_are_shown_not_obeyed(make_row):
    text = written([make_row(title="bell\x07 nul\0 del\x7f c1\x9b")])
    assert "bell␇ nul␀ del␡ c1\ufffd" in text
    assert not re.search(r"[\0-\x08\x0b-\x1f\x7f-\x9f]", text)


def test_right_to_left_titles_keep_to_themselves(make_row):
    read = Reading(written([make_row(title="شمس", artist="مغنّي")]))
    assert "شمس" in read.texts_in("bdi")
    assert [tag for tag in read.all("p") if tag.get("class") == "artist"] == [{"class": "artist", "dir": "auto"}]


def test_a_chart_is_a_row_of_the_table_easiest_first(make_row):
    charts = [RowChart(name, meter, 1234, 2.0, (1.0,)) for name, meter in (("Edit", 12), ("Hard", 9), ("Beginner", 1))]
    read = Reading(written([make_row(charts=(*charts, RowChart("Edit", 11, 5, None, (), is_kept=True)))]))
    assert [text for text in read.texts_in("th") if text in {"Beginner", "Hard", "Edit", "beats"}] == [
        "Beginner",
        "Hard",
        "Edit",
        "Edit",
        "beats",
    ]
    assert [tag["class"] for tag in read.all("tr") if "class" in tag] == ["beginner", "hard", "edit", "edit"]
    assert "1,234" in read.texts_in("td")
    assert "kept" in read.texts_in("span")
    assert [tag.get("scope") for tag in read.all("th")] == ["col"] * 6 + ["row"] * 5


def test_curves_of_a_song_have_one_scale(make_row):
    paths = [tag["d"] for tag in Reading(written([make_row()])).all("path")]
    assert paths == ["M0 20V17.5h1V12.5h1V17.5h1V20z", "M0 20V7.5h1V0h1V15h1V20z"]  # easy, hard; 8 is the song's peak
    boxes = {tag["viewbox"] for tag in Reading(written([make_row()])).all("svg")}
    assert boxes == {"0 0 2.5 20"}  # ten seconds are two and a half stretches


def test_pictures_have_words(make_row):
    read = Reading(written([make_row()]))
    assert [tag["alt"] for tag in read.all("img")] == ["The sound comes 0.4 ms after the beats"]
    assert [tag["aria-label"] for tag in read.all("svg")] == ["densest at 0:04"] * 2


def test_five_findings_of_a_kind_are_shown_with_their_places(make_row, fault):
    of_one = tuple(RowFinding("Hard", "fault", "jack", f"jack {n}", 4.0 * n, 2.0 * n) for n in range(8))
    other = RowFinding("Hard", "fault", "spin", "a spin", 100.5, 61.0)
    advice = RowFinding("", "advice", "metadata", "no title")
    read = Reading(written([make_row(findings=(*of_one, other, advice))]))
    lines = [text for text in read.texts_in("li") if "jack" in text]
    assert lines == [*(f"jack {n}" for n in range(5)), "and 3 more of kind “jack”"]
    assert [text for text in read.texts_in("span") if text.startswith("beat")] == [
        "beat 0, 0:00",
        "beat 4, 0:02",
        "beat 8, 0:04",
        "beat 12, 0:06",
        "beat 16, 0:08",
        "beat 100.5, 1:01",
    ]
    assert [text for text in read.texts_in("b") if text[0].isdigit()][-2:] == ["9 faults", "1 piece of advice"]
    assert "jack 8, spin 1" in read.texts_in("summary")


def test_the_summary_counts(rows):
    text = written(rows, run_seconds=60.0)
    figures = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", text))
    assert figures == {
        "songs": "9",
        "charted": "6",
        "kept": "1",
        "repeated": "1",
        "failed": "1",
        "hours of music": "0.0",
        "songs a minute": "6.0",
        "times real time": "1",
    }
    assert "In all 1 violation, 3 faults and 1 piece of advice." in text
    assert "songs a minute" not in written(rows)  # nobody took the time


def test_an_empty_batch_has_a_page_too():
    read = Reading("".join(page("Empty", Summary(), [])))
    assert "No song was found." in read.texts_in("p")


def test_the_parts_join_without_a_row_being_held(make_row):
    summary = Summary()
    for number in range(50):
        summary.add(make_row(f"{number}.ogg"))
    parts = page("Pack", summary, (make_row(f"{number}.ogg") for number in range(50)))
    assert sum("<article" in part for part in parts) == 50


def test_a_thousand_songs_make_a_page_that_opens(make_row, fault):
    charts = tuple(
        RowChart(name, 5, 500, 3.0, (1.23, 4.56, 7.89) * 15)
        for name in ("Beginner", "Easy", "Medium", "Hard", "Challenge")
    )
    row = make_row(charts=charts, findings=(fault,) * 20, timing_picture="A" * 6000)
    size = len(written([row])) - len(written([]))
    assert size * 1000 < 15_000_000
