"""`python -m training` as it is typed."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# What is typed, with a package of the extra in or out of reach.
PROGRAM = "import runpy, sys; sys.modules.update(dict.fromkeys(%r)); runpy.run_module('training', run_name='__main__')"


def run(*words, missing=()):
    command = [sys.executable, "-c", PROGRAM % (missing,), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.mark.model  # imports Lightning
def test_help_names_every_command():
    done = run("--help")
    words = set(done.stdout.split())
    assert done.returncode == 0, done.stderr
    assert {"`fit`,", "`validate`", "charts", "release", "ablate", "symbols", "rivals", "meters"} <= words


@pytest.mark.parametrize("package", ["pytorch_lightning", "jsonargparse"])
def test_without_the_extra_it_is_told_what_to_install(package):
    done = run("fit", missing=(package,))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"error: training needs more packages ({package} is missing): pip install -e '.[train]'\n"
