"""Bookings in the record: what stands, what was answered, and who is told, in one transaction.

Implements `network.core.ports.Book` and `Bookings`. Decides nothing: what is put was admitted by whoever puts it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from secrets import token_hex
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, and_, insert, or_, select, update

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


class SqlBookings:
    """Safe to use from several threads and processes at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def book(self, regency: str, actor: str, at: datetime) -> Iterator[SqlBook]:
        with self._database.writing() as connection:
            self._database.serialise(connection)
            yield SqlBook(self._database, connection, regency, actor, at)

    def booking(self, id: str) -> Booking | None:
        table = tables.bookings.c
        with self._database.reading() as connection:
            row = connection.execute(_selected().where(table.id == id)).mappings().first()
        return _booking(row, self._database.name) if row else None

    def live(self, regency: str, kind: Kind, now: datetime) -> tuple[Booking, ...]:
        with self._database.reading() as connection:
            return _live(connection, self._database.name, regency, kind, now)

    def page(self, regency: str, kind: Kind, before: str | None, limit: int) -> tuple[Booking, ...]:
        table = tables.bookings.c
        wanted = _selected().where(table.regency == regency, table.kind == kind.value)
        if before is not None:
            wanted = wanted.where(table.seq < select(table.seq).where(table.id == before).scalar_subquery())
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(table.seq.desc()).limit(limit)).mappings().all()
        return tuple(_booking(row, self._database.name) for row in rows)

    def recalled(self, key: AnswerKey) -> Answer | None:
        with self._database.reading() as connection:
            return _recalled(connection, key)


class SqlBook:
    """One writing transaction. Made by `SqlBookings.book` and dead with it."""

    def __init__(self, database: Database, connection: Connection, regency: str, actor: str, at: datetime) -> None:
        self._name, self._connection = database.name, connection
        self._regency, self._at = regency, at
        self._notes = Notes(database, actor)

    def live(self, kind: Kind, now: datetime) -> tuple[Booking, ...]:
        return _live(self._connection, self._name, self._regency, kind, now)

    def put(self, booking: Booking) -> None:
        if booking.regency != self._regency:
            raise ValueError(f"a booking of {booking.regency} in the book of {self._regency}")
        row = _row(booking)
        table = tables.bookings.c
        if booking.revision > 1:
            before = and_(table.id == booking.id, table.revision == booking.revision - 1)
            if self._connection.execute(update(tables.bookings).where(before).values(row)).rowcount != 1:
                raise Conflict("booking.changed", id=booking.id, revision=self._revision(booking.id))
            return
        if any(_key(other) == _key(booking) for other in self.live(booking.kind, self._at)) or self._revision(booking.id):
            raise Conflict("booking.exists", kind=booking.kind.value, key=_key(booking))
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


def _selected() -> Any:
    table = tables.bookings.c
    return select(*(table[name] for name in _COLUMNS))


def _live(connection: Connection, name: str, regency: str, kind: Kind, now: datetime) -> tuple[Booking, ...]:
    table = tables.bookings.c
    held = or_(
        table.state == State.GRANTED.value,
        and_(table.state == State.PENDING.value, or_(table.hold_until.is_(None), table.hold_until > now)),
    )
    wanted = _selected().where(
        table.regency == regency, table.kind == kind.value, held, or_(table.ends.is_(None), table.ends > now)
    )
    rows: Sequence[RowMapping] = connection.execute(wanted.order_by(table.seq)).mappings().all()
    return tuple(_booking(row, name) for row in rows)


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
