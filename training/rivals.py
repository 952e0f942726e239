"""The weights that choose among the candidates of a song's tempo and of its downbeats, fitted on human charts.

    python -m training fit --config training/configs/beats.yaml --data.init_args.loader.held_out 3
    python -m training release runs/…/last.ckpt --out held-out.safetensors
    python -m training rivals --corpus data/songs --manifest data/songs.tsv --beats held-out.safetensors --held-out 3

Both choices are conditional logits, fitted on all songs of the train and valid splits (not on those of other games,
which write a tempo at half or at double by other habits). How right they are is read, by cross-validation, from the
songs alone that the beat net has not heard, the held-out part and the valid split: what a net says of songs it learnt
from is too good.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax

from charter.audio import audible_span
from charter.audio.song_audio import SongAudio
from charter.model.beats import BeatNet
from charter.notation import BEATS_PER_MEASURE, TICKS_PER_BEAT, Timing
from charter.tempo.candidates import candidate_pulses
from charter.tempo.choice import WEIGHTS, features
from charter.tempo.downbeat import DOWNBEAT_WEIGHTS, downbeat_features
from charter.tempo.pulse import Pulse
from charter.tempo.recording import Recording
from charter.tempo.tempo_range import TempoRange
from datasets.beats import beats_within
from datasets.songs import labelled_songs
from datasets.splits import is_held_out

_PENALTY = 0.2  # of a weight's square, in the scale of its feature's spread
_FOLDS = 10
_SAME_PERIOD, _SAME_BEAT_SECONDS, _SHARE_OF_BEATS = 3e-3, 0.025, 0.7


@dataclass(frozen=True, eq=False)
class Choice:
    """Candidates of which some are right.

    measured: (candidates, features); right: (candidates,); unheard: of a song that the beat net has not learnt from
    """

    measured: NDArray[np.float64]
    right: NDArray[np.bool_]
    unheard: bool = True


class Fit(NamedTuple):
    """weights: by feature.

    choices: how many of unheard songs; accuracy, cross_entropy: on those, left out of the fit, in ten parts
    """

    weights: dict[str, float]
    choices: int
    accuracy: float
    cross_entropy: float


def fit_rivals(corpus: Path, manifest: Path, net: BeatNet, held_out: int) -> tuple[Fit, Fit]:
    """The fit of the tempo's weights, and that of the downbeat's. Raises as the reading of the corpus does."""
    tempos, downbeats = [], []
    for audio, timing, unheard in _songs(corpus, manifest, held_out):
        song = SongAudio(audio)
        span = audible_span(song.audio(net.config.audio))
        if span is None:
            continue
        recording = Recording.of(song, net, span)
        there = timing.shifted(-recording.start)
        tempos.append(Choice(*_tempo_choice(recording, there), unheard))
        if len(timing.tempos) == 1 and not timing.stops:
            downbeats.append(Choice(*_downbeat_choice(recording, there), unheard))
    return _fitted(list(WEIGHTS), tempos), _fitted(list(DOWNBEAT_WEIGHTS), downbeats)


def _songs(corpus: Path, manifest: Path, held_out: int) -> Iterator[tuple[Path, Timing, bool]]:
    """(audio, timing, whether the net has not heard it) of every song to fit on."""
    for song in labelled_songs(corpus, manifest):
        if song.split in ("train", "valid") and song.is_synced and song.audio is not None:
            yield song.audio, song.timing, song.split == "valid" or is_held_out(song.id, held_out)


def _tempo_choice(recording: Recording, timing: Timing) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    pulses = candidate_pulses(recording, TempoRange())
    human, _ = beats_within(timing, *recording.span)
    lengths = np.sort(np.diff(human))
    usual = float(
        lengths[np.searchsorted(np.cumsum(lengths), lengths.sum() / 2)]
    )  # the median, each beat by its length
    right = [
        abs(pulse.period / usual - 1) < _SAME_PERIOD
        and np.mean([abs(pulse.off(beat)) < _SAME_BEAT_SECONDS for beat in human]) > _SHARE_OF_BEATS
        for pulse in pulses
    ]
    measured = [[features(recording, pulse)[feature] for feature in WEIGHTS] for pulse in pulses]
    return np.array(measured), np.array(right)


def _downbeat_choice(recording: Recording, timing: Timing) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    beats = Pulse(float(timing.seconds_at(0)), 60 / timing.tempos[0].bpm).beats_in(*recording.span)
    first = round(float(timing.ticks_at(beats[0])) / TICKS_PER_BEAT)
    measured = downbeat_features(recording, beats)
    right = (first + np.arange(BEATS_PER_MEASURE)) % BEATS_PER_MEASURE == 0
    return np.stack([measured[feature] for feature in DOWNBEAT_WEIGHTS], axis=1), right


def _fitted(names: Sequence[str], choices: Sequence[Choice]) -> Fit:
    usable = [choice for choice in choices if choice.right.any()]
    spread = np.concatenate([choice.measured for choice in usable]).std(axis=0) + 1e-9
    hits, losses = [], []
    for fold in range(_FOLDS):
        weights = _logit([choice for i, choice in enumerate(usable) if i % _FOLDS != fold], spread)
        for choice in (choice for choice in usable[fold::_FOLDS] if choice.unheard):
            shares = softmax(choice.measured @ weights)
            hits.append(bool(choice.right[shares.argmax()]))
            losses.append(-float(np.log(shares[choice.right].sum())))
    final = _logit(usable, spread)
    # Songs without a right candidate count as wrong: no choice could have found theirs.
    unheard = sum(choice.unheard for choice in choices)
    accuracy = sum(hits) / max(unheard, 1)
    return Fit(dict(zip(names, final.tolist(), strict=True)), unheard, accuracy, float(np.mean(losses)))


def _logit(choices: Sequence[Choice], spread: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weights of a conditional logit, by maximum likelihood with a small penalty."""

    def loss(scaled: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = _PENALTY * float(np.square(scaled).sum()), 2 * _PENALTY * scaled
        for choice in choices:
            measured = choice.measured / spread
            scores = measured @ scaled
            total += float(logsumexp(scores) - logsumexp(scores[choice.right]))
            slope = slope + softmax(scores) @ measured - softmax(scores[choice.right]) @ measured[choice.right]
        return total, slope

    found = minimize(loss, np.zeros(len(spread)), jac=True, method="L-BFGS-B")
    return np.asarray(found.x / spread)
