"""Rows of a batch, as the tests need them."""

from collections.abc import Callable
from typing import Any

import pytest

from charter.batch.row import Row, RowChart, RowFinding, RowTiming, Status


def _row(source: str = "a.ogg", status: Status = Status.CHARTED, **values: Any) -> Row:
    made: dict[str, Any] = {
        "folder": source.removesuffix(".ogg"),
        "title": f"Song {source}",
        "artist": "Someone",
        "audio_hash": "0123456789abcdef",
        "key": "fedcba9876543210",
        "seed": 3,
        "weights": {"placement": "00" * 8},
        "duration": 10.0,
        "seconds": 2.5,
        "timing": RowTiming(bpm=138.0, offset=-0.25, confidence=0.97, sync_ms=0.4),
        "charts": (RowChart("Hard", 9, 60, 6.0, (5.0, 8.0, 2.0)), RowChart("Easy", 3, 20, 2.0, (1.0, 3.0, 1.0))),
        "timing_picture": "iVBORw0KGgo=",
    }
    return Row(source, status, **(made | values))


@pytest.fixture
def make_row() -> Callable[..., Row]:
    """A row of a song that was charted without a flaw, but for what is named."""
    return _row


@pytest.fixture
def fault() -> RowFinding:
    return RowFinding("Hard", "fault", "jack", "4 jacks faster than 0.18 s", 64.0, 31.2)
