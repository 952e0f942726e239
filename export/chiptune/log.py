"""What a program writes into the chip's registers, and when."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from export.chiptune.hardware import Region

FIRST_REGISTER = 0x4000
SAMPLE_START = 0xC000  # where the chip's memory reader looks for DMC samples


@dataclass(frozen=True, eq=False)
class RegisterLog:
    """Writes in order of time, all from power-on: every register is 0 before the first.

    cycles: (writes,) CPU cycles, never falling; addresses: (writes,) $4000 to $4017; values: (writes,)
    end: the cycle at which the tune is over
    samples: what the chip's memory holds from $C000 on, at most 16 KB
    """

    cycles: NDArray[np.int64]
    addresses: NDArray[np.uint16]
    values: NDArray[np.uint8]
    end: int
    region: Region = Region.NTSC
    samples: bytes = field(default=b"", repr=False)

    @property
    def seconds(self) -> float:
        """How long the tune is."""
        return self.end / self.region.clock
