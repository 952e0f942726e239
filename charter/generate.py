"""The one path: audio in, a song with its charts out."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

import charter
from charter.audio.decode import Audio, decode
from charter.audio.features import log_mel, sample_steps
from charter.audio.loudness import AudibleSpan, audible_span
from charter.audio.music import read_tags
from charter.decode.density import HIGHEST_METER, meter_of_density, plan_densities
from charter.decode.preview import preview_window
from charter.decode.rows import candidate_ticks, choose_rows, tick_logits
from charter.decode.symbols import Listening, Placed, write_symbols
from charter.errors import AudioError, CharterError, TimingError
from charter.model.grid import guide_channels
from charter.model.placement import Condition, PlacementNet, make_grid
from charter.model.symbols import SymbolNet
from charter.model.weights import SHIPPED_PLACEMENT, SHIPPED_SYMBOLS, Loaded, load_placement, load_symbols
from charter.notation import TICKS_PER_BEAT, Chart, Difficulty, Song, Timing
from charter.request import SYNC_BIAS_SECONDS, Request
from charter.tempo import estimate

SHORTEST_MUSIC_SECONDS = 4.0


@dataclass(frozen=True, eq=False)
class Models:
    """The networks of a generation, loaded once."""

    placement: Loaded[PlacementNet]
    symbols: Loaded[SymbolNet]

    @classmethod
    def load(cls, placement: Path | None = None, symbols: Path | None = None) -> "Models":
        """The weights of two files, by default those in the package. Raises WeightsError."""
        return cls(load_placement(placement or SHIPPED_PLACEMENT), load_symbols(symbols or SHIPPED_SYMBOLS))


@dataclass(frozen=True, eq=False)
class Generated:
    """A song with its charts, and what a record of it should say.

    duration: seconds of audio; music: where in them the music is
    """

    song: Song
    duration: float
    music: AudibleSpan
    request: Request
    fingerprints: dict[str, str]


def generate(path: Path, request: Request, models: Models) -> Generated:
    """Chart a song.

    Raises AudioError where there is no music to chart, TimingError where its tempo is neither given nor found; the
    message names the file.
    """
    audio = decode(path, models.placement.net.config.audio.sample_rate)
    tags = read_tags(path)
    try:
        music = _music(audio)
        timing = request.timing or estimate(audio, request.bpm)
        charts = _charts(audio, timing, request, models, music)
    except CharterError as error:
        raise type(error)(f"{path}: {error}") from error
    song = Song(
        title=request.title or tags.title or path.stem,
        artist=request.artist or tags.artist,
        timing=timing.shifted(-SYNC_BIAS_SECONDS[request.sync]),
        charts=charts,
        credit=_credit(request.seed),
        preview=preview_window(charts[-1], timing, audio.duration),
    )
    fingerprints = {"placement": models.placement.fingerprint, "symbols": models.symbols.fingerprint}
    return Generated(song, audio.duration, music, request, fingerprints)


def _credit(seed: int) -> str:
    return f"charter {charter.__version__} (machine-made, seed {seed})"


def _music(audio: Audio) -> AudibleSpan:
    span = audible_span(audio)
    long_enough = audio.duration >= SHORTEST_MUSIC_SECONDS
    if span is None and long_enough:
        raise AudioError("is silent from start to end")
    seconds = span.end - span.start if span is not None else audio.duration
    if span is None or seconds < SHORTEST_MUSIC_SECONDS:
        raise AudioError(f"holds {seconds:.1f} s of sound; a chart needs at least {SHORTEST_MUSIC_SECONDS:g} s")
    return span


def _charts(audio: Audio, timing: Timing, request: Request, models: Models, music: AudibleSpan) -> tuple[Chart, ...]:
    mel = log_mel(audio, models.placement.net.config.audio)
    densities = plan_densities(request.difficulties, request.asked_densities(), _mean_bpm(timing, music))
    rows = _place(models.placement.net, mel, timing, audio.duration, densities, music)
    placed = [Placed(level, ticks) for level, ticks in rows.items()]
    spec = models.symbols.net.config.audio
    heard = mel if spec == models.placement.net.config.audio else log_mel(audio, spec)
    last_tick = int(timing.ticks_at(min(music.end + 1.0, audio.duration)))
    notes = write_symbols(models.symbols.net, placed, Listening(timing, heard, spec, last_tick), seed=request.seed)
    meters = _meters(densities, request)
    return tuple(
        Chart(chart.difficulty, meters[chart.difficulty], written, description=_credit(request.seed))
        for chart, written in zip(placed, notes, strict=True)
    )


def _mean_bpm(timing: Timing, music: AudibleSpan) -> float:
    first, last = timing.ticks_at([music.start, music.end])
    return float(60 * (last - first) / TICKS_PER_BEAT / (music.end - music.start))


@torch.inference_mode()
def _place(
    net: PlacementNet,
    mel: NDArray[np.float32],
    timing: Timing,
    duration: float,
    densities: dict[Difficulty, float],
    music: AudibleSpan,
) -> dict[Difficulty, NDArray[np.int64]]:
    """Ticks of the rows of each chart, easiest first."""
    config = net.config
    grid = make_grid(config, timing, duration)
    ticks = candidate_ticks(grid, music.start, music.end)
    if len(ticks) < 2:
        raise TimingError("has no music behind beat 0 of its timing; is the offset right?")
    steps = torch.from_numpy(sample_steps(mel, config.audio, grid.seconds, grid.widths))
    guide = torch.from_numpy(guide_channels(grid, config.guide, config.steps_per_token))
    condition = Condition(torch.tensor([[int(level) for level in densities]]), torch.tensor([list(densities.values())]))
    logits = net(steps.permute(2, 0, 1)[None], guide[None], condition)[0].numpy()
    counts = np.rint(np.array(list(densities.values())) * (music.end - music.start)).astype(np.int64)
    chosen = choose_rows(tick_logits(logits, grid, ticks), np.maximum(counts, 2))
    return {level: ticks[rows] for level, rows in zip(densities, chosen, strict=True)}


def _meters(densities: dict[Difficulty, float], request: Request) -> dict[Difficulty, int]:
    """The meter asked for, or the one that a chart's density stands for; rising, where the density does."""
    meters: dict[Difficulty, int] = {}
    for level, density in densities.items():
        easier = [other for other in densities if other < level]
        floor = max((meters[other] + (density > densities[other]) for other in easier), default=0)
        ceiling = min((meter for other, meter in request.meters.items() if other > level), default=HIGHEST_METER)
        meters[level] = request.meters.get(level, min(max(meter_of_density(density), floor), ceiling))
    return meters
