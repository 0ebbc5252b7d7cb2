"""What there is of a lab now. Only looks."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from network.lab import netns
from network.lab.layout import Node, prefix
from network.lab.state import Folder, Record, is_foreign, is_held, read_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeStatus:
    key: str
    role: str
    address: str | None
    ready: bool
    starts: int
    ready_after: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabStatus:
    """`state` is absent, starting, ready, degraded (a router that was ready does not answer), foreign (another version of the
    toolkit made it: it can be taken down, and nothing else is asked of it) or crashed (cleaned by the next `up` or `down`).
    `memory` is in bytes: the proportional share of every process of the lab. `fake`: servers rented of its cloud are no machines.
    Times are seconds."""

    lab: str
    state: str
    regency: str | None = None
    nodes: tuple[NodeStatus, ...] = ()
    processes: int = 0
    memory: int = 0
    uptime: float = 0.0
    ready_after: float | None = None
    fake: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def status(lab_id: str) -> LabStatus:
    """What there is of the lab now. Changes nothing."""
    folder = Folder(lab=lab_id)
    alive, record, plan = is_held(folder), Record.read(folder), read_plan(folder)
    names = netns.existing(prefix(lab_id))
    if record is None or plan is None:
        left = "crashed" if names or folder.path.exists() else "absent"
        return LabStatus(lab=lab_id, state=left if not alive else "foreign" if is_foreign(folder) else "starting")
    pids = [record.supervisor, *netns.processes(names)] if alive else netns.processes(names)
    return LabStatus(
        lab=lab_id,
        state=_word(record) if alive else "crashed",
        regency=plan.regency,
        nodes=tuple(_node_status(node, record) for node in plan.nodes),
        processes=len(pids),
        memory=sum(map(_proportional_memory, pids)),
        uptime=monotonic() - record.started if alive else 0.0,
        ready_after=record.ready_after,
        fake=plan.fake,
    )


def _word(record: Record) -> str:
    if record.ready_after is None:
        return "starting"
    return "ready" if record.ready else "degraded"


def _node_status(node: Node, record: Record) -> NodeStatus:
    known = record.nodes.get(node.key)
    return NodeStatus(
        key=node.key,
        role=str(node.role),
        address=node.address,
        ready=known.ready if known else True,
        starts=known.starts if known else 0,
        ready_after=known.ready_after if known else None,
    )


def _proportional_memory(pid: int) -> int:
    """Bytes of memory, pages that processes share counted in parts (Pss)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
