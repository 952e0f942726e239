"""Modules: read back by a reader of the tests' own, and played by Debian's openmpt123."""

import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from charter.errors import ChartError
from charter.notation import Pause, Span, Tempo, Timing
from export.chiptune.driver import register_log
from export.chiptune.instruments import BASS, CHORD, HAT, KICK_SAMPLE, LEAD, SNARE, SNARE_SAMPLE
from export.chiptune.mixer import Mixing
from export.chiptune.render import render
from export.chiptune.score import Drum, Duty, Hit, Instrument, Score, Tone, Trigger
from export.chiptune.xm import xm_bytes
from tests.export.chiptune.delta import decoded
from tests.export.chiptune.players import RATE, cents, decibels, pitch, played_by_openmpt
from tests.export.chiptune.xm_reader import Module, read
from tests.programs import program

PLAIN = Instrument((11,), Duty.QUARTER)
TIMINGS = {
    "even": Timing.constant(150.0),
    "between": Timing.constant(174.63, -0.123),
    "slow": Timing.constant(57.3, 0.31),
    "fast": Timing.constant(301.0),
    "gimmick": Timing.constant(999.0),
    "changing": Timing((Tempo(0, 140.2), Tempo(960, 155.5), Tempo(1536, 40.0), Tempo(1632, 260.0)), 0.04),
    "stops and warps": Timing(
        (Tempo(0, 128.3), Tempo(960, 141.9)), -0.2, stops=(Pause(480, 1.234),), warps=(Span(960, 96),)
    ),
}
EACH_TIMING = pytest.mark.parametrize("timing", TIMINGS.values(), ids=TIMINGS)


def tune(timing: Timing, seconds: float = 12.0) -> Score:
    """Notes on the timing's eighths and between, with every voice."""
    first, last = timing.ticks_at([0.0, seconds - 0.3])
    beats = np.unique(timing.seconds_at(np.arange(np.ceil(first / 24), last / 24) * 24))
    beats = beats[np.insert(np.diff(beats) > 0.1, 0, True)]
    lead = tuple(Tone(at, at + 0.15, (60 + i % 20,), PLAIN) for i, at in enumerate(beats.tolist()))
    odd = tuple(Tone(0.0371 + 0.31 * i, 0.25 + 0.31 * i, (48.0, 52.0, 55.0), CHORD) for i in range(int(seconds * 3)))
    bass = tuple(Tone(at, at + 0.3, (40.0,), BASS) for at in beats[::4].tolist())
    drums = tuple(Hit(at, HAT if i % 4 else SNARE) for i, at in enumerate(beats.tolist()))
    samples = tuple(Trigger(at, KICK_SAMPLE) for at in beats[::4].tolist())
    return Score(seconds, lead, odd, bass, drums, samples, "A tune")


def channel(module: Module, number: int) -> list:
    return [note for note in module.notes() if note.channel == number]


@EACH_TIMING
def test_every_note_starts_on_its_tick(timing: Timing) -> None:
    score = tune(timing)
    module = read(xm_bytes(score, timing))
    voices = (score.pulse_1, score.pulse_2, score.triangle, score.noise, score.dmc)
    for number, voice in enumerate(voices):
        starts = np.array([event.start for event in voice if event.start < score.duration])
        found = np.array([note.seconds for note in channel(module, number)])
        assert len(found) == len(starts) > 0
        assert np.abs(found - starts).max() < 0.016
    assert module.end == pytest.approx(score.duration, abs=0.02)
    assert set(module.tempos) <= set(range(80, 256))


@EACH_TIMING
def test_rows_are_the_timings_sixteenths(timing: Timing) -> None:
    module = read(xm_bytes(Score(12.0), timing))
    sixteenths = timing.seconds_at(np.arange(-600, 40_000, 12))
    on_grid = np.abs(np.array(module.starts)[:, None] - sixteenths).min(axis=1) < 0.005
    # Below 80 beats a minute, and where the song stands still, there are rows between.
    bpm = timing.bpm_at(timing.ticks_at(module.starts))
    assert on_grid[bpm >= 80].sum() >= 0.85 * (bpm >= 80).sum()
    assert on_grid.mean() > 0.45


