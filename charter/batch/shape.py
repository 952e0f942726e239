"""Whether values that were read from a file are of the types that a dataclass says."""

import re
from collections.abc import Mapping
from dataclasses import fields
from types import NoneType, UnionType
from typing import Any, get_args, get_origin

_LARGEST = 1e300  # as a number that is shown
_NO_NAME = re.compile("[\ud800-\udc7f\udd00-\udfff]")  # the other surrogates are bytes of names that are no UTF-8


def check_shape(values: Any) -> None:
    """Look through a dataclass's own fields. Raises TypeError that names the first that is of another type.

    A number has to be finite, and a text one that a file may be called.
    """
    for field in fields(values):
        if not _fits(getattr(values, field.name), field.type):
            raise TypeError(f"{field.name} is not as charter writes it")


def _fits(value: Any, hint: Any) -> bool:
    inside = get_args(hint)
    if get_origin(hint) is UnionType:
        return any(_fits(value, each) for each in inside)
    if get_origin(hint) is tuple:
        return isinstance(value, tuple) and all(_fits(each, inside[0]) for each in value)
    if inside:
        return isinstance(value, Mapping) and all(_fits(word, str) for pair in value.items() for word in pair)
    if hint in (int, float):
        return type(value) in (int, hint) and -_LARGEST < value < _LARGEST
    if hint is str:
        return isinstance(value, str) and not _NO_NAME.search(value)
    return value is None if hint is NoneType else isinstance(value, hint)
