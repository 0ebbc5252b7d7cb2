"""Leased servers in a lab: Debian machines that answer, show the hardware of their lease, install packages, and leave nothing."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.comparing import compare
from infra.facts import Snapshot
from infra.reading import parse, question
from infra.repair import mending
from inventory.regency import Regency
from inventory.views import small_copy
from network.errors import LabError
from network.lab import hardware, image, lab, netns, standing
from network.lab.lab import LabState
from network.lab.state import Folder, Record
from tests.lab.machine import mounts, outside, traces, until
from tests.unit.infra.machine import blob, seal

pytestmark = [pytest.mark.lab, pytest.mark.timeout(600)]
"""Where the cache is empty, the first of these tests builds the image of all servers."""

ROOT = Path(__file__).parents[2]
STARTER = """
import sys
from pathlib import Path
from inventory.load import load_regency
from inventory.views import small_copy
from network.lab import lab
regency = small_copy(load_regency(Path(sys.argv[1])), 1)
regency = regency.model_copy(update={"servers": regency.servers[:1]})
tell = lambda progress: (sys.stdout.write(progress.stage + "\\n"), sys.stdout.flush())
lab.up(regency, sys.argv[2], tell, timeout=240, servers=True)
"""


def _with_servers(regency: Regency, count: int) -> Regency:
    """One office, and so many servers."""
    return small_copy(regency, 1).model_copy(update={"servers": regency.servers[:count]})


@pytest.fixture(scope="module")
def ground(manokwari: Regency) -> Iterator[LabState]:
    """One office, three servers, the first with half of its memory."""
    lab_id = f"v{os.getpid() % 10**7}"
    wanted = _with_servers(manokwari, 3)
    try:
        image.prepare_image()
        yield lab.up(wanted, lab_id, timeout=240, servers=True, short=[wanted.servers[0].key])
    finally:
        lab.down(lab_id)


def _ssh(state: LabState, server: str, command: str) -> str:
    """What `command` says on a server, over SSH from `noc` with its pinned host key. Fails when it fails."""
    words = [
        *("ip", "netns", "exec", state.plan.namespace("noc"), "ssh", "-n", "-i", str(state.client_key)),
        *("-o", f"UserKnownHostsFile={state.known_hosts}", "-o", "StrictHostKeyChecking=yes", "-o", "BatchMode=yes"),
        *(f"root@{state.plan.node(server).address}", command),
    ]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _first(state: LabState) -> str:
    return state.servers[0].key


def test_every_server_is_a_debian_of_its_own(ground: LabState) -> None:
    seen = [_ssh(ground, node.key, "systemctl is-system-running; hostname; cat /etc/machine-id") for node in ground.servers]
    assert [each.split()[:2] for each in seen] == [["running", node.key] for node in ground.servers]
    assert len(set(seen)) == len(ground.servers) == 3
    status = {node.key: node for node in standing.status(ground.plan.lab).nodes}
    assert all(status[node.key].ready and status[node.key].address == node.address for node in ground.servers)
    assert ground.known_hosts.read_text().count("100.67.0.") == 3


def test_a_server_shows_what_its_lease_promises_and_nothing_of_this_machine(ground: LabState) -> None:
    machine = ground.plan.machines[1]
    own = lab.exec_in(ground.plan.lab, machine.node, ["cat", "/proc/meminfo", "/proc/cpuinfo"]).stdout
    assert own == _ssh(ground, machine.node, "cat /proc/meminfo /proc/cpuinfo")
    memory = int(own.split()[1]) * 1024
    assert 0.97 * machine.memory < memory <= machine.memory
    assert own.count("processor\t:") == machine.cpus
    disks = _ssh(
        ground, machine.node, "cd /sys/block && for d in *; do echo $d $(cat $d/size $d/device/serial); done"
    ).splitlines()
    assert disks == [f"{disk.name} {disk.size // 512} {disk.serial}" for disk in machine.disks]
    identity = _ssh(ground, machine.node, "cd /sys/class/dmi/id && cat product_name product_serial sys_vendor").splitlines()
    assert identity == [machine.model, machine.serial, machine.vendor]
    assert _ssh(ground, machine.node, "ls /sys/class /sys/class/net").split() == [
        *("/sys/class:", "block", "dmi", "net"),
        *("/sys/class/net:", "eth0", "lo"),
    ]
    if machine.speed is not None:
        assert int(_ssh(ground, machine.node, "cat /sys/class/net/eth0/speed")) == machine.speed
    short = _ssh(ground, _first(ground), "head -n 1 /proc/meminfo")
    assert int(short.split()[1]) * 1024 < 0.6 * memory


MACHINE_WIDE = {"sys_module": 16, "sys_rawio": 17, "sys_boot": 22, "sys_time": 25}
"""Capabilities that no namespace holds back (linux/capability.h)."""


def test_root_of_a_lab_may_do_nothing_to_the_machine_itself(ground: LabState) -> None:
    for node in ("inet", "core", ground.plan.servers[0].key):
        held = lab.exec_in(ground.plan.lab, node, ["sed", "-n", r"s/^Cap\(Bnd\|Eff\):\s*//p", "/proc/self/status"]).stdout.split()
        assert len(held) == 2
        assert [name for name, bit in MACHINE_WIDE.items() if any(int(each, 16) >> bit & 1 for each in held)] == [], node
    record = Record.read(Folder(lab=ground.plan.lab))
    assert record is not None
    status = Path(f"/proc/{record.nodes['core'].pid}/status").read_text()
    bounds = int(re.findall(r"^CapBnd:\s*(\w+)", status, re.MULTILINE)[0], 16)
    assert [name for name, bit in MACHINE_WIDE.items() if bounds >> bit & 1] == []  # so its SSH gives no more either


def test_what_a_machine_shows_changes_while_it_runs(ground: LabState) -> None:
    lab_id, server = ground.plan.lab, ground.plan.machines[1].node
    disk = ground.plan.machines[1].disks[-1].name
    before = _ssh(ground, server, "ls /sys/block; cat /proc/meminfo")
    for _ in range(2):
        hardware.pull_disk(lab_id, server, disk)
        assert disk not in _ssh(ground, server, "ls /sys/block").split()
    hardware.set_hardware(lab_id, server, memory=2**30)
    assert int(_ssh(ground, server, "head -n 1 /proc/meminfo").split()[1]) < 2**20
    for _ in range(2):
        hardware.plug_disk(lab_id, server, disk)
    hardware.set_hardware(lab_id, server)
    assert _ssh(ground, server, "ls /sys/block; cat /proc/meminfo") == before
    for node, name, code in ((server, "sdz", "lab.disk_unknown"), ("core", disk, "lab.server_unknown")):
        with pytest.raises(LabError) as refused:
            hardware.pull_disk(lab_id, node, name)
        assert refused.value.code == code


def test_a_key_that_somebody_adds_is_found_and_taken_and_what_is_put_in_the_way_is_told(ground: LabState) -> None:
    lab_id, server = ground.plan.lab, ground.servers[1].key
    files = "/srv/siti/.ssh/authorized_keys"

    def done(script: str) -> str:
        return lab.exec_in(lab_id, server, ["sh", "-c", script]).stdout

    def looked() -> Snapshot:
        return parse(done(question("ab" * 16)).encode(), "ab" * 16)[1]

    done("useradd -m -d /srv/siti -s /usr/sbin/nologin siti && install -d -m 700 -o siti -g siti /srv/siti/.ssh")
    try:
        done(f"echo 'ssh-ed25519 {blob(1)} siti' >{files} && chown siti: {files} && chmod 640 {files}")
        before = looked()
        done(f"echo 'ssh-ed25519 {blob(2)} else' | tee -a {files} >>/root/.ssh/authorized_keys")
        live = looked()
        added = compare(before, live)
        assert {(each.kind, each.name, each.mend) for each in added} == {
            ("key_added", f"{account} {seal(2)}", "repair") for account in ("root", "siti")
        }
        for each in added:
            done(mending(each, before, live).script or "exit 1")
        assert compare(before, looked()) == ()
        assert done(f"cat {files}; stat -c '%U %G %a' {files}") == f"ssh-ed25519 {blob(1)} siti\nsiti siti 640\n"
        done(f"rm {files} && mkfifo -m 644 {files}")
        assert ("keys_unread", f"siti {files}", "person") in {
            (each.kind, each.name, each.mend) for each in compare(before, looked())
        }
    finally:
        done("userdel -r siti")


def test_offices_reach_servers_by_ospf_and_servers_reach_nothing_beyond(ground: LabState) -> None:
    address = str(ground.servers[0].address)
    office = next(node for node in ground.plan.nodes if node.office)
    routes = lab.exec_in(ground.plan.lab, office.key, ["ip", "route", "get", address]).stdout
    assert "via" in routes
    words = ["bash", "-c", f"exec 3<>/dev/tcp/{address}/22; head -c 8 <&3"]
    assert lab.exec_in(ground.plan.lab, office.key, words).stdout == "SSH-2.0-"
    assert _ssh(ground, _first(ground), "ip route show default").split()[2] == "100.67.0.1"


def test_packages_come_from_the_repository_of_the_lab_and_from_nowhere_else(ground: LabState) -> None:
    server = _first(ground)
    # The last word of apt is a warning about a debconf without a terminal, unless it is told.
    apt = "DEBIAN_FRONTEND=noninteractive apt-get -q -y"
    mirror = ground.plan.node("srv").address
    said = _ssh(ground, server, f"{apt} update && {apt} install nginx-light && systemctl is-active nginx")
    assert said.split()[-1] == "active"
    fetched = [line for line in said.splitlines() if line.startswith("Get:")]
    assert fetched
    assert all(f"http://{mirror}" in line for line in fetched)
    # What the image has can be put back too.
    _ssh(ground, server, f"{apt} remove cron")
    assert _ssh(ground, server, "systemctl is-active cron || true").strip() != "active"
    assert _ssh(ground, server, f"{apt} install cron && systemctl is-active cron").split()[-1] == "active"


def test_the_repository_is_started_again_when_it_ends(ground: LabState) -> None:
    lab_id = ground.plan.lab
    before = lab.running(lab_id)[1].nodes["srv"]
    assert before.pid is not None
    os.kill(before.pid, signal.SIGKILL)
    until(lambda: lab.running(lab_id)[1].nodes["srv"].starts > before.starts and lab.running(lab_id)[1].nodes["srv"].ready)
    _ssh(ground, ground.servers[1].key, "apt-get -q update")


@pytest.mark.parametrize("how", ["restart", "reboot"])
def test_a_restarted_server_is_the_same_machine(ground: LabState, how: str) -> None:
    lab_id, server = ground.plan.lab, ground.servers[2].key
    look = f"cat /etc/machine-id /proc/meminfo /root/{how}; ls /sys/block; systemctl is-system-running"
    before = lab.exec_in(lab_id, server, ["sh", "-c", f"echo mine >/root/{how}; {look}; cat /proc/1/stat"]).stdout
    starts = lab.running(lab_id)[1].nodes[server].starts
    if how == "restart":
        lab.restart(lab_id, server)
    else:
        lab.exec_in(lab_id, server, ["systemctl", "reboot"])
        until(lambda: (node := lab.running(lab_id)[1].nodes[server]).ready and node.starts > starts)
    assert before.startswith(_ssh(ground, server, look))
    assert standing.status(lab_id).state == "ready"


def test_the_plan_of_a_lab_with_servers_is_another(ground: LabState, manokwari: Regency) -> None:
    wanted = _with_servers(manokwari, 3)
    with pytest.raises(LabError) as refused:
        lab.up(wanted, ground.plan.lab)
    assert refused.value.code == "lab.other_plan"
    again = lab.up(wanted, ground.plan.lab, servers=True, short=[wanted.servers[0].key])
    assert again.reused


def test_down_leaves_nothing_and_another_lab_lives_on(ground: LabState, manokwari: Regency, new_id: Callable[[], str]) -> None:
    lab_id, before, mounted = new_id(), outside(), mounts()
    state = lab.up(_with_servers(manokwari, 2), lab_id, timeout=240, servers=True)
    assert outside() == before
    assert _ssh(state, _first(state), "hostname") == _ssh(ground, _first(ground), "hostname")
    lab.exec_in(lab_id, _first(state), ["touch", "/root/mine"])
    assert _ssh(ground, _first(ground), "ls /root") == ""
    assert lab.down(lab_id)
    assert traces(lab_id) == []
    assert mounts() == mounted
    assert outside() == before
    assert standing.status(ground.plan.lab).state == "ready"
    assert _ssh(ground, _first(ground), "systemctl is-system-running") == "running\n"


@pytest.mark.parametrize("stage", ["keys", "addresses", "servers"])
def test_a_crash_while_servers_start_is_cleaned(manokwari: Regency, new_id: Callable[[], str], stage: str) -> None:
    lab_id = new_id()
    words = [sys.executable, "-c", STARTER, str(ROOT / "inventory" / "regencies" / "manokwari"), lab_id]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT) as starter:
        assert starter.stdout is not None
        until(lambda: starter.stdout is not None and starter.stdout.readline().strip() == stage, 300)
        record = Record.read(Folder(lab=lab_id))
        assert record is not None
        starter.kill()
        os.kill(record.supervisor, signal.SIGKILL)
    until(lambda: standing.status(lab_id).state == "crashed")
    if stage == "servers":
        assert not lab.up(_with_servers(manokwari, 1), lab_id, timeout=240, servers=True).reused
    assert lab.down(lab_id)
    assert traces(lab_id) == []


def test_a_supervisor_that_dies_takes_its_servers_along(manokwari: Regency, new_id: Callable[[], str]) -> None:
    lab_id = new_id()
    state = lab.up(_with_servers(manokwari, 1), lab_id, timeout=240, servers=True)
    record = Record.read(Folder(lab=lab_id))
    assert record is not None
    os.kill(record.supervisor, signal.SIGKILL)
    os.waitpid(record.supervisor, 0)
    until(lambda: netns.processes([state.plan.namespace(node.key) for node in state.plan.nodes]) == [])
    assert standing.status(lab_id).state == "crashed"
    assert lab.down(lab_id)
    assert traces(lab_id) == []
