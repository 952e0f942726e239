"""A passage of a chart written anew, around what a person wants to keep.

The idea is DeepBach's (Hadjeres, Pachet and Nielsen 2017): a person fixes what is good, and the rest is drawn again,
given all of it. Notes outside the passage stay, so do locked rows and holds that reach over a seam; new steps are
chosen among versions that go on well into what follows.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from charter.audio.loudness import audible_span, silences
from charter.audio.song_audio import SongAudio
from charter.decode.density import HIGHEST_DENSITY, LOWEST_DENSITY
from charter.decode.gaps import HAIR
from charter.decode.place import HeardSong, PlacementInput
from charter.decode.placed import Listening, Placed
from charter.decode.rows import fill_rows
from charter.decode.rules import RULES, StepRules, level_of
from charter.decode.symbols import write_symbols
from charter.errors import AudioError, ChartError
from charter.generate import Models
from charter.model.rows import ECHO_MEASURES
from charter.notation import (
    TICKS_PER_BEAT,
    TICKS_PER_MEASURE,
    Chart,
    Note,
    NoteKind,
    Timing,
    paired_holds,
    sorted_notes,
)
from charter.notation.footing import annotate
from charter.notation.hit_rows import hit_rows
from charter.redo_request import RedoRequest, check_within, kept_notes

_BEFORE_MEASURES = max(ECHO_MEASURES) + 1  # what a row's farthest echo may need
_ROWS_BEHIND = 16  # that a version is tried on
_NOISE = 0.7  # of a tick's logit: other seeds give other rows
_ATTEMPTS = 4
_NEXT_ATTEMPT = 1_000_003  # from the seed of one attempt to that of the next, far from those of other candidates
_ANEW = 500_009  # from the seed asked for: drawn from that of the whole chart, a passage would be what it was


class Rewritten(NamedTuple):
    """One candidate. chart: as it is now; kept, new: its notes in the passage, those that stay and the others."""

    chart: Chart
    kept: tuple[Note, ...]
    new: list[Note]
    seed: int


class Music:
    """A song's music, listened to once for each timing that it is asked about."""

    def __init__(self, audio: SongAudio) -> None:
        self.audio = audio
        self._heard: tuple[Timing, HeardSong] | None = None

    def heard(self, timing: Timing, models: Models) -> HeardSong:
        """What the placement net hears in it; the last is kept. Raises AudioError, ChartError, TimingError."""
        if self._heard is None or self._heard[0] != timing:
            self._heard = timing, _heard(self.audio, timing, models)
        return self._heard[1]


def rewrite(
    chart: Chart, timing: Timing, music: Music | None, request: RedoRequest, models: Models, candidates: int = 1
) -> Iterator[Rewritten]:
    """Write a passage of a chart anew, ``candidates`` times with one seed after the other.

    timing: that the chart is played by; music: None where there is none. ``request.difficulty`` is not looked at.
    Raises RequestError where the passage or the locks do not fit the chart; ChartError, AudioError or TimingError where
    rows need music.
    """
    work = _Work.of(chart, timing, music, request, models)
    for seed in range(request.seed, request.seed + candidates):
        new = work.notes(seed + _ANEW)
        yield Rewritten(replace(chart, notes=sorted_notes([*work.standing, *new])), work.kept, new, seed)


