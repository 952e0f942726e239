"""The licences of all that each extra installs, as the packages state them: `python -m tests.supply.licences`.

What is a direct dependency is marked; the others come with it. THIRD_PARTY.md says what the unusual ones ask for.
"""

import importlib.metadata
from collections.abc import Iterable

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.supply.bounds import bounds, named

NOT_INSTALLED = "not installed here"


def licence(name: str) -> str:
    """The licence that an installed package states: an SPDX expression, or words; empty where it states none."""
    metadata = importlib.metadata.metadata(name)
    if expression := metadata.get("License-Expression"):
        return str(expression)
    words = (metadata.get("License") or "").strip()  # in some packages the whole text
    kinds = [kind.split(" :: ")[-1] for kind in metadata.get_all("Classifier", []) if kind.startswith("License ::")]
    return words if words and "\n" not in words else "; ".join(kinds)


def installed_with(requirements: Iterable[Requirement]) -> dict[str, str]:
    """Every package that comes with some, by canonical name, and its licence or `NOT_INSTALLED`."""
    found: dict[str, str] = {}
    ahead = list(requirements)
    seen: set[tuple[str, str]] = set()
    while ahead:
        one = ahead.pop()
        name = canonicalize_name(one.name)
        try:
            found[name] = licence(name)
            requires = [Requirement(line) for line in importlib.metadata.requires(name) or ()]
        except importlib.metadata.PackageNotFoundError:
            found[name] = NOT_INSTALLED
            continue
        for extra in {"", *one.extras} - {extra for at, extra in seen if at == name}:
            seen.add((name, extra))
            ahead += [each for each in requires if each.marker is None or each.marker.evaluate({"extra": extra})]
    return found


if __name__ == "__main__":
    direct, shown = bounds(), set()
    for extra, group in named().items():
        print(f"\n{extra or 'charter'} (* named in pyproject.toml)")
        for name, words in sorted(installed_with(group).items()):
            if name not in shown:
                print(f"{'*' if name in direct else ' '} {name:26} {words}")
            shown.add(name)
