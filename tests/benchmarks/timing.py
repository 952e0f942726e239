"""How right the found timing is, beside a plain comb and, where installed, librosa's beat tracker on the same songs.

    python -m tests.benchmarks.timing --corpus data/songs --manifest data/songs.tsv [--split valid] [--placement]

Truth is the human chart's timing, for songs whose sync the list measured well. A song is right if its tempo is within
0.05 BPM and its beats within 20 ms of the chart's at the start, the middle and the end; one with tempo changes or stops
if 90 % of its human beats are within 20 ms of ours. Prints shares and seconds; asserts nothing.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from charter.audio import audible_span
from charter.audio.song_audio import SongAudio
from charter.audio.spec import AudioSpec
from charter.errors import TimingError
from charter.generate import Models, generate
from charter.metrics.onsets import TimedChart, onset_seconds
from charter.model.shipped import SHIPPED_BEATS
from charter.model.weights import load_beats
from charter.notation import TICKS_PER_BEAT, TICKS_PER_MEASURE, Timing
from charter.request import Request
from charter.tempo.comb import strongest_pulse
from charter.tempo.envelope import find_onsets, onset_envelope
from charter.tempo.find import SURE, find_timing
from charter.tempo.pulse import Sharpener
from datasets.beats import beats_within
from datasets.songs import LabelledSong, labelled_songs

Beats = NDArray[np.float64]
NEAR, DOWNBEAT_NEAR = 0.020, 0.050
RIGHT_SHARE = 0.9


@dataclass(frozen=True)
class Answer:
    """timing: None where no beat was found; seconds: that it took; duration: of the song"""

    timing: Timing | None
    confidence: float
    seconds: float
    duration: float


@dataclass(frozen=True)
class Score:
    """Of one song; phase: at the worst of start, middle and end, seconds."""

    name: str
    is_steady: bool
    bpm_off: float
    octave_right: bool
    drift: float
    phase: float
    near: float
    beats: int
    downbeats: float
    answer: Answer

    @property
    def is_right(self) -> bool:
        if self.is_steady:
            return self.bpm_off < 0.05 and self.phase <= NEAR
        return self.near >= RIGHT_SHARE


def charter(song: SongAudio, spec: AudioSpec, weights: Path) -> tuple[Timing, float]:
    found = find_timing(song, load_beats(weights).net)
    return found.timing, found.confidence


def comb(song: SongAudio, spec: AudioSpec, _weights: Path) -> tuple[Timing, float]:
    """The comb over onsets by itself, its pulse brought to the attacks."""
    audio = song.audio(spec)
    span = audible_span(audio)
    assert span is not None
    envelope = onset_envelope(audio)
    pulse = strongest_pulse(find_onsets(envelope), span.end - span.start, 70, 210)
    pulse = Sharpener(envelope).sharpened(pulse, span)
    return Timing.constant(pulse.bpm, -float(pulse.beats_in(*span)[0])), 1.0


def librosa_beats(song: SongAudio, spec: AudioSpec, _weights: Path) -> tuple[Timing, float]:
    """librosa's beat tracker, with a straight line fitted through its beats."""
    import librosa  # noqa: PLC0415  # an extra of its own

    audio = song.audio(spec)
    _, beats = librosa.beat.beat_track(y=audio.samples, sr=audio.rate, start_bpm=150, units="time")
    period, first = np.polyfit(np.arange(len(beats)), beats, 1)
    return Timing.constant(60 / period, -float(first)), 1.0


METHODS: dict[str, Callable[[SongAudio, AudioSpec, Path], tuple[Timing, float]]] = {
    "charter": charter,
    "comb alone": comb,
    "librosa": librosa_beats,
}


def answered(method: str, path: Path, spec: AudioSpec, weights: Path) -> Answer:
    song = SongAudio(path)
    start = time.perf_counter()
    try:
        timing, confidence = METHODS[method](song, spec, weights)
    except TimingError:
        return Answer(None, 0.0, time.perf_counter() - start, song.audio(spec).duration)
    return Answer(timing, confidence, time.perf_counter() - start, song.audio(spec).duration)


