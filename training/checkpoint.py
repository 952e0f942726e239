"""What a checkpoint says of itself, and the weights file that is made of it."""

from collections.abc import Callable
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch

import charter
from charter.errors import WeightsError
from charter.model.beats import BeatNet
from charter.model.config import BeatConfig, PlacementConfig, SectionConfig, SymbolConfig, from_dict, to_dict
from charter.model.placement import PlacementNet
from charter.model.sections import SectionNet
from charter.model.symbols import SymbolNet
from charter.model.weights import Loaded, load_beats, load_placement, load_symbols, save_weights
from datasets.splits import split_hash

PROVENANCE = "charter"  # the key of a checkpoint under which it says what it is
_WEIGHTS_SUFFIX = ".safetensors"
_LOADERS: dict[type[Any], Callable[[Path], Loaded[Any]]] = {
    PlacementConfig: load_placement,
    SymbolConfig: load_symbols,
    BeatConfig: load_beats,
}
_NETS: dict[str, tuple[type[Any], type[Any]]] = {
    PlacementConfig.__name__: (PlacementConfig, PlacementNet),
    SymbolConfig.__name__: (SymbolConfig, SymbolNet),
    BeatConfig.__name__: (BeatConfig, BeatNet),
    SectionConfig.__name__: (SectionConfig, SectionNet),
}


def provenance(config: Any) -> dict[str, Any]:
    """Plain values for a checkpoint: which network, how it is built, and which songs it may have seen.

    config: the network's, a dataclass of plain values
    """
    return {
        "net_config": type(config).__name__,
        "net": to_dict(config),
        "split_hash": split_hash(),
        "charter": charter.__version__,
    }


def release(checkpoints: list[Path], out: Path) -> None:
    """Write the network of a checkpoint as a weights file; of several of one start, the mean of their weights.

    Optimiser state, paths and everything else that a generation does not need stay behind. Raises WeightsError for a
    file that is no checkpoint of ours, and for one of a network that generation has no use for.
    """
    loaded = [read_checkpoint(path) for path in checkpoints]
    told = loaded[0][PROVENANCE]
    for path, other in zip(checkpoints, loaded, strict=True):
        if other[PROVENANCE] != told:
            raise WeightsError(f"{path}: is of another network, corpus split or version than {checkpoints[0]}")
    if told["net_config"] not in _NETS:
        raise WeightsError(f"{checkpoints[0]}: is of a network that is there for comparison; no weights file is made")
    config_type, net_type = _NETS[told["net_config"]]
    net = net_type(from_dict(config_type, told["net"]))
    states = [{name.removeprefix("net."): value for name, value in each["state_dict"].items()} for each in loaded]
    mean = {
        name: torch.stack([state[name].double() for state in states]).mean(0).to(value.dtype)
        for name, value in states[0].items()
    }
    net.load_state_dict(mean)
    epochs = [int(each["epoch"]) for each in loaded]
    save_weights(out, net, {"split_hash": told["split_hash"], "trained_by": told["charter"], "epochs": epochs})


def load_start(task: torch.nn.Module, path: Path, config: PlacementConfig | SymbolConfig | BeatConfig) -> None:
    """Give a task the weights of a checkpoint or of a weights file, of the same network.

    task: with the network as ``net``. Raises WeightsError for any other.
    """
    if not path.exists():
        raise WeightsError(f"{path}: is not there to start from; fit what it is of first, or set start to null")
    if path.suffix == _WEIGHTS_SUFFIX:
        task.get_submodule("net").load_state_dict(_released(path, config))
    else:
        task.load_state_dict(_of_network(path, config)["state_dict"])


def check_goes_on(path: Path, config: Any) -> None:
    """Raise WeightsError where no training of the network that ``config`` describes goes on from a checkpoint."""
    if path.suffix == _WEIGHTS_SUFFIX:
        raise WeightsError(f"{path}: is a weights file, from which none goes on; it may be the model's start instead")
    _of_network(path, config)


def _of_network(path: Path, config: Any) -> dict[str, Any]:
    """A checkpoint. Raises WeightsError for one of another network."""
    loaded = read_checkpoint(path)
    told = loaded[PROVENANCE]
    if told["net_config"] != type(config).__name__ or told["net"] != to_dict(config):
        raise WeightsError(f"{path}: is of another network than the one to train; compare their configs")
    return loaded


def _released(path: Path, config: PlacementConfig | SymbolConfig | BeatConfig) -> dict[str, torch.Tensor]:
    """The weights of a weights file. Raises WeightsError for one of another network."""
    net = _LOADERS[type(config)](path).net
    if to_dict(net.config) != to_dict(config):
        raise WeightsError(f"{path}: is of another network than the one to train; compare their configs")
    state: dict[str, torch.Tensor] = net.state_dict()
    return state


def read_checkpoint(path: Path) -> dict[str, Any]:
    """What Lightning saved, on the CPU. Raises WeightsError for a file that is no checkpoint of ours."""
    try:
        checkpoint: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise WeightsError(f"{path}: cannot be read ({error.strerror or error})") from error
    except (RuntimeError, ValueError, EOFError, KeyError, UnpicklingError) as error:
        raise WeightsError(
            f"{path}: is no checkpoint of a training, as fit writes them; weights files are none"
        ) from error
    if PROVENANCE not in checkpoint:
        raise WeightsError(f"{path}: is no checkpoint of charter's")
    return checkpoint
