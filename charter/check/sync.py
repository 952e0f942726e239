"""How the steps of a simfile lie to its music, in the words and figures of `charter check`."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from charter.errors import AudioError
from charter.notation import Timing
from charter.request import SYNC_BIAS_SECONDS
from export.stepmania.music import find_music

if TYPE_CHECKING:
    from charter.audio import AudibleSpan

# 154 songs whose timing people set, brought to null, measure -4.2 to +12.3 ms: none would be found fault with.
TOLERANCE_MS = 6.0
MOST_DRIFT_MS = 15.0

_MEANING = {"null": "steps at the sound", "itg": "steps 9 ms before the sound"}


@dataclass(frozen=True, eq=False)
class HeardMusic:
    """The music of a simfile.

    envelope: its onset envelope, (milliseconds,), or None; silent: why there is none
    span: where in the audio the music is; None in silence, and where nobody listened for it
    """

    envelope: NDArray[np.float32] | None
    silent: str = ""
    span: "AudibleSpan | None" = None


@dataclass(frozen=True)
class Sync:
    """How one timing lies to the music.

    milliseconds: from the steps to the sound, positive where the sound comes later; None where it cannot be told
    convention: the one whose bias is within 6 ms of it, null or itg; None for neither
    contrast, thirds, drift: as `charter.tempo.bias.SyncBias` has them; None without music
    untold: why there are no milliseconds; empty where there are
    """

    milliseconds: float | None = None
    convention: str | None = None
    contrast: float | None = None
    thirds: tuple[float | None, ...] = ()
    drift: float | None = None
    untold: str = ""

    def line(self) -> str:
        """What a person is told."""
        if self.milliseconds is None:
            return f"sync: {self.untold}"
        meaning = f"{self.convention}: {_MEANING[self.convention]}" if self.convention else _side(self.milliseconds)
        return f"sync: {self.milliseconds:+.1f} ms ({meaning})"

    def complaints(self, timing: Timing) -> Iterator[str]:
        """What is to be put right about ``timing``, of which this was measured."""
        if self.milliseconds is not None and self.convention is None:
            right = timing.shifted(self.milliseconds / 1000).offset
            yield f"{_side(self.milliseconds)}; the offset {right:.3f} would put them at it"
        if self.drift is not None and self.drift > MOST_DRIFT_MS:
            thirds = ", ".join("?" if third is None else f"{third:+.1f}" for third in self.thirds)
            yield (
                f"the beats drift by {self.drift:.1f} ms against the music (thirds of the song: {thirds} ms); "
                "is a BPM slightly off, or a stop?"
            )


def listen(folder: Path, music: str) -> HeardMusic:
    """The audio that ``#MUSIC`` means in a folder, listened to; what cannot be had is told, not raised."""
    # Imported here: they bring in torch, and `charter --help` has to answer at once.
    from charter.audio import audible_span, decode  # noqa: PLC0415
    from charter.audio.spec import AudioSpec  # noqa: PLC0415
    from charter.tempo.envelope import onset_envelope  # noqa: PLC0415

    path = find_music(folder, music)
    if path is None:
        return HeardMusic(None, "not measured: no music beside the chart")
    try:
        audio = decode(path, AudioSpec().sample_rate)
    except AudioError as error:
        return HeardMusic(None, f"not measured: {error}")
    return HeardMusic(onset_envelope(audio), span=audible_span(audio))


def measure(recording: HeardMusic, timing: Timing) -> Sync:
    """How a timing lies to a recording."""
    from charter.tempo.bias import REACH_MS, sync_bias  # noqa: PLC0415

    if recording.envelope is None:
        return Sync(untold=recording.silent)
    bias = sync_bias(recording.envelope, timing)
    told = bias.milliseconds is not None
    return Sync(
        milliseconds=bias.milliseconds,
        convention=_convention(bias.milliseconds) if bias.milliseconds is not None else None,
        contrast=bias.contrast,
        thirds=bias.thirds,
        drift=bias.drift,
        untold=""
        if told
        else f"cannot be told: no sound stands out within {REACH_MS} ms of the beats; is the BPM right?",
    )


def _convention(milliseconds: float) -> str | None:
    away = {name: abs(milliseconds - seconds * 1000) for name, seconds in SYNC_BIAS_SECONDS.items()}
    nearest = min(away, key=lambda name: away[name])
    return nearest if away[nearest] <= TOLERANCE_MS else None


def _side(milliseconds: float) -> str:
    return f"the steps come {abs(milliseconds):.1f} ms {'before' if milliseconds > 0 else 'after'} the sound"
