"""The chip: a log of writes to the steps of its five voices, a stretch of time after the other."""

import numpy as np

from export.chiptune.frame_counter import FrameCounter
from export.chiptune.log import FIRST_REGISTER, RegisterLog
from export.chiptune.voices.dmc import Dmc
from export.chiptune.voices.events import ENABLE, HALF_FRAME, QUARTER_FRAME, Event, Steps, Voice
from export.chiptune.voices.noise import Noise
from export.chiptune.voices.pulse import Pulse
from export.chiptune.voices.triangle import Triangle

_STATUS = 0x4015
_FRAME_COUNTER = 0x4017
_REGISTERS = 4  # of each voice, the voices in the order of their bits in $4015


class Apu:
    """The chip from power-on, driven by the log. voices: both pulses, triangle, noise, DMC, in this order."""

    def __init__(self, log: RegisterLog) -> None:
        self._log = log
        self._done = 0  # writes played
        self._frame_counter = FrameCounter(log.region)
        self._dmc = Dmc(log.region, log.samples)
        self.voices: tuple[Voice, ...] = (
            Pulse(ones_complement=True),
            Pulse(ones_complement=False),
            Triangle(),
            Noise(log.region),
            self._dmc,
        )

    def run(self, end: int) -> list[Steps]:
        """Play up to the cycle `end`, exclusively: each voice's steps since the last call."""
        until = int(np.searchsorted(self._log.cycles, end))
        stretch = slice(self._done, until)
        self._done = until
        cycles, addresses = self._log.cycles[stretch].astype(np.int64), self._log.addresses[stretch].astype(np.int64)
        values = self._log.values[stretch].astype(np.int64)
        frame = addresses == _FRAME_COUNTER
        restarts = list(zip(cycles[frame].tolist(), values[frame].tolist(), strict=True))
        clocks = self._frame_counter.run(restarts, end)
        clock_kinds = np.where(clocks.halves, HALF_FRAME, QUARTER_FRAME)

        steps = []
        for place, voice in enumerate(self.voices):
            status = addresses == _STATUS
            own = (addresses - FIRST_REGISTER) // _REGISTERS == place
            mine = own | status
            parts = [cycles[mine], np.where(status, ENABLE, addresses % _REGISTERS)[mine]]
            parts.append(np.where(status, values >> place & 1, values)[mine])
            if voice is not self._dmc:  # which no frame clocks
                with_clocks = (clocks.cycles, clock_kinds, np.zeros(len(clock_kinds), np.int64))
                parts = [np.concatenate(pair) for pair in zip(parts, with_clocks, strict=True)]
            order = np.argsort(parts[0], kind="stable")
            events: list[Event] = list(zip(*(part[order].tolist() for part in parts), strict=True))
            steps.append(voice.run(events, end))
        return steps
