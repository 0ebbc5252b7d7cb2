"""The network as a picture has it: devices, links with their states, and the tree in which the eye reads them. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from inventory import views
from inventory.model import DeviceRole, Hub, Link, Medium, Office
from inventory.regency import Regency
from network.core.link_states import LinkState, Source, Why, Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A device. `name` is that of the office or hub that it serves, or its own key; `depth` counts links from the border, and
    `above` is the device through which it is reached; None for the border, and for a device that no tree has."""

    device: str
    name: str
    role: DeviceRole
    address: str
    office: str | None
    hub: str | None
    depth: int
    above: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A link, the end nearer to the uplinks first. Rates in bit/s; `age` and `since` in seconds before the picture was made."""

    link: str
    near: str
    near_interface: str
    far: str
    far_interface: str
    medium: Medium
    length_km: float | None
    down: int
    up: int
    state: Word
    since: float | None
    age: float | None
    source: Source | None
    why: Why | None
    end: str | None


_GRAVITY: Final = (Word.UP, Word.UNKNOWN, Word.ONE_WAY, Word.DOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topology:
    """`nodes` in reading order: each below the one above it, in the order of the files."""

    regency: str
    name: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def below(self, device: str) -> tuple[Node, ...]:
        """The devices that are reached through this one, in order."""
        return tuple(node for node in self.nodes if node.above == device)

    def reached(self, node: Node) -> Word:
        """The gravest state on the way from the core's side to a device: how well it is reached. Of several links between two
        devices the best counts."""
        word, above = Word.UP, node.above
        while above is not None:
            edges = self.between(above, node.device)
            word = max(word, min((edge.state for edge in edges), key=_GRAVITY.index), key=_GRAVITY.index)
            node = next(each for each in self.nodes if each.device == above)
            above = node.above
        return word

    def between(self, near: str, far: str) -> tuple[Edge, ...]:
        return tuple(edge for edge in self.edges if {edge.near, edge.far} == {near, far})


def topology(regency: Regency, states: Mapping[str, LinkState], now: float) -> Topology:
    """The picture at `now`, a moment of the clock that `states` has. A link that `states` lacks is unknown."""
    return Topology(
        regency=regency.head.key,
        name=regency.head.name,
        nodes=_nodes(regency),
        edges=tuple(_edge(link, states.get(link.key), now) for link in regency.links),
    )


def _nodes(regency: Regency) -> tuple[Node, ...]:
    below: dict[str, list[str]] = {}
    for link in regency.links:
        below.setdefault(link.ends[0].device, []).append(link.ends[1].device)
    far = {device for devices in below.values() for device in devices}
    roots = (device.key for device in regency.devices if device.key not in far)
    everybody = (device.key for device in regency.devices)
    met: dict[str, _Met] = {}
    # Last, those to which no root leads: a ring of its own, which is read from its first device on.
    for root in dict.fromkeys((views.border_device(regency), *roots, *everybody)):
        _spread(below, root, met)
    under: dict[str | None, list[str]] = {}
    for device, (_, above) in met.items():
        under.setdefault(above, []).append(device)
    return tuple(_node(regency, device, *met[device]) for device in _read(under, None))


_Met = tuple[int, str | None]
"""Depth, and the device from which it was met."""


def _spread(below: Mapping[str, Sequence[str]], root: str, met: dict[str, _Met]) -> None:
    """Breadth first, so that a device stands below the nearest to the border whatever comes first in the file. One that was met
    already, over a second link or round a ring, is not met again."""
    waiting: deque[tuple[str, _Met]] = deque([(root, (0, None))])
    while waiting:
        device, found = waiting.popleft()
        if device not in met:
            met[device] = found
            waiting.extend((each, (found[0] + 1, device)) for each in below.get(device, ()))


def _read(under: Mapping[str | None, Sequence[str]], above: str | None) -> Iterator[str]:
    for device in under.get(above, ()):
        yield device
        yield from _read(under, device)


def _node(regency: Regency, key: str, depth: int, above: str | None) -> Node:
    device = regency.device(key)
    place = regency.places.get(key)
    office = place if isinstance(place, Office) else None
    hub = place if isinstance(place, Hub) else None
    return Node(
        device=key,
        name=place.name if place is not None else key,
        role=device.role,
        address=str(device.address),
        office=office.key if office else None,
        hub=hub.key if hub else None,
        depth=depth,
        above=above,
    )


def _edge(link: Link, state: LinkState | None, now: float) -> Edge:
    near, far = link.ends
    return Edge(
        link=link.key,
        near=near.device,
        near_interface=near.interface,
        far=far.device,
        far_interface=far.interface,
        medium=link.medium,
        length_km=link.length_km,
        down=link.rate.down,
        up=link.rate.up,
        state=state.word if state else Word.UNKNOWN,
        since=None if state is None or state.since is None else round(now - state.since, 1),
        age=None if state is None or state.heard is None else round(now - state.heard, 1),
        source=state.source if state else None,
        why=state.why if state else Why.NOT_ASKED,
        end=state.end if state else None,
    )
