"""Weights files: what is saved is what is loaded, and every other file says what is wrong with it."""

import json
import pickle
import shutil
import zipfile
from pathlib import Path

import pytest
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from charter.audio.spec import AudioSpec
from charter.errors import OutputError, RequestError, WeightsError
from charter.generate import Models
from charter.model.config import (
    Head,
    PlacementConfig,
    Stack,
    SymbolConfig,
    from_dict,
    to_dict,
)
from charter.model.grid import GridKind, Guide, guide_size
from charter.model.placement import Condition, PlacementNet
from charter.model.shipped import shipped_styles, style_file
from charter.model.symbols import SymbolNet
from charter.model.weights import load_beats, load_placement, load_sections, load_symbols, save_weights
from tests.crafted import Crafted

SPEC = AudioSpec(mels=16, windows=(512, 1024))
PLACEMENT = PlacementConfig(SPEC, channels=2, hidden=8, layers=2)
GENELIVE = PlacementConfig(
    SPEC,
    GridKind.FRAMES,
    steps_per_token=1,
    stack=Stack.GENELIVE,
    channels=2,
    guide=Guide.BEAT,
    hidden=8,
    head=Head.SCALAR,
)
SYMBOLS = SymbolConfig(SPEC, embedding=8, hidden=8)


def placement(config: PlacementConfig = PLACEMENT) -> PlacementNet:
    torch.manual_seed(0)
    return PlacementNet(config).eval()


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "placement.safetensors"
    save_weights(path, placement(), {"seed": 3})
    return path


def parts_of(path: Path) -> tuple[dict[str, torch.Tensor], dict[str, str]]:
    with safe_open(path, framework="pt") as file:
        return {name: file.get_tensor(name) for name in list(file.keys())}, dict(file.metadata())


@pytest.mark.parametrize("config", [PLACEMENT, GENELIVE], ids=["musical", "genelive"])
@torch.inference_mode()
def test_a_placement_net_comes_back(tmp_path, config):
    net = placement(config)
    save_weights(tmp_path / "deep" / "er" / "w.safetensors", net, {"data": "synthetic", "seed": 3, "scores": [0.5]})
    loaded = load_placement(tmp_path / "deep" / "er" / "w.safetensors")
    assert loaded.net.config == config
    assert dict(loaded.provenance) == {"data": "synthetic", "seed": 3, "scores": [0.5]}
    assert not loaded.net.training
    mel = torch.randn(1, 2, 192, SPEC.mels)
    guide = torch.rand(1, 192 // config.steps_per_token, guide_size(config.guide))
    condition = Condition(torch.tensor([[0, 4]]), torch.tensor([[1.0, 5.0]]), torch.tensor([120.0]))
    expected = net(mel, guide, condition)
    assert loaded.net(mel, guide, condition) == pytest.approx(expected.numpy(), abs=1e-3)
    assert expected.std() > 5e-3


def test_a_symbol_net_comes_back(tmp_path):
    torch.manual_seed(0)
    net = SymbolNet(SYMBOLS)
    save_weights(tmp_path / "w.safetensors", net, {})
    loaded = load_symbols(tmp_path / "w.safetensors")
    assert loaded.net.config == SYMBOLS
    for name, value in net.state_dict().items():
        assert torch.allclose(loaded.net.state_dict()[name], value, atol=1e-3), name
        assert loaded.net.state_dict()[name].dtype == value.dtype


def test_nothing_is_left_beside_the_file(saved):
    assert [path.name for path in saved.parent.iterdir()] == ["placement.safetensors"]


def test_half_precision_halves_the_file(saved):
    parameters = sum(parameter.numel() for parameter in placement().parameters())
    assert saved.stat().st_size < 2.2 * parameters + 5000


def test_the_fingerprint_is_that_of_the_content(tmp_path, saved):
    shutil.copyfile(saved, tmp_path / "same.safetensors")
    save_weights(tmp_path / "other.safetensors", placement(), {"seed": 4})
    prints = [load_placement(tmp_path / f"{name}.safetensors").fingerprint for name in ("placement", "same", "other")]
    assert prints[0] == prints[1] != prints[2]
    assert {len(print_) for print_ in prints} == {16}


def test_the_file_is_readable_without_pickle(saved, monkeypatch):
    def refuse(*args: object, **options: object) -> None:
        raise AssertionError("a pickle was read")

    for name in ("load", "loads", "Unpickler"):
        monkeypatch.setattr(pickle, name, refuse)
    monkeypatch.setattr(torch, "load", refuse)
    assert load_placement(saved).net.config == PLACEMENT
    assert not zipfile.is_zipfile(saved)


@pytest.mark.parametrize("dump", [torch.save, lambda crafted, path: path.write_bytes(pickle.dumps(crafted))])
@pytest.mark.parametrize("load", [load_placement, load_symbols, load_beats, load_sections])
def test_what_a_pickle_would_do_is_not_done(tmp_path, dump, load):
    proof, path = tmp_path / "done", tmp_path / "w.safetensors"
    dump(Crafted(proof), path)
    with pytest.raises(WeightsError, match="is no weights file, or a damaged one"):
        load(path)
    assert not proof.exists()
    torch.load(path, weights_only=False) if dump is torch.save else pickle.loads(path.read_bytes())
    assert proof.exists()  # so it would have


def write_pickle(path: Path) -> None:
    torch.save(placement().state_dict(), path)


def cut_off(path: Path) -> None:
    save_weights(path, placement(), {})
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])


def write_symbols(path: Path) -> None:
    save_weights(path, SymbolNet(SYMBOLS), {})


