"""What a Linux device is asked at first sight, and its answer as facts. Pure; the answer is untrusted and bounded."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Interface
from typing import Final

from network.core.inspection import Facts, Held, Hook, Stranger
from network.core.observed import ArmedTimer, ReturnTimer
from network.core.tree import Place, ShaperId
from network.dialects import linux_timers
from network.dialects.linux_ids import shaping_device, uplink_device
from network.dialects.linux_shell import HOME, MARK, Unreadable, script

SHAPES: Final = ("tc", "ip", "flock", "setsid", "mktemp")
ROUTES: Final = ("ip", "vtysh")
"""Programs that a device needs to hold queues, and to have its links configured."""

_VTYSH: Final = (
    "frr=$(timeout 20 vtysh -c 'show version' 2>/dev/null </dev/null | head -n 1)\n"
    "case $frr in FRRouting*) ;; *) ! command -v vtysh >/dev/null 2>&1 || say silent vtysh ;; esac"
)
"""It may be there and not answer: broken, or without a daemon that it could ask."""

_BOOT: Final = {"lajur": f"{HOME}/boot", "napalm_frr": "/var/lib/napalm_frr/boot"}
"""What is to be called once when the device has started: the timers' own (`linux_timers`), and that of FRR's driver."""

_CALLS: Final = r"""called() { # path: something that runs at every start says it; a unit that is not enabled never runs
  set -- "^[^#]*$1" /etc/systemd/system/*.wants /etc/systemd/system/*.requires /etc/systemd/system/*.d
  timeout 20 grep -RlsE "$@" /etc/rc.local /etc/rc.d /etc/init.d /etc/local.d /etc/crontab /etc/cron.d /var/spool/cron \
    </dev/null | grep -q . && return
  for file in /proc/1/fd/*; do [ ! -f "$file" ] || ! grep -qsE "$1" "$file" || return 0; done
  return 1
}
"""
"""Also the script that process 1 itself is, as in a container and in the lab: a shell keeps its script open."""

_USUAL: Final = {"noqueue", "pfifo_fast", "fq_codel", "mq", "fq", "pfifo"}
"""Queues that the kernel gives an interface by itself."""

_HOOKS: Final = ("ingress", "clsact")
_MOST: Final = 500
_CLASS: Final = re.compile(r"class htb (1:[0-9a-f]{1,4})")
_ADDRESS: Final = re.compile(r"^\d+: (\S+) +inet (\d{1,3}(?:\.\d{1,3}){3}/\d{1,2}) ", re.MULTILINE)
_LINK: Final = re.compile(r"^\d+: ([^:@\s]{1,15})[@:]", re.MULTILINE)
_TIMER: Final = re.compile(r"^timer (armed|return) (\d{1,12}) ([a-z0-9-]{1,64})$", re.MULTILINE)
_TC: Final = re.compile(r"iproute2-([0-9A-Za-z.]{1,20})")
_FRR: Final = re.compile(r"^FRRouting ([0-9A-Za-z.~+-]{1,30})", re.MULTILINE)
_NAME: Final = re.compile(r'^PRETTY_NAME="?([^"\n]{1,80})', re.MULTILINE)


def facts_script(*, shapes: bool, routes: bool) -> str:
    """`shapes`, `routes`: what the truth wants of the device, and so what it must have."""
    programs = dict.fromkeys((*(SHAPES if shapes else ()), *(ROUTES if routes else ())))
    lines = [f"command -v {name} >/dev/null 2>&1 || say missing {name}" for name in programs]
    if shapes or routes:
        lines.append('[ "$(id -u)" = 0 ] || say missing root')
    lines += ["say time", "date -u +%s", "say host", "uname -n", "say kernel", "uname -sr"]
    lines += ["say system", "head -n 20 /etc/os-release 2>/dev/null", "say iproute2", "tc -V 2>&1"]
    lines += [_VTYSH, "say frr", 'printf "%s\\n" "$frr"'] if routes else []
    if shapes:
        lines.append(f"called {_BOOT['lajur']} || say uncalled lajur")
    if routes:
        lines.append(f"! command -v vtysh >/dev/null 2>&1 || called {_BOOT['napalm_frr']} || say uncalled napalm_frr")
    lines += ["say links", "ip -o link show", "say addresses", "ip -o -4 address show"]
    lines += ["say queues", "tc -j qdisc show 2>/dev/null", 'echo ""', "timers", "say done"]
    return script("\n".join(lines), functions=linux_timers.OBSERVE + _CALLS)


@dataclass(frozen=True, slots=True)
class Seen:
    """Facts, and the device's own clock when it answered; whoever asked knows what ours said then."""

    facts: Facts
    clock: datetime | None


def read_facts(text: str, places: Mapping[ShaperId, Place]) -> Seen:
    """`places`: where shapers stand or are to stand on this device. Raises Unreadable."""
    parts, said, timers = _parts(text)
    if "done" not in parts:
        raise Unreadable("the output ends before its last line")
    armed = [ArmedTimer(name, int(left)) for kind, left, name in timers if kind == "armed"]
    facts = Facts(
        platform="linux",
        version=_version(parts),
        name=_line(parts.get("host", "")),
        lacks=tuple(said["missing"]),
        silent=tuple(said["silent"]),
        interfaces=frozenset(_LINK.findall(parts.get("links", ""))[:_MOST]),
        addresses=tuple(_addresses(parts.get("addresses", "")))[:_MOST],
        strangers=tuple(_strangers(parts.get("queues", ""), places))[:_MOST],
        armed=armed[0] if armed else None,
        returns=tuple(ReturnTimer(name, int(left)) for kind, left, name in timers if kind == "return"),
        hooks=tuple(_hook(name) for name in _BOOT if name in said["uncalled"]),
    )
    time = _line(parts.get("time", ""))
    known = time.isascii() and time.isdecimal() and len(time) <= 11
    return Seen(facts, datetime.fromtimestamp(int(time), UTC) if known else None)


_SAID: Final = ("missing", "silent", "uncalled")
"""Programs that are not there; those that do not answer; hooks that nothing calls."""


def _parts(text: str) -> tuple[dict[str, str], dict[str, list[str]], list[tuple[str, str, str]]]:
    """The text behind each mark; what was said of programs and hooks, by `_SAID`; the timers."""
    parts: dict[str, str] = {}
    said: dict[str, list[str]] = {kind: [] for kind in _SAID}
    timers: list[tuple[str, str, str]] = []
    for part in f"\n{text}".split(f"\n{MARK} ")[1:]:
        words, _, body = part.partition("\n")
        kind, _, name = words.partition(" ")
        if kind in said and name:
            said[kind].append(name.strip()[:40])
        elif words.startswith("timer "):
            timers += _TIMER.findall(words)
        else:
            parts[words.strip()] = body
    return parts, said, timers


def _hook(name: str) -> Hook:
    """With the command that makes a unit of it. It stays as long as what it began in the background, which systemd would end."""
    path, unit = _BOOT[name], f"{name.replace('_', '-')}-boot.service"
    head = ["[Unit]", "After=network.target frr.service", f"ConditionPathExists={path}"]
    body = ["[Service]", "Type=oneshot", "RemainAfterExit=yes", f"ExecStart=/bin/sh {path}"]
    words = " ".join(f"'{line}'" for line in (*head, *body, "[Install]", "WantedBy=multi-user.target"))
    return Hook(path, f"printf '%s\\n' {words} >/etc/systemd/system/{unit} && systemctl enable {unit}")


def _version(parts: Mapping[str, str]) -> str:
    """As a person would say it: `Debian GNU/Linux 12 (bookworm), Linux 6.1.0, iproute2 6.1.0, FRR 8.4.4`."""
    system, tc, frr = (
        _NAME.search(parts.get("system", "")),
        _TC.search(parts.get("iproute2", "")),
        _FRR.search(parts.get("frr", "")),
    )
    words = [system[1] if system else "", _line(parts.get("kernel", ""))]
    words += [f"iproute2 {tc[1]}" if tc else "", f"FRR {frr[1]}" if frr else ""]
    return ", ".join(word for word in words if word)


def _line(text: str) -> str:
    return text.strip().partition("\n")[0][:120]


def _addresses(text: str) -> list[Held]:
    found = []
    for interface, written in _ADDRESS.findall(text):
        try:
            address = IPv4Interface(written)
        except ValueError as error:
            raise Unreadable(f"ip address: {written}") from error
        found.append(Held(interface, address.ip, address.network.prefixlen))
    return found


def _strangers(text: str, places: Mapping[ShaperId, Place]) -> list[Stranger]:
    """Roots that nobody but a person or another program has made. What stands inside our own trees is not looked at here."""
    try:
        listed = json.loads(text.strip() or "[]")
        roots = [
            (str(each["dev"]), str(each["kind"]), str(each["handle"]), str((each.get("options") or {}).get("default")))
            for each in listed
            if each.get("root") or str(each.get("kind")) in _HOOKS
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(f"tc -j qdisc show: {error}") from error
    ours = {shaping_device(shaper, places) for shaper in places}
    uplinks = {uplink_device(place) for place in places.values()}
    return [
        Stranger(device, f"{kind} {handle}", shaping=device in ours, undo=_undo(device, kind))
        for device, kind, handle, default in roots
        if kind not in _USUAL and not _is_ours(device, kind, handle, default, ours, uplinks)
    ]


def _undo(device: str, kind: str) -> str:
    return f"tc qdisc del dev {device} {kind if kind in _HOOKS else 'root'}"


def inside(device: str, line: str) -> Stranger:
    """What stands in a tree of ours on `device` and is not ours, as the shaper's observation names it."""
    found = _CLASS.fullmatch(line)
    return Stranger(device, line, shaping=True, undo=f"tc class del dev {device} classid {found[1]}" if found else "")


def _is_ours(device: str, kind: str, handle: str, default: str, ours: Collection[str], uplinks: Collection[str]) -> bool:
    if kind == "ingress":
        return device in uplinks
    return device in ours and kind == "htb" and handle == "1:" and default.removeprefix("0x") == "ffe"
