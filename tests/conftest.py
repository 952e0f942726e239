"""Settings for every test; simfiles written as text, songs made of drums, networks that have learnt nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import torch
from hypothesis import settings

from charter.audio.spec import AudioSpec
from charter.model.beats import BeatNet
from charter.model.config import BeatConfig, PlacementConfig, SymbolConfig
from charter.model.placement import PlacementNet
from charter.model.symbols import SymbolNet
from charter.model.weights import save_weights
from charter.tempo.activation import Activation

# No deadline: a busy machine of two cores is slow, not wrong.
settings.register_profile("charter", deadline=None)
settings.load_profile("charter")

WriteSong = Callable[..., Path]
WriteLoop = Callable[..., Path]

RATE = 22050


@pytest.fixture(scope="session")
def write_song() -> WriteSong:
    """Write an ``.sm`` of 60 BPM whose charts are ``{difficulty: rows}``, a row on each beat of one measure or more."""

    def write(path: Path, charts: dict[str, str] | list[tuple[str, str]], **tags: str) -> Path:
        header = {"TITLE": "A song", "MUSIC": "song.ogg", "OFFSET": "0", "BPMS": "0=60", **tags}
        parts = [f"#{tag}:{value};" for tag, value in header.items()]
        for difficulty, rows in charts.items() if isinstance(charts, dict) else charts:
            lines = rows.split()
            measures = ["\n".join(lines[start : start + 4]) for start in range(0, len(lines), 4)]
            parts.append(
                f"#NOTES:\n dance-single:\n :\n {difficulty}:\n 3:\n 0,0,0,0,0:\n" + "\n,\n".join(measures) + "\n;"
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(parts), encoding="utf-8")
        return path

    return write


def _drum(hertz: float, decay: float, noise: float) -> np.ndarray:
    t = np.arange(round(0.3 * RATE)) / RATE
    hiss = np.random.default_rng(3).uniform(-1, 1, len(t)) * np.exp(-t * 2 * decay)
    return np.sin(2 * np.pi * hertz * t) * np.exp(-t * decay) * (1 - noise) + noise * hiss


@pytest.fixture(scope="session")
def write_loop() -> WriteLoop:
    """Write a drum loop: ``bpm`` from second ``first`` on, over ``seconds`` of audio with ``quiet`` ones at the end."""

    def write(path: Path, *, bpm: float = 140, first: float = 0.1, seconds: float = 8.0, quiet: float = 0.0) -> Path:
        kick, snare, hat = 0.9 * _drum(60, 14, 0.05), 0.6 * _drum(190, 25, 0.7), 0.25 * _drum(5000, 50, 0.9)
        samples = np.zeros(round(seconds * RATE))
        for half_beat in range(int((seconds - quiet - first - 0.3) * bpm / 30)):
            sound = (kick, hat, snare, hat)[half_beat % 4]
            start = round((first + half_beat * 30 / bpm) * RATE)
            samples[start : start + len(sound)] += sound
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, samples, RATE)
        return path

    return write


@pytest.fixture(scope="session")
def small_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the weights files of three small networks, drawn at random."""
    folder = tmp_path_factory.mktemp("weights")
    spec = AudioSpec(mels=16)
    torch.manual_seed(0)
    save_weights(folder / "placement.safetensors", PlacementNet(PlacementConfig(spec, channels=2, hidden=8)), {})
    save_weights(folder / "symbols.safetensors", SymbolNet(SymbolConfig(spec, embedding=8, hidden=8)), {})
    save_weights(folder / "beats.safetensors", BeatNet(BeatConfig(spec, channels=2, width=4, scales=2)), {})
    return folder


def _drummer(net: BeatNet, mel: np.ndarray) -> Activation:
    """A beat where drums of `write_loop` are struck: the lows rise with its kick and its snare, not with its hat."""
    low = mel[:, :4, 0].mean(axis=1)
    attack = np.maximum(np.diff(low, prepend=low[0]), 0)
    around = np.pad(attack, (1, 3))
    rise = np.max([around[shift : shift + len(attack)] for shift in range(4)], axis=0)[:: net.config.hops_per_token]
    beat = np.clip(rise / (rise.max() + 1e-9), 0.02, 0.95) if rise.max() > 0.1 else np.full(len(rise), 0.02)
    return Activation(beat.astype(np.float32), np.full(len(beat), 0.02, np.float32), net.config.tokens_per_second)


@pytest.fixture
def small_models(small_weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Generate with `small_weights` in the place of those shipped, and with `_drummer` for what the beat net hears."""
    monkeypatch.setattr("charter.generate.SHIPPED_PLACEMENT", small_weights / "placement.safetensors")
    monkeypatch.setattr("charter.generate.SHIPPED_SYMBOLS", small_weights / "symbols.safetensors")
    for module in ("charter.generate", "charter.model.shipped"):
        monkeypatch.setattr(f"{module}.SHIPPED_BEATS", small_weights / "beats.safetensors")
    monkeypatch.setattr("charter.tempo.recording.hear_beats", _drummer)
    monkeypatch.setattr("charter.tempo.find.SURE", 0.0)  # a loop of seconds may always be half or double


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser. Only while a module needs it: with playwright an event loop runs, and no second one beside it."""
    from tests.browser import chromium as launched  # noqa: PLC0415  # few tests need it

    with launched() as browser:
        yield browser
