"""What a worker process starts with; without torch, which only the workers need."""

from collections.abc import Callable

from charter.batch.job import Job, Settings
from charter.batch.row import Row

Chart = Callable[[Job], Row]
# Loads the weights and gives what charts one song: a function of a module, for processes import it by its name.
Factory = Callable[[Settings], Chart]


def charting(settings: Settings) -> Chart:
    """What charts the songs of a batch in this process, its networks loaded. Raises WeightsError."""
    from charter.batch.work import worker  # noqa: PLC0415

    return worker(settings)
