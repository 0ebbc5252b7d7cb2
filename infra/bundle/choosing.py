"""Which of the locked packages a bundle carries: what the project asks for without its tools, and what that asks for in turn.

There is no second list. The environment that `make setup` made holds what the lock says, checked by hashes; what its packages
say of each other picks from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement

_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)

Find = Callable[[str], Distribution]


class NoBundle(Exception):
    """It cannot be made; its text says why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One package of the lock, as it is installed here."""

    name: str
    version: str
    installed: Distribution


def pins(lock: str) -> dict[str, frozenset[str]]:
    """By normalised name: the versions that a lock of pip's shape gives, more than one where markers part them."""
    found: dict[str, frozenset[str]] = {}
    for name, version in _PIN.findall(lock):
        found[normal(name)] = found.get(normal(name), frozenset()) | {version}
    return found


def normal(name: str) -> str:
    """A name as PyPA's specification compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def choose(
    project: str, extras: Iterable[str], locked: Mapping[str, frozenset[str]], find: Find = distribution
) -> tuple[Chosen, ...]:
    """What `project` with these extras stands on, itself left out, by name.

    Raises NoBundle for an extra that it has not, and for a package that is not installed, or not in the version of the lock.
    """
    extras = frozenset(extras)
    known = frozenset(find(project).metadata.get_all("Provides-Extra") or [])
    if extras - known:
        raise NoBundle(f"{project} has no extra {', '.join(sorted(extras - known))}; it has {', '.join(sorted(known))}")
    asked: dict[str, frozenset[str]] = {}
    waiting = [(normal(project), extras)]
    while waiting:
        name, more = waiting.pop()
        if name in asked and more <= asked[name]:
            continue
        asked[name] = asked.get(name, frozenset()) | more
        waiting += [(normal(need.name), frozenset(need.extras)) for need in _needs(_found(find, name), asked[name])]
    del asked[normal(project)]
    return tuple(_chosen(_found(find, name), name, locked) for name in sorted(asked))


def _needs(package: Distribution, extras: frozenset[str]) -> list[Requirement]:
    """What it needs on this machine: markers that name another platform or Python do not count."""
    needs = [Requirement(text) for text in package.requires or []]
    return [
        need for need in needs if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in ("", *extras))
    ]


def _found(find: Find, name: str) -> Distribution:
    try:
        return find(name)
    except PackageNotFoundError:
        raise NoBundle(f"{name} is not installed; `make setup` installs what the lock names") from None


def _chosen(package: Distribution, name: str, locked: Mapping[str, frozenset[str]]) -> Chosen:
    pinned = locked.get(name, frozenset())
    if package.version not in pinned:
        said = ", ".join(sorted(pinned)) or "nothing"
        raise NoBundle(f"{name} {package.version} is installed, and the lock says {said}; `make setup` puts that right")
    return Chosen(name=name, version=package.version, installed=package)