def test_an_even_tempo_is_written_once_and_patterns_are_four_measures() -> None:
    module = read(xm_bytes(Score(60.0), Timing.constant(150.0)))
    assert module.speed == 6
    assert module.tempos == [150] * 600
    assert sum(effect == 15 for row in module.rows for *_, effect, _ in row) == 1
    assert module.patterns == [64] * 9 + [24]


def test_patterns_begin_on_measures_after_a_lead_in() -> None:
    timing = Timing.constant(150.0, -0.45)
    module = read(xm_bytes(Score(30.0), timing))
    firsts = np.cumsum([0, *module.patterns[:-1]])[1:]
    measures = timing.ticks_at([module.starts[row] for row in firsts]) / 192
    assert measures == pytest.approx(np.rint(measures), abs=0.01)


def test_rows_are_halved_where_a_voice_needs_it() -> None:
    thirty_seconds = tuple(Tone(0.05 * i, 0.05 * i + 0.04, (60 + i % 12,), PLAIN) for i in range(100))
    module = read(xm_bytes(Score(6.0, thirty_seconds), Timing.constant(150.0)))
    assert module.speed == 3
    assert len(channel(module, 0)) == 100
    assert module.end == pytest.approx(6.0)


def test_of_notes_in_one_row_the_first_is_kept() -> None:
    drums = (Hit(1.0, SNARE), Hit(1.001, HAT), Hit(1.004, HAT), Hit(1.5, HAT))
    notes = channel(read(xm_bytes(Score(3.0, noise=drums), Timing.constant(150.0))), 3)
    assert [(round(note.seconds, 2), note.instrument) for note in notes] == [(1.0, 1), (1.5, 2)]


def test_notes_end_where_they_should() -> None:
    ends = (0.52, 1.4, 1.67, 2.13, 3.0)
    tones = tuple(Tone(0.3 + 0.5 * i, end, (60.0,), PLAIN) for i, end in enumerate(ends))
    module = read(xm_bytes(Score(4.0, tones, (Tone(0.4, 1.03, (60.0, 64.0), CHORD),)), Timing.constant(150.0)))
    cuts = [note.cut for note in channel(module, 0)]
    assert cuts[:1] + cuts[2:] == pytest.approx([0.52, 1.67, 2.13, 3.0], abs=0.009)
    assert cuts[1] == np.inf  # it is cut off by the next one
    assert channel(module, 1)[0].cut == pytest.approx(1.03, abs=0.05)  # an arpeggio, to its row


def test_arpeggios_are_effects_on_every_row() -> None:
    module = read(xm_bytes(Score(2.0, (Tone(0.0, 1.0, (64.0, 60.0, 67.0), CHORD),)), Timing.constant(150.0)))
    cells = [row[0] for row in module.rows[:12]]
    assert [cell[3:] for cell in cells] == [(0, 0x47)] * 10 + [(0, 0)] * 2
    assert cells[0][0] == 60 - 12 + 1
    assert cells[10][2] == 0x10


def test_a_gap_between_two_rows_is_kept() -> None:
    tones = (Tone(0.2, 0.53, (60.0,), PLAIN), Tone(0.583, 0.8, (60.0,), PLAIN))
    module = read(xm_bytes(Score(2.0, tones), Timing.constant(150.0)))
    assert module.speed == 3  # in rows of six ticks the end would share one with the second note's start
    assert channel(module, 0)[0].cut == pytest.approx(0.53, abs=0.009)


def test_wide_and_two_note_arpeggios_fit_the_effect() -> None:
    tones = (Tone(0.0, 0.4, (40.0, 64.0), CHORD), Tone(0.5, 0.9, (60.0, 60.0), CHORD))
    module = read(xm_bytes(Score(1.0, tones), Timing.constant(150.0)))
    assert module.rows[0][0][4] == 0x00  # two octaves: the same note
    assert module.rows[5][0][4] == 0x00


def test_volumes_scale_and_the_triangle_has_one() -> None:
    tones = (Tone(0.0, 0.5, (60.0,), PLAIN, volume=5),)
    module = read(xm_bytes(Score(1.0, tones, triangle=tones), Timing.constant(150.0)))
    assert [channel(module, number)[0].volume for number in (0, 2)] == [21, 64]


