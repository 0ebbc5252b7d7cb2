"""What hands would do to the wires and machines of a running lab: cut a fibre, mend it, dim its light, pull a disk. Configures
nothing."""

from __future__ import annotations

from dataclasses import replace

from network.errors import LabMisnamed
from network.lab import daemons, machines, netns, outside
from network.lab.lab import running
from network.lab.layout import LabPlan, Port, Wire
from network.lab.machine import Disk, Machine
from network.lab.state import Folder

LIGHT: tuple[float, float] = (-60.0, 20.0)
"""What a module may be told to receive, in dBm."""


def cut(lab_id: str, link: str) -> None:
    """Take the carrier from both ends of a link of the truth. A link that is cut already stays so.

    The far end's port goes down, as when its module is pulled, so that the end from which the network is managed sees a port
    that is on and has no carrier. Raises LabError when the lab is not up or has no such link.
    """
    plan, wire = _wire(lab_id, link)
    netns.batch("ip", [f"link set dev {wire.far.interface} down"], plan.namespace(wire.far.node))


def mend(lab_id: str, link: str) -> None:
    """Give a link its carrier back. One that has it keeps it. Raises LabError as `cut` does."""
    plan, wire = _wire(lab_id, link)
    netns.batch("ip", [f"link set dev {wire.far.interface} up"], plan.namespace(wire.far.node))


def set_optics(lab_id: str, node: str, interface: str, rx_dbm: float | None) -> None:
    """Let the emulated module of a port receive `rx_dbm` (-60 to 20; below -40 it reads as darkness); None takes the module out.

    `ethtool -m` on the router shows it at once and after a restart; the link itself carries on whatever the light.
    Raises LabError when the lab is not up or no link of the truth ends on such a port, ValueError for other levels.
    """
    if rx_dbm is not None and not LIGHT[0] <= rx_dbm <= LIGHT[1]:
        raise ValueError(rx_dbm)
    port = _port(lab_id, running(lab_id)[0], node, interface)
    folder = Folder(lab=lab_id)
    if rx_dbm is None:
        folder.module(port).unlink(missing_ok=True)
    else:
        daemons.write_module(folder, port, rx_dbm)


def pull_disk(lab_id: str, server: str, disk: str) -> None:
    """Take a disk out of a running server. One that is out already stays out.

    Raises LabError when the lab is not up, has no such server, or its lease gives the server no such disk.
    """
    found = _disk(_machine(lab_id, server), lab_id, disk)
    machines.pull(Folder(lab=lab_id), server, found.name)


def plug_disk(lab_id: str, server: str, disk: str) -> None:
    """Put a disk that was pulled back. One that is in stays in. Raises LabError as `pull_disk` does."""
    found = _disk(_machine(lab_id, server), lab_id, disk)
    machines.plug(Folder(lab=lab_id), server, found)


def set_hardware(lab_id: str, server: str, *, memory: int | None = None, cpus: int | None = None) -> None:
    """Let a running server show so much memory (bytes) and so many processors; what is None becomes what its lease promises.

    It shows at once and after a restart. Raises LabError when the lab is not up or has no such server.
    """
    own = _machine(lab_id, server)
    shown = replace(own, memory=own.memory if memory is None else memory, cpus=own.cpus if cpus is None else cpus)
    machines.write_hardware(Folder(lab=lab_id), shown)


def set_system(lab_id: str, system: str, manner: outside.Manner) -> None:
    """Let a system outside, by the key of its application, be so from now on. Raises LabError when the lab is not up or has no
    such system."""
    plan, _ = running(lab_id)
    outside.tell(plan, Folder(lab=lab_id), system, manner)


def _machine(lab_id: str, server: str) -> Machine:
    plan, _ = running(lab_id)
    for machine in plan.machines:
        if machine.node == server:
            return machine
    names = ", ".join(node.key for node in plan.servers) or "-"
    raise LabMisnamed("lab.server_unknown", lab=lab_id, server=server, servers=names)


def _disk(machine: Machine, lab_id: str, name: str) -> Disk:
    found = machine.disk(name)
    if found is None:
        names = ", ".join(disk.name for disk in machine.disks) or "-"
        raise LabMisnamed("lab.disk_unknown", lab=lab_id, server=machine.node, disk=name, disks=names)
    return found


def _wire(lab_id: str, link: str) -> tuple[LabPlan, Wire]:
    plan, _ = running(lab_id)
    links = {wire.key: wire for wire in plan.wires if wire.routed}
    if link not in links:
        raise LabMisnamed("lab.link_unknown", lab=lab_id, link=link, links=", ".join(links))
    return plan, links[link]


def _port(lab_id: str, plan: LabPlan, node: str, interface: str) -> Port:
    ports = [port for port, wire in plan.wired(node) if wire.routed]
    for port in ports:
        if port.interface == interface:
            return port
    names = ", ".join(port.interface for port in ports) or "-"
    raise LabMisnamed("lab.port_unknown", lab=lab_id, node=node, interface=interface, interfaces=names)
