"""Files that come in are read elsewhere: whatever they hold, the server goes on."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from charter.errors import CharterError, ChartError
from charter.processes.worker import Limits
from charter.review.errors import TooMany
from charter.review.queue import files
from charter.review.queue.files import FileReader
from export.stepmania.write import ssc_text
from tests.review.out.test_imports import FIELDS, SONG, under_review
from tests.waiting import wait_for

pytestmark = pytest.mark.slow

BOMB = b"#;\n" * 600_000  # so many names that telling that they are too many takes long
FILE = ssc_text(SONG).encode()


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[FileReader]:
    made = FileReader(tmp_path)
    yield made
    made.close()


def hurried(reader: FileReader, seconds: float) -> None:
    """No file may take longer."""
    for each in reader._readers:
        each.worker.limits = Limits(1 << 30, seconds)


def pids(reader: FileReader) -> set[int]:
    return {each.worker.pid for each in reader._readers if each.worker.pid is not None}


def test_a_file_that_would_take_hours_is_given_up_and_the_next_is_read(reader: FileReader) -> None:
    hurried(reader, 3.0)
    began = time.monotonic()
    with pytest.raises(ChartError, match=r"^a\.ssc: took longer than 3 s; is it a simfile\?$"):
        reader.read(BOMB, "dir/a.ssc", FIELDS, under_review())
    assert time.monotonic() - began < 15
    assert [made.is_new for made in reader.read(FILE, "x.ssc", FIELDS, under_review()).charts] == [False] * 4


def test_a_file_that_keeps_its_reader_busy_keeps_no_other_waiting(reader: FileReader) -> None:
    refused: list[str] = []

    def read() -> None:
        with pytest.raises(CharterError) as raised:
            reader.read(BOMB, "a.ssc", FIELDS, under_review())
        refused.append(str(raised.value))

    hurried(reader, 120.0)
    bomb = threading.Thread(target=read)
    bomb.start()
    wait_for(lambda: reader._idle.qsize() == 1)
    assert len(reader.read(FILE, "x.ssc", FIELDS, under_review()).charts) == 4
    assert refused == []
    reader.close()
    bomb.join()


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
    wait_for(lambda: len(said) >= 20 - files._MOST_WAITING)
    assert len(said) == 20 - files._MOST_WAITING and {type(error) for error in said} == {TooMany}
    wait_for(lambda: len(pids(reader)) == files._AT_ONCE)
    running = pids(reader)
    began = time.monotonic()
    reader.close()
    for thread in threads:
        thread.join(10)
    assert time.monotonic() - began < 5
    assert not any(thread.is_alive() for thread in threads) and not any(map(psutil.pid_exists, running))
    assert len(said) == 20


def test_its_process_goes_when_nobody_needs_it(reader: FileReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_IDLE_SECONDS", 0.1)
    reader.read(FILE, "x.ssc", FIELDS, under_review())
    wait_for(lambda: not pids(reader))
