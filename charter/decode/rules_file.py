"""Rules of one's own: a YAML file over the table, and switches over both."""

from collections.abc import Hashable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import yaml

from charter.decode.rules import RULES, StepRules
from charter.errors import RequestError
from charter.notation import Difficulty

_SETTINGS = {each.name: each.type for each in fields(StepRules)}
_LONGEST = 60.0  # seconds


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
        said = yaml.load(path.read_bytes(), _Loader)
    except OSError as error:
        raise RequestError(f"{path}: cannot be read ({error.strerror or error})") from error
    except RequestError as error:
        raise RequestError(f"{path}: {error}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise RequestError(f"{path}: is no YAML ({reason})") from error
    if not isinstance(said, Mapping):
        raise RequestError(f"{path}: expected a difficulty on each line, such as hard: {{crossovers: false}}")
    changes: dict[Difficulty, dict[str, Any]] = {}
    for name, settings in said.items():
        try:
            level = Difficulty.parse(str(name))
        except RequestError as error:
            raise RequestError(f"{path}: {error}") from error
        if level in changes:
            raise RequestError(f"{path}: {name} stands there twice")
        if not isinstance(settings, Mapping):
            raise RequestError(f"{path}: {name}: expected settings, such as {{crossovers: false}}")
        changes[level] = {str(key): _checked(f"{path}: {name}", str(key), value) for key, value in settings.items()}
    return changes


class _Loader(yaml.SafeLoader):
    """Of a key that stands twice, YAML's own would take the last and say nothing."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002
        """As its base does. Raises RequestError for a key that stands twice."""
        names: set[str] = set()
        for name in (key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if name in names:
                raise RequestError(f"{name} stands there twice")
            names.add(name)
        return super().construct_mapping(node, deep)


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
