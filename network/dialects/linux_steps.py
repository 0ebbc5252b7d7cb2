"""Steps as shell text for a Linux router: classes and leaf queues in batches of `tc`, rules, attaching and detaching.

Pure. Never renders a value that is not a checked number, network or name, and never deletes what is not in the scheme
of `linux_ids`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Network
from itertools import groupby
from typing import Final

from inventory.units import Direction
from network.core.observed import Queue, Rule
from network.core.plan import QueueStep, RulesStep, ShaperStep, Step
from network.core.tree import ROOT, Place, ShaperId
from network.dialects.linux_ids import class_id, minor, shaping_device, uplink_device
from network.dialects.linux_shell import quoted

SOURCE: Final = 12
DESTINATION: Final = 16
"""Byte offsets of the two addresses in an IPv4 header."""

_LARGEST_BUCKET: Final = 0x0FFF

FUNCTIONS: Final = r"""
refused() { # step, line, what the device said
  if [ "$force" ]; then printf '%s\n' "$2" "$3"; return 0; fi
  say refused "$1" "$2"
  say said "$(printf '%s' "$3" | one_line)"
  exit 1
}
foreign() { # step, device, what stands there
  if [ "$force" ]; then printf '%s\n' "$3"; return 0; fi
  say foreign "$1" "$2"
  say said "$(printf '%s' "$3" | one_line)"
  exit 1
}
try() { # step, a command
  step=$1
  shift
  out=$("$@" 2>&1 </dev/null) || refused "$step" "$*" "$out"
}
batch() { # lines of tc, each with its step behind "# "
  out=$(printf '%s\n' "$1" | tc $force -batch - 2>&1) && return 0
  if [ "$force" ]; then printf '%s\n' "$out"; return 0; fi
  case $out in *'Command failed -:'*) ;; *) refused - tc "$out" ;; esac
  line=${out##*Command failed -:}
  line=$(printf '%s\n' "$1" | sed -n "${line%%[!0-9]*}p")
  refused "${line##*# }" "${line%% #*}" "$out"
}
remove() { # step, device, class: an absent one is as good as removed
  out=$(tc class del dev "$2" classid "$3" 2>&1 </dev/null) && return 0
  [ -z "$(tc class show dev "$2" classid "$3" 2>/dev/null)" ] || refused "$1" "tc class del dev $2 classid $3" "$out"
}
# Two tables of rules stand for good, and a link from the root leads into the one that holds. They are never deleted:
# the kernel frees a table late, and until then every class that it names counts as in use.
emptied() { # step, device, prio, table: the link first, which is the moment of the switch
  printf '%s\n' "$rules" |
    sed -n "s/.* fh \([0-9a-f]*::[0-9a-f]*\) .* link $4:.*/filter del dev $2 parent 1: protocol ip prio $3 handle \1 u32 # $1/p"
  printf '%s\n' "$rules" |
    sed -n "s/.* fh \($4:[0-9a-f]*:[0-9a-f]*\) .*/filter del dev $2 parent 1: protocol ip prio $3 handle \1 u32 # $1/p"
}
point() { # step, device, byte offset of the office's address, rules with @p and @h for prio and table
  rules=$(tc filter show dev "$2" parent 1: 2>/dev/null </dev/null)
  ten=$(emptied "$1" "$2" 10 a) eleven=$(emptied "$1" "$2" 11 b)
  case $rules in
    *' link a:'*) p=11 h=b before=$eleven after=$ten ;;
    *) p=10 h=a before=$ten after=$eleven ;;
  esac
  case $rules in *' pref 20 '*) passing=yes ;; *) passing= ;; esac
  now= link= past=
  if [ "$4" ]; then
    now=$(printf '%s\n' "$4" | sed "s/@p/$p/g;s/@h/$h/g")
    link="filter add dev $2 parent 1: protocol ip prio $p u32 match u32 0 0 hashkey mask 0x0000ff00 at $3 link $h: # $1"
    [ -z "$passing" ] || past="filter del dev $2 parent 1: prio 20 # $1"
  elif [ -z "$passing" ]; then
    now="filter add dev $2 parent 1: protocol all prio 20 u32 match u32 0 0 flowid 1: # $1"
  fi
  batch "$(printf '%s\n' "$before" "$now" "$link" "$past" "$after" | sed '/^$/d')"
}
table() { # step, device, prio, table
  case $rules in *" fh $4: "*) return 0 ;; esac
  try "$1" tc filter add dev "$2" parent 1: protocol ip prio "$3" handle "$4": u32 divisor 256
}
# What no rule claims goes to the default class; but as long as there are no rules at all, everything passes directly.
direct() { # step, device
  case $rules in
    *' link a:'* | *' link b:'*)
      case $rules in *' pref 20 '*) try "$1" tc filter del dev "$2" parent 1: prio 20 ;; esac ;;
    *' pref 20 '*) ;;
    *) try "$1" tc filter add dev "$2" parent 1: protocol all prio 20 u32 match u32 0 0 flowid 1: ;;
  esac
}
redirect() { # step, ifb, interface, prio, protocol, whether the ifb is new
  case $(tc filter show dev "$3" ingress pref "$4" 2>/dev/null </dev/null) in
    *" to device $2)"*) [ "$6" ] || return 0; try "$1" tc filter del dev "$3" ingress pref "$4" ;;
    *' Redirect to device '*) try "$1" tc filter del dev "$3" ingress pref "$4" ;;
  esac
  try "$1" tc filter add dev "$3" ingress protocol "$5" prio "$4" u32 match u32 0 0 action mirred egress redirect dev "$2"
}
attach() { # step, device, the interface whose incoming traffic is redirected to it, or nothing
  new=
  if [ "$3" ]; then
    if ! ip link show dev "$2" >/dev/null 2>&1; then new=yes; try "$1" ip link add name "$2" txqueuelen 1000 type ifb; fi
    try "$1" ip link set dev "$2" up
  fi
  for part in "$2" $3; do ethtool -K "$part" tso off gso off gro off >/dev/null 2>&1 </dev/null; done
  root=$(tc qdisc show dev "$2" root 2>&1 </dev/null)
  case $root in
    *'qdisc htb 1: root '*'ffe '*) ;;
    '' | 'qdisc '*' 0: root '*) try "$1" tc qdisc add dev "$2" root handle 1: htb default ffe ;;
    'qdisc '*) foreign "$1" "$2" "$root" ;;
    *) refused "$1" "tc qdisc show dev $2" "$root" ;;
  esac
  rules=$(tc filter show dev "$2" parent 1: 2>/dev/null </dev/null)
  table "$1" "$2" 10 a
  table "$1" "$2" 11 b
  direct "$1" "$2"
  [ "$3" ] || return 0
  case $(tc qdisc show dev "$3" 2>/dev/null </dev/null) in
    *'qdisc ingress '* | *'qdisc clsact '*) ;;
    *) try "$1" tc qdisc add dev "$3" ingress ;;
  esac
  redirect "$1" "$2" "$3" 10 ip "$new"
  redirect "$1" "$2" "$3" 11 ipv6 "$new"
}
detach() { # step, device, interface or nothing
  others=$(tc class show dev "$2" 2>/dev/null </dev/null |
    grep '^class ' | grep -v -e '^class htb 1:[1-9a-f][0-9a-f]\{3\} ' -e '^class htb 1:ff[ef] ' -e ' rate 8Kbit ')
  if [ "$others" ]; then foreign "$1" "$2" "$others"; return 0; fi
  if [ "$3" ]; then
    for prio in 10 11; do
      case $(tc filter show dev "$3" ingress pref $prio 2>/dev/null </dev/null) in
        *" to device $2)"*) try "$1" tc filter del dev "$3" ingress pref $prio ;;
      esac
    done
    if [ -z "$(tc filter show dev "$3" ingress 2>/dev/null </dev/null)" ]; then
      case $(tc qdisc show dev "$3" 2>/dev/null </dev/null) in
        *'qdisc ingress '*) try "$1" tc qdisc del dev "$3" ingress ;;
      esac
    fi
  fi
  case $(tc qdisc show dev "$2" root 2>/dev/null </dev/null) in
    *'qdisc htb 1: root '*'ffe '*)
      if [ "$3" ]; then try "$1" ip link del dev "$2"; else try "$1" tc qdisc del dev "$2" root; fi ;;
  esac
}
"""


def render(steps: Sequence[Step], places: Mapping[ShaperId, Place], *, tolerant: bool = False) -> str:
    """The body of a script that carries out `steps` in order and stops at the first line that is refused.

    `tolerant` goes on instead: for what a device does by itself, where an absent thing must not keep the rest from
    being restored. Raises ValueError for a step that no device could carry out.
    """
    parts = ["force=-force" if tolerant else "force="]
    for batched, group in groupby(enumerate(steps), key=lambda item: _is_batched(item[1])):
        if batched:
            lines = [f"{line} # {number}" for number, step in group for line in _queue_lines(step, places)]
            text = "\n".join(lines)
            parts.append(f"batch {quoted(text)}")
        else:
            parts.extend(_call(number, step, places) for number, step in group)
    return "\n".join(parts)


def batch_lines(steps: Sequence[Step], places: Mapping[ShaperId, Place]) -> str:
    """The bare lines for `tc -batch` of the queues that are created or changed: what a person would send by hand."""
    return "".join(f"{line}\n" for step in steps if _is_batched(step) for line in _queue_lines(step, places))


def _is_batched(step: Step) -> bool:
    return isinstance(step, QueueStep) and step.after is not None


def _queue_lines(step: Step, places: Mapping[ShaperId, Place]) -> list[str]:
    """A class names every field each time, because `tc class change` resets what is not named.

    A created class is a `replace`, so that doing it twice is doing it once; a changed one must be there. A leaf queue
    of the same kind and handle is changed in place by `replace` and keeps what waits in it.
    """
    assert isinstance(step, QueueStep)
    assert step.after is not None
    queue, device = step.after, shaping_device(step.shaper, places)
    if step.before and step.before.parent != queue.parent:
        raise ValueError(f"{step.shaper} {queue.node}: a queue cannot be moved to another parent")
    word = "change" if step.before else "replace"
    parent = class_id(queue.parent) if queue.parent else "1:"
    # A root cannot borrow: below its own ceiling it would stand still between two refills.
    rate = queue.ceiling if queue.node == ROOT else queue.guarantee
    line = (
        f"class {word} dev {device} parent {parent} classid {class_id(queue.node)} htb rate {rate:d}bit"
        f" ceil {queue.ceiling:d}bit prio {queue.priority:d} quantum {queue.quantum:d}"
        f" burst {queue.burst:d}b cburst {queue.ceiling_burst:d}b"
    )
    if queue.buffer is None:
        return [line]
    handle = f"{minor(queue.node):x}:"
    return [line, f"qdisc replace dev {device} parent {class_id(queue.node)} handle {handle} bfifo limit {queue.buffer:d}b"]


def _call(number: int, step: Step, places: Mapping[ShaperId, Place]) -> str:
    device = shaping_device(step.shaper, places)
    match step:
        case ShaperStep():
            source = uplink_device(places[step.shaper]) if step.shaper.direction is Direction.DOWN else ""
            return f"{'attach' if step.attach else 'detach'} {number} {device} {quoted(source)}"
        case RulesStep():
            lines = "\n".join(f"{line} # {number}" for line in _rule_lines(step.after, step.shaper.direction, device))
            return f"point {number} {device} {office_offset(step.shaper.direction)} {quoted(lines)}"
        case QueueStep():
            return f"remove {number} {device} {class_id(_gone(step).node)}"


def _gone(step: QueueStep) -> Queue:
    assert step.before is not None
    return step.before


def office_offset(direction: Direction) -> int:
    """Where the office's address stands in the header: it sends upward and receives downward."""
    return SOURCE if direction is Direction.UP else DESTINATION


