"""How much of a song the chiptune cover keeps: its harmony over time, and the attacks of its melody.

    python -m tests.benchmarks.cover --corpus data/songs --manifest data/songs.tsv [--split valid]

The arranger gets the human chart's timing and its hardest chart; the score is played by our own chip.

- Chroma: librosa's `chroma_stft` (4096 samples, its own tuning) of song and preview, ten frames a second, averaged over
  a second, every second frame kept; each frame's mean over the 12 classes is taken away. What is shown is Pearson's
  correlation over all frames and classes, so that it asks which classes sound when. Chance is the same preview beside
  every other song of the split, both cut to the shorter one.
- Lead starts: the share of the lead's notes that start within 30 ms of an onset of the song by librosa's detector,
  without backtracking, 12 ms earlier: so late it is at this rate and hop on the example song, whose starts are known
  (median over its 119 lead notes; 11 ms over its kicks). The detector scales its strengths by their greatest, so that
  one crash can hide all else; "onsets" cuts them at their 99th percentile first, "plain" is the detector as it comes.
  Chance is the lead shifted by 100, 170, 230 and 310 ms.

Needs the extra `bench`. Prints a line for each song and the means; asserts nothing.
"""

import time
from pathlib import Path
from typing import Annotated, NamedTuple

import librosa
import numpy as np
import typer
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from charter.arrange import cover
from charter.audio import Audio, decode
from charter.audio.spec import AudioSpec
from datasets.songs import LabelledSong, labelled_songs
from export.chiptune.driver import register_log
from export.chiptune.render import render

RATE = AudioSpec().sample_rate
HOP = RATE // 100
NEAR = 0.030
LATE = 0.012
SHIFTS = (0.10, 0.17, 0.23, 0.31)

Array = NDArray[np.floating]


class Measured(NamedTuple):
    """Of one song; seconds: what listening and arranging took."""

    name: str
    song: Array
    preview: Array
    starts: Array
    onsets: Array
    plain_onsets: Array
    duration: float
    seconds: float


def chroma(samples: Array) -> Array:
    """(frames, 12), five a second, without each frame's mean."""
    frames = librosa.feature.chroma_stft(y=samples, sr=RATE, n_fft=4096, hop_length=RATE // 10).T
    smooth = uniform_filter1d(frames, 10, axis=0)[::2]
    return np.asarray(smooth - smooth.mean(axis=1, keepdims=True))


def onsets(samples: Array, percentile: float) -> Array:
    """Seconds of the onsets, strengths cut at a percentile of theirs."""
    strengths = librosa.onset.onset_strength(y=samples, sr=RATE, hop_length=HOP)
    cut = np.minimum(strengths, np.percentile(strengths, percentile))
    return np.asarray(librosa.onset.onset_detect(onset_envelope=cut, sr=RATE, hop_length=HOP, units="time") - LATE)


def correlation(one: Array, other: Array) -> float:
    frames = min(len(one), len(other))
    return float(np.corrcoef(one[:frames].ravel(), other[:frames].ravel())[0, 1])


def near_share(starts: Array, found: Array) -> float:
    if not len(starts) or not len(found):
        return 0.0
    return float((np.abs(starts[:, None] - found).min(axis=1) <= NEAR).mean())


def measured(song: LabelledSong) -> Measured:
    assert song.audio is not None
    audio = decode(song.audio, RATE)
    begun = time.perf_counter()
    score = cover(Audio(audio.samples, RATE), song.timing, song.charts[max(song.charts)])
    seconds = time.perf_counter() - begun
    preview = render(register_log(score), RATE)
    return Measured(
        name=song.id,
        song=chroma(audio.samples),
        preview=chroma(preview),
        starts=np.array([tone.start for tone in score.pulse_1]),
        onsets=onsets(audio.samples, 99),
        plain_onsets=onsets(audio.samples, 100),
        duration=audio.duration,
        seconds=seconds,
    )


def main(
    corpus: Annotated[Path, typer.Option(help="Folder of songs.")],
    manifest: Annotated[Path, typer.Option(help="Its list.")],
    split: Annotated[str, typer.Option(help="train or valid.")] = "valid",
) -> None:
    songs = [song for song in labelled_songs(corpus, manifest) if song.split == split and song.audio is not None]
    results = [measured(song) for song in songs]
    rows = []
    typer.echo(f"{split:44s}  chroma chance   onsets chance    plain chance   notes/s")
    for own in results:
        others = [correlation(own.preview, other.song) for other in results if other is not own]
        row = [correlation(own.preview, own.song), float(np.mean(others))]
        for found in (own.onsets, own.plain_onsets):
            row.append(near_share(own.starts, found))
            row.append(float(np.mean([near_share(own.starts + shift, found) for shift in SHIFTS])))
        row.append(len(own.starts) / own.duration)
        rows.append(row)
        typer.echo(f"{own.name[:44]:44s} " + "".join(f"{value:8.2f}" for value in row))
    typer.echo(
        f"{'mean of ' + str(len(rows)) + ' songs':44s} " + "".join(f"{value:8.3f}" for value in np.mean(rows, axis=0))
    )
    per_two_minutes = 120 * sum(own.seconds for own in results) / sum(own.duration for own in results)
    typer.echo(f"{per_two_minutes:.2f} s to listen and arrange two minutes of audio")


if __name__ == "__main__":
    typer.run(main)
