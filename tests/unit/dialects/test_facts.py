"""What devices say of themselves at first sight, and what is made of it: Linux by one script, other makes by show commands."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.model import Platform
from inventory.units import Direction
from network.core.inspection import Held, Stranger
from network.core.tree import Place, ShaperId
from network.dialects import vendor_facts
from network.dialects.linux_facts import facts_script, inside, read_facts
from network.dialects.linux_shell import Unreadable
from network.dialects.vendor_facts import ADDRESSES, CLOCK, NAME, QUEUES, TREES, VERSION, greeted, read

PLACES = {ShaperId(1, "utama", way): Place("core", "up1") for way in Direction}
MORNING = datetime(2026, 9, 7, 1, 15, 22, tzinfo=UTC)
"""Quarter past ten in Jayapura."""

OURS = [
    {"kind": "htb", "handle": "1:", "dev": "up1", "root": True, "options": {"default": "0xffe"}},
    {"kind": "htb", "handle": "1:", "dev": "ifb1", "root": True, "options": {"default": "0xffe"}},
    {"kind": "ingress", "handle": "ffff:", "dev": "up1", "parent": "ffff:fff1", "options": {}},
    {"kind": "bfifo", "handle": "2001:", "dev": "up1", "parent": "1:2001", "options": {"limit": 9084}},
    {"kind": "noqueue", "handle": "0:", "dev": "lo", "root": True, "options": {}},
    {"kind": "fq_codel", "handle": "0:", "dev": "h1", "root": True, "options": {}},
]


def answer(queues: object = OURS, **parts: str) -> str:
    usual = {
        "time": "1788743722",
        "host": "core",
        "kernel": "Linux 6.1.0-18-amd64",
        "system": 'NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"',
        "iproute2": "tc utility, iproute2-6.1.0, libbpf 1.1.0",
        "frr": "FRRouting 8.4.4 (core) on Linux(6.1.0).",
        "links": "1: lo: <LOOPBACK,UP> mtu 65536\n2: up1@if3: <BROADCAST,UP> mtu 1500\n3: ifb1: <UP> mtu 1500",
        "addresses": "1: lo    inet 10.10.0.1/32 scope global lo\\       valid_lft forever\n"
        "2: up1    inet 10.11.0.1/31 scope global up1\\       valid_lft forever",
        "queues": json.dumps(queues),
    }
    text = "".join(f"@@lajur {name}\n{body}\n" for name, body in {**usual, **parts}.items())
    return f"{text}@@lajur turn 4\n@@lajur timer armed 12 run-1\n@@lajur timer return 90 return-1\n@@lajur done\n"


def test_a_linux_router_in_its_own_words() -> None:
    seen = read_facts(answer(), PLACES)
    facts = seen.facts
    assert facts.version == "Debian GNU/Linux 12 (bookworm), Linux 6.1.0-18-amd64, iproute2 6.1.0, FRR 8.4.4"
    assert (facts.platform, facts.name, facts.lacks) == ("linux", "core", ())
    assert facts.interfaces == frozenset({"lo", "up1", "ifb1"})
    assert [str(each) for each in facts.addresses or ()] == ["10.10.0.1/32", "10.11.0.1/31"]
    assert facts.strangers == ()
    assert facts.armed is not None
    assert (facts.armed.run, facts.returns[0].name) == ("run-1", "return-1")
    assert seen.clock == datetime.fromtimestamp(1788743722, UTC)


@pytest.mark.parametrize(
    ("queue", "stranger"),
    [
        ({"kind": "tbf", "handle": "8001:", "dev": "isp1", "root": True, "options": {}}, Stranger("isp1", "tbf 8001:")),
        ({"kind": "htb", "handle": "1:", "dev": "h1", "root": True}, Stranger("h1", "htb 1:")),
        ({"kind": "cake", "handle": "8002:", "dev": "up1", "root": True}, Stranger("up1", "cake 8002:", shaping=True)),
        (
            {"kind": "htb", "handle": "1:", "dev": "up1", "root": True, "options": {"default": "0x30"}},
            Stranger("up1", "htb 1:", shaping=True),
        ),
        ({"kind": "ingress", "handle": "ffff:", "dev": "h1", "parent": "ffff:fff1"}, Stranger("h1", "ingress ffff:")),
        (
            {"kind": "clsact", "handle": "ffff:", "dev": "up1", "parent": "ffff:fff1"},
            Stranger("up1", "clsact ffff:", shaping=True),
        ),
    ],
)
def test_a_queue_that_we_did_not_make_is_named(queue: object, stranger: Stranger) -> None:
    (found,) = read_facts(answer([queue]), PLACES).facts.strangers or ()
    assert replace(found, undo="") == stranger
    assert found.undo == f"tc qdisc del dev {stranger.interface} {UNDO.get(stranger.what, 'root')}"


UNDO = {"ingress ffff:": "ingress", "clsact ffff:": "clsact"}


def test_what_stands_inside_our_own_tree_is_never_undone_with_the_tree() -> None:
    assert inside("up1", "class htb 1:10").undo == "tc class del dev up1 classid 1:10"
    assert inside("up1", "filter protocol ip pref 5 u32 800::800").undo == ""


def test_what_it_lacks_is_named() -> None:
    text = f"@@lajur missing vtysh\n@@lajur missing root\n{answer()}"
    assert read_facts(text, PLACES).facts.lacks == ("vtysh", "root")


def test_a_program_that_is_there_and_does_not_answer_is_named() -> None:
    facts = read_facts(f"@@lajur silent vtysh\n{answer()}", PLACES).facts
    assert (facts.lacks, facts.silent) == ((), ("vtysh",))


@pytest.mark.parametrize(("vtysh", "silent"), [("echo 'FRRouting 8.4.4 (r) on Linux.'", ()), ("exit 1", ("vtysh",))])
def test_a_broken_vtysh_is_seen(vtysh: str, silent: tuple[str, ...], tmp_path: Path) -> None:
    program = tmp_path / "vtysh"
    program.write_text(f"#!/bin/sh\n{vtysh}\n")
    program.chmod(0o755)
    script = facts_script(shapes=False, routes=True)
    path = f"{tmp_path}:/usr/sbin:/usr/bin:/sbin:/bin"
    # The script sets its own path, as a device's shell may have none.
    done = subprocess.run(
        ["sh", "-c", script.replace("PATH=", f"PATH={path}:")], capture_output=True, text=True, check=True, timeout=60
    )
    assert read_facts(done.stdout, {}).facts.silent == silent


BOOT = "/var/lib/napalm_frr/boot"


@dataclass(frozen=True)
class Box:
    """A device's folders, of which a script that is run in it sees nothing else."""

    folder: Path

    def run(self, script: str) -> str:
        """A script of ours, which sets its own path, or a command."""
        script = f"PATH=/usr/bin:/bin\n{script}".replace("/etc/", f"{self.folder}/etc/").replace("/var/spool", f"{self.folder}")
        script = script.replace("/proc/1/", f"{self.folder}/").replace("PATH=/", f"PATH={self.folder}/bin:/")
        return subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True, timeout=60).stdout

    def put(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o755)
        return file

    def hooks(self, *, shapes: bool = False) -> list[str]:
        found = read_facts(self.run(facts_script(shapes=shapes, routes=True)), {}).facts.hooks
        return [each.path for each in found]


