"""The picture of a song's form: which bars are alike, where it turns to something new, and the preview passage."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from charter.figure import new_figure, save_png
from charter.notation import PreviewWindow
from charter.sections.form import Form

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SIZE_INCHES, _DPI = (9.0, 11.0), 110
_HEIGHTS = (0.5, 8, 1.6, 1.6)  # of the rows: sections, similarity, novelty, intensity
_PASSAGE_COLOUR, _LINE_COLOUR = "#35e0ff", "#202030"
_LABEL_SHARE = 0.018  # of the song; a shorter section has no room for its letter
_DARKEST, _BRIGHTEST = 5, 99.5  # percentiles of the similarity


def draw_form(path: Path, form: Form, passage: PreviewWindow) -> None:
    """Write a PNG: the sections, the self-similarity of the bars, the novelty and the intensity, over the same seconds.

    Bright stripes beside the diagonal are passages that are played again.

    Raises RequestError where matplotlib is not installed, OutputError where the place cannot be written to.
    """
    figure = new_figure(_SIZE_INCHES, _DPI)
    rows = figure.subplots(len(_HEIGHTS), 1, sharex=True, height_ratios=_HEIGHTS)
    names, matrix, curve, energy = rows
    _draw_sections(names, form)
    _draw_similarity(matrix, form, passage)
    curve.plot(form.bars.edges, form.novelty, color="#b03060", linewidth=1.2, drawstyle="default")
    curve.set(ylabel="novelty", ylim=(0, max(float(form.novelty.max()) * 1.08, 0.1)))
    energy.stairs(form.intensity, form.bars.edges, baseline=None, color="#407040", linewidth=1.2)
    energy.set(ylabel="intensity", xlabel="seconds of the song")
    for axes in (curve, energy):
        for section in form.sections[1:]:
            axes.axvline(section.start, color=_LINE_COLOUR, linewidth=0.7, linestyle=":")
        axes.axvspan(passage.start, passage.start + passage.length, color=_PASSAGE_COLOUR, alpha=0.35, linewidth=0)
    energy.set_xlim(0, form.duration)
    end = passage.start + passage.length
    figure.suptitle(f"Preview from {passage.start:.1f} s to {end:.1f} s (blue)")
    save_png(path, figure)


def _draw_sections(axes: "Axes", form: Form) -> None:
    from matplotlib import colormaps  # noqa: PLC0415

    colours = colormaps["tab20"].colors  # type: ignore[attr-defined]
    order = list(dict.fromkeys(section.label for section in form.sections))
    for section in form.sections:
        colour = colours[(2 * order.index(section.label) + 1) % len(colours)]
        axes.axvspan(section.start, section.end, facecolor=colour, edgecolor="white", linewidth=1)
        if section.end - section.start > _LABEL_SHARE * form.duration:
            middle = (section.start + section.end) / 2
            axes.text(middle, 0.5, section.label, ha="center", va="center", fontsize="small")
    axes.set(yticks=[], ylim=(0, 1))


def _draw_similarity(axes: "Axes", form: Form, passage: PreviewWindow) -> None:
    from matplotlib.patches import Rectangle  # noqa: PLC0415

    axes.set(ylabel="seconds of the song", facecolor="black", ylim=(form.duration, 0))
    if len(form.bars):
        low, high = np.percentile(form.similar, [_DARKEST, _BRIGHTEST])
        edges = form.bars.edges
        axes.pcolormesh(edges, edges, form.similar, cmap="magma", vmin=low, vmax=max(high, low + 1e-6), rasterized=True)
    for section in form.sections[1:]:
        axes.axvline(section.start, color="white", linewidth=0.4, alpha=0.6)
        axes.axhline(section.start, color="white", linewidth=0.4, alpha=0.6)
    corner, size = (passage.start, passage.start), passage.length
    axes.add_patch(Rectangle(corner, size, size, fill=False, edgecolor=_PASSAGE_COLOUR, linewidth=2))
    for side in (axes.axvline, axes.axhline):
        for second in (passage.start, passage.start + size):
            side(second, color=_PASSAGE_COLOUR, linewidth=0.7, linestyle="--")
