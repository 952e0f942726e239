"""The whole training path on a corpus made by code, through the command line as a user types it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from charter.model.weights import load_placement
from datasets.splits import split_hash
from tests.crafted import Crafted
from tests.training.typed import typed
from training.synthetic import write_corpus

CONFIG = Path(__file__).parents[2] / "training" / "configs" / "smoke.yaml"
pytestmark = pytest.mark.model


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "training", *words]
    return subprocess.run(
        command, cwd=folder, env={**os.environ, "COLUMNS": "200"}, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("smoke")
    write_corpus(folder / "build" / "smoke")
    done = run(folder, "fit", "--config", str(CONFIG), "--trainer.enable_progress_bar", "false")
    assert done.returncode == 0, done.stderr
    return folder


def checkpoint(folder: Path) -> Path:
    return folder / "build" / "runs" / "smoke" / "version_0" / "checkpoints" / "last.ckpt"


def test_a_song_is_learnt_exactly(trained: Path) -> None:
    done = typed(trained, "validate", "--config", str(CONFIG), "--ckpt_path", str(checkpoint(trained)))
    assert done.returncode == 0, done.stderr
    scores = {
        line.split()[1]: float(line.split()[3])
        for line in done.stdout.splitlines()
        if "val/f1" in line and "untold" not in line
    }
    assert len(scores) == 6
    assert set(scores.values()) == {1.0}


def test_a_run_resumes_where_it_stopped(trained: Path) -> None:
    done = typed(
        trained, "fit", "--config", str(CONFIG), "--ckpt_path", str(checkpoint(trained)), "--trainer.max_epochs", "61"
    )
    assert done.returncode == 0, done.stderr
    assert "Restored all states" in done.stdout + done.stderr


def test_a_crafted_checkpoint_is_refused_and_does_nothing(trained: Path) -> None:
    values = torch.load(checkpoint(trained), weights_only=True)
    torch.save({**values, "callbacks": Crafted(trained / "done")}, trained / "crafted.ckpt")
    done = typed(trained, "validate", "--config", str(CONFIG), "--ckpt_path", str(trained / "crafted.ckpt"))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("error: --ckpt_path: is no checkpoint of a training")
    assert "Traceback" not in done.stderr
    assert not (trained / "done").exists()


def test_tensorboard_gets_pictures(trained: Path) -> None:
    events = list((trained / "build" / "runs" / "smoke" / "version_0").glob("events.*"))
    assert events
    assert any(b"rows" in event.read_bytes() and b"PNG" in event.read_bytes() for event in events)


def test_a_checkpoint_becomes_a_weights_file(trained: Path) -> None:
    out = trained / "placement.safetensors"
    done = typed(trained, "release", str(checkpoint(trained)), "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert load_placement(out).net.config.hidden == 48
    with safe_open(out, framework="pt") as file:
        assert json.loads(file.metadata()["charter"])["provenance"]["split_hash"] == split_hash()
    assert str(trained).encode() not in out.read_bytes()


def test_a_misspelt_setting_is_told(trained: Path) -> None:
    done = typed(trained, "fit", "--config", str(CONFIG), "--model.init_args.net.hiden", "3")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert line.endswith("'hiden' is not accepted; did you mean 'hidden'?")


# A checkpoint is told before the corpus is read, which is wrong too.
NO_CORPUS = ("--data.init_args.corpus", "no-such-folder")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (NO_CORPUS, "no-such-folder: is not a folder"),
        ((*NO_CORPUS, "--model.init_args.start", "no.ckpt"), "no.ckpt: is not there to start from"),
        ((*NO_CORPUS, "--ckpt_path", "no.ckpt"), "no.ckpt: cannot be read"),
        (
            (*NO_CORPUS, "--model.init_args.net.hidden", "8", "--ckpt_path", "LAST"),
            "is of another network than the one",
        ),
    ],
)
def test_what_a_fit_lacks_is_told_in_one_line_and_counts_no_run(trained: Path, words: list[str], told: str) -> None:
    before = sorted((trained / "build" / "runs" / "smoke").iterdir())
    words = [str(checkpoint(trained)) if word == "LAST" else word for word in words]
    done = typed(trained, "fit", "--config", str(CONFIG), *words)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("error: ")
    assert told in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert sorted((trained / "build" / "runs" / "smoke").iterdir()) == before
