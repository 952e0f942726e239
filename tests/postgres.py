"""A PostgreSQL server of the tests' own, from the programs that Debian's package brings."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from tests.programs import missing
from tests.review_server import free_port

_INSTALLED = Path("/usr/lib/postgresql")


def _program(name: str) -> str:
    found = sorted(_INSTALLED.glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name) or missing(f"PostgreSQL's {name} is not installed")


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty database, whose server lives as long as the block."""
    initdb, control = _program("initdb"), _program("pg_ctl")
    folder = Path(mkdtemp(prefix="charter-postgres-"))  # not in pytest's own, which only its user may enter
    cluster, port = folder / "data", free_port()
    as_user: list[str] = []
    if os.geteuid() == 0:  # it refuses to run as root
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]

    def run(*command: str | Path) -> None:
        subprocess.run([*as_user, *command], stdout=subprocess.DEVNULL, check=True, cwd=folder)

    try:
        run(initdb, "-A", "trust", "-U", "charter", "-E", "UTF8", "-D", cluster)
        settings = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder}"
        run(control, "-D", cluster, "-w", "-l", folder / "log", "-o", settings, "start")
        try:
            yield f"postgresql://charter@127.0.0.1:{port}/postgres"
        finally:
            run(control, "-D", cluster, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)
