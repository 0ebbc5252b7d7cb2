"""Announcements on their way to whoever wants to know. Implements `network.core.ports.Outbox`; sends nothing itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.exc import IntegrityError

from network.core.booking import Delivery, Subscription
from network.errors import Conflict
from network.ledger import tables
from network.ledger.chain import Notes
from network.ledger.database import Database


class SqlOutbox:
    """What is taken is nobody else's until the hold is over; so a message is sent at least once, and rarely twice."""

    def __init__(self, database: Database, notes: Notes) -> None:
        self._database, self._notes = database, notes

    def subscribe(self, subscription: Subscription) -> None:
        """Raises Conflict when the id is taken."""
        row = {name: getattr(subscription, name) for name in ("id", "regency", "url", "actor", "created")}
        try:
            with self._database.writing() as connection:
                connection.execute(insert(tables.subscriptions), {**row, "kinds": list(subscription.kinds)})
                detail = {"url": subscription.url, "kinds": ", ".join(subscription.kinds)}
                notes = Notes(self._database, subscription.actor)
                notes.note(connection, subscription.created, "subscription.made", subscription.regency, subscription.id, detail)
        except IntegrityError as error:
            raise Conflict("booking.exists", kind="subscription", key=subscription.id) from error

    def subscriptions(self, regency: str) -> tuple[Subscription, ...]:
        table = tables.subscriptions.c
        wanted = select(tables.subscriptions).where(table.regency == regency).order_by(table.seq.desc())
        with self._database.reading() as connection:
            return tuple(map(_subscription, connection.execute(wanted).mappings()))

    def unsubscribe(self, id: str, at: datetime) -> bool:
        table, sent = tables.subscriptions.c, tables.deliveries.c
        with self._database.writing() as connection:
            regency = connection.execute(select(table.regency).where(table.id == id)).scalar()
            ended = update(tables.subscriptions).where(table.id == id, table.ended.is_(None)).values(ended=at)
            if connection.execute(ended).rowcount != 1 or regency is None:
                return False
            waiting = update(tables.deliveries).where(sent.subscription == id, sent.ended.is_(None))
            connection.execute(waiting.values(due=None, ended=at, outcome="unsubscribed"))
            self._notes.note(connection, at, "subscription.ended", regency, id, {})
        return True

    def take(self, now: datetime, hold: timedelta, limit: int) -> tuple[Delivery, ...]:
        sent, to = tables.deliveries.c, tables.subscriptions.c
        due = select(sent.id).where(sent.due <= now, sent.ended.is_(None))
        with self._database.reading() as connection:  # most of the time nothing is due, and nobody need wait for a writer
            if connection.execute(due.limit(1)).first() is None:
                return ()
        with self._database.writing() as connection:
            locked = due.order_by(sent.due, sent.seq).limit(limit).with_for_update(skip_locked=True)
            ids = [id for (id,) in connection.execute(locked)]
            connection.execute(update(tables.deliveries).where(sent.id.in_(ids)).values(due=now + hold))
            columns = (sent.id.label("delivery"), sent.payload, sent.attempts, sent.created.label("made"), tables.subscriptions)
            wanted = select(*columns).join(tables.subscriptions, to.id == sent.subscription)
            rows = connection.execute(wanted.where(sent.id.in_(ids)).order_by(sent.seq)).mappings().all()
        return tuple(
            Delivery(
                id=row["delivery"],
                subscription=_subscription(row),
                payload=row["payload"],
                attempts=row["attempts"],
                created=row["made"],
            )
            for row in rows
        )

    def delivered(self, id: str, at: datetime) -> None:
        self._end(id, at, "delivered")

    def failed(self, id: str, at: datetime, again: datetime | None, why: str) -> None:
        if again is None:
            self._end(id, at, why)
            return
        sent = tables.deliveries.c
        with self._database.writing() as connection:
            waiting = update(tables.deliveries).where(sent.id == id, sent.ended.is_(None))
            connection.execute(waiting.values(due=again, attempts=sent.attempts + 1, outcome=why))

    def _end(self, id: str, at: datetime, outcome: str) -> None:
        sent = tables.deliveries.c
        with self._database.writing() as connection:
            waiting = update(tables.deliveries).where(sent.id == id, sent.ended.is_(None))
            connection.execute(waiting.values(due=None, ended=at, attempts=sent.attempts + 1, outcome=outcome))


def _subscription(row: RowMapping) -> Subscription:
    return Subscription(
        id=row["id"],
        regency=row["regency"],
        url=row["url"],
        kinds=tuple(row["kinds"]),
        actor=row["actor"],
        created=row["created"],
        active=row["ended"] is None,
    )
