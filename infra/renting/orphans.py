"""What bears a regency's mark in a cloud and stands in no state: what a run left that died, or a state that was lost."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from infra.renting.kind import Api
from infra.renting.owner import Owner, of_metadata, of_tags


@dataclass(frozen=True, slots=True, order=True)
class Orphan:
    """`kind` as servers are spoken of, `name` of the resource that it was made for, `id` the cloud's."""

    name: str
    kind: str
    id: str


def orphans(cloud: Api, regency: str, known: Collection[str]) -> tuple[Orphan, ...]:
    """`known`: the ids that are on record. Raises CloudError."""
    return tuple(sorted({each for each in _marked(cloud, regency) if each.id not in known}))


def _marked(cloud: Api, regency: str) -> Iterator[Orphan]:
    network, compute = cloud.network, cloud.compute
    tagged: tuple[tuple[str, Callable[[], Iterable[Any]]], ...] = (
        ("network", network.networks),
        ("router", network.routers),
        ("group", network.security_groups),
        ("address", network.ips),
    )
    for kind, listed in tagged:
        for each in listed():
            yield from _of(regency, kind, of_tags(each.tags), str(each.name or ""), str(each.id))
    for each in network.ports(device_id=""):  # of those of a server the server is told
        name = str(each.name or "").rpartition("-")[0]  # without its number
        yield from _of(regency, "port", of_tags(each.tags), name, str(each.id))
    for each in compute.servers():
        yield from _of(regency, "machine", of_metadata(each.metadata), "", str(each.id))
    for each in cloud.volumes.volumes(details=True):
        yield from _of(regency, "volume", of_metadata(each.metadata), "", str(each.id))
    for each in compute.keypairs():
        yield from _of(regency, "key", "", str(each.name), str(each.name))


def _of(regency: str, kind: str, owner: str, name: str, key: str) -> Iterator[Orphan]:
    """By its mark; by its name, which only we give, where it has none yet."""
    whose, _, what = owner.partition("/")
    called = Owner(regency, "").called
    if whose == regency:
        yield Orphan(what, kind, key)
    elif not owner and name.startswith(called):
        yield Orphan(name.removeprefix(called), kind, key)
