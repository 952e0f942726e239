"""Rules of one's own: a YAML file over the table, and switches over both."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import yaml

from charter.decode.rules import RULES, StepRules
from charter.errors import RequestError
from charter.notation import Difficulty

_SETTINGS = {each.name: each.type for each in fields(StepRules)}
_LONGEST = 60.0  # seconds
_MOST_BYTES = 20_000
# What PyYAML raises for texts that are no YAML, and for words that are not of the kind that they say they are.
_NO_YAML = (
    yaml.YAMLError,
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    OverflowError,
    RecursionError,
)


def step_rules(path: Path | None = None, **switches: bool) -> dict[Difficulty, StepRules]:
    """The rules of every difficulty: the table, what a file says otherwise, and what is switched off.

    The file has a mapping for each difficulty that it changes, e.g. ``hard: {fastest_jack: 0.2, crossovers: false}``.
    Raises RequestError that names the file, and the key or the value that is wrong.
    """
    off = {name: False for name, wanted in switches.items() if not wanted}
    changes = _read(path) if path is not None else {}
    return {level: replace(RULES[level], **{**changes.get(level, {}), **off}) for level in Difficulty}


def _read(path: Path) -> dict[Difficulty, dict[str, Any]]:
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise RequestError(f"{path}: cannot be read ({error.strerror or error})") from error
    if len(data) > _MOST_BYTES:
        raise RequestError(f"{path}: has over {_MOST_BYTES // 1000} kB; a file of rules has a few lines")
    try:
        said = _said(data)
    except _NO_YAML as error:
        reason = " ".join(str(error).split())
        raise RequestError(f"{path}: is no YAML ({reason})") from error
    except RequestError as error:
        raise RequestError(f"{path}: {error}") from error
    changes: dict[Difficulty, dict[str, Any]] = {}
    for name, settings in said:
        try:
            level = Difficulty.parse(name)
        except RequestError as error:
            raise RequestError(f"{path}: {error}") from error
        if level in changes:
            raise RequestError(f"{path}: {name} stands there twice")
        changes[level] = {}
        for key, value in settings:
            if key in changes[level]:
                raise RequestError(f"{path}: {name}: {key} stands there twice")
            changes[level][key] = _checked(f"{path}: {name}", key, value)
    return changes


def _said(data: bytes) -> list[tuple[str, list[tuple[str, object]]]]:
    """Difficulties and their settings, as they stand there. Raises RequestError for another shape, any of `_NO_YAML`.

    Only words and numbers are made of what is parsed: whole values would let a few lines of aliases fill the memory.
    """
    loader = yaml.SafeLoader(data)
    root = loader.get_single_node()
    if not isinstance(root, yaml.MappingNode):
        raise RequestError("expected a difficulty on each line, such as hard: {crossovers: false}")
    said = []
    for name_node, settings in root.value:
        name = _name(name_node)
        if not isinstance(settings, yaml.MappingNode):
            raise RequestError(f"{name}: expected settings, such as {{crossovers: false}}")
        said.append((name, [(_name(key), _word(loader, value)) for key, value in settings.value]))
    return said


def _name(node: yaml.Node) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else _kind(node)


def _kind(node: yaml.Node) -> str:
    return "a list" if isinstance(node, yaml.SequenceNode) else "a mapping"


def _word(loader: yaml.SafeLoader, node: yaml.Node) -> object:
    """The value of a word or number; of anything else, what it is called. Raises any of `_NO_YAML`."""
    value = loader.construct_object(node) if isinstance(node, yaml.ScalarNode) else _kind(node)
    repr(value)  # a ValueError for a number with more digits than Python shows
    return value


def _checked(where: str, key: str, value: object) -> float | bool:
    if key not in _SETTINGS:
        raise RequestError(f"{where}: no rule is called {key!r}; there are {', '.join(_SETTINGS)}")
    if _SETTINGS[key] is bool:
        if not isinstance(value, bool):
            raise RequestError(f"{where}: {key} is {value!r}; it must be true or false")
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LONGEST:
        raise RequestError(f"{where}: {key} is {value!r}; it must be a number of seconds, from 0 to {_LONGEST:g}")
    return float(value)
