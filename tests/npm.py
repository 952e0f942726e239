"""Programs of other people that come from npm, installed once below ``build/``."""

import subprocess
from pathlib import Path

from tests.programs import missing, program

_CACHE = Path(__file__).parents[1] / "build" / "npm"


def installed(package: str) -> Path:
    """The folder that scripts which import a package may stand in. package: its name and version, ``name@1.2.3``."""
    npm, folder = program("npm"), _CACHE / package
    if not (folder / "node_modules" / package.rpartition("@")[0] / "package.json").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund", package]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        if done.returncode:
            missing(f"npm cannot install {package}: {done.stderr.strip()[-200:]}")
    return folder
