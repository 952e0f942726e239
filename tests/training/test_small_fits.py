"""Loss curves of one process, of two, and of one that was killed and goes on, are one curve."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from training import synthetic

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three songs of unequal length to learn from and one to validate: of two processes, one has none."""
    folder = tmp_path_factory.mktemp("fits")
    lines = []
    with pytest.MonkeyPatch.context() as patch:
        for number, beats in enumerate((64, 72, 80)):
            patch.setattr(synthetic, "BEATS", beats)
            synthetic.write_corpus(folder / "one", seed=number)
            head, *songs = (folder / "one" / "songs.tsv").read_text(encoding="utf-8").splitlines()
            for line in songs[: 2 if number == 0 else 1]:
                name, _, rest = line.partition("\t")
                (folder / "songs").mkdir(exist_ok=True)
                (folder / "one" / "songs" / name).rename(folder / "songs" / f"{name}-{number}")
                lines.append(f"{name}-{number}\t{rest}")
    (folder / "songs.tsv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def curves(corpus: Path):
    """What was logged, by the name of the file, network, name and step."""
    out = corpus / "out"
    out.mkdir()
    command = [sys.executable, "-m", "tests.training.small_fits", str(corpus), str(out)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return {path.stem: json.loads(path.read_text()) for path in out.glob("*.json")}


@pytest.mark.parametrize("network", ["placement", "symbols", "beats", "sections"])
def test_two_processes_train_as_one(curves, network):
    one, two = curves["one"][network], curves["two"][network]
    assert set(one) == set(two)
    assert len(one["train/loss"]) >= 2
    for name, curve in one.items():
        assert two[name] == pytest.approx(curve, abs=2e-6), name


def test_one_that_was_killed_goes_on_as_if_it_never_was(curves):
    """To the bit, with dropout, running means of weights and the rate's schedule, from the midst of an epoch."""
    whole, rest = curves["whole"], curves["rest"]
    assert sorted(map(int, rest["train/loss"])) == list(range(4, len(whole["train/loss"])))
    for name, curve in rest.items():
        assert curve == {step: value for step, value in whole[name].items() if int(step) >= 4}, name
