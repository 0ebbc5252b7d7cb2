"""The composition root of the watch over links: meter, trap port and looks of one regency. Decides nothing.

Beside `network.wiring` and `network.link_wiring`, whose devices it borrows.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from inventory import views
from inventory.regency import Regency
from network.credentials import resolve
from network.drivers.link_looks import LinkGlances
from network.errors import Refused
from network.services.link_watch import Inbox, LinkPost
from network.settings import Settings
from network.wiring import snmp_targets, stay

if TYPE_CHECKING:
    from network.lab.lab import LabState
    from network.link_wiring import LinkGround
    from network.telemetry.snmp import SnmpTarget
    from network.telemetry.traps import TrapReceiver, TrapSender


@contextmanager
def link_post(
    settings: Settings,
    ground: LinkGround,
    *,
    live: bool = False,
    trouble: Callable[[Refused], None] = lambda refused: None,
    environment: Mapping[str, str] = os.environ,
) -> Iterator[LinkPost]:
    """From where the links that stand there are watched, let go of at the end.

    Without `live` there are polls only. With it there are traps and looks too; a trap port that cannot be had is told to
    `trouble`, and polls go on without it. Raises Refused when the regency has no device that answers SNMP, or a pass phrase
    cannot be resolved.
    """
    from network.telemetry.fleet import Fleet
    from network.telemetry.snmp import SnmpMeter

    targets = snmp_targets(ground.regency, ground.lab, environment)
    if not targets:
        raise Refused("wiring.no_snmp", regency=ground.regency.head.key)
    enter, inbox = _entrance(ground.lab), Inbox()
    with ExitStack() as stack:
        meter = stack.enter_context(SnmpMeter(on_start=enter))
        post = LinkPost(regency=ground.regency, meter=Fleet(meter, targets), clock=ground.hands.clock, inbox=inbox)
        if live:
            senders = trap_senders(ground, targets, environment)
            ear = _ear(settings, senders, inbox, enter, trouble)
            looks = stack.enter_context(LinkGlances(ground.hands.devices, ground.intents))
            post = replace(post, looks=looks, ear=stack.enter_context(ear) if ear else None)
        yield post


def _ear(
    settings: Settings,
    senders: tuple[TrapSender, ...],
    inbox: Inbox,
    enter: Callable[[], None],
    trouble: Callable[[Refused], None],
) -> TrapReceiver | None:
    from network.telemetry.traps import TrapReceiver

    host, port = settings.trap_listen
    try:
        return TrapReceiver(senders, inbox.put, host=host, port=port, on_start=enter)
    except Refused as refused:
        trouble(refused)
        return None


def _entrance(lab: LabState | None) -> Callable[[], None]:
    if lab is None:
        return stay
    from network.lab.enter import enter_namespace, noc_namespace

    return partial(enter_namespace, noc_namespace(lab))


def trap_senders(ground: LinkGround, targets: tuple[SnmpTarget, ...], environment: Mapping[str, str]) -> tuple[TrapSender, ...]:
    """Who may send traps: every device that answers SNMP, from its management address and from those of its links.

    A lab's devices have pass phrases of their own and no community.
    """
    from network.telemetry.traps import TrapSender

    own = _link_addresses(ground.regency)
    for wire in ground.lab.plan.wires if ground.lab is not None else ():
        for port in (wire.near, wire.far):
            own.setdefault(port.node, set()).add(port.address.partition("/")[0])
    senders = []
    for target in targets:
        snmp = ground.regency.device(target.device).snmp
        reference = snmp.trap_community if snmp is not None and ground.lab is None else None
        community = resolve(reference, environment, device=target.device) if reference else None
        addresses = (target.address, *sorted(own.get(target.device, set()) - {target.address}))
        senders.append(TrapSender(device=target.device, addresses=addresses, user=target.user, community=community))
    return tuple(senders)


def _link_addresses(regency: Regency) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for link in regency.links:
        addresses = views.link_addresses(regency, link)
        for end, address in zip(link.ends, addresses or (), strict=False):
            found.setdefault(end.device, set()).add(address.partition("/")[0])
    return found
