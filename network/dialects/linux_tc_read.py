"""What a Linux router answers to the observing script, as values.

Pure. Every string comes from outside and is untrusted: what is not understood is `foreign` or an error, never a guess.
Rates, sizes and counters as `tc` 6.1 and later print them (`class show` is text even with -j; queue sizes are exact only
with -j; `quantum` needs -d and stands on classes without children only).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from inventory.units import Direction
from network.core.observed import ArmedTimer, Counter, DeviceState, Queue, ReturnTimer, ShaperState
from network.core.sharing import LINUX_TC
from network.core.tree import ROOT, NodeId, NodeKind, Place, ShaperId
from network.dialects import linux_rules_read, linux_timers
from network.dialects.linux_ids import minor, node_of, shaping_device, uplink_device
from network.dialects.linux_shell import MARK, Lacking, Unreadable, script

_UNIT: Final = {"bit": 1, "Kbit": 10**3, "Mbit": 10**6, "Gbit": 10**9, "Tbit": 10**12}
_SIZE: Final = {"b": 1, "Kb": 2**10, "Mb": 2**20, "Gb": 2**30}
_RATE: Final = r"(\d{1,15})([KMGT]?bit)"
_BYTES: Final = r"(\d{1,15}(?:\.\d{1,9})?(?:e\+\d{1,2})?)([KMG]?b)"
_MINOR: Final = r"([0-9a-f]{1,4})"
_SMALL: Final = r"(\d{1,10})"
_CLASS: Final = re.compile(
    rf"class htb 1:{_MINOR} (?:root|parent 1:{_MINOR}) (?:leaf {_MINOR}: )?(?:prio {_SMALL} )?(?:quantum {_SMALL} )?"
    rf"rate {_RATE} ceil {_RATE}.*? burst {_BYTES}.*? cburst {_BYTES}"
)
_SENT: Final = re.compile(r"^ Sent (\d{1,20}) bytes (\d{1,20}) pkt \(dropped (\d{1,20}),", re.MULTILINE)
_BACKLOG: Final = re.compile(rf"^ backlog {_BYTES} ", re.MULTILINE)
_LINK: Final = re.compile(r"^\d+: ([^:@\s]+)[@:][^<\n]*<([A-Z0-9_,-]*)>", re.MULTILINE)
_TURN: Final = re.compile(r"[0-9]{1,18}")
_TIMER: Final = re.compile(r"^timer (armed|return) (\d{1,12}) ([a-z0-9-]{1,64})$", re.MULTILINE)


_ROOTED: Final = """
rooted() {
  while read -r key uid rest; do
    if [ "$key" = Uid: ]; then [ "$uid" = 0 ] && return 0; break; fi
  done </proc/self/status
  say lacks root
  exit 3
}
"""


def observe_script(places: Mapping[ShaperId, Place]) -> str:
    """One script that shows everything of all shapers, each part behind a marked line.

    One `tc` for each shaper: rules on the way out name their parent and those on the way in do not.
    """
    lines = ["need tc ip", "rooted", "timers", "say links", "ip -o link show"]
    lines += ["say queues", "tc -s -d -j qdisc show 2>/dev/null", 'echo ""']
    for shaper in sorted(places):
        device = shaping_device(shaper, places)
        shows = [f"class show dev {device}", f"filter show dev {device}"]
        if shaper.direction is Direction.DOWN:
            shows.append(f"filter show dev {uplink_device(places[shaper])} ingress")
        words = " ".join(f"'{show}'" for show in shows)
        lines += [f"say shaper {device}", f"printf '%s\\n' {words} | tc -s -d -force -batch - 2>/dev/null"]
    return script("\n".join([*lines, "say done"]), functions=f"{_ROOTED}{linux_timers.OBSERVE}")


def observed(text: str, places: Mapping[ShaperId, Place]) -> DeviceState:
    """The state in the script's output. Raises Unreadable or Lacking."""
    parts = _parts(text)
    links, queues = _links(parts.get("links", "")), _qdiscs(parts.get("queues", ""))
    shapers = {}
    for shaper, place in places.items():
        if uplink_device(place) not in links:
            raise Lacking(f"interface {place.interface}")
        state = _shaper(shaper, places, parts, links, queues)
        if state is not None:
            shapers[shaper] = state
    timers = _TIMER.findall(parts["timers"])
    armed = [ArmedTimer(name, int(left)) for kind, left, name in timers if kind == "armed"]
    returns = sorted((name, int(left)) for kind, left, name in timers if kind == "return")
    return DeviceState(
        shapers=MappingProxyType(shapers),
        armed=armed[0] if armed else None,
        returns=tuple(ReturnTimer(name, left) for name, left in returns),
        turn=_turn(parts["turn"]),
    )


def _turn(text: str) -> int:
    if not _TURN.fullmatch(text):
        raise Unreadable(f"turn {text[:40]!r}")
    return int(text)


def _parts(text: str) -> dict[str, str]:
    """The text behind each mark, by the mark's words; the timers' own words, a line each, under `timers`."""
    parts = {"timers": "", "turn": "0"}
    for part in f"\n{text}".split(f"\n{MARK} ")[1:]:
        words, _, body = part.partition("\n")
        if words.startswith("lacks "):
            raise Lacking(words.removeprefix("lacks ").strip())
        if words.startswith("timer "):
            parts["timers"] += f"{words}\n"
        elif words.startswith("turn "):
            parts["turn"] = words.removeprefix("turn ")
        else:
            parts[words] = body
    if "done" not in parts:
        raise Unreadable("the output ends before its last line")
    return parts


