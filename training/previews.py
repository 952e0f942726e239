"""Preview passages beside those that people chose.

    python -m training passage --corpus data/songs --manifest data/songs.tsv --charts-only data/charts_only
    python -m training previews --corpus data/songs --manifest data/songs.tsv --charts-only data/charts_only \\
        --split valid

The first prints the weights of `charter.sections.passage`, fitted on the train split and on charts without audio; the
second scores the passage and simpler picks on a split, and the same algorithm with less to hear by: each ear with
weights of its own, fitted alike.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from charter.audio.decode import decode
from charter.audio.spec import AudioSpec
from charter.cli.tables import Cell
from charter.errors import RequestError
from charter.model.sections import SectionNet
from charter.notation import TICKS_PER_BEAT, PreviewWindow
from charter.sections.bars import STEPS_PER_BAR, Bars, bar_steps
from charter.sections.form import Form, form_of
from charter.sections.likeness import blended, self_similarity
from charter.sections.passage import Windows, likeliest_overlap, overlap, pick_passage
from charter.sections.sound import BarSounds
from datasets.cache import Heard, heard
from datasets.previews import is_chosen
from datasets.songs import LabelledSong, labelled_songs, same_title
from training.passage_fit import PassageFit, Pick, fit_passage, fit_weights
from training.rhythm_form import end_of_charts, rhythm_form

_EARS = ("section net", "log-mel", "chroma", "section net and chroma")
_SHIPPED_EAR = _EARS[-1]
_MEL_PARTS = 8  # of a bar, of which log-mel spectra are taken for comparison
_PICK_SECONDS, _GAME_SECONDS = 15.0, 12.0
_RANDOM_PICKS = 200
_NEAR_SECONDS = 2.0


@dataclass(frozen=True, eq=False)
class ChosenSong:
    """A song whose preview a person chose.

    forms: by what its bars are told apart by; loudness: mean power of each second, (seconds,), in no particular unit
    """

    song: LabelledSong
    duration: float
    chosen: PreviewWindow
    forms: dict[str, Form]
    loudness: NDArray[np.float64]


def fit_shipped(
    corpus: Path, manifest: Path, net: SectionNet, cache: Path | None, charts_only: Path | None = None
) -> PassageFit:
    """The weights of the passage, of the train split and of a folder of simfiles without audio.

    Raises as the reading of the corpus does.
    """
    songs = _chosen(corpus, manifest, "train", net, cache)
    by_charts = picks_by_charts(corpus, manifest, charts_only) if charts_only is not None else []
    return fit_passage([Pick.of(song.forms[_SHIPPED_EAR], song.chosen) for song in songs], by_charts)


def picks_by_charts(corpus: Path, manifest: Path, charts_only: Path) -> list[Pick]:
    """What people chose for songs of which there are only charts; none of which the corpus has too."""
    titles = [song.title for song in labelled_songs(corpus, manifest)]
    picks = []
    for song in labelled_songs(charts_only):
        chosen = song.preview
        if chosen is None or not is_chosen(chosen, song.timing, end_of_charts(song)):
            continue
        if not any(same_title(song.title, title) for title in titles):
            picks.append(Pick.of(rhythm_form(song), chosen))
    return picks


def chosen_songs(corpus: Path, manifest: Path, split: str, net: SectionNet, cache: Path | None) -> Iterator[ChosenSong]:
    """The songs of a split whose window a person chose, on the human timing. Raises as their reading does."""
    for song in labelled_songs(corpus, manifest):
        if song.split != split or song.audio is None:
            continue
        features = heard(song.audio, net.config.audio, cache)
        if song.preview is not None and is_chosen(song.preview, song.timing, features.duration):
            forms = _forms(song, features, net)
            yield ChosenSong(song, features.duration, song.preview, forms, _loudness(features, net.config.audio))


def _chosen(corpus: Path, manifest: Path, split: str, net: SectionNet, cache: Path | None) -> list[ChosenSong]:
    songs = list(chosen_songs(corpus, manifest, split, net, cache))
    if not songs:
        raise RequestError(f"{manifest}: lists no song in the {split} split whose preview a person chose")
    return songs


def _forms(song: LabelledSong, features: Heard, net: SectionNet) -> dict[str, Form]:
    assert song.audio is not None
    spec = net.config.audio
    bars = Bars.of(song.timing, features.span.end if features.span else features.duration)
    mel = features.mel.astype(np.float32)
    sounds = BarSounds.of(net, mel, decode(song.audio, spec.sample_rate), bars)
    points, harmony = self_similarity(sounds.points), self_similarity(sounds.harmony)
    plain = self_similarity(_spectra(mel, spec, bars))
    alike = (blended(points), blended(plain), blended(harmony), blended(points, harmony))
    return {
        ear: form_of(features.duration, bars, similar, sounds.intensity)
        for ear, similar in zip(_EARS, alike, strict=True)
    }


def _spectra(mel: NDArray[np.float32], spec: AudioSpec, bars: Bars) -> NDArray[np.float32]:
    """Log-mel spectra of the eighths of each bar, in pairs of bands, as one vector: (bars, values)."""
    steps = bar_steps(mel, spec, bars)[..., int(np.argmax(spec.windows))]
    parts = steps.reshape(len(bars), _MEL_PARTS, STEPS_PER_BAR // _MEL_PARTS, spec.mels // 2, 2)
    return np.asarray(parts.mean((2, 4)).reshape(len(bars), -1))


def _loudness(features: Heard, spec: AudioSpec) -> NDArray[np.float64]:
    second = round(spec.frames_per_second)
    power = np.power(10.0, 5 * features.mel[..., 0].astype(np.float64)).mean(1)  # features are log10 of power by 5
    return np.asarray(power[: len(power) // second * second].reshape(-1, second).mean(1))


def preview_tables(
    corpus: Path, manifest: Path, split: str, net: SectionNet, cache: Path | None, charts_only: Path | None = None
) -> tuple[list[list[Cell]], list[list[Cell]]]:
    """How picks do on a split, and how near the people's starts lie to boundaries; lines of two tables.

    The first: pick, songs, mean intersection over union, mean share of the human window covered, share of starts within
    2 s, mean length. The second: ear, share of human starts within a bar of a boundary, that of all bars.
    """
    songs = _chosen(corpus, manifest, split, net, cache)
    learnt = _chosen(corpus, manifest, "train", net, cache)
    by_charts = picks_by_charts(corpus, manifest, charts_only) if charts_only is not None else []
    lines = [_line(name, songs, pick) for name, pick in _SIMPLE.items()]
    for ear in _EARS:
        lines.append(_line(f"passage by {ear}, fitted anew", songs, _fitted(ear, learnt, by_charts)))
    lines.append(_line("passage as shipped", songs, lambda song: [pick_passage(song.forms[_SHIPPED_EAR])]))
    return lines, [[ear, *_near_boundaries(ear, songs)] for ear in _EARS]


PickPassages = Callable[[ChosenSong], Sequence[PreviewWindow]]  # several where it is by chance


def _line(name: str, songs: Sequence[ChosenSong], pick: PickPassages) -> list[Cell]:
    figures = np.array([np.mean([_figures(window, song.chosen) for window in pick(song)], axis=0) for song in songs])
    return [name, len(songs), *(float(figure) for figure in figures.mean(axis=0))]


def _figures(picked: PreviewWindow, chosen: PreviewWindow) -> tuple[float, ...]:
    ends = picked.start + picked.length, chosen.start + chosen.length
    shared = overlap(*(np.array(value) for value in (picked.start, ends[0], chosen.start, ends[1])))
    covered = max(0.0, min(ends) - max(picked.start, chosen.start)) / chosen.length
    return float(shared), covered, float(abs(picked.start - chosen.start) < _NEAR_SECONDS), picked.length


def _fitted(ear: str, learnt: Sequence[ChosenSong], by_charts: Sequence[Pick]) -> PickPassages:
    picks = [Pick.of(song.forms[ear], song.chosen) for song in learnt]
    weights = fit_weights(picks, np.concatenate([pick.measured for pick in picks]).std(axis=0) + 1e-9, by_charts)

    def pick(song: ChosenSong) -> list[PreviewWindow]:
        asked = Pick.of(song.forms[ear], song.chosen)
        at = likeliest_overlap(asked.windows, asked.measured @ weights)
        return [_window(asked.windows, at)]

    return pick


def _window(windows: Windows, at: int) -> PreviewWindow:
    return PreviewWindow(float(windows.starts[at]), float(windows.ends[at] - windows.starts[at]))


def _near_boundaries(ear: str, songs: Sequence[ChosenSong]) -> tuple[float, float]:
    near, by_chance = [], []
    for song in songs:
        form = song.forms[ear]
        starts = np.array([section.start for section in form.sections])
        bar = float(np.median(form.bars.lengths))
        near.append(np.abs(starts - song.chosen.start).min() <= bar)
        by_chance.append((np.abs(form.bars.edges[:-1, None] - starts).min(axis=1) <= bar).mean())
    return float(np.mean(near)), float(np.mean(by_chance))


def _by_chance(song: ChosenSong) -> list[PreviewWindow]:
    starts = np.linspace(0, max(song.duration - _PICK_SECONDS, 0), _RANDOM_PICKS)
    return [PreviewWindow(float(start), _PICK_SECONDS) for start in starts]


def _at_beat_100(song: ChosenSong) -> list[PreviewWindow]:
    return [PreviewWindow(float(song.song.timing.seconds_at(100 * TICKS_PER_BEAT)), _GAME_SECONDS)]


def _loudest(song: ChosenSong) -> list[PreviewWindow]:
    total = np.convolve(song.loudness, np.ones(int(_PICK_SECONDS)), "valid")
    return [PreviewWindow(float(total.argmax()), _PICK_SECONDS)]


def _busiest(song: ChosenSong) -> list[PreviewWindow]:
    """The most rows of the hardest human chart, from a measure on."""
    timing, chart = song.song.timing, song.song.charts[max(song.song.charts)]
    hits = timing.seconds_at(chart.hit_ticks(timing))
    starts = song.forms[_SHIPPED_EAR].bars.edges[:-1]
    rows = np.searchsorted(hits, starts + _PICK_SECONDS) - np.searchsorted(hits, starts)
    return [PreviewWindow(float(starts[rows.argmax()]), _PICK_SECONDS)]


_SIMPLE: dict[str, PickPassages] = {
    "15 s from any second": _by_chance,
    "15 s from 30 s on": lambda song: [PreviewWindow(30.0, _PICK_SECONDS)],
    "15 s from 40 % of the song on": lambda song: [PreviewWindow(0.4 * song.duration, _PICK_SECONDS)],
    "20 s from 40 % of the song on": lambda song: [PreviewWindow(0.4 * song.duration, 20.0)],
    "12 s from beat 100 on, as the game": _at_beat_100,
    "loudest 15 s": _loudest,
    "busiest 15 s of the hardest human chart": _busiest,
}
