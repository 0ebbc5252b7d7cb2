"""The physical tree of an uplink: its names. Policy only changes numbers on it and never moves a node."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from inventory.units import Direction


class NodeKind(StrEnum):
    UPLINK = "uplink"
    DEFAULT = "default"
    HUB = "hub"
    OFFICE = "office"
    LEAF = "leaf"


class NodeId(NamedTuple):
    """Identity of a node in the tree of one uplink and direction, from the permanent ids of the truth.

    A plain tuple, because every step of a run looks thousands of them up.

    `id` is the hub's or the office's; `application` is the application's id on the leaf of a reserve and 0 on the
    leaf of the rest.
    """

    kind: NodeKind
    id: int = 0
    application: int = 0

    @property
    def is_leaf(self) -> bool:
        """Whether traffic waits here. Every other node has a ceiling and nothing else."""
        return self.kind in (NodeKind.LEAF, NodeKind.DEFAULT)

    def __str__(self) -> str:
        if self.kind in (NodeKind.UPLINK, NodeKind.DEFAULT):
            return self.kind.value
        tail = f"/{self.application}" if self.application else ""
        return f"{self.kind.value}:{self.id}{tail}"


ROOT: Final = NodeId(NodeKind.UPLINK)
DEFAULT: Final = NodeId(NodeKind.DEFAULT)


def hub(id: int) -> NodeId:
    return NodeId(NodeKind.HUB, id)


def office(id: int) -> NodeId:
    return NodeId(NodeKind.OFFICE, id)


def leaf(office_id: int, application_id: int = 0) -> NodeId:
    return NodeId(NodeKind.LEAF, office_id, application_id)


class ShaperId(NamedTuple):
    """One tree on one device: an uplink in one direction. `uplink_id` is its permanent id in the truth."""

    uplink_id: int
    uplink: str
    direction: Direction

    def __str__(self) -> str:
        return f"{self.uplink}/{self.direction.value}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a shaper stands: the device and its interface toward the uplink (down is shaped as it comes in there)."""

    device: str
    interface: str
