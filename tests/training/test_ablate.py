"""The sweep: every run leaves its scores once, and the table is made of what was left."""

import json
from dataclasses import replace

import pytest
import torch

from charter.errors import RequestError
from charter.model.grid import guide_channels
from charter.model.placement import Condition, PlacementNet, make_grid
from charter.notation import Timing
from tests.training.typed import typed
from training.ablate import ARMS, Budget, Corpus, sweep, table
from training.synthetic import write_corpus


def record(out, arm: str, seed: int, f1: float, **others: float) -> None:
    scores = {"f1": f1, "f1_untold": f1, **others}
    file = out / f"{arm.replace(' ', '-')}-{seed}.json"
    file.write_text(json.dumps({"arm": arm, "seed": seed, "steps": 300, "seconds": 1, "scores": scores}))


def test_the_table_has_mean_and_spread_of_each_arm_that_ran(tmp_path):
    for seed, f1 in enumerate((0.7, 0.8)):
        record(tmp_path, "default", seed, f1)
    record(tmp_path, "beginner alone", 0, 0.5, f1_beginner=0.5)
    head, _, *lines = table(tmp_path)
    assert "300 steps" in head
    assert lines == [
        "| default | 2 | 0.750 ± 0.071 | 0.750 ± 0.071 |  |  |  |  |  |",
        "| beginner alone | 1 |  |  | 0.500 |  |  |  |  |",
    ]
    assert all(line.count("|") == head.count("|") for line in lines)


def test_every_arm_has_a_file_of_its_own(tmp_path):
    for number, arm in enumerate(ARMS):
        record(tmp_path, arm.replace(",", ""), 0, number / 100, f1_hard=number / 100)
    told = [line.split(" | ")[7] for line in list(table(tmp_path))[2:]]
    assert told == [f"{number / 100:.3f}" for number in range(len(ARMS))]


def test_runs_of_other_lengths_do_not_mix(tmp_path):
    record(tmp_path, "default", 0, 0.5)
    with pytest.raises(RequestError, match=r"default-0\.json: is of 300 steps, not 200"):
        sweep(["default"], 1, Corpus(tmp_path, tmp_path, tmp_path), Budget(200), tmp_path, print)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"steps": 3, "scores": 1}'])
def test_a_file_that_is_no_run_is_told(tmp_path, text):
    (tmp_path / "default-0.json").write_text(text)
    with pytest.raises(RequestError, match=r"default-0\.json: is no run of this sweep"):
        list(table(tmp_path))


def test_an_arm_without_its_songs_is_told(tmp_path):
    with pytest.raises(RequestError, match="needs a folder of songs of other games"):
        sweep(["and other games"], 1, Corpus(tmp_path, tmp_path, tmp_path), Budget(), tmp_path, print)


@pytest.mark.parametrize("arm", ARMS)
def test_every_arm_answers_for_each_step_of_a_song(arm):
    config = ARMS[arm].net
    grid = make_grid(config, Timing.constant(133), 7.3)
    net = PlacementNet(replace(config, channels=2, hidden=4)).eval()
    mel = torch.zeros(1, len(config.audio.windows), len(grid), config.audio.mels)
    guide = torch.from_numpy(guide_channels(grid, config.guide, config.steps_per_token))[None]
    wanted = Condition(torch.tensor([[0, 4]]), torch.tensor([[1.0, 4.0]]), torch.tensor([133.0]))
    with torch.inference_mode():
        assert net(mel, guide, wanted).shape == (1, 2, len(grid))


def test_an_arm_that_there_is_not_is_told(tmp_path):
    with pytest.raises(RequestError, match="no arm is called 'defualt'; there are default, "):
        sweep(["defualt"], 1, Corpus(tmp_path, tmp_path, tmp_path), Budget(), tmp_path, print)


@pytest.mark.model
def test_a_run_is_trained_and_scored_once(tmp_path):
    write_corpus(tmp_path)
    told = []
    for seeds in ("1", "2", "2"):
        words = ["--corpus", "songs", "--manifest", "songs.tsv", "--out", "out", "--arm", "deaf", "--steps", "2"]
        done = typed(tmp_path, "ablate", *words, "--seeds", seeds)
        assert done.returncode == 0, done.stderr
        told += [line.partition(":")[0] for line in done.stderr.splitlines() if line.startswith("deaf, seed")]
    assert told == ["deaf, seed 0", "deaf, seed 1"]
    assert done.stdout.splitlines()[-1].startswith("| deaf | 2 | ")
