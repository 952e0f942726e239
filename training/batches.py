"""Batches that are the same for any number of processes, and after an interruption.

What a batch holds depends on the seed, the epoch and its place therein alone: processes share each batch, and a
training that goes on draws what it would have drawn.
"""

import os
from collections.abc import Iterator, Sized
from typing import Any, NamedTuple, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import DataLoader, Dataset, Sampler, default_collate

from charter.errors import RequestError
from training.processes import this_place


class _Items(Sized, Protocol):
    def __getitem__(self, index: int, /) -> Any: ...


class Draw(NamedTuple):
    """An item of a data set, and the seed of what is random in it."""

    item: int
    seed: int


def run_seed() -> int:
    """What `seed_everything` was told; 0 if nothing."""
    return int(os.environ.get("PL_GLOBAL_SEED", "0"))


class SharedBatches(Sampler[list[Draw]]):
    """The batches of an epoch, shuffled; of each, the draws that fall to this process.

    size: of a batch, all processes together; drop_rest: leave out what fills no batch, else batches are as equal in
        size as they can be
    Raises RequestError where there are more processes than items in a batch.
    """

    def __init__(self, items: int, size: int, *, drop_rest: bool) -> None:
        self.items, self.size, self.drop_rest = items, size, drop_rest
        self.epoch, self.done = 0, 0
        self._first = 0
        least = min(len(batch) for batch in self._split(np.arange(items)))
        if least < this_place().size:
            raise RequestError(
                f"a batch of {least} is shared by {this_place().size} processes; ask for fewer with --trainer.devices"
            )

    def __len__(self) -> int:
        """Batches of an epoch, on every process."""
        return self.items // self.size if self.drop_rest else -(-self.items // self.size)

    def __iter__(self) -> Iterator[list[Draw]]:
        """Begin the epoch, or go on in it."""
        first, self._first = self._first, 0
        rng = np.random.default_rng([run_seed(), self.epoch])
        order = self._split(rng.permutation(self.items))
        seeds = self._split(rng.integers(2**31, size=self.items))
        rank, processes = this_place()
        for batch in range(first, len(self)):
            self.done = batch + 1
            pairs = zip(order[batch], seeds[batch], strict=True)
            yield [Draw(int(item), int(seed)) for item, seed in pairs][rank::processes]

    def set_epoch(self, epoch: int) -> None:
        """As Lightning calls it before each epoch."""
        self.epoch = epoch

    def skip(self, batches: int) -> None:
        """Begin the next epoch that is drawn after so many of its batches."""
        self._first = self.done = batches % len(self)

    def _split(self, values: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        return np.array_split(values[: len(self) * self.size], len(self))


class _Drawn(Dataset[Any]):
    """The items of a data set, each drawn with its seed from torch's generator, collated."""

    def __init__(self, items: _Items) -> None:
        self.items = items

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, draws: list[Draw]) -> Any:
        state = torch.get_rng_state()
        try:
            return default_collate([self._item(draw) for draw in draws])
        finally:
            torch.set_rng_state(state)

    def _item(self, draw: Draw) -> Any:
        torch.default_generator.manual_seed(draw.seed)
        return self.items[draw.item]


class TrainLoader(DataLoader[Any]):
    """`SharedBatches` of a data set; Lightning keeps its place in every checkpoint.

    batch_size: of all processes together
    """

    def __init__(self, items: _Items, batch_size: int, *, drop_rest: bool = False) -> None:
        self.batches = SharedBatches(len(items), batch_size, drop_rest=drop_rest)
        super().__init__(_Drawn(items), sampler=self.batches, batch_size=None, generator=torch.Generator())

    def state_dict(self) -> dict[str, int]:
        """How many batches of its epoch are drawn."""
        return {"done": self.batches.done}

    def load_state_dict(self, state: dict[str, int]) -> None:
        """Go on where the state was taken."""
        self.batches.skip(state["done"])


def held_out_loader(items: Dataset[Any], batch_size: int | None = None) -> DataLoader[Any]:
    """This process's part of a split that is measured, in order: every item is one process's.

    A process without a part gets None once, for all take part in the sums over all.
    """
    rank, size = this_place()
    own = range(rank, len(items), size)  # type: ignore[arg-type]  # those with a length only
    if not own:
        return DataLoader([None], batch_size=None)  # type: ignore[arg-type]  # a list is enough
    return DataLoader(items, batch_size=batch_size, sampler=own)
