"""The composition root of the watch over links: meter, trap port and looks of one regency. Decides nothing.

Beside `network.wiring` and `network.link_wiring`, whose devices it borrows.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from inventory import views
from inventory.regency import Regency
from network.clock import SystemClock
from network.core.ports import Clock
from network.credentials import resolve
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
    regency: Regency,
    lab: LabState | None,
    *,
    clock: Clock | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Iterator[LinkPost]:
    """From where the links that stand there are polled, let go of at the end.

    Raises Refused when the regency has no device that answers SNMP, or a pass phrase cannot be resolved.
    """
    from network.telemetry.fleet import Fleet
    from network.telemetry.snmp import SnmpMeter

    targets = _targets(regency, lab, environment)
    with SnmpMeter(on_start=_entrance(lab)) as meter:
        yield LinkPost(regency=regency, meter=Fleet(meter, targets), clock=clock or SystemClock(), inbox=Inbox())


@contextmanager
def live_post(
    settings: Settings,
    ground: LinkGround,
    *,
    trouble: Callable[[Refused], None] = lambda refused: None,
    environment: Mapping[str, str] = os.environ,
) -> Iterator[LinkPost]:
    """As `link_post`, with traps, and with looks at modules and neighbours.

    A trap port that cannot be had is told to `trouble`, and polls go on without it.
    """
    from network.drivers.link_looks import LinkGlances

    with (
        link_post(ground.regency, ground.lab, clock=ground.hands.clock, environment=environment) as post,
        LinkGlances(ground.hands.devices, ground.intents) as looks,
        ExitStack() as stack,
    ):
        targets = _targets(ground.regency, ground.lab, environment)
        senders = trap_senders(ground.regency, ground.lab, targets, environment)
        kept = ground.lab.traps if ground.lab is not None else settings.state / ground.regency.head.key / "traps.json"
        ear = _ear(settings, senders, post.inbox, _entrance(ground.lab), trouble, kept)
        yield replace(post, looks=looks, ear=stack.enter_context(ear) if ear else None)


def _targets(regency: Regency, lab: LabState | None, environment: Mapping[str, str]) -> tuple[SnmpTarget, ...]:
    targets = snmp_targets(regency, lab, environment)
    if not targets:
        raise Refused("wiring.no_snmp", regency=regency.head.key)
    return targets


def _ear(
    settings: Settings,
    senders: tuple[TrapSender, ...],
    inbox: Inbox,
    enter: Callable[[], None],
    trouble: Callable[[Refused], None],
    kept: Path,
) -> TrapReceiver | None:
    from network.telemetry.trap_memory import TrapMemory
    from network.telemetry.traps import TrapReceiver

    host, port = settings.trap_listen
    try:
        return TrapReceiver(senders, inbox.put, host=host, port=port, on_start=enter, memory=TrapMemory(kept), trouble=trouble)
    except Refused as refused:
        trouble(refused)
        return None


def _entrance(lab: LabState | None) -> Callable[[], None]:
    if lab is None:
        return stay
    from network.lab.enter import enter_namespace, noc_namespace

    return partial(enter_namespace, noc_namespace(lab))


def trap_senders(
    regency: Regency, lab: LabState | None, targets: tuple[SnmpTarget, ...], environment: Mapping[str, str]
) -> tuple[TrapSender, ...]:
    """Who may send traps: every device that answers SNMP, from its management address and from those of its links.

    A lab's devices have pass phrases of their own and no community.
    """
    from network.telemetry.traps import TrapSender

    own = _link_addresses(regency)
    for wire in lab.plan.wires if lab is not None else ():
        for port in (wire.near, wire.far):
            own.setdefault(port.node, set()).add(port.address.partition("/")[0])
    senders = []
    for target in targets:
        snmp = regency.device(target.device).snmp
        reference = snmp.trap_community if snmp is not None and lab is None else None
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
