"""The one path: audio in, a song with its charts out."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

import charter
from charter.audio.decode import Audio, sound_hash
from charter.audio.loudness import AudibleSpan, audible_span, silences
from charter.audio.music import read_tags
from charter.audio.song_audio import SongAudio
from charter.decode.blend import Blend
from charter.decode.meter import HIGHEST_METER, meter_of
from charter.decode.place import PlacementInput, place
from charter.decode.placed import Listening, Placed
from charter.decode.symbols import write_symbols
from charter.errors import AudioError, CharterError, RequestError, TimingError
from charter.memory import bound_kernels, release_memory
from charter.model.beats import BeatNet
from charter.model.placement import PlacementNet
from charter.model.sections import SectionNet
from charter.model.shipped import SHIPPED_BEATS, SHIPPED_PLACEMENT, SHIPPED_SYMBOLS, style_file
from charter.model.symbols import SymbolNet
from charter.model.weights import Loaded, load_beats, load_placement, load_sections, load_symbols
from charter.notation import Chart, Difficulty, Song, Timing
from charter.request import Request
from charter.sections.form import hear_form
from charter.sections.passage import pick_passage

if TYPE_CHECKING:
    from charter.tempo.find import FoundTiming
    from export.chiptune.score import Score

SHORTEST_MUSIC_SECONDS = 4.0
_HEARD, _TIMED, _PLACED, _WRITTEN = 0.1, 0.4, 0.55, 0.9  # of the work, of a song of usual length


@dataclass(frozen=True, eq=False)
class Models:
    """The networks of a generation, loaded once.

    style, style_amount: a second symbol net, and how much of it there is in the steps (0 to 1)
    """

    placement: Loaded[PlacementNet]
    symbols: Loaded[SymbolNet]
    beats: Loaded[BeatNet]
    sections: Loaded[SectionNet]
    style: Loaded[SymbolNet] | None = None
    style_amount: float = 0.0

    @classmethod
    def load(
        cls,
        placement: Path | None = None,
        symbols: Path | None = None,
        beats: Path | None = None,
        style_amount: float | None = None,
    ) -> "Models":
        """The weights of three files, by default those in the package. Raises WeightsError or RequestError.

        symbols: a file, or the name of a shipped style; style_amount: how much of it (0 to 1) between the shipped net
        and it, None for all
        """
        if style_amount is not None and not 0 <= style_amount <= 1:
            raise RequestError(f"a style amount of {style_amount:g} is out of range; it goes from 0 to 1")
        if style_amount is not None and symbols is None:
            raise RequestError("a style amount says how much of which style? Name it by --symbol-weights")
        amount = 1.0 if style_amount is None else style_amount
        bound_kernels()
        return cls(
            load_placement(placement or SHIPPED_PLACEMENT),
            load_symbols(SHIPPED_SYMBOLS),
            load_beats(beats or SHIPPED_BEATS),
            load_sections(),
            load_symbols(style_file(symbols)) if symbols else None,
            amount if symbols else 0.0,
        )

    @property
    def blend(self) -> Blend:
        """The symbol nets, mixed."""
        return Blend(self.symbols.net, self.style.net if self.style else None, self.style_amount)

    @property
    def fingerprints(self) -> dict[str, str]:
        """Of the weights files that take part."""
        symbols = {"symbols": self.symbols.fingerprint} if self.style_amount < 1 else {}
        style = {"style": self.style.fingerprint} if self.style and self.style_amount > 0 else {}
        beats, sections = self.beats.fingerprint, self.sections.fingerprint
        return {"placement": self.placement.fingerprint, **symbols, **style, "beats": beats, "sections": sections}


@dataclass(frozen=True, eq=False)
class Generated:
    """A song with its charts, and what a record of it should say.

    audio_hash: 16 hex digits of the audio, as `sound_hash` has it
    duration: seconds of audio; music: where in them the music is that the charts cover
    found: the timing that was found, with its rivals; None where it was given
    tune: the preview passage as a chip tune, where it was asked for
    fingerprints: of the weights; style_amount: as `Models` has it
    """

    song: Song
    audio_hash: str
    duration: float
    music: AudibleSpan
    request: Request
    found: "FoundTiming | None"
    tune: "Score | None"
    fingerprints: dict[str, str]
    style_amount: float = 0.0

    @property
    def doubt(self) -> str:
        """What to warn of where the timing was found without being sure; else empty."""
        return "" if self.found is None or self.found.is_sure else self.found.doubt

    @property
    def unsure(self) -> str:
        """Of the timing, what there is to doubt, where it was found without being sure; else empty."""
        return "" if self.found is None or self.found.is_sure else self.found.unsure


def generate(
    path: Path,
    request: Request,
    models: Models,
    song_audio: SongAudio | None = None,
    tell: Callable[[float, str], None] = lambda share, stage: None,
) -> Generated:
    """Chart a song. song_audio: its audio, where the caller has it already.

    tell: is called with the share that is done, 0 to 1, and what comes next, in a few words

    Raises AudioError where there is no music to chart, TimingError where its timing is neither given nor found; the
    message names the file.
    """
    release_memory()  # of the song before
    song_audio = song_audio or SongAudio(path)
    placement_spec = models.placement.net.config.audio
    audio = song_audio.audio(placement_spec)
    tags = read_tags(path)
    try:
        music = _music(audio)
        tell(_HEARD, "finding the timing")
        if request.timing is None:
            found = _found(song_audio, models.beats.net, request)
            timing = found.timing
        else:
            found, timing = None, request.timing.shifted(request.bias)
        music = _charted(music, timing)
        tell(_TIMED, "placing steps")
        mel = song_audio.mel(placement_spec)
        heard = PlacementInput(models.placement.net, mel, timing, audio.duration, music, silences(audio), request.rules)
        rows = place(heard, {level: request.densities.get(level) for level in request.difficulties}, request.meters)
        last_tick = int(timing.ticks_at(min(music.end + 1.0, audio.duration)))
        tell(_PLACED, "writing steps")
        charts = _charts(rows, models.blend, Listening(timing, song_audio.mel, last_tick), request)
    except CharterError as error:
        raise type(error)(f"{path}: {error}") from error
    tell(_WRITTEN, "finding the preview")
    song = Song(
        # In NFC: macOS hands out names with their accents apart, which the game draws beside the letters.
        title=unicodedata.normalize("NFC", request.title or tags.title or path.stem),
        artist=request.artist or tags.artist,
        timing=request.timing or timing.shifted(-request.bias),
        charts=charts,
        credit=_credit(request.seed),
        preview=pick_passage(hear_form(models.sections.net, song_audio, timing)),
    )
    audio_hash = sound_hash(path)
    tune = _tune(song, audio, timing) if request.preview else None
    amount = models.style_amount
    return Generated(song, audio_hash, audio.duration, music, request, found, tune, models.fingerprints, amount)


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


def _tune(song: Song, audio: Audio, timing: Timing) -> "Score":
    # Imported here: most generations do not ask for it.
    from charter.arrange.cover import cover  # noqa: PLC0415

    score = cover(audio, timing, song.charts[-1], song.preview)
    return replace(score, title=song.title, artist=song.artist)


def _found(song: SongAudio, net: BeatNet, request: Request) -> "FoundTiming":
    # Imported here: it brings in scipy.signal, a third of a second for those who give the timing.
    from charter.tempo.find import find_timing  # noqa: PLC0415

    found = find_timing(song, net, request.tempos)
    if request.require_timing and not found.is_sure:
        raise TimingError(found.doubt)
    return found


def _charted(music: AudibleSpan, timing: Timing) -> AudibleSpan:
    """The part of the music that a chart can reach: none of it lies before beat 0."""
    start = max(music.start, float(timing.seconds_at(0)))
    if start > music.end - SHORTEST_MUSIC_SECONDS:
        raise TimingError(f"has no music behind beat 0 of its timing ({start:.1f} s); is the offset right?")
    return AudibleSpan(start, music.end)


def _charts(
    rows: dict[Difficulty, NDArray[np.int64]],
    blend: Blend,
    listening: Listening,
    request: Request,
) -> tuple[Chart, ...]:
    placed = [Placed(level, ticks, request.rules[level]) for level, ticks in rows.items()]
    notes = write_symbols(blend, placed, listening, seed=request.seed)
    meters = _meters({level: listening.timing.seconds_at(ticks) for level, ticks in rows.items()}, request)
    # Games show who wrote a chart by its credit, which a .sm has no other place for than the description.
    words = _credit(request.seed)
    return tuple(
        Chart(level, meters[level], written, description=words, credit=words)
        for level, written in zip(rows, notes, strict=True)
    )


def _meters(times: dict[Difficulty, NDArray[np.float64]], request: Request) -> dict[Difficulty, int]:
    """The meter asked for, or the one estimated of a chart; rising, where the number of rows does.

    times: seconds of each chart's rows
    """
    meters: dict[Difficulty, int] = {}
    for level, seconds in times.items():
        easier = [other for other in times if other < level]
        floor = max((meters[other] + (len(seconds) > len(times[other])) for other in easier), default=0)
        ceiling = min((meter for other, meter in request.meters.items() if other > level), default=HIGHEST_METER)
        meters[level] = request.meters.get(level, min(max(meter_of(seconds), floor), ceiling))
    return meters
