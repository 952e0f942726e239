"""The sound: no aliasing, a flat pass band, exact times, the consoles' filters, and blocks of any length of tune."""

import itertools

import numpy as np
import pytest

from charter.errors import RequestError
from export.chiptune.band_limit import DELAY, MULTIPLE, BandLimiter
from export.chiptune.hardware import Region
from export.chiptune.mixer import Mixing, pulse_table
from export.chiptune.render import Console, render, render_blocks
from tests.export.chiptune.registers import log_of

CLOCK = Region.NTSC.clock


def pulse(period, duty=2, volume=15):
    """The writes of a pulse from the start on."""
    return [
        (0, 0x4015, 0x01),
        (0, 0x4001, 0x08),
        (0, 0x4000, duty << 6 | 0x30 | volume),
        (0, 0x4002, period & 0xFF),
        (0, 0x4003, period >> 8),
    ]


def spectrum(samples, rate):
    """Frequencies and magnitudes in dB below the strongest, by a window whose side lobes are below -130 dB."""
    magnitudes = np.abs(np.fft.rfft((samples - samples.mean()) * np.kaiser(len(samples), 18)))
    return np.fft.rfftfreq(len(samples), 1 / rate), 20 * np.log10(magnitudes / magnitudes.max() + 1e-12)


def amplitude(samples, frequency, rate=48_000):
    """Of one sine, after the first quarter of a second, in a unit that depends on the number of samples."""
    steady = samples[rate // 4 :].astype(float)
    turns = np.exp(2j * np.pi * frequency / rate * np.arange(len(steady)))
    return abs(np.sum((steady - steady.mean()) * turns * np.hanning(len(steady))))


def gains(rate, frequencies, response=np.ones_like):
    """(n,) of the band limiter: of its answer to one jump, beside the spectrum of an ideal step's samples."""
    limiter = BandLimiter(CLOCK, rate, response)
    cycle = 300 * CLOCK / rate
    samples = limiter.block([(np.array([round(cycle)]), np.array([1.0]))], 64 * MULTIPLE)
    turns = np.exp(-2j * np.pi * np.outer(frequencies / rate, np.arange(len(samples))))
    return np.abs(turns @ np.diff(samples, prepend=0)) / np.sinc(frequencies / rate)


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("duty", range(4))
def test_a_7_khz_pulse_holds_its_harmonics_and_nothing_else(rate, duty):
    period = 15
    frequency = CLOCK / 16 / (period + 1)
    assert abs(frequency - 7_000) < 10
    samples = render(log_of(*pulse(period, duty), end=int(1.6 * CLOCK)), rate, console=Console.NONE)
    frequencies, level = spectrum(samples[rate // 4 :][: 1 << 16].astype(float), rate)
    harmonic = np.abs(frequencies - np.round(frequencies / frequency) * frequency) < 12
    assert level[~harmonic].max() < -75
    share = (0.125, 0.25, 0.5, 0.75)[duty]
    wanted = abs(np.sin(2 * np.pi * share) / np.sin(np.pi * share) / 2)
    got = amplitude(samples, 2 * frequency, rate) / amplitude(samples, frequency, rate)
    assert got == pytest.approx(wanted, abs=1e-3)


def test_the_highest_pulse_aliases_no_more_than_60_db_below_itself():
    frequency = CLOCK / 16 / 9
    samples = render(log_of(*pulse(8, 0), end=int(1.6 * CLOCK)), 44_100, console=Console.NONE)
    frequencies, level = spectrum(samples[10_000:][: 1 << 15].astype(float), 44_100)
    assert level[np.abs(frequencies - frequency) > 20].max() < -60


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
def test_the_pass_band_is_flat_and_the_stop_band_quiet(rate):
    flat = gains(rate, np.linspace(50, 0.41 * rate, 80))
    assert 20 * np.log10(flat) == pytest.approx(np.zeros(80), abs=0.02)
    # A kernel's stop band folds back; at the sampling rate's half the gain is on its way there.
    assert 20 * np.log10(gains(rate, np.array([rate / 2]))[0]) < -60


def test_steps_stand_where_they_were_written():
    """The middle of a band-limited step is at its cycle, within a hundredth of a sample."""
    rate = 48_000
    limiter = BandLimiter(CLOCK, rate)
    for cycle in (20_000, 20_009, 20_031):
        samples = BandLimiter(CLOCK, rate).block([(np.array([cycle]), np.array([1.0]))], 64 * MULTIPLE)
        impulse = np.diff(samples, prepend=0)
        phase = np.angle(np.sum(impulse * np.exp(-2j * np.pi * np.arange(len(impulse)) / 64)))
        centre = -phase / (2 * np.pi) * 64
        # A step's sampled difference is centred half a sample behind the step.
        late = centre - 0.5 - DELAY - cycle * rate / CLOCK
        assert abs((late + 32) % 64 - 32) < 0.01
    assert limiter.block([], MULTIPLE).tolist() == [0.0] * MULTIPLE


def test_levels_are_the_mixers():
    samples = render(log_of(*pulse(0x7FF), end=400_000), console=Console.NONE)
    top = pulse_table(Mixing.NONLINEAR)[15]
    assert np.median(samples[samples > top / 2]) == pytest.approx(top, abs=1e-6)
    linear = render(log_of(*pulse(0x7FF), end=400_000), mixing=Mixing.LINEAR, console=Console.NONE)
    assert np.median(linear[linear > top / 2]) == pytest.approx(15 * 0.00752, abs=1e-6)


@pytest.mark.parametrize(
    ("console", "corners"), [(Console.FAMICOM, {37: -3.01}), (Console.NES, {90: -16.9, 440: -3.2, 12_400: -2.5})]
)
def test_consoles_filter_as_documented(console, corners):
    """A pulse near each frequency, beside the same without a console, against the filters' formulas."""
    for wanted, about in corners.items():
        period = min(round(CLOCK / 16 / wanted) - 1, 0x7FF)
        frequency = CLOCK / 16 / (period + 1)
        logs = log_of(*pulse(period), end=int(2.5 * CLOCK))
        level = []
        for one in (console, Console.NONE):
            level.append(amplitude(render(logs, console=one), frequency))
        gain = 1 / np.sqrt(1 + (frequency / 14_000) ** 2) if console is Console.NES else 1.0
        for corner in console.high_passes:
            gain /= np.sqrt(1 + (corner / frequency) ** 2)
        assert 20 * np.log10(level[0] / level[1]) == pytest.approx(20 * np.log10(gain), abs=0.1)
        if abs(frequency - wanted) < 0.1 * wanted:
            assert 20 * np.log10(gain) == pytest.approx(about, abs=0.5)


def test_a_silent_chip_is_silence():
    assert np.all(render(log_of(end=100_000)) == 0)
    assert len(render(log_of(end=0))) == 0


def test_blocks_put_together_are_the_whole_of_the_asked_length():
    log = log_of(*pulse(100), (3_000_000, 0x4000, 0x72), end=7_000_001)
    blocks = list(render_blocks(log))
    whole = np.concatenate(blocks)
    assert len(blocks) > 2
    assert all(block.dtype == np.float32 and block.ndim == 1 for block in blocks)
    assert len(whole) == round(7_000_001 / CLOCK * 48_000)
    assert np.array_equal(whole, render(log))


@pytest.mark.parametrize("console", Console)
def test_blocks_leave_no_seams(console, monkeypatch):
    log = log_of(
        *pulse(97),
        (5, 0x4015, 0x0F),
        (5, 0x4008, 0xFF),
        (5, 0x400A, 0x80),
        (5, 0x400C, 0x3F),
        (5, 0x400E, 0x03),
        (9, 0x400B, 0x00),
        (9, 0x400F, 0x00),
        end=500_000,
    )
    whole = render(log, console=console)
    assert whole.std() > 0.02
    monkeypatch.setattr("export.chiptune.render._BLOCK_FRAMES", 4 * MULTIPLE)
    assert render(log, console=console) == pytest.approx(whole, abs=1e-6)


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_a_change_is_heard_when_it_is_written(rate):
    cycle = 123_456
    samples = render(log_of((cycle, 0x4011, 0x7F), end=400_000), rate, console=Console.NONE)
    assert np.argmax(samples > samples[-1] / 2) == np.ceil(cycle * rate / CLOCK)


def test_long_tunes_come_block_by_block():
    """The first blocks of three hours, of which no more is rendered than is asked for."""
    log = log_of(*pulse(253), end=int(3 * 3600 * CLOCK))
    first = list(itertools.islice(render_blocks(log), 2))
    assert np.array_equal(
        np.concatenate(first), render(log_of(*pulse(253), end=int(6 * CLOCK)))[: sum(map(len, first))]
    )


@pytest.mark.parametrize("rate", [0, 7_999, 96_001])
def test_rates_out_of_range_are_refused_at_once(rate):
    with pytest.raises(RequestError, match="sampling rate"):
        render_blocks(log_of(end=1000), rate)


def test_rendering_does_not_depend_on_the_clock_alone():
    """PAL's clock is slower, and so is a pulse of the same period there."""
    samples = render(log_of(*pulse(253), end=int(2 * CLOCK), region=Region.PAL), console=Console.NONE)
    frequencies, level = spectrum(samples[10_000:].astype(float), 48_000)
    assert frequencies[np.argmax(level)] == pytest.approx(Region.PAL.clock / 16 / 254, abs=0.5)
