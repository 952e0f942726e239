"""The picture of a sync bias: what sounds around each beat of a song. (After the plots of Telperion's nine-or-null.)"""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from charter.figure import new_figure, save_png
from charter.notation import Timing
from charter.tempo.bias import REACH_MS, BeatWindows, SyncBias, beat_windows, sync_bias

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SIZE_INCHES, _DPI = (11.0, 4.5), 120
_DARKEST = 0.5  # of the median stretch's loudest moment
_MOST_COLUMNS = 240  # more would be thinner than a few pixels
_BEAT_COLOUR, _BIAS_COLOUR = "#ffffff", "#35e0ff"


def draw_sync(path: Path, envelope: NDArray[np.float32], timing: Timing) -> None:
    """Write a PNG: on the left the envelope around the beats along the song, on the right its mean over all beats.

    A level stripe is a steady tempo, a slanting one a BPM that is slightly off, a jump a missing stop or a cut.

    envelope: as `charter.tempo.envelope.onset_envelope` gives it, (milliseconds,)

    Raises RequestError where matplotlib is not installed, OutputError where the place cannot be written to.
    """
    windows, bias = beat_windows(envelope, timing), sync_bias(envelope, timing)
    figure = new_figure(_SIZE_INCHES, _DPI)
    song, fold = figure.subplots(1, 2, sharey=True, width_ratios=(4, 1))
    _draw_song(song, windows)
    _draw_fold(fold, windows)
    for axes in (song, fold):
        _draw_lines(axes, bias)
    fold.legend(loc="lower right", fontsize="small", facecolor="#303040", labelcolor="white", framealpha=0.9)
    figure.suptitle(_title(bias))
    save_png(path, figure)


def _draw_song(axes: "Axes", windows: BeatWindows) -> None:
    axes.set(xlabel="seconds of the song", ylabel="ms after the chart's beat", facecolor="black")
    axes.set_ylim(-REACH_MS, REACH_MS)
    if len(windows.seconds):
        edges, columns = _columns(windows)
        axes.pcolormesh(edges, np.arange(-REACH_MS, REACH_MS + 2) - 0.5, columns.T, cmap="inferno", rasterized=True)


def _columns(windows: BeatWindows) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What rises above the median in equal stretches of the song, at most 1: edges in seconds, (n, lags)."""
    count = min(_MOST_COLUMNS, len(windows.seconds))
    start, end = windows.seconds[0], windows.seconds[-1]
    edges = np.linspace(start, max(end, start + 1), count + 1)
    column = np.clip(np.searchsorted(edges, windows.seconds, side="right") - 1, 0, count - 1)
    sums = np.zeros((count, windows.rises.shape[1]))
    np.add.at(sums, column, windows.rises)
    rises = np.maximum(sums - np.median(sums, axis=1, keepdims=True), 0)
    # Beside its own loudest moment, a quiet stretch shows its beat as well; one without a beat stays dark.
    loudest = rises.max(axis=1, keepdims=True)
    return edges, rises / np.maximum(loudest, max(float(np.median(loudest)) * _DARKEST, 1e-12))


def _draw_fold(axes: "Axes", windows: BeatWindows) -> None:
    folded = windows.folded()
    lags = np.arange(-REACH_MS, REACH_MS + 1)
    axes.fill_betweenx(lags, folded, color="#f2844b", linewidth=0)
    axes.set(xlabel="mean of all beats", facecolor="black", xticks=[])
    axes.set_xlim(0, float(folded.max()) * 1.05 or 1.0)


def _draw_lines(axes: "Axes", bias: SyncBias) -> None:
    axes.axhline(0, color=_BEAT_COLOUR, linewidth=1, linestyle="--", label="the chart's beat")
    if bias.milliseconds is not None:
        axes.axhline(bias.milliseconds, color=_BIAS_COLOUR, linewidth=1, label="the sound")


def _title(bias: SyncBias) -> str:
    if bias.milliseconds is None:
        return "Where the sound lies cannot be told"
    side = "after" if bias.milliseconds >= 0 else "before"
    thirds = ", ".join("?" if third is None else f"{third:+.1f}" for third in bias.thirds)
    return f"The sound comes {abs(bias.milliseconds):.1f} ms {side} the chart's beat (thirds of the song: {thirds})"
