"""Which links a person means. A word may be a link, an office, a hub, a device, a role or a platform. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inventory.model import DeviceRole
from inventory.regency import Regency
from network.core.links.intent import LinkIntent
from network.core.near import perhaps
from network.errors import NotFound


def choose(regency: Regency, intents: Sequence[LinkIntent], names: Sequence[str]) -> tuple[LinkIntent, ...]:
    """Every link that one of `names` means, in the order of `intents`; all without names. Raises NotFound for a word that means
    none."""
    if not names:
        return tuple(intents)
    wanted = {link for name in names for link in _meant(regency, intents, name)}
    return tuple(intent for intent in intents if intent.key in wanted)


def _meant(regency: Regency, intents: Sequence[LinkIntent], name: str) -> set[str]:
    """By the first kind of thing that has the name."""
    for found in _meanings(regency, intents, name):
        if found:
            return found
    known = [intent.key for intent in intents]
    known += [each.key for kind in (regency.offices, regency.hubs, regency.devices) for each in kind]
    raise NotFound(
        "links.unknown",
        name=name,
        regency=regency.head.key,
        nearest=perhaps(name, known),
    )


def _meanings(regency: Regency, intents: Sequence[LinkIntent], name: str) -> Iterator[set[str]]:
    """A link; an office: its access link; a hub: its own link and those of its offices; a device: all its links; a role or a
    platform: the links whose far end is such a device."""
    yield {intent.key for intent in intents if intent.key == name}
    office = {each.device for each in regency.offices if each.key == name}
    yield {intent.key for intent in intents if intent.far.device in office}
    hub = {each.device for each in regency.hubs if each.key == name}
    yield {intent.key for intent in intents if hub & set(intent.devices)}
    yield {intent.key for intent in intents if name in intent.devices}
    if name in {role.value for role in DeviceRole}:
        yield {intent.key for intent in intents if regency.device(intent.far.device).role == name}
    yield {intent.key for intent in intents if name in (intent.far.platform, regency.device(intent.far.device).platform.value)}