def _rule_lines(rules: Iterable[Rule], direction: Direction, device: str) -> list[str]:
    """One line for each rule and bucket; within a bucket the kernel tries them by number, so the most specific is first.

    A bucket is the third octet of the office's address; a prefix shorter than /24 stands in all of its own.
    """
    office, other = ("src", "dst") if direction is Direction.UP else ("dst", "src")
    used: dict[int, int] = {}
    lines = []
    for rule in sorted(rules, key=_specific_first):
        remote = f" match ip {other} {rule.remote}" if rule.remote else ""
        for bucket in _buckets(rule.lan):
            node = used[bucket] = used.get(bucket, 0) + 1
            if node > _LARGEST_BUCKET:
                raise ValueError(f"more than {_LARGEST_BUCKET} rules for one network: {rule.lan}")
            lines.append(
                f"filter add dev {device} parent 1: protocol ip prio @p handle @h:{bucket:x}:{node:x} u32 ht @h:{bucket:x}:"
                f" match ip {office} {rule.lan}{remote} flowid {class_id(rule.leaf)}"
            )
    return lines


def _specific_first(rule: Rule) -> tuple[int, int, Rule]:
    """An office's own network decides before the destination does; then the longer destination wins."""
    remote = rule.remote or IPv4Network("0.0.0.0/0")
    return -rule.lan.prefixlen, -remote.prefixlen - (rule.remote is not None), Rule(rule.lan, remote, rule.leaf)


def _buckets(lan: IPv4Network) -> range:
    first = int(lan.network_address) >> 8 & 0xFF
    return range(256) if lan.prefixlen <= 16 else range(first, first + (1 << max(0, 24 - lan.prefixlen)))
