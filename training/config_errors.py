"""What is wrong with a config or a command line, in one line."""

import inspect
import re
from difflib import get_close_matches
from importlib import import_module
from typing import Any, NoReturn

import pytorch_lightning as pl
from pytorch_lightning.cli import LightningArgumentParser

from charter.errors import RequestError

# jsonargparse tells how it came to its verdict, over a dozen lines.
_ROUTE = re.compile(r"(does not validate against|subtypes:|errors:|- expected a <class 'nonetype'>|given value)", re.I)
_CLASS = re.compile(r"given class_path '([\w.]+)\.(\w+)'")
_NAME = re.compile(r"option '(\w+)' is not accepted|(?:option '|arguments: --)trainer\.(\w+)", re.I)


class ConfigParser(LightningArgumentParser):
    """Raises RequestError where another would print its usage, three screens of it."""

    def error(self, message: str, ex: Exception | None = None) -> NoReturn:
        """Tell it in one line; where values are only tried, as its class does."""
        if not self.exit_on_error:
            super().error(message, ex)
        raise RequestError(in_one_line(message)) from ex


def in_one_line(message: str) -> str:
    """The lines of a message of jsonargparse that say what is wrong and where, and the setting that was meant."""
    lines = [line.strip().removeprefix("- ") for line in message.splitlines() if not _ROUTE.match(line.strip())]
    said = " ".join(filter(None, lines))
    found = _NAME.search(said)
    classes = _CLASS.findall(said)
    if found is None or not (found[2] or classes):
        return said
    meant: Any = pl.Trainer if found[2] else getattr(import_module(classes[-1][0]), classes[-1][1])
    alike = get_close_matches(found[1] or found[2], inspect.signature(meant).parameters, 1)
    return f"{said}; did you mean {alike[0]!r}?" if alike else said
