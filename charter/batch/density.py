"""How dense a chart is along its song, for the curve in a batch's report."""

import numpy as np
from numpy.typing import NDArray

from charter.batch.row import DENSITY_SECONDS


def density_curve(seconds: NDArray[np.float64], duration: float) -> tuple[float, ...]:
    """Rows per second in each `DENSITY_SECONDS` of the music from its start, to two decimals.

    The last stretch may reach over the music's end; rows before the start or after that stretch are not counted.

    seconds: of the rows that have to be hit, as `charter.metrics.onset_seconds` gives them, (rows,)
    duration: of the music, in seconds
    """
    stretches = int(np.ceil(max(duration, 0.0) / DENSITY_SECONDS))
    places = np.floor(seconds / DENSITY_SECONDS).astype(np.int64)
    counts = np.bincount(places[(places >= 0) & (places < stretches)], minlength=stretches)
    return tuple(round(float(count) / DENSITY_SECONDS, 2) for count in counts)
