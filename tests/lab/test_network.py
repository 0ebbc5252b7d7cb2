"""The running lab is the network that the truth describes: routers that log in and answer, two uplinks, real forwarding."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from ipaddress import IPv4Address
from typing import Any

import paramiko
import pytest
from pysnmp.hlapi.v3arch.asyncio import (
    ContextData,
    ObjectIdentity,
    ObjectType,
    SnmpEngine,
    UdpTransportTarget,
    UsmUserData,
    get_cmd,
    usmAesCfb128Protocol,
    usmHMACSHAAuthProtocol,
)

from network.errors import LabError
from network.lab import enter, lab, netns, standing
from network.lab.lab import LabState
from network.lab.layout import Provider, client_address
from tests.lab.machine import until

pytestmark = pytest.mark.lab

SYS_NAME = "1.3.6.1.2.1.1.5.0"


@pytest.fixture(scope="module")
def in_noc(running: LabState) -> Iterator[ThreadPoolExecutor]:
    """One thread that lives inside `noc`."""
    name = enter.noc_namespace(running)
    with ThreadPoolExecutor(max_workers=1, initializer=enter.enter_namespace, initargs=(name,)) as pool:
        yield pool


def said(state: LabState, node: str, *argv: str) -> str:
    done = lab.exec_in(state.plan.lab, node, argv)
    assert done.returncode == 0, done.stderr
    return done.stdout


def login(state: LabState, address: str) -> paramiko.SSHClient:
    client = paramiko.SSHClient()
    client.load_host_keys(str(state.known_hosts))
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    client.connect(
        address,
        username="root",
        key_filename=str(state.client_key),
        sock=enter.dialer(state)(address, 22, 5.0),
        look_for_keys=False,
        allow_agent=False,
    )
    return client


def test_every_router_logs_in_with_its_pinned_key_and_has_its_own_name(running: LabState) -> None:
    for node in running.plan.routers:
        assert node.address is not None
        with closing(login(running, node.address)) as client:
            _, out, _ = client.exec_command("hostname; id -un; ls -A /root /run/netns 2>/dev/null | wc -w")
            assert out.read().decode().split()[:2] == [node.key, "root"]


def test_a_key_that_is_not_pinned_is_refused(running: LabState) -> None:
    pins = running.known_hosts.read_text().splitlines()
    keys = {line.split()[0]: line.split()[2] for line in pins}
    assert len(set(keys.values())) == len(running.plan.routers)


def test_a_password_opens_nothing(running: LabState) -> None:
    core = str(running.plan.core.address)
    with closing(paramiko.Transport(enter.dialer(running)(core, 22, 30.0))) as transport:
        transport.start_client(timeout=30)
        with pytest.raises(paramiko.BadAuthenticationType) as refused:
            transport.auth_password("root", "root")
        assert refused.value.allowed_types == ["publickey"]


def test_secrets_are_for_root_only(running: LabState) -> None:
    for path in (running.client_key, running.snmp):
        assert path.stat().st_mode & 0o077 == 0
    assert running.client_key.parent.stat().st_mode & 0o077 == 0


async def _sys_name(address: str, user: UsmUserData) -> str:
    engine = SnmpEngine()
    try:
        target = await UdpTransportTarget.create((address, 161), timeout=10, retries=2)
        name = ObjectType(ObjectIdentity(SYS_NAME))
        error, status, _, bindings = await get_cmd(engine, user, target, ContextData(), name)
    finally:
        engine.close_dispatcher()
    return str(error or status or bindings[0][1])


def test_snmpv3_with_authentication_and_privacy_answers(running: LabState, in_noc: ThreadPoolExecutor) -> None:
    secrets: dict[str, Any] = json.loads(running.snmp.read_text())
    protocols = {"authProtocol": usmHMACSHAAuthProtocol, "privProtocol": usmAesCfb128Protocol}
    right = UsmUserData(secrets["user"], secrets["auth"], secrets["privacy"], **protocols)
    wrong = UsmUserData(secrets["user"], "not the phrase", secrets["privacy"], **protocols)
    for node in running.plan.routers[:3]:
        assert in_noc.submit(asyncio.run, _sys_name(str(node.address), right)).result() == node.key
    assert "digest" in in_noc.submit(asyncio.run, _sys_name(str(running.plan.core.address), wrong)).result().lower()


def test_ospf_is_full_on_every_wire_of_the_truth(running: LabState) -> None:
    for node in running.plan.routers:
        found = json.loads(said(running, node.key, "vtysh", "-c", "show ip ospf neighbor json"))["neighbors"]
        states = [each["nbrState"] for entries in found.values() for each in entries]
        wires = [wire for wire in running.plan.wires if wire.routed and node.key in (wire.near.node, wire.far.node)]
        assert len(states) == len(wires)
        assert all(state.startswith("Full") for state in states)


def test_links_carry_what_the_truth_says(running: LabState) -> None:
    """The wrong key would have kept every neighbour away; here the configuration is what an engineer would have left."""
    keys = json.loads(running.ospf_keys.read_text())
    assert list(keys) == ["env:LAJUR_OSPF_KEY"]
    assert running.ospf_keys.stat().st_mode & 0o077 == 0
    for node in running.plan.routers:
        config = said(running, node.key, "vtysh", "-c", "show running-config")
        for port, wire in running.plan.wired(node.key):
            if wire.routed:
                own = config.partition(f"interface {port.interface}\n")[2].partition("exit\n")[0]
                assert f" description {port.description}\n ip address {port.address}\n" in own
                assert f" ip ospf message-digest-key 1 md5 {keys['env:LAJUR_OSPF_KEY']}\n" in own


def test_the_caller_stays_where_it_is_and_noc_is_elsewhere(running: LabState, in_noc: ThreadPoolExecutor) -> None:
    def names() -> set[str]:
        return {name for _, name in socket.if_nameindex()}

    before = names()
    with enter.dialer(running)(str(running.plan.core.address), 22, 5.0) as connection:
        assert connection.getsockname()[0].startswith("100.66.")
    assert names() == before
    assert in_noc.submit(names).result() == {"lo", "core0"}


def test_a_dial_to_nobody_fails_as_a_dial_does(running: LabState) -> None:
    with pytest.raises(OSError, match="refused"):
        enter.dialer(running)(str(running.plan.core.address), 23, 2.0)


def test_a_packet_crosses_hub_core_and_border(running: LabState) -> None:
    plan, node = running.plan, running.plan.office("dpmptsp")
    outside = plan.destination("domestic", "eplanning").address
    hops = []
    for ttl in (1, 2, 3):
        words = ["ping", "-n", "-c", "1", "-W", "2", "-t", str(ttl), "-I", client_address(node), outside]
        answer = lab.exec_in(plan.lab, node.key, words).stdout
        (line,) = [line for line in answer.splitlines() if "Time to live exceeded" in line]
        hops.append(line.split()[1])
    owners = {port.host: port.node for wire in plan.wires for port in (wire.near, wire.far)}
    assert [owners[hop].split("-")[0] for hop in hops] == ["hub", "core", "border"]


def carried(state: LabState, node: str, interface: str) -> tuple[int, int]:
    """Bytes received and sent by an interface, from the kernel."""
    (line,) = [line for line in said(state, node, "cat", "/proc/net/dev").splitlines() if f" {interface}:" in f" {line.strip()}"]
    numbers = line.partition(":")[2].split()
    return int(numbers[0]), int(numbers[8])


def exchange(state: LabState, office: str, address: str, size: int) -> str:
    """Send `size` bytes from the office to `address` and as many back; the address that the far side saw."""
    node = state.plan.office(office)
    with enter.socket_in(state.plan.namespace("inet"), socket.SOCK_STREAM) as server:
        server.bind((address, 0))
        server.listen(1)
        server.settimeout(10)
        with enter.socket_in(state.plan.namespace(node.key), socket.SOCK_STREAM) as client:
            client.settimeout(10)
            client.bind((client_address(node), 0))
            client.connect(server.getsockname())
            far, (seen, _) = server.accept()
            with far, ThreadPoolExecutor(1) as pool:
                far.settimeout(10)
                for sender, receiver in ((client, far), (far, client)):
                    sending = pool.submit(sender.sendall, bytes(size))
                    left = size
                    while left:
                        left -= len(receiver.recv(65536))
                    sending.result()
    return str(seen)


@pytest.mark.parametrize("uplink", ["domestic", "international"])
def test_each_uplink_carries_its_own_prefixes_both_ways(running: LabState, uplink: str) -> None:
    size = 400_000
    wires = {provider.uplink: (provider.outside.far, provider.inside.near) for provider in running.plan.providers}
    before = {key: [carried(running, port.node, port.interface) for port in ports] for key, ports in wires.items()}
    seen = exchange(running, "bappeda", running.plan.destination(uplink, None).address, size)
    after = {key: [carried(running, port.node, port.interface) for port in ports] for key, ports in wires.items()}
    assert seen == wires[uplink][0].host, "the border did not translate to the address of that provider's link"
    for key, ports in wires.items():
        for number in range(len(ports)):
            moved = [new - old for old, new in zip(before[key][number], after[key][number], strict=True)]
            if key == uplink:
                assert min(moved) > size
            else:
                assert max(moved) < size / 20


def test_the_border_counts_what_it_translates(running: LabState) -> None:
    def translated() -> int:
        rules = json.loads(said(running, "border", "nft", "-j", "list", "table", "ip", "lajur"))["nftables"]
        counters = [part["counter"] for rule in rules if "rule" in rule for part in rule["rule"]["expr"] if "counter" in part]
        return sum(int(counter["packets"]) for counter in counters)

    before = translated()
    exchange(running, "bappeda", running.plan.destination("domestic", None).address, 1000)
    assert translated() > before


def test_a_provider_carries_only_its_own_prefixes(running: LabState) -> None:
    """Sent into the wrong link, a packet dies at the border instead of finding another way."""
    domestic = _provider(running, "domestic")
    wrong = running.plan.destination("international", None).address
    core = running.plan.core.key
    said(running, core, "ip", "route", "add", f"{wrong}/32", "via", domestic.inside.near.host)
    try:
        answer = lab.exec_in(running.plan.lab, core, ["ping", "-n", "-c", "1", "-W", "2", wrong])
        assert "Unreachable" in answer.stdout
    finally:
        said(running, core, "ip", "route", "del", f"{wrong}/32")


def test_when_a_link_of_an_uplink_falls_its_prefixes_take_the_default_and_come_back(running: LabState) -> None:
    plan, domestic = running.plan, _provider(running, "domestic")
    address = plan.destination("domestic", None).address
    near = domestic.inside.near

    def way() -> str:
        return said(running, plan.core.key, "ip", "route", "get", address)

    assert f"dev {domestic.inside.far.interface} " in way()
    said(running, near.node, "ip", "link", "set", near.interface, "down")
    try:
        until(lambda: f"dev {_provider(running, 'international').inside.far.interface} " in way())
    finally:
        said(running, near.node, "ip", "link", "set", near.interface, "up")
    until(lambda: f"dev {domestic.inside.far.interface} " in way())
    back = ["ip", "route", "get", client_address(plan.office("bappeda")), "from", address, "iif", domestic.outside.far.interface]
    until(lambda: f"dev {near.interface} " in said(running, near.node, *back))


def test_addresses_of_an_office_answer_each_for_itself(running: LabState) -> None:
    lan = IPv4Address(client_address(running.plan.office("setda")))
    for address in (lan, lan + 1, lan + 40):
        said(running, "noc", "ping", "-n", "-c", "1", "-W", "2", str(address))


def test_queues_see_real_frames(running: LabState) -> None:
    for node in running.plan.nodes:
        for port in running.plan.ports(node.key):
            features = lab.exec_in(running.plan.lab, node.key, ["ethtool", "-k", port.interface]).stdout
            for name in ("tx-tcp-segmentation", "generic-segmentation-offload", "generic-receive-offload"):
                assert f"{name}: off" in features


def test_a_restart_kills_everything_and_runs_the_boot_hook(running: LabState) -> None:
    plan, node = running.plan, running.plan.office("setda").key
    said(running, node, "sh", "-c", "echo 'hostname >/var/lib/lajur/booted; ip link show wan0 >/dev/null' >/var/lib/lajur/boot")
    routed = "vtysh -c 'show version' >/var/lib/napalm_frr/booted; pidof sshd && echo too late >/var/lib/napalm_frr/booted; true"
    said(running, node, "sh", "-c", f'echo "{routed}" >/var/lib/napalm_frr/boot')
    said(running, node, "sh", "-c", "setsid sleep 1000 >/dev/null 2>&1 &")
    before = set(netns.processes([plan.namespace(node)]))
    routes = said(running, node, "ip", "-4", "address", "show", "dev", "wan0")
    host_keys = running.known_hosts.read_text()
    lab.restart(plan.lab, node)
    assert said(running, node, "cat", "/var/lib/lajur/booted").strip() == node
    assert said(running, node, "cat", "/var/lib/napalm_frr/booted").startswith("FRRouting 8.")
    assert not before & set(netns.processes([plan.namespace(node)]))
    assert said(running, node, "ip", "-4", "address", "show", "dev", "wan0") == routes
    assert running.known_hosts.read_text() == host_keys
    with closing(login(running, str(plan.node(node).address))) as client:
        assert client.exec_command("true")[1].channel.recv_exit_status() == 0
    found = json.loads(said(running, node, "vtysh", "-c", "show ip ospf neighbor json"))["neighbors"]
    assert all(each["nbrState"].startswith("Full") for entries in found.values() for each in entries)
    (status,) = [each for each in standing.status(plan.lab).nodes if each.key == node]
    assert (status.ready, status.starts) == (True, 2)
    said(
        running,
        node,
        "rm",
        "-r",
        *(f"/var/lib/{owner}/{name}" for owner in ("lajur", "napalm_frr") for name in ("boot", "booted")),
    )


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda lab_id: lab.exec_in(lab_id, "nobody", ["true"]), "lab.node_unknown"),
        (lambda lab_id: lab.exec_in("nolab", "core", ["true"]), "lab.not_up"),
        (lambda lab_id: lab.restart(lab_id, "noc"), "lab.no_router"),
        (lambda lab_id: lab.restart(lab_id, "nobody"), "lab.no_router"),
        (lambda lab_id: lab.exec_in(lab_id, "core", ["sleep", "30"], timeout=0.2), "lab.command_slow"),
    ],
)
def test_a_console_says_what_is_wrong(running: LabState, call: Callable[[str], object], code: str) -> None:
    with pytest.raises(LabError) as refused:
        call(running.plan.lab)
    assert refused.value.code == code


def _provider(state: LabState, uplink: str) -> Provider:
    return next(provider for provider in state.plan.providers if provider.uplink == uplink)
