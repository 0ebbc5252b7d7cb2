"""Which links were proven, and which offices are promised something over one that was not. Pure.

A link is proven once, when it is handed over, and again when one of its ends moves: a proof carries the mark of what was proven.
That it is down today takes nothing back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from inventory.model import Link
from inventory.regency import Regency
from network.core.coverage import path


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """`seen`: what was looked at, and what it showed."""

    link: str
    mark: str
    at: datetime
    actor: str
    seen: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproven:
    """An office, and the links from the core to it that nobody has proven as they are now."""

    office: str
    name: str
    links: tuple[str, ...]


class Proofs(Protocol):
    """The durable record of proofs; the last one of a link counts. Every one is an audit line too."""

    def add(self, regency: str, proofs: Sequence[Proof]) -> None: ...

    def proofs(self, regency: str) -> Mapping[str, Proof]:
        """By link."""


def mark(link: Link) -> str:
    """What a proof is about: both ends, and what runs between them. Addresses and numbers may change without it."""
    near, far = link.ends
    return f"{near.device}:{near.interface} {far.device}:{far.interface} {link.medium}"


def is_proven(link: Link, proofs: Mapping[str, Proof]) -> bool:
    found = proofs.get(link.key)
    return found is not None and found.mark == mark(link)


def unproven(regency: Regency, proofs: Mapping[str, Proof], offices: Collection[str]) -> Iterator[Unproven]:
    """Of `offices` (keys), in the order of the file."""
    for office in regency.offices:
        if office.key in offices:
            links = tuple(link.key for link in path(regency, office) if not is_proven(link, proofs))
            if links:
                yield Unproven(office=office.key, name=office.name, links=links)
