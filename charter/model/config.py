"""What a network is built from: frozen, complete, and stored with its weights."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from enum import StrEnum
from typing import Any, TypeVar, get_type_hints

from charter.audio.spec import AudioSpec
from charter.errors import WeightsError
from charter.model.grid import GridKind, Guide

T = TypeVar("T")
# A file may say anything, and what no network has would take all memory to build, or to listen with.
_FASTEST = 384_000
_MOST = {"sample_rate": _FASTEST, "hop": 1 << 16, "windows": 1 << 16, "layers": 64}
_MOST_OF_OTHERS = 4096
_MAY_BE_0 = ("similarity",)


class Stack(StrEnum):
    """The convolutions between the spectrogram and the LSTM."""

    MUSICAL = "musical"  # scales of the bar, from the step to as wide as the config says
    GENELIVE = "genelive"  # GenéLive!'s ConvStackV7: scales of 1, 16, 64 and 128 frames
    DDC = "ddc"  # the two convolutions of Dance Dance Convolution
    NONE = "none"  # hears nothing: what is left is what a network knows of charts and of the bar


class Head(StrEnum):
    """How difficulties are told apart."""

    LEVELS = "levels"  # one reading of the song, thinned: nested by construction
    SCALAR = "scalar"  # the difficulty as one more input to the LSTM, as GenéLive! has it


@dataclass(frozen=True)
class PlacementConfig:
    """The placement net.

    steps_per_beat: on the beat grid; hops_per_step: on the frame grid, in hops of the audio spec
    steps_per_token: the LSTM reads a token at a time
    scales: of the musical stack, in tokens
    channels: width of the stack's convolutions; hidden: of the LSTM, per direction
    similarity: heads of the attention to like places of the song, between the LSTM's first layer and the
        others; 0 for none
    """

    audio: AudioSpec = field(default_factory=AudioSpec)
    grid: GridKind = GridKind.BEATS
    steps_per_beat: int = 24
    hops_per_step: int = 1
    steps_per_token: int = 6
    stack: Stack = Stack.MUSICAL
    scales: tuple[int, ...] = (1,)
    channels: int = 16
    guide: Guide = Guide.BAR
    hidden: int = 192
    layers: int = 2
    similarity: int = 4
    dropout: float = 0.3
    head: Head = Head.LEVELS


@dataclass(frozen=True)
class SymbolConfig:
    """The symbol net.

    hidden: of each LSTM, per direction; embedding: of the row before; echo: of each row that stands measures before
    """

    audio: AudioSpec = field(default_factory=AudioSpec)
    embedding: int = 48
    echo: int = 16
    hidden: int = 128
    layers: int = 2
    dropout: float = 0.3


@dataclass(frozen=True)
class BeatConfig:
    """The beat net.

    hops_per_token: a token is what it answers for, in hops of the audio spec
    channels: of the first convolution over time and bands; width: of the dilated convolutions over time alone
    scales: how many of those; each looks twice as far as the one before
    """

    audio: AudioSpec = field(default_factory=AudioSpec)
    hops_per_token: int = 2
    channels: int = 12
    width: int = 40
    scales: int = 9
    dropout: float = 0.1

    @property
    def tokens_per_second(self) -> float:
        """Tokens per second of audio."""
        return self.audio.frames_per_second / self.hops_per_token


@dataclass(frozen=True)
class SectionConfig:
    """The section net.

    channels: of the first convolution over the steps and bands of a bar; width: of the vector that stands for a bar
    """

    audio: AudioSpec = field(default_factory=AudioSpec)
    channels: int = 12
    width: int = 48
    dropout: float = 0.2


def to_dict(config: Any) -> dict[str, Any]:
    """A config as plain JSON values."""
    values: dict[str, Any] = json.loads(json.dumps(asdict(config)))
    return values


def from_dict(kind: type[T], values: Mapping[str, Any]) -> T:
    """A config from plain values. Raises WeightsError for a key, a word or a number that it does not take."""
    hints = get_type_hints(kind)
    unknown = set(values) - {f.name for f in fields(kind)}  # type: ignore[arg-type]
    if unknown:
        raise WeightsError(f"unknown setting {sorted(unknown)[0]!r} in {kind.__name__}")
    return kind(**{name: _value(name, hints[name], value) for name, value in values.items()})


def _value(name: str, hint: Any, value: Any) -> Any:
    if is_dataclass(hint) and isinstance(hint, type):
        return from_dict(hint, value)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        if value not in list(hint):
            raise WeightsError(f"no {hint.__name__.lower()} is called {value!r}; there are {', '.join(hint)}")
        return hint(value)
    if isinstance(value, list | tuple):
        return tuple(_value(name, int, each) for each in value)
    least, most = (0 if name in _MAY_BE_0 else 1, _MOST.get(name, _MOST_OF_OTHERS)) if hint is int else (0, _FASTEST)
    if type(value) not in (int, hint) or not least <= value <= most:
        raise WeightsError(f"{name} is {str(value)[:20]!r}; it must be a number from {least} to {most}")
    return value