def write_tensors_alone(path: Path) -> None:
    save_file({"a": torch.zeros(3)}, path)


def altered(**header: object):
    """A sound file with some of its header replaced; values of the config by name."""

    def write(path: Path) -> None:
        save_weights(path, placement(), {})
        tensors, found = parts_of(path)
        about = json.loads(found["charter"])
        about["config"] |= header
        save_file(tensors, path, metadata={"charter": json.dumps(about)})

    return write


def without_a_tensor(path: Path) -> None:
    save_weights(path, placement(), {})
    tensors, found = parts_of(path)
    del tensors["head.out.bias"]
    save_file(tensors, path, metadata=found)


def with_no_number(path: Path) -> None:
    net = placement()
    net.head.out.bias.data.fill_(float("nan"))
    save_weights(path, net, {})


def with_brackets(path: Path) -> None:
    save_file({"a": torch.zeros(3)}, path, metadata={"charter": "[" * 100_000})


def with_broken_config(path: Path) -> None:
    save_weights(path, placement(), {})
    tensors, _ = parts_of(path)
    save_file(tensors, path, metadata={"charter": "{oops"})


@pytest.mark.parametrize(
    ("make", "cause"),
    [
        (lambda path: None, r"cannot be read \(No such file or directory\)"),
        (Path.mkdir, r"cannot be read \(Is a directory\)"),
        (Path.touch, "is no weights file, or a damaged one"),
        (lambda path: path.write_text("words, no weights\n" * 99), "is no weights file, or a damaged one"),
        (write_pickle, "is no weights file, or a damaged one"),
        (cut_off, "is no weights file, or a damaged one"),
        (write_symbols, "holds symbols weights, not placement weights"),
        (write_tensors_alone, "holds unknown weights, not placement weights"),
        (altered(chanels=3), r"does not fit .*\(unknown setting 'chanels' in PlacementConfig\)"),
        (altered(audio={"mels": 16, "mel": 16}), "unknown setting 'mel' in AudioSpec"),
        (
            altered(stack="resnet"),
            "no stack is called 'resnet'; there are musical, genelive, ddc, none",
        ),
        (altered(hidden=16), "does not fit the network it says it is for"),
        (altered(hidden="wide"), "does not fit the network it says it is for"),
        (altered(hidden=10**9), "does not fit .*hidden is '1000000000'; it must be a number from 1 to 4096"),
        (altered(hidden=4096, layers=64), "does not fit .*is missing, or of another shape"),
        (altered(layers=10**9), "does not fit .*layers is"),
        (altered(audio={"hop": 0}), "does not fit .*hop is '0'; it must be a number from 1 to 65536"),
        (altered(dropout=float("nan")), "does not fit .*dropout is 'nan'"),
        (with_no_number, "head.out.bias holds what is no number; did its training fail"),
        (with_brackets, "holds unknown weights, not placement weights"),
        (without_a_tensor, "does not fit the network it says it is for"),
        (with_broken_config, "holds unknown weights, not placement weights"),
    ],
)
def test_a_bad_file_names_itself_and_the_mistake(tmp_path, make, cause):
    path = tmp_path / "w.safetensors"
    make(path)
    with pytest.raises(WeightsError, match=cause) as caught:
        load_placement(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)
    assert "deserializing" not in str(caught.value)


@pytest.mark.parametrize("config", [PLACEMENT, GENELIVE, SYMBOLS])
def test_configs_are_plain_json_and_back(config):
    assert from_dict(type(config), json.loads(json.dumps(to_dict(config)))) == config


def test_settings_left_out_are_the_default():
    assert from_dict(PlacementConfig, {}) == PlacementConfig()
    assert from_dict(SymbolConfig, {"audio": {"mels": 32}}).audio == AudioSpec(mels=32)


@pytest.fixture
def shipped(tmp_path, monkeypatch) -> Path:
    """A package with two styles in it."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    for name in ("symbols", "symbols-tango", "symbols-waltz", "placement"):
        (folder / f"{name}.safetensors").touch()
    monkeypatch.setattr("charter.model.shipped.SHIPPED", folder)
    return folder


def test_the_shipped_styles_go_by_their_names(shipped):
    assert list(shipped_styles()) == ["tango", "waltz"]
    assert style_file(Path("waltz")) == shipped / "symbols-waltz.safetensors"


def test_a_file_is_taken_before_a_style_of_its_name(shipped, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("waltz").touch()
    assert style_file(Path("waltz")) == Path("waltz")
    assert style_file(Path("gone.safetensors")) == Path("gone.safetensors")


def test_an_unknown_style_names_those_there_are(shipped):
    with pytest.raises(WeightsError, match=r"polka: is no file, and no style of that name .*; there are tango, waltz"):
        style_file(Path("polka"))


@pytest.mark.parametrize("amount", [-0.1, 1.01, float("nan")])
def test_a_style_amount_is_from_0_to_1(amount):
    with pytest.raises(RequestError, match=r"a style amount of .* is out of range; it goes from 0 to 1"):
        Models.load(style_amount=amount)


def test_a_disk_that_fills_is_told(tmp_path, monkeypatch):
    def full(*_args, **_more):
        raise SafetensorError("Error while serializing: No space left on device")

    small = SymbolNet(SymbolConfig(SPEC, embedding=8, hidden=8, layers=2))
    monkeypatch.setattr("charter.model.weights.save_file", full)
    with pytest.raises(OutputError, match=r"w\.safetensors: cannot be written .*No space left"):
        save_weights(tmp_path / "w.safetensors", small, {})
    assert list(tmp_path.iterdir()) == []
