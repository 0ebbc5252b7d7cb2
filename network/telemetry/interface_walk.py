"""What to ask an SNMP agent for the totals and the states of its interfaces, and when to stop. Pure; sends nothing.

Never trusts an agent: a walk that does not move forward or does not end is an error, not a loop.
Objects: IF-MIB (RFC 2863) and sysUpTime (RFC 3418), by number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from network.core.rates import InterfaceStatus, InterfaceTotals
from network.errors import MeterError

Oid = tuple[int, ...]
Bind = tuple[Oid, int | str | None]
"""A name and its value; None where the agent has no such object or its view ends."""

UPTIME: Final[Oid] = (1, 3, 6, 1, 2, 1, 1, 3)
_PLAIN: Final[Oid] = (1, 3, 6, 1, 2, 1, 2, 2, 1)
_EXTENDED: Final[Oid] = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1)
_NAME: Final[Oid] = (*_EXTENDED, 1)
_RECEIVED: Final[Oid] = (*_EXTENDED, 6)
_SENT: Final[Oid] = (*_EXTENDED, 10)
_MEGABITS: Final[Oid] = (*_EXTENDED, 15)
_DISCONTINUITY: Final[Oid] = (*_EXTENDED, 19)
_DESCRIPTION: Final[Oid] = (*_PLAIN, 2)
_ENABLED: Final[Oid] = (*_PLAIN, 7)
_STATUS: Final[Oid] = (*_PLAIN, 8)
_CHANGED: Final[Oid] = (*_PLAIN, 9)
_ERRORS_RECEIVED: Final[Oid] = (*_PLAIN, 14)
_ERRORS_SENT: Final[Oid] = (*_PLAIN, 20)

TOTALS: Final = (_NAME, _RECEIVED, _SENT, _MEGABITS, _DISCONTINUITY)
"""The columns that rates are made of."""

STATES: Final = (*TOTALS, _ENABLED, _STATUS, _CHANGED, _ERRORS_RECEIVED, _ERRORS_SENT)
"""The same, and those that say whether a link carries anything."""

_BINDS_AT_ONCE: Final = 50
"""So many values answer in about 1.1 kB: one packet that no link has to cut up."""
_MOST_ROWS: Final = 4096
MANY: Final = _BINDS_AT_ONCE
"""More rows than one question asks for: what to expect of an agent that nobody has met yet."""
_UP, _DOWN = 1, (2, 6, 7)
"""ifOperStatus up; down, notPresent and lowerLayerDown. Testing, unknown and dormant are neither."""


class InterfaceWalk:
    """One walk over one agent's interface tables: `ask` until `done`, giving `answered` or `too_big` each time.

    `expected` rows are asked for at first, so that a small router answers once and sends nothing beside.
    sysUpTime comes with every answer: totals and the device's own time are of the same moment.

    A row is found under its ifName and under its ifDescr, as IOS has `Gi0/1` for the one and `GigabitEthernet0/1`, which is in
    its configuration, for the other. `called`, ifDescr by ifName, is what an earlier walk found, so that it is not asked for
    again and again; None asks for it.
    """

    def __init__(
        self,
        device: str,
        expected: int = MANY,
        columns: Sequence[Oid] = TOTALS,
        called: Mapping[str, str] | None = MappingProxyType({}),
    ) -> None:
        self._device = device
        self._given = called
        columns = (*columns, _DESCRIPTION) if called is None else columns
        # One more than there are: the row behind the last says that the table ends.
        self._rows = min(_BINDS_AT_ONCE // len(columns), expected + 1)
        self._asked = {column: column for column in columns}
        self._found: dict[int, dict[Oid, int | str]] = {}
        self._uptimes: dict[int, int] = {}

    @property
    def done(self) -> bool:
        return not self._asked

    @property
    def rows(self) -> int:
        """How many interfaces were seen."""
        return len(self._found)

    @property
    def called(self) -> Mapping[str, str] | None:
        """For the next walk; None when there is a row of which this one did not learn it: it must be asked for."""
        found = {}
        for row in self._found.values():
            name, other = row.get(_NAME), self._other(row)
            if not isinstance(name, str) or other is None:
                return None
            found[name] = other
        return found

    def _other(self, row: Mapping[Oid, int | str]) -> str | None:
        name = row.get(_NAME)
        other = row.get(_DESCRIPTION) if self._given is None else self._given.get(name) if isinstance(name, str) else None
        return other if isinstance(other, str) else None

    def _named(self) -> Iterator[tuple[str, int, Mapping[Oid, int | str]]]:
        """Name, index and row, by index; then, under their other names, those that have one which nobody else has."""
        rows: list[tuple[int, Mapping[Oid, int | str]]] = sorted(self._found.items())
        names = {name: (index, row) for index, row in rows if isinstance(name := row.get(_NAME), str)}
        others: dict[str, list[tuple[int, Mapping[Oid, int | str]]]] = {}
        for index, row in rows:
            others.setdefault(self._other(row) or "", []).append((index, row))
        more = {name: found[0] for name, found in others.items() if name and len(found) == 1 and name not in names}
        for name, (index, row) in (names | more).items():
            yield name, index, row

    def ask(self) -> tuple[int, list[Oid]]:
        """Repetitions and names of the next GETBULK; the first name is a non-repeater (sysUpTime)."""
        return self._rows, [UPTIME, *self._asked.values()]

    def too_big(self) -> None:
        """The agent cannot answer that much (RouterOS does so on wide requests): ask for half."""
        if self._rows == 1:
            raise self._error("meter.too_big")
        self._rows //= 2

    def answered(self, binds: Sequence[Bind]) -> None:
        """Take an answer in the order asked. Raises MeterError when the agent does not move on or does not end."""
        if len(binds) < 2 or not isinstance(binds[0][1], int):
            raise self._error("meter.no_totals")
        uptime = binds[0][1]
        columns = tuple(self._asked)
        for place, (oid, value) in enumerate(binds[1:]):
            column = columns[place % len(columns)]
            if column in self._asked:
                self._take(column, oid, value, uptime)
        if self.rows > _MOST_ROWS:
            raise self._error("meter.too_many_rows", rows=self.rows)

    def _take(self, column: Oid, oid: Oid, value: int | str | None, uptime: int) -> None:
        if value is None or len(oid) != len(column) + 1 or oid[:-1] != column:
            del self._asked[column]
            return
        if oid <= self._asked[column]:
            raise self._error("meter.walk_stuck", oid=".".join(map(str, oid)))
        self._asked[column] = oid
        self._found.setdefault(oid[-1], {})[column] = value
        if column in (_RECEIVED, _STATUS):
            self._uptimes[oid[-1]] = uptime

    def totals(self) -> dict[str, InterfaceTotals]:
        """Interfaces that have a name and 64-bit totals in both directions, by name. Raises MeterError when none has."""
        totals = {}
        for name, index, row in self._named():
            received, sent = row.get(_RECEIVED), row.get(_SENT)
            if isinstance(received, int) and isinstance(sent, int):
                totals[name] = InterfaceTotals(
                    received=received,
                    sent=sent,
                    uptime=self._uptimes[index],
                    speed=_speed(row.get(_MEGABITS)),
                    discontinuity=_whole(row.get(_DISCONTINUITY)),
                )
        if not totals:
            raise self._error("meter.no_totals")
        return totals

    def status(self) -> dict[str, InterfaceStatus]:
        """Interfaces that have a name and say whether they are up, by name; none when that was not asked."""
        found = {}
        for name, index, row in self._named():
            status = row.get(_STATUS)
            if isinstance(status, int):
                found[name] = InterfaceStatus(
                    index=index,
                    uptime=self._uptimes[index],
                    up=True if status == _UP else False if status in _DOWN else None,
                    enabled=_enabled(row.get(_ENABLED)),
                    changed=_whole(row.get(_CHANGED)),
                    errors_received=_whole(row.get(_ERRORS_RECEIVED)),
                    errors_sent=_whole(row.get(_ERRORS_SENT)),
                )
        return found

    def _error(self, code: str, **fields: object) -> MeterError:
        return MeterError(code, device=self._device, step="snmp", **fields)


def _whole(value: int | str | None) -> int | None:
    return value if isinstance(value, int) else None


def _enabled(word: int | str | None) -> bool | None:
    """ifAdminStatus; testing passes nothing on, as down does."""
    return word == 1 if isinstance(word, int) else None


def _speed(megabits: int | str | None) -> int | None:
    """ifHighSpeed in bit/s; 0 is what an agent says when it does not know or the link is below 0.5 Mbit/s."""
    return megabits * 1_000_000 if isinstance(megabits, int) and megabits else None
