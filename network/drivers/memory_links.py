"""The twin of devices on which links end: a small network in memory that keeps configurations as FRR writes them, counts down,
and shows of its links what a technician would see. Can be told to fail in the ways in which real ones do.

Knows nothing of the services; a test or `--via memory` drives it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TypeVar

from network.core.link_ports import Commit, Pending, Running
from network.core.links.intent import DEAD_OF_HELLO, LinkIntent
from network.core.links.sight import Looks, Neighbour, Pings, Sight
from network.core.ports import Clock
from network.dialects.links.sections import read_sections
from network.errors import ArmExpired, DeviceArmed, DeviceUnreachable, LedgerError, NotSaved, SessionCut, StepRefused

T = TypeVar("T")

End = tuple[str, str]
"""A device and one of its interfaces."""

Sections = dict[str, list[str]]

_SINGLE: Final = (
    *("description", "mtu", "ospf router-id", "default-information"),
    *(f"ip ospf {word}" for word in ("area", "authentication", "cost", "dead-interval", "hello-interval", "network", "passive")),
)
"""Of these a section holds one line: a new one takes the old one's place."""

_WORDS: Final = {
    "interface",
    "router",
    "exit",
    "no",
    "description",
    "mtu",
    "ip",
    "ospf",
    "default-information",
    "timers",
    "shutdown",
}
"""What a line may begin with."""

_AGREED: Final = tuple(
    f"ip ospf {word}" for word in ("area", "authentication", "dead-interval", "hello-interval", "message-digest-key", "network")
)
"""What two neighbours must say alike."""

_DEAD: Final = 4.0
"""Seconds after which a neighbour that says nothing is missed."""

_HELLO: Final = "ip ospf hello-interval "

