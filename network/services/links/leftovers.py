"""Every link that dead controllers left, settled; and where one end was kept already, the other one brought after it."""

from __future__ import annotations

from dataclasses import replace

from network.errors import LajurError
from network.services.links.apply import LinkWish, apply_links, new_run
from network.services.links.hands import LinkHands
from network.services.links.recover import LinkSettled, settle


def recover(wish: LinkWish, hands: LinkHands) -> tuple[LinkSettled | LajurError, ...]:
    """Settle every run that somebody left, each under the locks of its devices. One that is alive is passed by; one whose
    devices do not answer, or that cannot be finished, is told."""
    found: list[LinkSettled | LajurError] = []
    for record in hands.ledger.unfinished(wish.regency):
        try:
            settled = settle(record, hands.ledger.deeds(record.id), wish.every, new_run(hands), hands)
            if settled.result == "abandoned":
                rest = [intent for intent in wish.every if intent.key in settled.links]
                if rest:
                    apply_links(rest, wish, hands)
                    settled = replace(settled, result="done")
            found.append(settled)
        except LajurError as error:
            found.append(error)
    return tuple(found)