@pytest.fixture
def box(tmp_path: Path) -> Box:
    made = Box(tmp_path)
    made.put("bin/vtysh", "#!/bin/sh\necho 'FRRouting 8.4.4 (r) on Linux.'\n")
    return made


def test_what_nothing_calls_at_a_start_is_named(box: Box) -> None:
    assert box.hooks(shapes=True) == ["/var/lib/lajur/boot", BOOT]
    assert box.hooks() == [BOOT]
    box.put("etc/rc.local", f"#!/bin/sh\n# sh {BOOT}\n")
    assert box.hooks() == [BOOT], "a comment calls nobody"
    box.put("etc/systemd/system/x.service", f"ExecStart=/bin/sh {BOOT}\n")
    assert box.hooks() == [BOOT], "a unit that nobody enabled is never run"


@pytest.mark.parametrize(
    "file", ["etc/rc.local", "etc/init.d/x", "etc/local.d/x.start", "etc/systemd/system/frr.service.d/x.conf"]
)
def test_whatever_calls_it_at_a_start_is_enough(file: str, box: Box) -> None:
    box.put(file, f"#!/bin/sh\n  sh {BOOT}\n")
    assert box.hooks() == []


def test_a_script_that_is_the_first_process_is_enough(box: Box) -> None:
    script = box.put("init", f"boot() {{ sh $1; }}\nboot {BOOT}\n")
    box.put("fd/1", "")
    os.mkfifo(box.folder / "fd" / "2")
    (box.folder / "fd" / "10").symlink_to(script)
    assert box.hooks() == []


def test_the_command_that_is_told_has_it_called(box: Box) -> None:
    found = read_facts(box.run(facts_script(shapes=True, routes=True)), {}).facts.hooks
    box.put("etc/systemd/system/multi-user.target.wants/other.service", "[Unit]\n")
    box.put(
        "bin/systemctl",
        '#!/bin/sh\n[ "$1" = enable ] && cd "${0%/bin/*}/etc/systemd/system" && ln -s "../$2" multi-user.target.wants/\n',
    )
    for hook in found:
        box.run(hook.install)
    assert box.hooks(shapes=True) == []


