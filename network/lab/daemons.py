"""The routers of a lab: their files, their start, and whether they answer. One process tree a router, in namespaces of
its own; the machine's own daemons and files are neither used nor changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import signal
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from network.lab import machines, netns
from network.lab import router_texts as texts
from network.lab.bare import bootstrap
from network.lab.keys import write_key, write_secret
from network.lab.layout import LabPlan, Node, Port, Traps
from network.lab.optics import module_text
from network.lab.state import Folder, write_whole

SNMP_USER: Final = "lajur"
_OSPF_KEY: Final = 16
"""Characters of a key: as many as MD5 authentication takes (RFC 2328, appendix D.3)."""


def prepare(plan: LabPlan, folder: Folder) -> None:
    """Write every router's and server's files: keys, known hosts, pass phrases, configurations. All are new for each lab."""
    access = texts.SnmpAccess(user=SNMP_USER, auth=secrets.token_hex(12), privacy=secrets.token_hex(12))
    write_secret(folder.snmp, json.dumps(asdict(access)))
    write_whole(folder.engines, json.dumps({node.key: texts.engine_id(plan, node) for node in plan.routers}))
    keys = {reference: secrets.token_hex(_OSPF_KEY // 2) for reference in plan.references}
    write_secret(folder.ospf_keys, json.dumps(keys))
    write_secret(folder.path / "shadow", texts.SHADOW)
    (folder.path / "hosts").write_text(texts.hosts(plan))
    (folder.path / "init").write_text(texts.INIT)
    (folder.path / "ethtool").write_text(texts.ETHTOOL)
    (folder.path / "ethtool").chmod(0o755)
    first = bootstrap(plan)
    for node in plan.routers:
        _write_router(plan, folder, node, access, keys)
        if node.key in first:
            (folder.node(node.key) / "bootstrap").write_text("".join(f"{line}\n" for line in first[node.key]))
    public = write_key(folder.client_key)
    pins = []
    for node in plan.routers:
        ssh = folder.node(node.key) / "ssh"
        (ssh / "authorized_keys").write_text(f"{public}\n")
        pins.append(f"{node.address} {write_key(ssh / 'ssh_host_ed25519_key')}\n")
    pins += machines.prepare(plan, folder, public)
    write_whole(folder.known_hosts, "".join(pins))


def _write_router(plan: LabPlan, folder: Folder, node: Node, access: texts.SnmpAccess, keys: Mapping[str, str]) -> None:
    home = folder.node(node.key)
    for name in ("optics", *texts.BINDS):
        (home / name).mkdir(parents=True, mode=0o755)
    for port in plan.ports(node.key):
        if port.light is not None:
            write_module(folder, port, port.light)
    (home / "mounts").write_text(texts.mount_table(str(home), str(folder.path)))
    (home / "ssh" / "sshd_config").write_text(texts.sshd_config())
    (home / "lldpd" / "lab.conf").write_text(texts.lldpd_config(plan, node))
    write_secret(home / "snmp" / "snmpd.conf", texts.snmpd_config(plan, node, access))
    write_secret(home / "snmp" / "snmpapp.conf", texts.snmp_sender_config(node, access))
    (home / "frr" / "vtysh.conf").touch()
    (home / "frr" / "zebra.conf").write_text(texts.zebra_config(plan, node))
    write_secret(home / "frr" / "ospfd.conf", texts.ospfd_config(plan, node, keys))
    if (static := texts.staticd_config(plan, node)) is not None:
        (home / "frr" / "staticd.conf").write_text(static)
    for path in (home / "frr", *(home / "frr").iterdir()):
        shutil.chown(path, "frr", "frr")


def write_module(folder: Folder, port: Port, received: float) -> None:
    """Put a module that receives so many dBm into a port."""
    serial = hashlib.sha256(f"{port.node} {port.interface}".encode()).hexdigest()[:12].upper()
    write_whole(folder.module(port), module_text(f"LAB{serial}", received))


def start(plan: LabPlan, folder: Folder, node: Node) -> int:
    """Start a router: one init in its own mount, host name and process namespaces. Returns the process that keeps it, a
    child of the caller: it ends when the router does, and the router ends when it or the caller does."""
    home = folder.node(node.key)
    _clear(home)
    frr = ["zebra", "ospfd", *(["staticd"] if texts.staticd_config(plan, node) else [])]
    words = [
        *("ip", "netns", "exec", plan.namespace(node.key)),
        *("setpriv", "--pdeathsig", "KILL", *netns.HARMLESS),
        *("unshare", "--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc"),
        *("sh", str(folder.path / "init"), str(home / "mounts"), node.key),
        *(texts.trap_address(plan) if plan.traps is Traps.EVENTS else "-", texts.engine_id(plan, node), *frr),
    ]
    with (home / "console").open("ab") as log, Path(os.devnull).open("rb") as nothing:
        actions = [(os.POSIX_SPAWN_DUP2, nothing.fileno(), 0)]
        actions += [(os.POSIX_SPAWN_DUP2, log.fileno(), number) for number in (1, 2)]
        return os.posix_spawnp(words[0], words, os.environ, file_actions=actions, setsigdef=[signal.SIGPIPE, signal.SIGXFSZ])


def _clear(home: Path) -> None:
    """What does not outlive a router: /run, /var/log and /var/tmp."""
    for name in ("run", "log", "tmp"):
        shutil.rmtree(home / name, ignore_errors=True)
        (home / name).mkdir()
    for name in ("run/frr", "log", "tmp"):
        (home / name).mkdir(exist_ok=True)
        shutil.chown(home / name, "frr", "frr")
    for name in ("sshd", "lldpd", "lab", "lab/optics"):
        (home / "run" / name).mkdir()
    (home / "run" / "lab" / "ethtool").touch()
    if (home / "bootstrap").exists():
        shutil.copy(home / "bootstrap", home / "run" / "lab")


def started(folder: Folder, node: str) -> bool:
    """All daemons of the router run: snmpd, the last of them, has written its number."""
    return (folder.node(node) / "run" / "snmpd.pid").exists()


def init_process(unshare: int) -> int | None:
    """Process 1 of the router that `unshare` keeps, as the machine counts it; None while it is not there yet."""
    try:
        children = Path(f"/proc/{unshare}/task/{unshare}/children").read_text().split()
    except OSError:
        return None
    return int(children[0]) if children else None


def missing_programs(wanted: Sequence[str]) -> list[str]:
    """Those of these programs that this machine lacks."""
    return [program for program in wanted if shutil.which(program, path=_PATH) is None]


NAMESPACE_PACKAGES: Final = "iproute2 util-linux"
NAMESPACE_PROGRAMS: Final = ("ip", "unshare", "setpriv", "nsenter", "mount")
"""What every lab needs, also one without routers."""

PACKAGES: Final = f"{NAMESPACE_PACKAGES} nftables ethtool frr lldpd snmpd snmp openssh-server"
PROGRAMS: Final = (
    *(*NAMESPACE_PROGRAMS, "tc", "nft", "ethtool"),
    *("sshd", "snmpd", "snmptrap", "lldpd", "zebra", "ospfd", "staticd", "vtysh"),
)
_PATH: Final = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/frr"
