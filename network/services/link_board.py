"""Everything that is known of the links of one regency, and what is new in it. Keeps no clock and asks nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from inventory.model import Link, LinkEnd
from inventory.regency import Regency
from network.core.link_findings import Found, Kind, LinkFinding, LinkNotice, findings, notices
from network.core.link_states import EndSight, LinkState, LinkTurn, Why, Word, by_poll, by_trap, events, judge, newer, unheard
from network.core.port_names import same_port
from network.core.rates import InterfaceReading
from network.core.watch_ports import Glance, TrapHeard
from network.errors import LajurError

_End = tuple[str, str]


class LinkBoard:
    """One thread writes to it; moments are seconds of one monotonic clock.

    `polled` are the devices that answer SNMP at all; `stale`: seconds after which what was heard says nothing of now. `met` are
    those that have answered, or failed to; `heard` is when one last answered. A link that was down, and of which one end still
    does not say whether it is back, is not told as unknown for `patience` seconds: that end was cut off and is asked again.
    """

    def __init__(self, regency: Regency, polled: tuple[str, ...], stale: float, patience: float = 0.0) -> None:
        self.regency = regency
        self._stale, self._patience = stale, patience
        self._ends: dict[str, list[tuple[Link, LinkEnd]]] = {}
        for link in regency.links:
            for end in link.ends:
                self._ends.setdefault(end.device, []).append((link, end))
        asked = set(polled)
        self._sights: dict[_End, EndSight] = {
            (end.device, end.interface): unheard(Why.NO_SNMP, 0.0)
            for name, ends in self._ends.items()
            if name not in asked
            for _, end in ends
        }
        self._indices: dict[str, dict[str, int]] = {}
        self._states: dict[str, LinkState] = {}
        self._news: dict[str, LinkState] = {}
        self._coming_back: dict[str, float] = {}
        self._found: dict[tuple[Kind, str, str], LinkFinding] = {}
        self._told: Found = {}
        self.silent: dict[str, LajurError] = {}
        self.met: set[str] = set()
        self.heard: float | None = None
        self.judge(0.0)

    @property
    def states(self) -> Mapping[str, LinkState]:
        """As of the last judgement."""
        return self._states

    @property
    def findings(self) -> tuple[LinkFinding, ...]:
        return tuple(self._found.values())

    def polled(self, device: str, found: InterfaceReading | LajurError, now: float) -> None:
        """A device answered, or did not."""
        self.met.add(device)
        if isinstance(found, LajurError):
            self.silent[device] = found
            for _, end in self._ends.get(device, ()):
                self._see(end, unheard(Why.SILENT, now))
            return
        self.silent.pop(device, None)
        self.heard = found.taken if self.heard is None else max(self.heard, found.taken)
        self._indices[device] = {name: status.index for name, status in found.status.items()}
        for _, end in self._ends.get(device, ()):
            self._see(end, by_poll(found, end, self._sights.get((end.device, end.interface))))

    def before(self, device: str) -> tuple[str, ...]:
        """The devices through which this one is reached: the nearer ends of its links."""
        near = (link.ends[0].device for link, end in self._ends.get(device, ()) if end == link.ends[1])
        return tuple(dict.fromkeys(near))

    def trapped(self, trap: TrapHeard) -> tuple[str, ...]:
        """A trap came. The devices that should be asked again for it: both ends of its link; only its own when nobody knows the
        interface, or whether it is of now; none when it is about no link."""
        if trap.up is None:
            return (trap.device,)
        indices = self._indices.get(trap.device, {})
        for link, end in self._ends.get(trap.device, ()):
            named = trap.name is not None and same_port(trap.name, end.interface)
            if named or (trap.name is None and trap.index is not None and trap.index == indices.get(end.interface)):
                self._see(end, by_trap(up=trap.up, received=trap.received))
                return tuple(each.device for each in link.ends)
        known = trap.name is not None or trap.index in indices.values()
        return () if known else (trap.device,)

    def looked(self, device: str, glance: Glance) -> None:
        """Somebody looked at the modules or the neighbours of a device; what was not asked stays as it was."""
        asked = {kind for kind, part in ((Kind.LIGHT, glance.optics), (Kind.NEIGHBOUR, glance.neighbours)) if part is not None}
        kept = {place: each for place, each in self._found.items() if place[1] != device or place[0] not in asked}
        new = (each for link, end in self._ends.get(device, ()) for each in findings(link, end, glance))
        self._found = {**kept, **{each.place: each for each in new}}

    def judge(self, now: float) -> tuple[LinkTurn | LinkNotice, ...]:
        """Judge every link anew; what happened since the last time."""
        states = {link.key: self._judge(link, now) for link in self.regency.links}
        new: Iterator[LinkTurn | LinkNotice]
        news = {key: self._news[key] if self._may_come_back(state, now) else state for key, state in states.items()}
        new = iter((*events(self._news, news, now), *notices(self._told, self._found, now)))
        self._states, self._news, self._told = states, news, dict(self._found)
        return tuple(new)

    def _may_come_back(self, state: LinkState, now: float) -> bool:
        told = self._news.get(state.link)
        if told is None or told.word is not Word.DOWN or state.word is not Word.UNKNOWN or state.why is not Why.SILENT:
            self._coming_back.pop(state.link, None)
            return False
        return now - self._coming_back.setdefault(state.link, now) < self._patience

    def _judge(self, link: Link, now: float) -> LinkState:
        near, far = (self._sights.get((end.device, end.interface)) for end in link.ends)
        return judge(link, near, far, now, self._stale)

    def _see(self, end: LinkEnd, sight: EndSight) -> None:
        key = end.device, end.interface
        self._sights[key] = newer(self._sights.get(key), sight)
