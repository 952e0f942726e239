"""The networks of a worker process, loaded when they are first asked for."""

from functools import cache

import torch

from charter.generate import Models


@cache
def models() -> Models:
    """The networks in the package. Raises WeightsError."""
    torch.set_num_threads(1)  # as many processes as cores share the machine
    return Models.load()
