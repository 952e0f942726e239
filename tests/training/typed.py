"""`python -m training …` as it is typed, in a process forked from one that has Lightning imported."""

import multiprocessing
import os
import sys
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory

_SECONDS = 300
_SERVER = multiprocessing.get_context("forkserver")  # not pytest's own process: it has threads
_SERVER.set_forkserver_preload(["training.commands"])


def typed(folder: Path, *words: str) -> CompletedProcess[str]:
    """What the command line answers, run in a folder."""
    with TemporaryDirectory() as kept:
        told = [Path(kept) / "stdout", Path(kept) / "stderr"]
        process = _SERVER.Process(target=_type, args=(folder, words, told))
        process.start()
        process.join(_SECONDS)
        process.kill()
        process.join()
        out, err = (path.read_text(encoding="utf-8") for path in told)
        return CompletedProcess(words, process.exitcode or 0, out, err)


def _type(folder: Path, words: tuple[str, ...], told: list[Path]) -> None:
    from training.commands import main  # noqa: PLC0415  # it is there: the server has it

    for descriptor, path in enumerate(told, start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), descriptor)
    os.chdir(folder)
    os.environ["COLUMNS"] = "200"
    sys.argv = ["training", *words]
    main()
