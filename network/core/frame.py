"""The physical tree under one uplink: which ceilings stand above an office. Knows links and rates, never a policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from inventory.regency import Regency
from inventory.views import access_link, default_class, hub_link, link_part, shaped_rate, shaper_end
from network.core.fill import Filled, Tree, fill
from network.core.sharing import Sharing
from network.core.tree import ROOT, NodeId, Place, ShaperId
from network.core.tree import hub as hub_node
from network.core.tree import office as office_node

_APPLICATIONS: Final = 2**12
"""More than the largest id of an application, so that leaves order by office and then application."""


class Inner(NamedTuple):
    """A node with a ceiling (bit/s) and nothing else."""

    parent: NodeId | None
    ceiling: int


class Branch(NamedTuple):
    """An office in the tree: its permanent id, its hub's, and the node that its leaves hang on."""

    id: int
    hub: int
    node: NodeId


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """`inner` holds the root and the nodes that bind, each after its parent; `offices` goes by key, in the truth's order;
    `names` has the keys of the hubs and offices that are nodes.

    `default` (bit/s) is kept out of the root's ceiling for traffic of no office.
    """

    shaper: ShaperId
    place: Place
    default: int
    inner: Mapping[NodeId, Inner]
    offices: Mapping[str, Branch]
    names: Mapping[NodeId, str]

    @property
    def capacity(self) -> int:
        """The shaped rate: what the whole tree sends at most."""
        return self.inner[ROOT].ceiling

    def path(self, office: str) -> Iterator[NodeId]:
        """The nodes above the office's leaves, the nearest first, the root last."""
        node: NodeId | None = self.offices[office].node
        while node is not None:
            yield node
            node = self.inner[node].parent

    def name(self, node: NodeId) -> str:
        """How a refusal calls a node."""
        return f"{self.shaper} {self.names[node]}".rstrip()


def frame(regency: Regency, shaper: ShaperId, sharing: Sharing) -> Frame:
    """The tree of `shaper`: a hub or an office is a node only where its link binds below what is above it."""
    uplink, direction = regency.uplink(shaper.uplink), shaper.direction
    inner = {ROOT: Inner(None, sharing.steps.floor(shaped_rate(uplink, direction)))}
    names = {ROOT: ""}
    above_office: dict[str, NodeId] = {}
    for hub in regency.hubs:
        part = sharing.steps.floor(link_part(regency, hub_link(regency, hub), uplink, direction))
        above_office[hub.key] = ROOT
        if part < inner[ROOT].ceiling:
            above_office[hub.key] = hub_node(hub.id)
            inner[hub_node(hub.id)], names[hub_node(hub.id)] = Inner(ROOT, part), hub.key
    offices: dict[str, Branch] = {}
    for office in regency.offices:
        above = above_office[office.hub]
        part = sharing.steps.floor(link_part(regency, access_link(regency, office), uplink, direction))
        if part < inner[above].ceiling:
            inner[office_node(office.id)], names[office_node(office.id)] = Inner(above, part), office.key
            above = office_node(office.id)
        offices[office.key] = Branch(office.id, regency.hub(office.hub).id, above)
    end = shaper_end(regency, uplink)
    return Frame(
        shaper=shaper,
        place=Place(end.device, end.interface),
        default=sharing.steps.floor(default_class(uplink, direction)),
        inner=inner,
        offices=offices,
        names=names,
    )


class Want(NamedTuple):
    """A leaf as the solver sees it; `base` and `limit` in bit/s."""

    node: NodeId
    parent: NodeId
    base: int
    weight: int
    priority: int
    limit: int


def solve(inner: Mapping[NodeId, Inner], wants: Sequence[Want], sharing: Sharing, names: Iterable[str] = ()) -> Filled:
    """Fill the tree; rates come in the order of `wants`, ties go by office and application. Refused as `fill` refuses."""
    number = {node: position for position, node in enumerate(inner)}

    def column(values: Iterable[int]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        return np.array(list(values), dtype=np.int64)

    tree = Tree(
        node_parent=column(-1 if node.parent is None else number[node.parent] for node in inner.values()),
        node_ceiling=column(node.ceiling for node in inner.values()),
        leaf_id=column(want.node.id * _APPLICATIONS + want.node.application for want in wants),
        leaf_node=column(number[want.parent] for want in wants),
        leaf_base=column(want.base for want in wants),
        leaf_weight=column(want.weight for want in wants),
        leaf_priority=column(want.priority for want in wants),
        leaf_limit=column(want.limit for want in wants),
        node_name=tuple(names),
    )
    return fill(tree, sharing.steps)