_SILENT: Final = ("mtu 1500", "ip ospf hello-interval 10")
"""What holds where nothing is written, and is therefore not written."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """What happens at the `at`-th time (from 1) that `device` is asked to do `verb`.

    `before`: nobody hears it. `lost`: it is done and the answer does not come. `restart`: the device restarts instead. `other`:
    somebody else commits a moment earlier. `line`: it takes a line for wrong. `unsaved`: what it keeps it cannot write for its
    next start. `gone`: for so many seconds it is not reached afterwards.
    """

    device: str
    verb: str
    how: str
    at: int = 1
    gone: float = 0.0


@dataclass(slots=True)
class MemoryBox:
    """One device: what it holds, and what it goes back to unless `run` is confirmed before `until`; or, where it cannot count
    down, the words that lead back when it is asked to."""

    name: str
    text: Sections = field(default_factory=dict)
    before: Sections | None = None
    inverse: str = ""
    run: str = ""
    until: float = 0.0
    gone_until: float = 0.0

    def go_back(self) -> None:
        if self.before is not None:
            self.text, self.before, self.run = self.before, None, ""


class MemoryNet:
    """Boxes and the cables between them. `cut_when` says of a device when it is not reached; `levels` the light that an end
    receives in dBm; `dark` are links without carrier; `wrong_ends` where a cable is plugged instead of where it belongs."""

    def __init__(self, intents: Iterable[LinkIntent], clock: Clock) -> None:
        self.clock = clock
        self.boxes: dict[str, MemoryBox] = {}
        self.cables: dict[End, End] = {}
        self.faults: list[Fault] = []
        self.cut_when: dict[str, Callable[[MemoryNet], bool]] = {}
        self.levels: dict[End, float] = {}
        self.dark: set[End] = set()
        self.wrong_ends: dict[End, End] = {}
        self.folder: Path | None = None
        self._asked: dict[tuple[str, str], int] = {}
        self._adjacent: dict[End, tuple[float, float | None]] = {}
        for intent in intents:
            far, near = ((end.device, end.interface) for end in intent.ends)
            self.cables[far], self.cables[near] = near, far
            for end in intent.ends:
                self.boxes.setdefault(end.device, MemoryBox(end.device))
                if end.optics is not None:
                    self.levels[end.device, end.interface] = end.optics.handover

    def box(self, name: str) -> MemoryBox:
        """The device as it is now: what has come due has happened."""
        box = self.boxes[name]
        if box.before is not None and self.clock.monotonic() >= box.until:
            box.go_back()
        return box

    def restart(self, name: str) -> None:
        """Everything of the device ends and it starts again: what was not confirmed is gone."""
        self.box(name).go_back()

    def text(self, name: str) -> str:
        return written(self.box(name).text)

    def keep(self, name: str) -> None:
        """Write down what a device holds for good. Raises LedgerError when that cannot be written."""
        box = self.boxes[name]
        if self.folder is None or box.before is not None:
            return
        file = self.folder / f"{name}.conf"
        part = file.with_suffix(".part")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.write_text(written(box.text), encoding="utf-8")
            part.replace(file)
        except OSError as error:
            raise LedgerError("memory.unwritable", file=str(file), reason=error.strerror or str(error)) from error

    def asked(self, name: str, verb: str) -> int:
        """How often so far."""
        return self._asked.get((name, verb), 0)

    def ask(self, name: str, verb: str) -> str:
        """How this call fails: empty when it does not. Raises DeviceUnreachable."""
        count = self._asked[name, verb] = self.asked(name, verb) + 1
        fault = next((each for each in self.faults if (each.device, each.verb, each.at) == (name, verb, count)), None)
        box = self.box(name)
        if fault is not None and fault.gone:
            box.gone_until = self.clock.monotonic() + fault.gone
        unreachable = fault is None and self.clock.monotonic() < box.gone_until
        if unreachable or (fault is not None and fault.how == "before") or (name in self.cut_when and self.cut_when[name](self)):
            raise DeviceUnreachable("device.unreachable", device=name, step=verb, address="memory", reason="gone")
        return fault.how if fault is not None else ""

    # ---- what is seen

    def carrier(self, end: End) -> bool:
        return end not in self.dark and self.cables[end] not in self.dark

    def heard(self, end: End) -> tuple[Neighbour, ...]:
        device, interface = self.wrong_ends.get(end, self.cables[end])
        return (Neighbour(device=device, interface=interface),) if self.carrier(end) else ()

    def reaches(self, end: End, peer: str, size: int) -> bool:
        """Whether a packet of that size comes to `peer` and back."""
        other = self.cables[end]
        passes = self.carrier(end) and size <= min(self.mtu(end), self.mtu(other)) and end not in self.wrong_ends
        return passes and peer in self._addresses(other) and bool(self._addresses(end))

    def mtu(self, end: End) -> int:
        found = [line.split()[1] for line in self._lines(end) if line.startswith("mtu ")]
        return int(found[0]) if found else 1500

    def routes(self, end: End) -> tuple[str, float | None]:
        """Full, and for how long, where both ends route with the same words; and for a dead time longer, as nobody misses a
        neighbour sooner."""
        now, link = self.clock.monotonic(), min(end, self.cables[end])
        since, heard = self._adjacent.get(link, (now, None))
        mine, theirs = (self._routing(each) for each in (end, self.cables[end]))
        if self.carrier(end) and mine and mine == theirs and self.mtu(end) == self.mtu(self.cables[end]):
            self._adjacent[link] = since, now
            return "Full", now - since
        if heard is not None and self.carrier(end) and mine and theirs and now - heard < _DEAD:
            return "Full", now - since
        self._adjacent.pop(link, None)
        return "", None

    def greet(self) -> None:
        """All neighbours hear each other now."""
        for end in self.cables:
            self.routes(end)

    def _routing(self, end: End) -> set[str]:
        own = tuple(f" {address}" for address in self._addresses(end))
        found = {_of_interface(line, own) for line in self._lines(end) if line.startswith(_AGREED)}
        hellos = [int(line.split()[-1]) for line in found if line.startswith(_HELLO)] or [10]
        found.discard(f"ip ospf dead-interval {DEAD_OF_HELLO * hellos[0]}")  # what it is anyway
        return found if any(line.startswith("ip ospf area") for line in found) else set()

    def _addresses(self, end: End) -> list[str]:
        return [line.split()[2].partition("/")[0] for line in self._lines(end) if line.startswith("ip address ")]

    def _lines(self, end: End) -> list[str]:
        return self.box(end[0]).text.get(f"interface {end[1]}", [])


def _of_interface(line: str, addresses: tuple[str, ...]) -> str:
    """Without the address for which the line is said."""
    return next((line.removesuffix(address) for address in addresses if line.endswith(address)), line)


class MemoryLinkDevice:
    """`network.core.link_ports.LinkDevice` of one box of a network in memory."""

    def __init__(self, net: MemoryNet, name: str) -> None:
        self._net, self._name = net, name
        self._how = self._verb = ""

    def read(self, *, beside: bool = False) -> Running:
        self._heard("read")
        box = self._net.box(self._name)
        left = round(box.until - self._net.clock.monotonic())
        pending = Pending(run=box.run, seconds_left=left) if box.before is not None else None
        return self._answer(Running(text=written(box.text), pending=pending))

    def commit(self, commit: Commit) -> None:
        how = self._heard("commit")
        box = self._net.box(self._name)
        if how == "other":
            box.before, box.run, box.until = copied(box.text), "somebody else", self._net.clock.monotonic() + 3600
        if box.before is not None:
            seconds = round(box.until - self._net.clock.monotonic())
            raise DeviceArmed("device.armed", device=self._name, step="commit", run=box.run, seconds=seconds)
        bad = [line.strip() for line in commit.candidate.splitlines() if line.strip().partition(" ")[0] not in _WORDS]
        if how == "line" or bad:
            line = bad[0] if bad else commit.candidate.splitlines()[1].strip()
            raise StepRefused("links.line_refused", device=self._name, step="commit", line=line, said="unknown command")
        self._net.greet()
        before = copied(box.text)
        box.text = merged(box.text, commit.candidate)
        if commit.revert_in is not None:
            box.before, box.run, box.until = before, commit.run, self._net.clock.monotonic() + commit.revert_in
        else:
            box.inverse = commit.inverse
        self._net.keep(self._name)
        self._answer(None)

    def look(self, looks: Sequence[Looks]) -> tuple[Sight, ...]:
        self._heard("look")
        return self._answer(tuple(self._seen(each) for each in looks))

    def _seen(self, looks: Looks) -> Sight:
        net, end = self._net, (self._name, looks.interface)
        sight = Sight(carrier=net.carrier(end), mtu=net.mtu(end))
        if looks.lldp:
            sight = replace(sight, neighbours=net.heard(end))
        if looks.pings and looks.peer:
            small, large = (
                Pings(sent=looks.count, received=looks.count if net.reaches(end, looks.peer, size) else 0)
                for size in (looks.small, looks.large)
            )
            sight = replace(sight, small=small, large=large)
        if looks.routing:
            state, age = net.routes(end)
            sight = replace(sight, routing=state, routing_age=age)
        if looks.optics and end in net.levels:
            sight = replace(sight, received=net.levels[end], sent=-3.0)
        return sight

    def confirm(self, run: str) -> None:
        how = self._heard("confirm")
        box = self._net.box(self._name)
        if box.inverse:
            box.inverse = ""
        elif box.before is None or box.run != run:
            raise ArmExpired("device.expired", device=self._name, step="confirm", run=run)
        box.before, box.run = None, ""
        self._net.keep(self._name)
        if how == "unsaved":
            raise NotSaved("links.not_saved", device=self._name, step="confirm", said="no space left on device")
        self._answer(None)

    def revert(self) -> None:
        self._heard("revert")
        box = self._net.box(self._name)
        box.go_back()
        box.text, box.inverse = merged(box.text, box.inverse), ""
        self._net.keep(self._name)
        self._answer(None)

    def close(self) -> None:
        """Nothing is open."""

    def _heard(self, verb: str) -> str:
        self._how, self._verb = self._net.ask(self._name, verb), verb
        if self._how == "restart":
            self._net.restart(self._name)
            raise self._cut()
        return self._how

    def _answer(self, value: T) -> T:
        if self._how == "lost":
            raise self._cut()
        return value

    def _cut(self) -> SessionCut:
        return SessionCut(
            "device.cut_during", device=self._name, step=self._verb, address="memory", total=1, reason="cut", seconds=0
        )


def kept_in(folder: Path, net: MemoryNet) -> MemoryNet:
    """The network with what was kept in `folder`, where it keeps from now on. Raises LedgerError for a file that cannot be
    read."""
    net.folder = folder
    for name, box in net.boxes.items():
        file = folder / f"{name}.conf"
        try:
            box.text = read_sections(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            raise LedgerError("memory.unreadable", file=str(file)) from error
    return net


def copied(text: Sections) -> Sections:
    return {head: list(lines) for head, lines in text.items()}


def merged(text: Sections, candidate: str) -> Sections:
    """As FRR merges: a line of which there is one replaces the old one, `no` takes away what begins so."""
    found = copied(text)
    for head, lines in read_sections(candidate).items():
        own = found.setdefault(head, [])
        for line in lines:
            if line.startswith("no "):
                gone = line.removeprefix("no ")
                own[:] = [each for each in own if each != gone and not each.startswith(f"{gone} ")]
                continue
            single = next((word for word in _SINGLE if line == word or line.startswith(f"{word} ")), None)
            if single is not None:
                own[:] = [each for each in own if each != single and not each.startswith(f"{single} ")]
            if line not in own and line not in _SILENT:
                own.append(line)
    return {head: lines for head, lines in found.items() if lines}


def written(text: Mapping[str, list[str]]) -> str:
    return "".join(f"{head}\n" + "".join(f" {line}\n" for line in lines) + "exit\n!\n" for head, lines in text.items())
