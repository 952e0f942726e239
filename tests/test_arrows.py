"""The arrows of the house: who may import whom, read from the source."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = {"charter", "datasets", "training", "export", "examples"}

# A package, or a module that stands by itself, may import itself and what stands here, of ours.
ALLOWED = {
    "charter/errors.py": set(),
    "charter/memory.py": set(),
    "charter/files.py": {"charter.errors"},
    "charter/figure.py": {"charter.errors", "charter.files"},
    "charter/song_draft.py": {"charter.errors", "charter.files", "export.names"},
    "charter/request.py": {"charter.errors", "charter.notation", "charter.decode", "charter.tempo.tempo_range"},
    "charter/notation": {"charter.errors"},
    "charter/audio": {"charter.errors", "charter.files"},
    "charter/tempo": {"charter.errors", "charter.audio", "charter.notation", "charter.model"},
    "charter/sections": {"charter.errors", "charter.audio", "charter.notation", "charter.model"},
    "charter/model": {"charter.errors", "charter.files", "charter.audio", "charter.notation"},
    "charter/decode": {"charter.errors", "charter.audio", "charter.notation", "charter.model"},
    "charter/arrange": {
        "charter.errors",
        "charter.audio",
        "charter.notation",
        "export.chiptune.score",
        "export.chiptune.instruments",
    },
    "charter/metrics": {"charter.errors", "charter.notation"},
    "charter/check": {
        "charter.errors",
        "charter.audio",
        "charter.notation",
        "charter.tempo",
        "charter.decode.rules",
        "charter.metrics",
        "charter.request",
        "export",
    },
    "charter/processes": {"charter.errors"},
    "charter/batch": {
        "charter.errors",
        "charter.files",
        "charter.lock",
        "charter.processes",
        "charter.request",
        "charter.audio",
        "charter.notation",
        "charter.model.shipped",
        "charter.tempo",
        "charter.decode.rules",
        "charter.generate",
        "charter.check",
        "charter.preview.sound",
        "charter.song_draft",
        "charter.song_folder",
        "charter.song_record",
        "export",
    },
    "charter/review": {
        "charter.errors",
        "charter.files",
        "charter.lock",
        "charter.memory",
        "charter.processes",
        "charter.request",
        "charter.audio",
        "charter.notation",
        "charter.model.shipped",
        "charter.tempo",
        "charter.decode.rules",
        "charter.generate",
        "charter.redo",
        "charter.redo_request",
        "charter.check",
        "charter.batch",
        "charter.preview",
        "charter.arrange",
        "charter.song_draft",
        "charter.song_folder",
        "charter.song_record",
        "export",
    },
    # What is kept and what is computed know nothing of each other, and neither knows the web.
    "charter/review/document": {"charter.errors", "charter.notation", "charter.review.errors"},
    "charter/review/store": {
        "charter.errors",
        "charter.lock",
        "charter.notation",
        "charter.review.errors",
        "charter.review.document",
    },
    "export": {"charter.errors", "charter.files", "charter.notation"},
    "datasets": {
        "charter.errors",
        "charter.files",
        "charter.audio",
        "charter.notation",
        "charter.model",
        "charter.tempo.bias",
        "charter.tempo.envelope",
        "export",
    },
    "examples": {"charter.errors", "charter.files", "charter.notation", "export"},
}


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "charter":
            found |= {f"charter.{alias.name}" for alias in node.names if alias.name != "__version__"}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name for name in found if name.split(".")[0] in OURS}


@pytest.mark.parametrize("package", ALLOWED)
def test_arrows_point_down(package: str) -> None:
    own = package.removesuffix(".py").replace("/", ".")
    allowed = ALLOWED[package] | {own}
    files = [ROOT / package] if package.endswith(".py") else list((ROOT / package).rglob("*.py"))
    assert files
    wrong = {
        f"{file.relative_to(ROOT)} imports {name}"
        for file in files
        for name in imported(file)
        if not any(name == one or name.startswith(f"{one}.") for one in allowed)
    }
    assert wrong == set()


@pytest.mark.parametrize(
    ("room", "strangers"),
    [("work", ("store", "queue", "web")), ("out", ("queue", "web")), ("queue", ("web",)), ("store", ("out",))],
)
def test_rooms_of_the_review_keep_to_themselves(room: str, strangers: tuple[str, ...]) -> None:
    found = {name for file in (ROOT / "charter/review" / room).rglob("*.py") for name in imported(file)}
    assert {
        name for name in found if any(f"{name}.".startswith(f"charter.review.{one}.") for one in strangers)
    } == set()


@pytest.mark.slow
def test_generating_needs_no_training_packages() -> None:
    program = """
import importlib, pkgutil, sys
extras = ("pytorch_lightning", "lightning_fabric", "matplotlib", "jsonargparse", "tensorboard", "ray")
extras += ("fastapi", "uvicorn", "sqlalchemy", "platformdirs", "websockets")
for name in (*extras, "datasets.cache"):
    sys.modules[name] = None
import charter, export
for package in (charter, export):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.endswith("__main__") and not module.name.startswith("charter.review."):
            importlib.import_module(module.name)
assert "charter.generate" in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_a_review_is_served_without_what_only_workers_need() -> None:
    program = """
import sys
for name in ("torch", "torchaudio", "scipy", "soxr", "soundfile", "ray"):
    sys.modules[name] = None
import charter.review.web.serve
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
