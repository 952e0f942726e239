"""Fuzz what charter reads, led by coverage: ``python -m tests.fuzz sm rules --seconds 60``.

It needs atheris (``pip install atheris``; there are wheels for Linux). A file that is answered with anything but a
result or an error of charter's own, or too late, or with too much memory (see `tests.fuzz.target`), is kept below
``build/fuzz/TARGET``, one for each place in the code, with the traceback beside it; the exit code is then 1.
A reader that hangs or dies ends its process, which is told, and another goes on until time is up.
"""

import argparse
import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from tests.fuzz.target import ask
from tests.fuzz.targets import names
from tests.fuzz.targets import target as named

INSTRUMENTED = ["charter", "export", "datasets", "simfile", "msdparser", "yaml"]
LONGEST_SECONDS, MOST_MEMORY_MB = 20, 4096
ROOT = Path(__file__).parents[2]


def main() -> int:
    """Parse the command line and fuzz; whether anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", help="what to fuzz; all if none is named")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--seeds", type=Path, help="a folder with more files to begin from, found by their suffix")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "fuzz", help="where findings are kept")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    told = parser.parse_args()
    if find_spec("atheris") is None:
        print(
            "atheris is not installed: pip install atheris (for Linux; the suite's own run needs none)", file=sys.stderr
        )
        return 2
    if told.child:
        _child(told.targets[0], told.out)
    unknown = sorted(set(told.targets) - set(names()))
    if unknown:
        parser.error(f"no target is called {unknown[0]}; there are {', '.join(names())}")
    found = [finding for name in told.targets or names() for finding in _fuzzed(name, told)]
    print(f"{len(found)} findings" if found else "nothing found")
    return 1 if found else 0


def _fuzzed(name: str, told: argparse.Namespace) -> list[Path]:
    out = told.out / name
    corpus = out / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    target = named(name)
    more = sorted(told.seeds.rglob(f"*{target.suffix}")) if told.seeds and target.suffix else []
    for data in (*target.seeds(), *(path.read_bytes() for path in more[:50])):
        (corpus / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    words = out / "words"
    words.write_text("".join(f'"{"".join(f"{chr(92)}x{byte:02x}" for byte in word)}"\n' for word in target.words))
    before = set(_findings(out))
    start, runs = time.monotonic(), 0
    while (left := round(told.seconds - (time.monotonic() - start))) > 0:
        command = [sys.executable, "-m", "tests.fuzz", name, "--child", "--out", str(told.out)]
        options = {
            "max_total_time": left,
            "timeout": LONGEST_SECONDS,
            "report_slow_units": LONGEST_SECONDS,
            "rss_limit_mb": MOST_MEMORY_MB,
            "malloc_limit_mb": MOST_MEMORY_MB,
            "max_len": 100_000,
            "artifact_prefix": f"{out}/",
            "print_final_stats": 1,
            "dict": words,
        }
        arguments = [f"-{key}={value}" for key, value in options.items() if key != "dict" or target.words]
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "CHARTER_FUZZ": "\n".join([*arguments, str(corpus)])}
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, errors="replace", check=False
        )
        ran = _count(done.stderr)
        runs += ran
        if done.returncode:
            print(f"{name}: ended with {done.returncode}: {_reason(done.stderr)}", flush=True)
            if not ran:
                raise SystemExit(f"{name}: nothing could be fuzzed")
    findings = [path for path in _findings(out) if path not in before]
    print(f"{name}: {runs} files in {time.monotonic() - start:.0f} s, {len(findings)} findings", flush=True)
    for path in findings:
        print(f"  {path}", flush=True)
    return findings


def _findings(out: Path) -> list[Path]:
    return sorted(path for path in out.glob("*-*") if path.suffix != ".txt")


def _count(said: str) -> int:
    lines = [line for line in said.splitlines() if "number_of_executed_units" in line]
    if lines:
        return int(lines[-1].split()[-1])
    numbers = [
        line.split()[0][1:] for line in said.splitlines() if line.startswith("#") and line.split()[0][1:].isdigit()
    ]
    return int(numbers[-1]) if numbers else 0


def _reason(said: str) -> str:
    lines = [line for line in said.splitlines() if "ERROR" in line or "Error" in line]
    return (lines or said.splitlines() or ["?"])[-1][:300]


def _child(name: str, out: Path) -> None:
    import atheris  # noqa: PLC0415

    with atheris.instrument_imports(include=INSTRUMENTED):
        target = named(name)
    folder = Path(tempfile.mkdtemp(prefix="charter-fuzz-"))

    place = folder / "first"  # what a reader loads when it is first asked is no fault of a file's
    place.mkdir()
    for seed in target.seeds():
        with contextlib.suppress(Exception):
            target.read(seed, place)

    def one(data: bytes) -> None:
        place = folder / "x"
        place.mkdir()
        try:
            ask(target, data, place)
        except Exception as error:  # each is a finding
            _keep(out / name, data, error)
        finally:
            shutil.rmtree(place, ignore_errors=True)

    with contextlib.suppress(KeyboardInterrupt):
        atheris.Setup([name, *os.environ["CHARTER_FUZZ"].split("\n")], one)
        atheris.Fuzz()


def _keep(out: Path, data: bytes, error: Exception) -> None:
    """One file for each place: that of the error's last frames, or the shortest that does it."""
    frames: Sequence[traceback.FrameSummary] = traceback.extract_tb(error.__traceback__)[2:]
    kind = type(error).__name__
    where = [f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno}" for frame in frames]
    place = "|".join([kind, *where[-6:]]) if kind != "BrokenError" else str(error)[:9]
    path = out / f"{kind}-{hashlib.sha256(place.encode()).hexdigest()[:8]}"
    if not path.exists() or len(data) < path.stat().st_size:
        path.write_bytes(data)
        text = "".join(traceback.format_exception(error))
        path.with_name(f"{path.name}.txt").write_text(text)


if __name__ == "__main__":
    sys.exit(main())
