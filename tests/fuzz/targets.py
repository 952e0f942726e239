"""All targets by name."""

from collections.abc import Iterator
from importlib import import_module

from tests.fuzz.target import Target

_MODULES = ("simfiles", "records", "media")  # what takes longest to import, last


def names() -> list[str]:
    """What every target is called."""
    return [name for targets in _all() for name in targets]


def target(name: str) -> Target:
    """The target of a name; no more is imported than that takes."""
    return next(targets[name] for targets in _all() if name in targets)


def _all() -> Iterator[dict[str, Target]]:
    for module in _MODULES:
        targets: dict[str, Target] = import_module(f"tests.fuzz.{module}").TARGETS
        yield targets