@pytest.mark.parametrize("parts", [{"queues": "[{"}, {"queues": "[1]"}, {"addresses": "2: up1    inet 10.11.0.999/31 scope"}])
def test_an_answer_that_is_none_is_not_guessed_at(parts: dict[str, str]) -> None:
    with pytest.raises(Unreadable):
        read_facts(answer(**parts), PLACES)


@given(st.integers(0, 900))
def test_an_answer_that_is_cut_off_is_never_taken_for_a_whole_one(length: int) -> None:
    whole = answer()
    with pytest.raises(Unreadable):
        read_facts(whole[: min(length, len(whole) - 3)], PLACES)


@pytest.mark.parametrize(("shapes", "routes"), [(True, True), (False, False), (False, True)])
def test_the_script_runs_on_any_linux_and_is_read_back(shapes: bool, routes: bool) -> None:
    done = subprocess.run(
        ["sh"], input=facts_script(shapes=shapes, routes=routes), capture_output=True, text=True, check=False, timeout=30
    )
    seen = read_facts(done.stdout, {})
    assert "Linux" in seen.facts.version
    assert seen.clock is not None
    if not (shapes or routes):
        assert seen.facts.lacks == ()


IOS = {
    VERSION: "Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M), Version 15.7(3)M8, RELEASE SOFTWARE (fc1)\n"
    "r-dinkes uptime is 2 weeks, 3 days, 1 hour\nCisco CISCO2911/K9 (revision 1.0) with 483328K/40960K bytes of memory.\n",
    CLOCK: ".10:15:22.347 WIT Mon Sep 7 2026",
    ADDRESSES: "Interface              IP-Address      OK? Method Status                Protocol\n"
    "GigabitEthernet0/0     10.11.0.3       YES NVRAM  up                    up\n"
    "GigabitEthernet0/1     unassigned      YES NVRAM  administratively down down\n",
}
EOS = {
    VERSION: "Arista DCS-7050SX3-48YC8\nHardware version: 12.02\nSerial number: JPE00000000\n\nSoftware image version: 4.28.3M\n",
    NAME: "Hostname: r-perizinan\nFQDN:     r-perizinan\n",
    CLOCK: "Mon Sep  7 10:15:22 2026\nTimezone: Asia/Jayapura\nClock source: NTP server (10.10.0.1)\n",
    ADDRESSES: "                                                                         Address\n"
    "Interface       IP Address         Status     Protocol         MTU    Owner  \n"
    "--------------- ------------------ ---------- ------------ --------- -------\n"
    "Ethernet1       10.11.0.11/31      up         up              1500           \n"
    "Management1     unassigned         down       down            1500           \n",
}
JUNOS = {
    VERSION: "Hostname: r-bappeda\nModel: srx300\nJunos: 21.4R3.15\nJUNOS Software Release [21.4R3.15]\n",
    CLOCK: "Current time: 2026-09-07 01:15:22 UTC\nTime Source:  NTP CLOCK\nSystem booted: 2026-03-29 13:32:05 UTC\n",
    ADDRESSES: "Interface               Admin Link Proto    Local                 Remote\nge-0/0/0                up    up\n"
    "ge-0/0/0.0              up    up   inet     10.11.0.5/31\n"
    "lo0.0                   up    up   inet     10.10.0.5           --> 0/0\n",
}
VRP = {
    VERSION: "Huawei Versatile Routing Platform Software\nVRP (R) software, Version 5.170 (AR651 V300R019C10SPC300)\n"
    "Copyright (C) 2011-2020 HUAWEI TECH CO., LTD\nHuawei AR651 Router uptime is 60 weeks\n",
    CLOCK: "2026-09-07 10:15:22+09:00\nMonday\nTime Zone(WIT) : UTC+09:00\n",
    ADDRESSES: "*down: administratively down\nInterface                         IP Address/Mask      Physical   Protocol  \n"
    "GigabitEthernet0/0/0              10.11.0.7/31         up         up        \n"
    "GigabitEthernet0/0/1              unassigned           *down      down      \n",
}
ROUTEROS = {
    VERSION: "                   uptime: 2w3d4h\n                  version: 7.15.3 (stable)\n"
    "               board-name: RB4011iGS+\n"
    "                 platform: MikroTik\n",
    NAME: "  name: r-kominfo\n",
    CLOCK: "                  time: 10:15:22\n                  date: 2026-09-07\n  time-zone-autodetect: yes\n"
    "        time-zone-name: Asia/Jayapura\n            gmt-offset: +09:00\n",
    ADDRESSES: " 0   address=10.11.0.9/31 network=10.11.0.8 interface=ether1 actual-interface=ether1 \n"
    " 1 X comment=lama address=192.168.88.1/24 network=192.168.88.0 interface=bridge actual-interface=bridge \n",
    QUEUES: ' 0    name="tamu" target=192.168.88.0/24 parent=none max-limit=5M/5M \n',
    TREES: "",
}