def scored(song: LabelledSong, answer: Answer, span: tuple[float, float]) -> Score:
    human, _ = beats_within(song.timing, *span)
    steady = len(song.timing.tempos) == 1 and not (song.timing.stops or song.timing.delays or song.timing.warps)
    if answer.timing is None:
        return Score(song.id, steady, np.inf, False, np.inf, np.inf, 0.0, len(human), 0.0, answer)
    ours, our_downbeats = grid(answer.timing, span, TICKS_PER_BEAT), grid(answer.timing, span, TICKS_PER_MEASURE)
    downbeats = grid(song.timing, span, TICKS_PER_MEASURE)
    bpm, our_bpm = song.timing.tempos[0].bpm, answer.timing.tempos[0].bpm
    period = 60 / bpm
    # Phase is read modulo one human beat, so that a tempo of half or double has one too.
    off = [
        (nearest(ours, np.array([beat]))[0] - beat + period / 2) % period - period / 2
        for beat in (human[0], human[len(human) // 2], human[-1])
    ]
    one_tempo = len(answer.timing.tempos) == 1
    return Score(
        name=song.id,
        is_steady=steady,
        bpm_off=abs(our_bpm - bpm) if one_tempo else np.inf,
        octave_right=min(abs(our_bpm / bpm * k - 1) for k in (0.5, 1, 2)) < 2e-3,
        drift=abs(off[2] - off[0]),
        phase=max(map(abs, off)),
        near=float((np.abs(nearest(ours, human) - human) <= NEAR).mean()),
        beats=len(human),
        downbeats=float((np.abs(nearest(our_downbeats, downbeats) - downbeats) <= DOWNBEAT_NEAR).mean()),
        answer=answer,
    )


def grid(timing: Timing, span: tuple[float, float], every: int) -> Beats:
    first, last = (int(tick) // every for tick in timing.ticks_at(np.array(span)))
    return timing.seconds_at(np.arange(first - 1, last + 2) * every)


def nearest(beats: Beats, moments: Beats) -> Beats:
    after = np.clip(np.searchsorted(beats, moments), 1, len(beats) - 1)
    before = after - 1
    return np.where(moments - beats[before] < beats[after] - moments, beats[before], beats[after])


def show(split: str, method: str, scores: Sequence[Score]) -> None:
    steady = [score for score in scores if score.is_steady]
    changing = [score for score in scores if not score.is_steady]

    def share(hits: Sequence[bool]) -> str:
        return f"{np.mean(hits):6.1%} of {len(hits)}" if hits else "     - of 0"

    typer.echo(f"\n{split}, {method}")
    lines = {
        "one tempo: BPM within .05, drift up to 10 ms": [s.bpm_off < 0.05 and s.drift <= 0.010 for s in steady],
        "one tempo: BPM within .05": [s.bpm_off < 0.05 for s in steady],
        "one tempo: BPM right up to a factor of 2": [s.octave_right for s in steady],
        "one tempo: BPM right, beats within 10 ms": [s.bpm_off < 0.05 and s.phase <= 0.010 for s in steady],
        "one tempo: BPM right, beats within 20 ms": [s.is_right for s in steady],
        "one tempo: beats (modulo a human beat) within 10 ms": [s.phase <= 0.010 for s in steady],
        "one tempo: beats (modulo a human beat) within 20 ms": [s.phase <= NEAR for s in steady],
        "one tempo: downbeat": [s.downbeats > 0.5 for s in steady],
    }
    if method == "charter":
        lines["one tempo: right, of those above the warning line"] = [
            s.is_right for s in steady if s.answer.confidence >= SURE
        ]
        lines["all: right, of those above the warning line"] = [
            s.is_right for s in scores if s.answer.confidence >= SURE
        ]
        lines["all: above the warning line"] = [s.answer.confidence >= SURE for s in scores]
    for name, hits in lines.items():
        typer.echo(f"  {name:52s} {share(hits)}")
    if changing:
        pooled = sum(s.near * s.beats for s in changing) / sum(s.beats for s in changing)
        mean = np.mean([s.near for s in changing])
        typer.echo(
            f"  {'changes or stops: human beats within 20 ms':52s} {pooled:6.1%} of {sum(s.beats for s in changing)}"
        )
        typer.echo(f"  {'changes or stops: the same, mean over songs':52s} {mean:6.1%} of {len(changing)}")
    per_two_minutes = sum(s.answer.seconds for s in scores) / sum(s.answer.duration for s in scores) * 120
    typer.echo(f"  {'seconds for two minutes of audio':52s} {per_two_minutes:6.2f}")


def placement(songs: Sequence[LabelledSong], scores: Sequence[Score]) -> None:
    """F1 of rows within 20 ms, with given and with found timing, over the songs whose found timing is right."""
    models = Models.load()
    matched = {"given": [0, 0, 0], "found": [0, 0, 0]}
    right = {score.name for score in scores if score.is_right}
    for song in songs:
        if song.id not in right or song.audio is None:
            continue
        for name, request in (("given", Request(timing=song.timing)), ("found", Request())):
            made = generate(song.audio, request, models).song
            for chart in made.charts:
                if chart.difficulty in song.charts:
                    human = onset_seconds(TimedChart(song.charts[chart.difficulty], song.timing))
                    ours = onset_seconds(TimedChart(chart, made.timing))
                    hits = int((np.abs(nearest(ours, human) - human) <= NEAR).sum())
                    matched[name] = [a + b for a, b in zip(matched[name], (hits, len(human), len(ours)), strict=True)]
    for name, (hits, human_rows, our_rows) in matched.items():
        typer.echo(
            f"placement, {len(right)} songs, timing {name}: F1 within 20 ms {2 * hits / (human_rows + our_rows):.3f}"
        )


def main(
    corpus: Annotated[Path, typer.Option(help="Folder of songs.")],
    manifest: Annotated[Path, typer.Option(help="Its list.")],
    *,
    split: Annotated[list[str] | None, typer.Option(help="Repeatable.")] = None,
    method: Annotated[list[str] | None, typer.Option(help="Repeatable; all that are installed.")] = None,
    beats: Annotated[Path, typer.Option(help="Weights of the beat net.")] = SHIPPED_BEATS,
    with_placement: Annotated[
        bool, typer.Option("--placement", help="Also what found timing costs placement.")
    ] = False,
    wrong: Annotated[bool, typer.Option(help="Name the songs that are wrong.")] = False,
) -> None:
    spec = load_beats(beats).net.config.audio
    for name in split or ["valid"]:
        songs = [s for s in labelled_songs(corpus, manifest) if s.split == name and s.is_synced and s.audio is not None]
        for way in method or METHODS:
            try:
                scores = []
                for song in songs:
                    assert song.audio is not None
                    answer = answered(way, song.audio, spec, beats)
                    span = audible_span(SongAudio(song.audio).audio(spec))
                    assert span is not None
                    scores.append(scored(song, answer, span))
            except ImportError as error:
                typer.echo(f"\n{name}, {way}: left out ({error})")
                continue
            show(name, way, scores)
            if wrong:
                for score in scores:
                    if not score.is_right or score.downbeats <= 0.5:
                        found = score.answer.timing.tempos[0].bpm if score.answer.timing else 0
                        typer.echo(
                            f"    {score.name}: {found:.2f} BPM, confidence {score.answer.confidence:.2f},"
                            f" phase {1000 * score.phase:.0f} ms, near {score.near:.2f},"
                            f" downbeats {score.downbeats:.2f}"
                        )
            if with_placement and way == "charter":
                placement(songs, scores)


if __name__ == "__main__":
    typer.run(main)
