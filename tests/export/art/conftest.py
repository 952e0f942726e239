"""Pictures and fonts that every machine has which runs these tests."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from export.art import fonts
from export.art.fonts import Face


@pytest.fixture
def outline() -> np.ndarray:
    return np.random.default_rng(0).uniform(0, 1, (48, 300)).astype(np.float32)


@pytest.fixture
def no_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with no font but Pillow's own."""
    monkeypatch.setattr(fonts, "_of_fontconfig", lambda characters, language: ())
    monkeypatch.setattr(fonts, "_KNOWN_FILES", ())


@pytest.fixture
def dejavu(monkeypatch: pytest.MonkeyPatch, no_fonts: None) -> Face:
    """A machine with one: matplotlib's, which has Greek, Cyrillic and Arabic, but no Japanese."""
    found = importlib.util.find_spec("matplotlib")
    assert found is not None
    assert found.origin is not None
    face = Face(str(Path(found.origin).parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans-Bold.ttf"))
    monkeypatch.setattr(fonts, "_of_fontconfig", lambda characters, language: (face,))
    return face
