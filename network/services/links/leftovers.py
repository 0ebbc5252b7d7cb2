"""Every link that dead controllers left, settled; and where one end was kept already, the other one brought after it."""

from __future__ import annotations

from network.errors import LajurError
from network.services.links.apply import LinkWish, settle_left
from network.services.links.hands import LinkHands
from network.services.links.recover import LinkSettled, open_runs


def recover(wish: LinkWish, hands: LinkHands) -> tuple[LinkSettled | LajurError, ...]:
    """Settle every run that somebody left, each under the locks of its devices. One that is alive is passed by; one whose
    devices do not answer, or that cannot be finished, is told."""
    found: list[LinkSettled | LajurError] = []
    for record in open_runs(wish.regency, hands):
        try:
            found.append(settle_left(record, hands.ledger.deeds(record.id), wish, hands))
        except LajurError as error:
            found.append(error)
    return tuple(found)
