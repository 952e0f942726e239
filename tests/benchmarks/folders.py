"""How fast a file system makes and lists the song folders of one pack.

    python -m tests.benchmarks.folders [--at FOLDER] [--folders 100000]

Makes empty folders below FOLDER (the system's own place for such things, unless told) and removes them again. Prints
folders made in a second, over the first tenth and over all, and the seconds that it takes to list them.
"""

import os
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer


def main(
    at: Annotated[Path | None, typer.Option()] = None, folders: Annotated[int, typer.Option(min=10)] = 100_000
) -> None:
    """Make, list and remove."""
    with tempfile.TemporaryDirectory(dir=at) as pack:
        started = time.perf_counter()
        first = started
        for number in range(folders):
            if number == folders // 10:
                first = time.perf_counter()
            os.mkdir(os.path.join(pack, str(number)))
        made = time.perf_counter()
        count = sum(1 for _ in os.scandir(pack))
        listed = time.perf_counter()
    tenth, rate = folders // 10 / (first - started), folders / (made - started)
    print(f"{count} folders: {tenth:.0f} a second at first, {rate:.0f} over all; listed in {listed - made:.2f} s")


if __name__ == "__main__":
    typer.run(main)
