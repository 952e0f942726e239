"""Which cluster is asked for."""

import sys
from types import SimpleNamespace

import pytest

from charter.errors import RequestError
from charter.processes.cluster import connected


@pytest.fixture
def asked(monkeypatch):
    """The addresses that Ray is asked to connect to; a stand-in, for the real one starts processes."""
    addresses = []
    monkeypatch.setitem(sys.modules, "ray", SimpleNamespace(init=lambda address, **_: addresses.append(address)))
    return addresses


def test_an_empty_ray_address_counts_as_not_set(asked, monkeypatch):
    monkeypatch.setenv("RAY_ADDRESS", "")
    connected("auto")
    monkeypatch.delenv("RAY_ADDRESS")
    connected("auto")
    assert asked == ["auto", "auto"]


def test_auto_is_what_ray_address_says(asked, monkeypatch):
    monkeypatch.setenv("RAY_ADDRESS", "nowhere")
    with pytest.raises(RequestError, match="'nowhere' is no address of a Ray cluster"):
        connected("auto")
    assert asked == []
