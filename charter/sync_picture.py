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
        start, end = windows.seconds[0], windows.seconds[-1]
        edges = np.linspace(start, max(end, start + 1), min(_MOST_COLUMNS, len(windows.seconds)) + 1)
        lags = np.arange(-REACH_MS, REACH_MS + 2) - 0.5
        axes.pcolormesh(edges, lags, windows.shades(edges).T, cmap="inferno", rasterized=True)


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
