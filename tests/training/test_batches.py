"""What a process draws of an epoch, and of a split that is measured."""

from itertools import chain

import pytest
import torch
from torch.utils.data import Dataset

from charter.errors import RequestError
from training import batches
from training.batches import SharedBatches, TrainLoader, held_out_loader
from training.processes import Place


class Numbers(Dataset):
    """Items that say who they are, with something random."""

    def __init__(self, length: int) -> None:
        self.length = length

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, item: int) -> torch.Tensor:
        return torch.tensor([item, int(torch.randint(1000, ()))])


def seen(loader) -> list[list[list[int]]]:
    return [batch.tolist() for batch in loader]


def as_process(monkeypatch, rank: int, size: int) -> None:
    monkeypatch.setattr(batches, "this_place", lambda: Place(rank, size))


def test_an_epoch_has_every_item_once_in_batches_of_nearly_one_size():
    drawn = seen(TrainLoader(Numbers(23), 5))
    assert sorted(len(batch) for batch in drawn) == [4, 4, 5, 5, 5]
    assert sorted(item for item, _ in chain(*drawn)) == list(range(23))


def test_a_rest_that_fills_no_batch_is_left_out():
    drawn = seen(TrainLoader(Numbers(23), 5, drop_rest=True))
    assert [len(batch) for batch in drawn] == [5, 5, 5, 5]
    assert len({item for item, _ in chain(*drawn)}) == 20


@pytest.mark.parametrize("processes", [2, 3])
def test_processes_share_the_batches_of_one(monkeypatch, processes):
    alone = seen(TrainLoader(Numbers(23), 5))
    shared = []
    for rank in range(processes):
        as_process(monkeypatch, rank, processes)
        torch.manual_seed(rank)  # of no consequence
        shared.append(seen(TrainLoader(Numbers(23), 5)))
    assert [sorted(chain(*parts)) for parts in zip(*shared, strict=True)] == [sorted(batch) for batch in alone]


def test_epochs_differ_and_repeat(monkeypatch):
    loader = TrainLoader(Numbers(23), 5)
    first = seen(loader)
    loader.batches.set_epoch(1)
    second = seen(loader)
    assert second != first
    loader.batches.set_epoch(0)
    assert seen(loader) == first
    monkeypatch.setenv("PL_GLOBAL_SEED", "7")
    assert seen(loader) != first


def test_drawing_leaves_torchs_generator_as_it_is():
    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)
    seen(TrainLoader(Numbers(9), 3))
    assert torch.equal(torch.rand(3), expected)


def test_an_epoch_goes_on_where_its_state_was_taken():
    loader, other = TrainLoader(Numbers(23), 5), TrainLoader(Numbers(23), 5)
    begun = iter(loader)
    next(begun), next(begun)
    other.load_state_dict(loader.state_dict())
    assert seen(other) == [batch.tolist() for batch in begun]
    other.batches.set_epoch(1)
    loader.batches.set_epoch(1)
    assert seen(other) == seen(loader)  # from the start again
    other.load_state_dict(loader.state_dict())
    assert len(seen(other)) == 5  # the state of an epoch's end is the next one's start


def test_more_processes_than_a_batch_is_for_are_refused(monkeypatch):
    as_process(monkeypatch, 0, 3)
    with pytest.raises(RequestError, match=r"a batch of 2 is shared by 3 processes; .*--trainer\.devices"):
        SharedBatches(4, 3, drop_rest=False)


def test_what_is_measured_is_measured_once(monkeypatch):
    parts = []
    for rank in range(3):
        as_process(monkeypatch, rank, 3)
        parts.append([int(item) for item, _ in chain(*(batch.tolist() for batch in held_out_loader(Numbers(7), 2)))])
    assert parts == [[0, 3, 6], [1, 4], [2, 5]]


def test_a_process_without_a_part_takes_part(monkeypatch):
    as_process(monkeypatch, 1, 2)
    assert list(held_out_loader(Numbers(1))) == [None]
