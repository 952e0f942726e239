"""How many workers a machine is given."""

from types import SimpleNamespace

import pytest

from charter.batch import machine


@pytest.fixture
def bare(monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "_CGROUP", tmp_path)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(8)))
    monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(available=100 * machine.WORKER_BYTES))
    return tmp_path


@pytest.mark.parametrize(("songs", "workers"), [(0, 1), (1, 1), (5, 5), (100, 8)])
def test_no_more_than_songs_or_cores(bare, songs, workers):
    assert machine.worker_count(songs) == workers


@pytest.mark.parametrize(
    ("files", "workers"),
    [
        ({"cpu.max": "200000 100000"}, 2),
        ({"cpu.max": "50000 100000"}, 1),
        ({"cpu.max": "max 100000"}, 8),
        ({"memory.max": f"{4 * machine.WORKER_BYTES}", "memory.current": f"{machine.WORKER_BYTES}"}, 3),
        ({"memory.max": "1000", "memory.current": "10"}, 1),
        ({"memory.max": "max", "memory.current": "10"}, 8),
    ],
)
def test_a_container_is_heeded(bare, files, workers):
    for name, text in files.items():
        (bare / name).write_text(text + "\n")
    assert machine.worker_count(100) == workers
