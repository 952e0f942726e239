"""Small simfiles, written as text."""

from collections.abc import Callable
from pathlib import Path

import pytest

WriteSong = Callable[..., Path]


@pytest.fixture
def write_song() -> WriteSong:
    """Write an ``.sm`` of 60 BPM whose charts are ``{difficulty: rows}``, a row on each beat of one measure or more."""

    def write(path: Path, charts: dict[str, str] | list[tuple[str, str]], **tags: str) -> Path:
        header = {"TITLE": "A song", "MUSIC": "song.ogg", "OFFSET": "0", "BPMS": "0=60", **tags}
        parts = [f"#{tag}:{value};" for tag, value in header.items()]
        for difficulty, rows in charts.items() if isinstance(charts, dict) else charts:
            lines = rows.split()
            measures = ["\n".join(lines[start : start + 4]) for start in range(0, len(lines), 4)]
            parts.append(
                f"#NOTES:\n dance-single:\n :\n {difficulty}:\n 3:\n 0,0,0,0,0:\n" + "\n,\n".join(measures) + "\n;"
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(parts), encoding="utf-8")
        return path

    return write