def _links(text: str) -> dict[str, bool]:
    """Interfaces, and whether each is up."""
    return {name: "UP" in flags.split(",") for name, flags in _LINK.findall(text)}


@dataclass(frozen=True, slots=True)
class _Qdisc:
    device: str
    kind: str
    handle: str
    parent: str
    options: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"qdisc {self.kind} {self.handle} dev {self.device} {self.parent}"


def _qdiscs(text: str) -> list[_Qdisc]:
    try:
        values = json.loads(text.strip() or "[]")
        return [
            _Qdisc(
                str(value["dev"]),
                str(value["kind"]),
                str(value["handle"]),
                "root" if value.get("root") else str(value.get("parent", "")),
                value["options"] if isinstance(value.get("options"), dict) else {},
            )
            for value in values
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(f"tc -j qdisc show: {error}") from error


def _shaper(
    shaper: ShaperId,
    places: Mapping[ShaperId, Place],
    parts: Mapping[str, str],
    links: Mapping[str, bool],
    qdiscs: Sequence[_Qdisc],
) -> ShaperState | None:
    """None when nothing stands. A root that we did not make gives a state that only names it as foreign."""
    device = shaping_device(shaper, places)
    here = [qdisc for qdisc in qdiscs if qdisc.device == device]
    roots = [qdisc for qdisc in here if qdisc.parent == "root" and qdisc.handle != "0:"]
    if not roots:
        return None
    if not _ours(roots[0]):
        return ShaperState(queues={}, rules=frozenset(), complete=False, foreign=(str(roots[0]),))
    limits = {qdisc.handle: qdisc.options.get("limit") for qdisc in here if qdisc.kind == "bfifo"}
    listed = linux_rules_read.blocks(parts.get(f"shaper {device}", ""))
    classes = _classes(listed, limits)
    rules = linux_rules_read.rules(listed, shaper.direction)
    complete, strangers = rules.whole, (*classes.foreign, *rules.foreign)
    if shaper.direction is Direction.DOWN:
        incoming = linux_rules_read.incoming(listed, device)
        complete = complete and incoming.whole and links.get(device, False)
        strangers = (*strangers, *incoming.foreign)
    return ShaperState(
        queues=MappingProxyType(classes.queues),
        rules=rules.rules,
        complete=complete,
        foreign=strangers,
        counters=MappingProxyType(classes.counters),
    )


def _ours(root: _Qdisc) -> bool:
    return root.kind == "htb" and root.handle == "1:" and str(root.options.get("default")).removeprefix("0x") == "ffe"


@dataclass(slots=True)
class _Classes:
    queues: dict[NodeId, Queue] = field(default_factory=dict)
    counters: dict[NodeId, Counter] = field(default_factory=dict)
    foreign: list[str] = field(default_factory=list)


def _classes(listed: Sequence[linux_rules_read.Block], limits: Mapping[str, object]) -> _Classes:
    found = _Classes()
    for head, body in listed:
        if not head.startswith("class "):
            continue
        queue = _queue(head, limits)
        if queue is None:
            found.foreign.append(" ".join(head.split()[:3]))
            continue
        found.queues[queue.node] = queue
        found.counters[queue.node] = _counter(body)
    return found


def _queue(head: str, limits: Mapping[str, object]) -> Queue | None:
    """The queue of one class; None when it is not one of ours.

    An inner class shows its priority and quantum only while it has no children, and the kernel does not use them: they
    are reported as every inner class is set up. A low number may be anybody's, so an inner class is ours only when it has
    the nominal rate. A leaf that `tc` made a root, because its parent was absent, is shown with no parent.
    """
    found = _CLASS.match(head)
    node = node_of(int(found[1], 16)) if found else None
    if found is None or node is None:
        return None
    parent = node_of(int(found[2], 16)) if found[2] else None
    guarantee, ceiling = _rate(found[6], found[7]), _rate(found[8], found[9])
    inner = node.kind in (NodeKind.UPLINK, NodeKind.HUB, NodeKind.OFFICE)
    if (found[2] and parent is None) or (inner and node != ROOT and guarantee != LINUX_TC.nominal):
        return None
    limit = limits.get(f"{minor(node):x}:")
    return Queue(
        node=node,
        parent=parent,
        guarantee=guarantee,
        ceiling=ceiling,
        priority=int(found[4]) if found[4] and not inner else LINUX_TC.priority,
        quantum=int(found[5]) if found[5] and not inner else LINUX_TC.inner_quantum,
        burst=_size(found[10], found[11]),
        ceiling_burst=_size(found[12], found[13]),
        buffer=None if inner else limit if isinstance(limit, int) else 0,
    )


def _counter(body: str) -> Counter:
    sent, waits = _SENT.search(body), _BACKLOG.search(body)
    if sent is None:
        return Counter(0, 0, 0)
    return Counter(int(sent[1]), int(sent[2]), int(sent[3]), _size(waits[1], waits[2]) if waits else 0)


def _rate(number: str, unit: str) -> int:
    return int(number) * _UNIT[unit]


def _size(number: str, unit: str) -> int:
    return round(float(number) * _SIZE[unit])
