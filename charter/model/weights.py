"""Weights files: safetensors, with the config and the provenance in the header, so that a file explains itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import nn

from charter.errors import OutputError, WeightsError
from charter.files import make_folder, whole_file
from charter.model.beats import BeatNet
from charter.model.config import BeatConfig, PlacementConfig, SectionConfig, SymbolConfig, from_dict, to_dict
from charter.model.placement import PlacementNet
from charter.model.sections import SectionNet
from charter.model.shipped import SHIPPED_BEATS, SHIPPED_PLACEMENT, SHIPPED_SECTIONS, SHIPPED_SYMBOLS, fingerprint
from charter.model.symbols import SymbolNet

_ABOUT = "charter"
_KINDS: dict[str, tuple[type[Any], type[Any]]] = {
    "placement": (PlacementConfig, PlacementNet),
    "symbols": (SymbolConfig, SymbolNet),
    "beats": (BeatConfig, BeatNet),
    "sections": (SectionConfig, SectionNet),
}
Net = TypeVar("Net", bound=nn.Module)


@dataclass(frozen=True, eq=False)
class Loaded(Generic[Net]):
    """A network ready to be asked, in evaluation mode; fingerprint: 16 hex digits of the file's content."""

    net: Net
    fingerprint: str
    provenance: Mapping[str, Any]


def save_weights(
    path: Path, net: PlacementNet | SymbolNet | BeatNet | SectionNet, provenance: Mapping[str, Any]
) -> None:
    """Write a network, whole or not at all. Floats are stored as half precision, which halves the file.

    provenance: JSON values; where the weights come from. Raises OutputError that names the file.
    """
    kind = next(name for name, (_, type_) in _KINDS.items() if isinstance(net, type_))
    tensors = {
        name: (value.half() if value.is_floating_point() else value).contiguous()
        for name, value in net.state_dict().items()
    }
    about = {"kind": kind, "config": to_dict(net.config), "provenance": dict(provenance)}
    # One entry: safetensors keeps no order among several, and equal networks shall give equal files.
    header = {_ABOUT: json.dumps(about, sort_keys=True)}
    make_folder(path.parent)
    with whole_file(path) as draft:
        try:
            save_file(tensors, draft, metadata=header)
        except SafetensorError as error:  # of a full disk too
            raise OutputError(f"{path}: cannot be written ({error})") from error
        draft.chmod(0o644)  # safetensors writes for the owner alone


def load_placement(path: Path = SHIPPED_PLACEMENT) -> Loaded[PlacementNet]:
    """The placement net of a weights file. Raises WeightsError that names the file and what is wrong with it."""
    return _load(path, "placement")


def load_symbols(path: Path = SHIPPED_SYMBOLS) -> Loaded[SymbolNet]:
    """The symbol net of a weights file. Raises WeightsError that names the file and what is wrong with it."""
    return _load(path, "symbols")


def load_beats(path: Path = SHIPPED_BEATS) -> Loaded[BeatNet]:
    """The beat net of a weights file. Raises WeightsError that names the file and what is wrong with it."""
    return _load(path, "beats")


def load_sections(path: Path = SHIPPED_SECTIONS) -> Loaded[SectionNet]:
    """The section net of a weights file. Raises WeightsError that names the file and what is wrong with it."""
    return _load(path, "sections")


def _load(path: Path, kind: str) -> Loaded[Any]:
    content = fingerprint(path)
    try:
        with safe_open(path, framework="pt") as file:
            header = (file.metadata() or {}).get(_ABOUT, "{}")
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a mapping)
    except (SafetensorError, OSError) as error:
        raise WeightsError(
            f"{path}: is no weights file, or a damaged one (expected a .safetensors of charter, whole)"
        ) from error
    about = _parsed(header)
    if about.get("kind") != kind:
        told = about.get("kind") if about.get("kind") in list(_KINDS) else "unknown"
        raise WeightsError(f"{path}: holds {told} weights, not {kind} weights")
    config_type, net_type = _KINDS[kind]
    try:
        config = from_dict(config_type, about["config"])
        _check_shapes(net_type, config, tensors)
        net = net_type(config)
        floats = {name: value.float() if value.dtype == torch.half else value for name, value in tensors.items()}
        net.load_state_dict(floats)
        provenance = dict(about["provenance"])
    except (RuntimeError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, WeightsError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise WeightsError(
            f"{path}: does not fit the network it says it is for; is it of another version of charter? ({reason})"
        ) from error
    broken = [name for name, value in net.state_dict().items() if not value.isfinite().all()]
    if broken:
        raise WeightsError(f"{path}: {broken[0]} holds what is no number; did its training fail?")
    return Loaded(net.eval(), content, provenance)


def _check_shapes(net_type: type[Any], config: Any, tensors: Mapping[str, torch.Tensor]) -> None:
    """Raises WeightsError where a network is another than its tensors; it is looked at without memory being taken."""
    with torch.device("meta"):
        expected = {name: value.shape for name, value in net_type(config).state_dict().items()}
    wrong = sorted(name for name in expected.keys() | tensors.keys() if name not in expected or name not in tensors)
    wrong = wrong or sorted(name for name, shape in expected.items() if tensors[name].shape != shape)
    if wrong:
        raise WeightsError(f"{wrong[0]} is missing, or of another shape")


def _parsed(header: str) -> dict[str, Any]:
    """What a header says; nothing where it is not ours."""
    try:
        about = json.loads(header)
    except (ValueError, RecursionError):
        return {}
    return about if isinstance(about, dict) else {}
