"""Every link that dead controllers left, settled; and where one end was kept already, the other one brought after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from network.core.links.intent import LinkIntent
from network.errors import LajurError
from network.services.links.apply import LinkWish, apply_link, new_run
from network.services.links.hands import LinkHands
from network.services.links.recover import LinkSettled, settle


def left_over(intents: Sequence[LinkIntent], regency: str, hands: LinkHands) -> tuple[LinkIntent, ...]:
    """The links on which a run is on record as running. Whether it is alive is seen by who holds their devices."""
    links = {deed.link for record in hands.ledger.unfinished(regency) for deed in hands.ledger.deeds(record.id)}
    return tuple(intent for intent in intents if intent.key in links)


def recover(intents: Sequence[LinkIntent], wish: LinkWish, hands: LinkHands) -> tuple[LinkSettled | LajurError, ...]:
    """Settle every link that somebody left, each under the locks of its devices. One that is alive is passed by; one whose
    devices do not answer, or that cannot be finished, is told."""
    found: list[LinkSettled | LajurError] = []
    for intent in left_over(intents, wish.regency, hands):
        try:
            with hands.runner.hold(intent.devices, new_run(hands)):
                settled = settle(intent, wish.regency, hands)
            if any(each.result == "abandoned" for each in settled):
                apply_link(intent, wish, hands)
                settled = tuple(replace(each, result="done") for each in settled)
            found += settled
        except LajurError as error:
            found.append(error)
    return tuple(found)
