"""Bookings in the record: what stands, what was answered, and who is told, in one transaction.

Implements `network.core.ports.Book` and `Bookings`. Decides nothing: what is put was admitted by whoever puts it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from secrets import token_hex
from threading import Lock
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, Select, String, and_, bindparam, cast, func, insert, or_, select, update

from inventory.policy import Window
from network.core.booking import Announcement, Answer, AnswerKey, Booking, Kind, State
from network.core.booking_codec import (
    decode_approvals,
    decode_needs,
    decode_value,
    encode_approvals,
    encode_needs,
    encode_value,
)
from network.core.events import cloud_event
from network.errors import Conflict, LedgerError
from network.ledger import tables
from network.ledger.chain import Notes
from network.ledger.database import Database

_PLAIN: Final = ("id", "regency", "actor", "reason", "created", "changed", "ends", "hold_until", "revision")
_COLUMNS: Final = (*_PLAIN, "kind", "state", "value", "needs", "approvals")

_MOST_KEPT: Final = 2000
"""Bookings that are remembered as they were read. More may stand; those are read once more each time."""


_TABLE: Final = tables.bookings.c
_WHOLE: Final = select(*(_TABLE[name] for name in _COLUMNS))
_ONES: Final = _WHOLE.where(_TABLE.id.in_(bindparam("ids", expanding=True)))


_PATIENCE: Final = 20.0
"""Seconds that a request waits until those before it in this process are decided."""


class _Wanted:
    """A select of bookings, made once: building one takes longer than the database needs to answer it.

    `keys` gives what it would find as one text, `seq:id:revision` each: for every row a driver lets other threads go first.
    """

    def __init__(self, some: Select[Any], *, newest_first: bool = False) -> None:
        self.whole = some.order_by(_TABLE.seq.desc() if newest_first else _TABLE.seq)
        if newest_first:
            self.whole = self.whole.limit(bindparam("most"))
        found = self.whole.with_only_columns(_TABLE.seq, _TABLE.id, _TABLE.revision).subquery().c
        key = cast(found.seq, String) + ":" + found.id + ":" + cast(found.revision, String)
        self.keys = select(func.aggregate_strings(key, " "))
        self._newest_first = newest_first

    def read(self, connection: Connection, given: dict[str, Any]) -> list[tuple[str, int]]:
        """Ids and revisions, in order."""
        written: str = connection.execute(self.keys, given).scalar() or ""
        rows = sorted(((int(seq), id, int(revision)) for seq, id, revision in (each.split(":") for each in written.split())))
        return [(id, revision) for _, id, revision in (reversed(rows) if self._newest_first else rows)]


_OF_KIND: Final = _WHOLE.where(_TABLE.regency == bindparam("regency"), _TABLE.kind == bindparam("kind"))
_BEFORE: Final = select(_TABLE.seq).where(_TABLE.id == bindparam("before")).scalar_subquery()
_LIVE: Final = _Wanted(
    _OF_KIND.where(
        or_(
            _TABLE.state == State.GRANTED.value,
            and_(_TABLE.state == State.PENDING.value, or_(_TABLE.hold_until.is_(None), _TABLE.hold_until > bindparam("now"))),
        ),
        or_(_TABLE.ends.is_(None), _TABLE.ends > bindparam("now")),
    )
)
_FIRST_PAGE: Final = _Wanted(_OF_KIND, newest_first=True)
_NEXT_PAGE: Final = _Wanted(_OF_KIND.where(_TABLE.seq < _BEFORE), newest_first=True)


class _Read:
    """Bookings by id and revision, as they were read before: a row never changes without its revision. Safe from any thread."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = Lock()
        self._kept: dict[tuple[str, int], Booking] = {}

    def all(self, connection: Connection, wanted: _Wanted, given: dict[str, Any], *, keep: bool = True) -> tuple[Booking, ...]:
        """In the order of `wanted`. Only what is new is read whole. `keep` False: nothing is remembered."""
        keys = wanted.read(connection, given)
        with self._lock:
            found = {key: self._kept[key] for key in keys if key in self._kept}
        unread = [id for id, revision in keys if (id, revision) not in found]
        if unread:
            found |= self._whole(connection, _ONES, {"ids": unread}, keep=keep)
        if all(key in found for key in keys):
            return tuple(found[key] for key in keys)
        return tuple(self._whole(connection, wanted.whole, given, keep=keep).values())  # one was changed between two looks

    def _whole(
        self, connection: Connection, wanted: Select[Any], given: dict[str, Any], *, keep: bool
    ) -> dict[tuple[str, int], Booking]:
        rows: Sequence[RowMapping] = connection.execute(wanted, given).mappings().all()
        found = {(row["id"], row["revision"]): _booking(row, self._name) for row in rows}
        if keep:
            with self._lock:
                self._kept |= found
                for key in list(self._kept)[: max(0, len(self._kept) - _MOST_KEPT)]:
                    del self._kept[key]
        return found