@pytest.mark.parametrize(
    ("platform", "said", "version", "name", "held"),
    [
        (Platform.CISCO_IOS, IOS, "CISCO2911/K9 IOS 15.7(3)M8", "r-dinkes", ("GigabitEthernet0/0", "10.11.0.3")),
        (Platform.ARISTA_EOS, EOS, "DCS-7050SX3-48YC8 EOS 4.28.3M", "r-perizinan", ("Ethernet1", "10.11.0.11/31")),
        (Platform.JUNIPER_JUNOS, JUNOS, "srx300 Junos 21.4R3.15", "r-bappeda", ("ge-0/0/0.0", "10.11.0.5/31")),
        (Platform.HUAWEI_VRP, VRP, "VRP 5.170 (AR651 V300R019C10SPC300)", "", ("GigabitEthernet0/0/0", "10.11.0.7/31")),
        (Platform.MIKROTIK_ROUTEROS, ROUTEROS, "RB4011iGS+ RouterOS 7.15.3", "r-kominfo", ("ether1", "10.11.0.9/31")),
    ],
    ids=["ios", "eos", "junos", "vrp", "routeros"],
)
def test_other_makes_in_their_own_words(
    platform: Platform, said: dict[str, str], version: str, name: str, held: tuple[str, str]
) -> None:
    seen = read(platform, said)
    assert (seen.facts.version, seen.facts.name, seen.facts.platform) == (version, name, platform.value)
    assert seen.clock == MORNING
    assert [(each.interface, str(each)) for each in seen.facts.addresses or ()][:1] == [held]


def test_routeros_tells_its_queues_and_leaves_out_what_is_switched_off() -> None:
    facts = read(Platform.MIKROTIK_ROUTEROS, ROUTEROS).facts
    assert facts.strangers == (Stranger("-", 'simple queue "tamu"'),)
    assert len(facts.addresses or ()) == 1
    older = {**ROUTEROS, CLOCK: ROUTEROS[CLOCK].replace("2026-09-07", "sep/07/2026")}
    assert read(Platform.MIKROTIK_ROUTEROS, older).clock == MORNING


@pytest.mark.parametrize(
    ("platform", "clock"),
    [
        (Platform.CISCO_IOS, "*10:15:22.347 PST Mon Sep 7 2026"),
        (Platform.CISCO_IOS, "*10:15:22.347 UTC Mon Feb 30 2026"),
        (Platform.JUNIPER_JUNOS, "Current time: 2026-09-07 10:15:22 MSK"),
        (Platform.HUAWEI_VRP, "% Unrecognized command"),
        (Platform.MIKROTIK_ROUTEROS, "bad command name print (line 1 column 15)"),
    ],
)
def test_a_clock_in_a_zone_that_could_be_anywhere_says_nothing(platform: Platform, clock: str) -> None:
    assert read(platform, {CLOCK: clock}).clock is None


@given(
    st.sampled_from([each for each in Platform if each is not Platform.LINUX]),
    st.dictionaries(st.sampled_from([VERSION, CLOCK, ADDRESSES, NAME, QUEUES, TREES]), st.text(max_size=300)),
)
def test_nothing_that_a_device_says_raises(platform: Platform, said: dict[str, str]) -> None:
    read(platform, said)


def test_ios_addresses_have_no_length_and_say_so() -> None:
    assert read(Platform.CISCO_IOS, IOS).facts.addresses == (Held("GigabitEthernet0/0", IPv4Address("10.11.0.3")),)


@pytest.mark.parametrize(
    ("greeting", "platform"),
    [
        ("SSH-2.0-ROSSSH", Platform.MIKROTIK_ROUTEROS),
        ("SSH-2.0-Cisco-1.25", Platform.CISCO_IOS),
        ("SSH-2.0-HUAWEI-1.5", Platform.HUAWEI_VRP),
        ("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3", None),
        ("SSH-2.0-OpenSSH_7.5", None),
        ("", None),
    ],
)
def test_some_makes_are_known_by_their_greeting(greeting: str, platform: Platform | None) -> None:
    assert greeted(greeting) is platform


def test_every_platform_but_linux_has_its_commands() -> None:
    assert set(vendor_facts.COMMANDS) == set(Platform) - {Platform.LINUX}
    for commands in vendor_facts.COMMANDS.values():
        assert {VERSION, CLOCK, ADDRESSES} <= set(commands)
        assert not [each for each in commands.values() if "set" in each.split() or "config" in each]
