"""Files that come in are read elsewhere: whatever they hold, the server goes on."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from charter.errors import ChartError
from charter.processes.worker import Limits
from charter.review.errors import TooMany
from charter.review.queue import files
from charter.review.queue.files import FileReader
from export.stepmania.write import ssc_text
from tests.review.out.test_imports import FIELDS, SONG, under_review

pytestmark = pytest.mark.slow

BOMB = b"#;" * 100_000  # each empty name moves all that came before it
FILE = ssc_text(SONG).encode()


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[FileReader]:
    made = FileReader(tmp_path)
    yield made
    made.close()


def test_a_file_that_would_take_hours_is_given_up_and_the_next_is_read(reader: FileReader) -> None:
    reader._worker.limits = Limits(1 << 30, 3.0)
    began = time.monotonic()
    with pytest.raises(ChartError, match=r"^a\.ssc: took longer than 3 s; is it a simfile\?$"):
        reader.read(BOMB, "dir/a.ssc", FIELDS, under_review())
    assert time.monotonic() - began < 15
    assert [made.is_new for made in reader.read(FILE, "x.ssc", FIELDS, under_review()).charts] == [False] * 4


def test_what_is_wrong_with_a_file_is_told_as_it_is(reader: FileReader) -> None:
    with pytest.raises(ChartError, match=r"^x\.txt: is no simfile"):
        reader.read(FILE, "x.txt", FIELDS, under_review())


def test_a_crowd_is_refused_and_the_end_of_the_server_does_not_wait(
    reader: FileReader,
) -> None:
    said: list[Exception] = []

    def read() -> None:
        try:
            reader.read(BOMB, "a.ssc", FIELDS, under_review())
        except Exception as error:
            said.append(error)

    threads = [threading.Thread(target=read) for _ in range(20)]
    for thread in threads:
        thread.start()
    until = time.monotonic() + 20
    while len(said) < 20 - files._MOST_WAITING and time.monotonic() < until:
        time.sleep(0.02)
    assert len(said) == 20 - files._MOST_WAITING and {type(error) for error in said} == {TooMany}
    while reader._worker.pid is None:
        time.sleep(0.02)
    pid = reader._worker.pid
    began = time.monotonic()
    reader.close()
    for thread in threads:
        thread.join(10)
    assert time.monotonic() - began < 5
    assert not any(thread.is_alive() for thread in threads) and not psutil.pid_exists(pid)
    assert len(said) == 20


def test_its_process_goes_when_nobody_needs_it(reader: FileReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_IDLE_SECONDS", 0.1)
    reader.read(FILE, "x.ssc", FIELDS, under_review())
    until = time.monotonic() + 10
    while reader._worker.pid is not None and time.monotonic() < until:
        time.sleep(0.02)
    assert reader._worker.pid is None