class SqlBookings:
    """Safe to use from several threads and processes at once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read = _Read(database.name)
        self._turn = Lock()

    @contextmanager
    def book(self, regency: str, actor: str, at: datetime) -> Iterator[SqlBook]:
        with self._in_turn(), self._database.writing() as connection:
            self._database.serialise(connection)
            yield SqlBook(self._database, self._read, connection, regency, actor, at)

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Those of this process wait for each other here, not each with a connection of its own at the database's lock: its
        patience is for other controllers, and runs need connections too."""
        if not self._turn.acquire(timeout=_PATIENCE):
            raise LedgerError("ledger.busy", ledger=self._database.name, reason=f"{_PATIENCE:g} s")
        try:
            yield
        finally:
            self._turn.release()

    def booking(self, id: str) -> Booking | None:
        table = tables.bookings.c
        with self._database.reading() as connection:
            row = connection.execute(_WHOLE.where(table.id == id)).mappings().first()
        return _booking(row, self._database.name) if row else None

    def live(self, regency: str, kind: Kind, now: datetime) -> tuple[Booking, ...]:
        with self._database.reading() as connection:
            return self._read.all(connection, _LIVE, {"regency": regency, "kind": kind.value, "now": now})

    def page(self, regency: str, kind: Kind, before: str | None, limit: int) -> tuple[Booking, ...]:
        given: dict[str, Any] = {"regency": regency, "kind": kind.value, "most": limit}
        with self._database.reading() as connection:
            if before is None:
                return self._read.all(connection, _FIRST_PAGE, given)
            return self._read.all(connection, _NEXT_PAGE, {**given, "before": before})

    def recalled(self, key: AnswerKey) -> Answer | None:
        with self._database.reading() as connection:
            return _recalled(connection, key)


class SqlBook:
    """One writing transaction. Made by `SqlBookings.book` and dead with it."""

    def __init__(self, database: Database, read: _Read, connection: Connection, regency: str, actor: str, at: datetime) -> None:
        self._read, self._connection = read, connection
        self._regency, self._at = regency, at
        self._has_put = False
        self._notes = Notes(database, actor)

    def live(self, kind: Kind, now: datetime) -> tuple[Booking, ...]:
        # What was put here may still be taken back, and another revision of that number come.
        given = {"regency": self._regency, "kind": kind.value, "now": now}
        return self._read.all(self._connection, _LIVE, given, keep=not self._has_put)

    def put(self, booking: Booking) -> None:
        if booking.regency != self._regency:
            raise ValueError(f"a booking of {booking.regency} in the book of {self._regency}")
        row = _row(booking)
        table = tables.bookings.c
        if booking.revision > 1:
            self._has_put = True
            before = and_(table.id == booking.id, table.revision == booking.revision - 1)
            if self._connection.execute(update(tables.bookings).where(before).values(row)).rowcount != 1:
                raise Conflict("booking.changed", id=booking.id, revision=self._revision(booking.id))
            return
        if any(_key(other) == _key(booking) for other in self.live(booking.kind, self._at)) or self._revision(booking.id):
            raise Conflict("booking.exists", kind=booking.kind.value, key=_key(booking))
        self._has_put = True
        self._connection.execute(insert(tables.bookings), row)

    def note(self, action: str, subject: str, detail: Mapping[str, str | int]) -> None:
        self._notes.note(self._connection, self._at, action, self._regency, subject, detail)

    def announce(self, what: Announcement) -> None:
        table = tables.subscriptions.c
        wanted = select(table.id, table.kinds).where(table.regency == self._regency, table.ended.is_(None))
        event = f"evt-{token_hex(12)}"
        payload = cloud_event(what, id=event, regency=self._regency, at=self._at)
        rows = [
            {
                "id": f"{event}-{id}",
                "subscription": id,
                "payload": payload,
                "attempts": 0,
                "created": self._at,
                "due": self._at,
                "outcome": "",
            }
            for id, kinds in self._connection.execute(wanted)
            if not kinds or what.kind in kinds
        ]
        if rows:
            self._connection.execute(insert(tables.deliveries), rows)

    def recall(self, key: AnswerKey) -> Answer | None:
        return _recalled(self._connection, key)

    def remember(self, key: AnswerKey, answer: Answer) -> None:
        row = {"actor": key.actor, "key": key.key, "at": self._at, "headers": dict(answer.headers)}
        row |= {name: getattr(answer, name) for name in ("fingerprint", "status", "body")}
        self._connection.execute(insert(tables.answers), row)

    def _revision(self, id: str) -> int:
        table = tables.bookings.c
        return self._connection.execute(select(table.revision).where(table.id == id)).scalar() or 0


def _recalled(connection: Connection, key: AnswerKey) -> Answer | None:
    table = tables.answers.c
    columns = (table.fingerprint, table.status, table.body, table.headers)
    row = connection.execute(select(*columns).where(table.actor == key.actor, table.key == key.key)).mappings().first()
    return Answer(**row) if row else None


def _key(booking: Booking) -> str:
    return booking.value.key if isinstance(booking.value, Window) else booking.id


def _row(booking: Booking) -> dict[str, Any]:
    return {
        **{name: getattr(booking, name) for name in _PLAIN},
        "kind": booking.kind.value,
        "key": _key(booking),
        "state": booking.state.value,
        "value": encode_value(booking.value),
        "needs": encode_needs(booking.needs),
        "approvals": encode_approvals(booking.approvals),
    }


def _booking(row: RowMapping, name: str) -> Booking:
    kind = Kind(row["kind"])
    try:
        return Booking(
            **{each: row[each] for each in _PLAIN},
            kind=kind,
            state=State(row["state"]),
            value=decode_value(kind, row["value"]),
            needs=decode_needs(row["needs"]),
            approvals=decode_approvals(row["approvals"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise LedgerError("ledger.corrupt", ledger=name, reason=f"booking {row['id']}: {error}") from error