def test_an_envelope_follows_the_frames() -> None:
    module = read(xm_bytes(Score(1.0, (Tone(0.0, 0.5, (60.0,), LEAD),)), Timing.constant(125.0)))
    points = module.instruments[0].points
    assert len(points) <= 12
    ticks = np.arange(9)  # of 20 ms
    wanted = np.interp(ticks * 0.02 * 60.1, np.arange(len(LEAD.volumes)), LEAD.volumes) / 15 * 64
    assert np.interp(ticks, *zip(*points, strict=True)) == pytest.approx(wanted, abs=3)


def test_a_long_envelope_is_simplified() -> None:
    rng = np.random.default_rng(3)
    volumes = tuple(np.clip(np.rint(12 - np.arange(60) / 5 + rng.normal(0, 1, 60)), 0, 15).astype(int).tolist())
    sound = Instrument(volumes)
    module = read(xm_bytes(Score(2.0, (Tone(0.0, 1.5, (60.0,), sound),)), Timing.constant(150.0)))
    points = module.instruments[0].points
    assert len(points) <= 12
    errors = np.interp(np.arange(60), *zip(*points, strict=True)) - np.array(volumes) / 15 * 64
    assert np.abs(errors).mean() < 5


def test_vibrato_is_the_instruments_own() -> None:
    tones = (Tone(0.0, 0.5, (60.0,), Instrument((15,), vibrato=0.2)), Tone(0.5, 0.9, (60.0,), PLAIN))
    module = read(xm_bytes(Score(1.0, tones), Timing.constant(150.0)))
    assert module.instruments[0].vibrato == (20, 13, 23)
    assert module.instruments[1].vibrato == (0, 0, 0)


def test_waves_are_the_chips() -> None:
    drum = Drum((15,) * 10, (6,) * 10)
    score = Score(
        2.0,
        tuple(Tone(0.4 * i, 0.4 * i + 0.3, (60.0,), Instrument((15,), duty)) for i, duty in enumerate(Duty)),
        triangle=(Tone(0.0, 1.0, (50.0,), BASS),),
        noise=(Hit(0.0, drum),),
        dmc=(Trigger(0.0, SNARE_SAMPLE),),
    )
    module = read(xm_bytes(score, Timing.constant(150.0)))
    for instrument, share in zip(module.instruments, (0.125, 0.25, 0.5, 0.75), strict=False):
        for wave in instrument.waves:
            assert wave.loop == len(wave.levels)
            assert (wave.levels > 0).mean() == share
    triangle, noise, sample = module.instruments[4:]
    longest = triangle.waves[0].levels
    assert len(np.unique(longest)) == 16
    assert np.count_nonzero(np.diff(longest)) == 30
    # The linear mixer's weights: .00851 a step of the triangle, .00752 of a pulse, .00335 of the DMC.
    size = np.ptp(module.instruments[2].waves[0].levels) / (15 * 0.00752)
    assert np.ptp(longest) / (15 * 0.00851) == pytest.approx(size, rel=0.01)
    levels = decoded(SNARE_SAMPLE.data)
    assert np.ptp(sample.waves[0].levels) / np.ptp(levels) == pytest.approx(0.00335 * size, rel=0.2)  # it is filtered
    assert sample.waves[0].loop == noise.waves[0].loop == 0
    assert len(noise.waves[0].levels) == pytest.approx(44_100 * (10 / 60.1 + 0.02), abs=2)


def test_many_tunings_share_instruments() -> None:
    rng = np.random.default_rng(1)
    sounds = [Instrument((volume,), duty) for volume in range(5, 15) for duty in Duty]
    tones = tuple(Tone(0.2 * i, 0.2 * i + 0.1, (60 + float(rng.uniform(0, 12)),), sounds[i % 40]) for i in range(1000))
    module = read(xm_bytes(Score(200.0, tones), Timing.constant(150.0)))
    assert 40 <= len(module.instruments) <= 128
    assert len(channel(module, 0)) == 1000


