"""Which charts came with a song, told from its record."""

import json
from pathlib import Path

import pytest

from charter.review.out.by_hand import slots_by_hand
from charter.song_draft import RECORD_NAME


def test_a_record_that_could_not_be_read_once_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / RECORD_NAME).write_text(json.dumps({"kept": ["Hard"]}))

    def refuse(*_: object, **__: object) -> None:
        raise OSError("too many open files")

    with monkeypatch.context() as context:
        context.setattr(Path, "open", refuse)
        assert slots_by_hand(tmp_path) == ()
    assert slots_by_hand(tmp_path) == ("hard",)
