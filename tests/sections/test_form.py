"""The form of songs played by code, heard by the shipped net."""

import numpy as np
import pytest

from charter.audio import Audio
from charter.audio.features import log_mel
from charter.model.weights import load_sections
from charter.notation import Timing
from charter.sections.form import Form, find_form
from charter.sections.passage import pick_passage

pytestmark = pytest.mark.model
FIRST, BAR = 0.5, 2.0


@pytest.fixture(scope="module")
def net():
    return load_sections().net


def form_of_audio(net, audio: Audio, timing: Timing) -> Form:
    return find_form(net, log_mel(audio, net.config.audio), audio, timing)


@pytest.fixture(scope="module")
def song(net, play) -> Form:
    return form_of_audio(net, play("ABABC"), Timing.constant(120, -FIRST))


def test_boundaries_lie_where_a_section_begins(song):
    starts = [section.start for section in song.sections]
    for section in range(5):
        assert min(abs(start - (FIRST + 8 * BAR * section)) for start in starts) <= BAR
    assert len(song.sections) <= 8


def test_what_repeats_has_one_name(song):
    def name(second: float) -> str:
        return next(section.label for section in song.sections if section.start <= second < section.end)

    heard = [name(FIRST + BAR * (8 * section + 4)) for section in range(5)]
    assert heard == ["A", "B", "A", "B", "C"]


def test_intensity_is_of_the_loud_sections(song):
    loud = {section.label: section.intensity for section in song.sections}
    assert loud["B"] > loud["A"] + 0.2
    assert loud["B"] > loud["C"] + 0.2
    assert all(0 <= section.intensity <= 1 for section in song.sections)


def test_sections_follow_each_other_without_a_gap(song):
    for before, after in zip(song.sections, song.sections[1:], strict=False):
        assert before.end == after.start
        assert before.last == after.first


def test_the_passage_is_on_a_downbeat_and_inside(song):
    picked = pick_passage(song)
    assert (picked.start - FIRST) / BAR == pytest.approx(round((picked.start - FIRST) / BAR), abs=1e-6)
    assert picked.start + picked.length <= song.duration


@pytest.mark.parametrize("seconds", [0.3, 1.0, 4.0, 9.0])
@pytest.mark.parametrize("bpm", [120, 999])
def test_short_songs(net, play, seconds, bpm):
    audio = play("AB")
    audio = Audio(audio.samples[: round(seconds * audio.rate)], audio.rate)
    picked = pick_passage(form_of_audio(net, audio, Timing.constant(bpm, -0.1)))
    assert picked.start >= 0
    assert picked.length > 0
    assert picked.start + picked.length <= audio.duration + 1e-9


@pytest.mark.parametrize(
    "samples", [np.zeros(480_000), 0.3 * np.sin(np.arange(480_000) * 0.1)], ids=["silence", "tone"]
)
def test_one_tone_and_none(net, samples):
    audio = Audio(samples.astype(np.float32), 24_000)
    form = form_of_audio(net, audio, Timing.constant(120))
    picked = pick_passage(form)
    assert picked.length > 0
    assert picked.start + picked.length <= audio.duration + 1e-9
    assert np.isfinite(form.similar).all()


def test_audio_that_holds_no_bar(net, play):
    whole = play("A")
    audio = Audio(whole.samples[: 10 * whole.rate], whole.rate)
    form = form_of_audio(net, audio, Timing.constant(20, -11.0))  # the first beat comes behind the end
    assert form.sections == ()
    assert pick_passage(form) == (0.0, 10.0)