@dataclass(frozen=True, eq=False)
class _Work:
    """A chart taken apart for one passage.

    standing: all notes that stay; kept: those of them within the passage; free: ticks of the rows that do not stay
    heard: the music, None where there is none (then the rows stay where they are)
    """

    chart: Chart
    timing: Timing
    request: RedoRequest
    models: Models
    standing: tuple[Note, ...]
    kept: tuple[Note, ...]
    free: NDArray[np.int64]
    song: SongAudio | None
    heard: HeardSong | None

    @property
    def rules(self) -> StepRules:
        """What the chart may ask of feet."""
        return self.request.rules or RULES[level_of(self.chart.difficulty)]

    @classmethod
    def of(cls, chart: Chart, timing: Timing, music: Music | None, request: RedoRequest, models: Models) -> "_Work":
        """Raises as `rewrite`."""
        audio = music.audio if music is not None else None
        try:
            seconds = audio.audio(models.placement.net.config.audio).duration if audio is not None else 0.0
        except AudioError:
            if not request.keep_rows:
                raise
            audio, music, seconds = None, None, 0.0
        check_within(chart, timing, request.passage, seconds)
        kept = kept_notes(chart, request, timing)
        standing = tuple(note for note in chart.notes if not request.passage.holds(note.tick) or note in kept)
        kept_hits = {note.tick for note in kept if note.kind.is_hit}
        rows = [tick for tick in chart.hit_ticks(timing) if request.passage.holds(tick) and tick not in kept_hits]
        heard = None
        if not request.keep_rows:
            if music is None:
                raise ChartError("its music is not beside it, and rows are placed by ear; --keep-rows needs none")
            heard = music.heard(timing, models)
        return cls(chart, timing, request, models, standing, kept, np.array(rows, dtype=np.int64), audio, heard)

    def notes(self, seed: int) -> list[Note]:
        """New notes for the passage: of a few attempts the first that brings nothing banned, or else the least."""
        rows = self.free if self.heard is None else self._placed(self.heard, seed)
        if not len(rows):
            return []
        before = self._banned([note for note in self.chart.notes if self._is_new(note)])
        fewest = math.inf
        best: list[Note] = []
        for attempt in range(_ATTEMPTS):
            notes = self._written(rows, seed + attempt * _NEXT_ATTEMPT)
            banned = self._banned(notes)
            if banned < fewest:
                fewest, best = banned, notes
            if banned <= before:
                break
        return best

    def _is_new(self, note: Note) -> bool:
        return self.request.passage.holds(note.tick) and note not in self.kept

    def _banned(self, notes: Sequence[Note]) -> int:
        """How many rows of the chart ask something banned, or come too soon on a panel, with these in the passage."""
        chart = replace(self.chart, notes=sorted_notes([*self.standing, *notes]))
        rows = hit_rows(chart, self.timing)
        jacks = sum(
            bool(set(one.panels) & set(other.panels)) and other.second - one.second < self.rules.fastest_jack - HAIR
            for one, other in pairwise(rows)
        )
        return jacks + sum(bool(row.techs & self.rules.banned) for row in annotate(rows, chart.difficulty).rows)

    def _written(self, rows: NDArray[np.int64], seed: int) -> list[Note]:
        """Notes on rows at these ticks, (rows,), rising, at least one."""
        ticks = np.union1d(rows, [note.tick for note in self.standing if note.kind.is_hit]).astype(np.int64)
        first = int(rows[0]) - _BEFORE_MEASURES * TICKS_PER_MEASURE
        behind = np.searchsorted(ticks, rows[-1]) + _ROWS_BEHIND
        overlapping = [
            head.tick for head, tail in paired_holds(self.standing) if tail.tick >= rows[0] and head.tick < rows[-1]
        ]
        first = min([first, *overlapping])
        window = ticks[(ticks >= first) & (np.arange(len(ticks)) <= behind)]
        standing = tuple(note for note in self.standing if note.tick >= window[0] and _has_row(note, window[-1]))
        placed = Placed(self.chart.difficulty, window, self.rules, standing, until=self.request.passage.end)
        mel = self.song.mel if self.song is not None else (lambda _: None)
        listening = Listening(self.timing, mel, int(window[-1]))
        (written,) = write_symbols(self.models.blend, [placed], listening, seed=seed)
        return [note for note in written if self.request.passage.holds(note.tick)]

    def _placed(self, heard: HeardSong, seed: int) -> NDArray[np.int64]:
        """Where the new rows fall: as many as there were, or as many as the chart is dense where there were none."""
        level = level_of(self.chart.difficulty)
        start, end = self.timing.seconds_at(list(self.request.passage)).tolist()
        hits = self.chart.hit_ticks(self.timing)
        density = min(max(len(hits) / heard.seconds, LOWEST_DENSITY), HIGHEST_DENSITY)
        locked = sum(note.kind.is_hit for note in self.kept)
        count = len(self.free) if len(self.free) or locked else round(density * (end - start))
        logits = heard.logits([level], [density])[0]
        offered = (heard.ticks >= self.request.passage.start) & (heard.ticks < self.request.passage.end)
        offered &= ~_two_held(self.standing, heard.ticks) & ~np.isin(heard.ticks, [note.tick for note in self.kept])
        # On the snaps that the chart has, and 8ths: noise shall not find finer ones.
        snaps = {tick % TICKS_PER_BEAT for tick in hits} | {0, TICKS_PER_BEAT // 2}
        offered &= np.isin(heard.ticks % TICKS_PER_BEAT, list(snaps))
        noise = np.random.default_rng([seed, 1]).gumbel(size=len(logits)) * _NOISE
        taken = self.timing.seconds_at([note.tick for note in self.standing if note.kind.is_hit])
        chosen = fill_rows(
            np.where(offered, logits + noise, -np.inf),
            heard.times,
            np.unique(taken),
            count,
            self.rules.fastest_row,
        )
        return np.asarray(heard.ticks[chosen], dtype=np.int64)


def _heard(audio: SongAudio, timing: Timing, models: Models) -> HeardSong:
    net = models.placement.net
    decoded = audio.audio(net.config.audio)
    music = audible_span(decoded)
    if music is None:
        raise ChartError("its music is silent from start to end")
    mel = audio.mel(net.config.audio)
    return HeardSong.listen(PlacementInput(net, mel, timing, decoded.duration, music, silences(decoded)))


def _two_held(standing: Sequence[Note], ticks: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Ticks on which standing holds take both feet, (ticks,)."""
    held = np.zeros(len(ticks), dtype=np.int64)
    for head, tail in paired_holds(standing):
        held += (ticks > head.tick) & (ticks <= tail.tick)
    return np.asarray(held > 1)


def _has_row(note: Note, last: int) -> bool:
    """Whether a note stands on rows up to a tick, or ends a hold that may."""
    return note.tick <= last or note.kind is NoteKind.TAIL