def test_too_many_instruments_are_refused() -> None:
    hits = tuple(Hit(0.2 * i, Drum((15, i // 16), (i % 16, 3))) for i in range(129))
    with pytest.raises(ChartError, match="129 different instruments"):
        xm_bytes(Score(30.0, noise=hits), Timing.constant(150.0))


def test_a_tune_too_long_says_so() -> None:
    with pytest.raises(ChartError, match=r"282 patterns, and an XM holds 256: about 27 minutes"):
        xm_bytes(Score(1800.0), Timing.constant(150.0))


@pytest.mark.parametrize(("title", "field"), [("夜に駆ける", ""), ("Ünder the sea of stars", "Under the sea of sta")])
def test_titles_are_ascii(title: str, field: str) -> None:
    assert read(xm_bytes(Score(1.0, title=title), Timing.constant(150.0))).title == field


@pytest.mark.parametrize("seconds", [0.0, 0.02])
def test_nearly_nothing_is_a_module_still(seconds: float) -> None:
    module = read(xm_bytes(Score(seconds), Timing.constant(150.0)))
    assert len(module.rows) == 1


# What a player makes of it.


def starts_of(samples: NDArray[np.float64], tones: tuple[Tone, ...]) -> NDArray[np.float64]:
    """Seconds by which notes after a silence sound later than written."""
    late = []
    for tone in tones:
        near = np.abs(samples[round((tone.start - 0.03) * RATE) : round((tone.start + 0.1) * RATE)])
        late.append(np.argmax(near > 0.25 * near.max()) / RATE - 0.03)
    return np.array(late)


@pytest.mark.slow
@EACH_TIMING
def test_openmpt_plays_pitches_and_starts(timing: Timing, tmp_path: Path) -> None:
    openmpt123 = program("openmpt123")
    pitches = (45.0, 57.0, 60.4, 69.0, 81.3, 84.0, 95.0)
    tones = tuple(Tone(0.2 + 0.513 * i, 0.6 + 0.513 * i, (midi,), PLAIN) for i, midi in enumerate(pitches))
    low = tuple(Tone(tone.start + 4.0, tone.end + 4.0, tone.pitches, BASS) for tone in tones)
    file = tmp_path / "tune.xm"
    file.write_bytes(xm_bytes(Score(8.0, tones, triangle=low), timing))
    told = subprocess.run([openmpt123, "--info", str(file)], capture_output=True, text=True, check=True).stdout
    minutes, seconds = re.search(r"Duration\.*: (\d+):([\d.]+)", told).groups()
    assert 60 * int(minutes) + float(seconds) == pytest.approx(8.0, abs=0.02)

    samples = played_by_openmpt(file)
    assert len(samples) / RATE == pytest.approx(8.0, abs=0.13)  # it adds a tenth of a second to fade out
    for tone in tones + low:
        wanted = 440 * 2 ** ((tone.pitches[0] - 69) / 12)
        steady = samples[round((tone.start + 0.06) * RATE) : round((tone.end - 0.06) * RATE)]
        assert cents(pitch(steady, wanted), wanted) == pytest.approx(0, abs=3.2)
    assert np.abs(starts_of(samples, tones + low)).max() < 0.02


def test_openmpt_balances_the_voices_as_the_chip(tmp_path: Path) -> None:
    steady = Drum((11,) * 24, (8,) * 24)
    score = Score(
        6.0,
        (Tone(0.2, 0.7, (69.0,), PLAIN),),
        (Tone(1.0, 1.5, (60.0,), LEAD),),
        (Tone(2.0, 2.5, (57.0,), BASS),),
        (Hit(3.0, steady), Hit(3.6, SNARE), Hit(4.0, HAT)),
        (Trigger(4.4, KICK_SAMPLE), Trigger(5.0, SNARE_SAMPLE)),
    )
    file = tmp_path / "tune.xm"
    file.write_bytes(xm_bytes(score, Timing.constant(150.0)))
    theirs, ours = played_by_openmpt(file), render(register_log(score), RATE, Mixing.LINEAR)
    ratios = []
    for start in (0.2, 1.0, 2.0, 3.0, 3.6, 4.0, 4.4, 5.0):
        part = slice(round((start - 0.03) * RATE), round((start + 0.35) * RATE))
        ratios.append(decibels(float(np.std(theirs[part]) / np.std(ours[part]))))
    assert np.array(ratios) - ratios[0] == pytest.approx(0, abs=1.5)
