"""The composition root: which hand serves which port. Decides nothing; every door opens onto this module.

The lab's own verbs are handed on by `network.labs`.
"""

from __future__ import annotations

import json
import os
import pwd
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from inventory import load, views
from inventory.findings import Finding
from inventory.model import Device as TruthDevice
from inventory.model import Snmp
from inventory.regency import Regency
from inventory.rented_views import is_renting
from inventory.units import Direction
from network.clock import SystemClock
from network.core.ports import Clock, Device, InterfaceMeter, Runner
from network.core.printing import Printer
from network.core.rates import InterfaceReading
from network.core.rented import joined
from network.core.tree import Place, ShaperId
from network.credentials import resolve, webhook_key
from network.dialects.linux_tc import LinuxTc
from network.drivers.kept import KeptDevice
from network.errors import LajurError, NotFound, Refused, TruthError
from network.places import lock_folder, not_up, place_of, scope
from network.runners.locked import LockedRunner
from network.runners.threads import ThreadRunner
from network.services.bookings import Desk
from network.services.deliver import Courier
from network.services.hands import Hands, RunEvent
from network.settings import Settings

if TYPE_CHECKING:
    from network.drivers.netmiko_ssh import Dialer, Secrets
    from network.lab.lab import LabState
    from network.ledger.store import SqlLedger
    from network.telemetry.snmp import SnmpMeter, SnmpTarget

KNOWN_HOSTS: Final = "known_hosts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One regency's hands, and by which way they reach: lab, memory or direct.

    `regency` is what stands there: in a lab, the truth of the offices that it was brought up with only. `ledger` is the whole
    record, of which the hands see their part.
    """

    regency: Regency
    hands: Hands
    via: str
    lab: LabState | None
    ledger: SqlLedger

    @property
    def desk(self) -> Desk:
        """Where this regency is asked for boosts and windows."""
        return Desk(truth=lambda: self.regency, bookings=self.ledger.bookings, clock=self.hands.clock, proofs=self.hands.proofs)


def open_regency(settings: Settings, key: str, today: date | None = None) -> Regency:
    """The truth of a regency. Raises TruthError with every finding, or Refused when there is no such folder."""
    folder = _folder(settings, key)
    try:
        return load.load_regency(folder, today=today)
    except load.TruthInvalid as error:
        raise TruthError("truth.invalid", regency=key, findings=error.findings) from error


def check_regency(settings: Settings, key: str, now: datetime) -> tuple[Finding, ...]:
    """Every finding about a regency's files, errors and warnings; of windows that hold, also which would be refused."""
    judged = load.judge_folder(_folder(settings, key), today=now.date())
    if judged.regency is None or not any(window.confirmed for window in judged.regency.windows):
        return judged.findings
    from network.core.admission.standing import refused  # arrays take long to load

    return judged.beside(refused(judged.regency, now))


def regencies(settings: Settings) -> tuple[str, ...]:
    """The keys of the regencies that there are."""
    if not settings.regencies.is_dir():
        return ()
    return tuple(sorted(path.name for path in settings.regencies.iterdir() if (path / "regency.yaml").is_file()))


def regency_folder(settings: Settings, key: str) -> Path:
    return _folder(settings, key)


@contextmanager
def ground(
    settings: Settings,
    regency: Regency,
    *,
    via: str = "auto",
    lab_id: str | None = None,
    clock: Clock | None = None,
    listen: Callable[[RunEvent], None] | None = None,
    ledger: SqlLedger | None = None,
    reach: bool = True,
) -> Iterator[Ground]:
    """The hands of a regency, let go of at the end.

    `via` auto: for an illustrative regency the lab where one is up, else memory; for a real one its devices, so that a lab
    which somebody practises on never takes a timer's work. `lab_id` names the lab when there are several. `ledger` is one that
    is open already and stays so. Without `reach` there are no devices, for who only asks the record. Raises Refused when that
    way is not open.
    """
    clock = clock or SystemClock()
    state = settings.state / regency.head.key
    way, lab, regency = reached(regency, via, lab_id) if reach else _recorded(regency, via, lab_id)
    place = place_of(way, lab)
    with ExitStack() as stack:
        opening = {
            "lab": partial(_lab_devices, lab),
            "memory": partial(_memory_devices, state / "memory", clock),
            "direct": partial(_direct_devices, settings),
        }
        devices = opening[way](regency, stack) if reach else {}
        ledger = ledger or stack.enter_context(open_ledger(settings))
        regency = joined(regency, ledger.observations(place), clock.now()) if way != "memory" else regency
        # Files lock this machine; a database that several controllers share locks between them too.
        key = regency.head.key
        runner = LockedRunner(ThreadRunner(lock_folder(state, place)), ledger.locks, scope(key, place))
        hands = Hands(devices=devices, ledger=ledger, clock=clock, runner=runner, proofs=ledger.proofs(place), place=place)
        if listen is not None:
            hands = replace(hands, listen=listen)
        yield Ground(regency=regency, hands=hands, via=way, lab=lab, ledger=ledger)


def open_ledger(settings: Settings) -> SqlLedger:
    """The record of this installation, all regencies, written to in the name of whoever started this process.

    Raises LedgerError when it cannot be opened.
    """
    # Imported where it is used: a database's library takes most of a second.
    if settings.ledger:
        from network.ledger.postgres import open_postgres

        ledger = open_postgres(settings.ledger)
    else:
        from network.ledger.sqlite import open_sqlite

        ledger = open_sqlite(settings.state)
    return ledger.acting(f"os:{user()}")


def courier(settings: Settings) -> Courier:
    """Who carries announcements to subscribers. Raises UsageError for networks that cannot be read."""
    from network.telemetry.webhooks import WebhookCourier, allowed_networks

    return WebhookCourier(allowed=allowed_networks(settings.webhook_allow))


def signing_key(settings: Settings) -> bytes:
    """The master key of webhook secrets. Raises Refused when what it refers to cannot be used."""
    return webhook_key(os.environ, settings.state)


def pool(settings: Settings) -> Runner:
    """Threads for work that needs no device's lock."""
    return ThreadRunner(settings.state / "locks")


def printer() -> Printer:
    """Who makes paper of a page."""
    from network.runners.chromium import Chromium

    return Chromium()


def user() -> str:
    """Who started this process, as the machine knows them."""
    from network.lab.rootless import caller

    try:
        return pwd.getpwuid(caller()).pw_name
    except KeyError:
        return str(caller())


def places(regency: Regency) -> dict[str, dict[ShaperId, Place]]:
    """By device: where each of its shapers stands."""
    found: dict[str, dict[ShaperId, Place]] = {}
    for uplink in regency.uplinks:
        end = views.shaper_end(regency, uplink)
        for direction in Direction:
            shaper = ShaperId(uplink.id, uplink.key, direction)
            found.setdefault(end.device, {})[shaper] = Place(end.device, end.interface)
    return found


class _Snmp:
    """`network.core.ports.InterfaceMeter` of one regency: its targets, asked by the one engine of the process."""

    def __init__(self, meter: SnmpMeter, targets: tuple[SnmpTarget, ...]) -> None:
        self._meter = meter
        self._targets = targets

    def read(self) -> Mapping[str, InterfaceReading | LajurError]:
        return dict(zip((target.device for target in self._targets), self._meter.read(self._targets), strict=True))


@contextmanager
def interface_meter(
    regency: Regency, lab: LabState | None, environment: Mapping[str, str] = os.environ
) -> Iterator[InterfaceMeter]:
    """The SNMP meter, with its sockets inside the lab's `noc` when there is a lab; let go of at the end.

    Raises Refused for a pass phrase that cannot be resolved, or when the regency has no device that answers SNMP.
    """
    from network.telemetry.snmp import SnmpMeter

    targets = snmp_targets(regency, lab, environment)
    if not targets:
        raise Refused("wiring.no_snmp", regency=regency.head.key)
    if lab is None:
        enter: Callable[[], None] = stay
    else:
        from network.lab.enter import enter_namespace, noc_namespace

        enter = partial(enter_namespace, noc_namespace(lab))
    with SnmpMeter(on_start=enter) as meter:
        yield _Snmp(meter, targets)


def stay() -> None:
    """Ask from where we are."""


def snmp_targets(regency: Regency, lab: LabState | None, environment: Mapping[str, str]) -> tuple[SnmpTarget, ...]:
    """Every device that answers SNMP, and as whom. A lab brings its own pass phrases."""
    from network.telemetry.snmp import SnmpTarget, SnmpUser

    own = json.loads(lab.snmp.read_text()) if lab else None

    def user(device: str, snmp: Snmp) -> SnmpUser:
        if own:
            return SnmpUser(name=own["user"], auth=own["auth"], privacy=own["privacy"])
        auth, privacy = (resolve(reference, environment, device=device) for reference in (snmp.auth, snmp.privacy))
        return SnmpUser(name=snmp.user, auth=auth, privacy=privacy)

    return tuple(
        SnmpTarget(device=device.key, address=str(device.address), user=user(device.key, device.snmp))
        for device in regency.devices
        if device.snmp is not None
    )


def _folder(settings: Settings, key: str) -> Path:
    known = regencies(settings)
    if not known:
        raise NotFound("truth.no_regencies", folder=str(settings.regencies))
    if key not in known:
        raise NotFound("truth.no_regency", regency=key, folder=str(settings.regencies), known=", ".join(known))
    return settings.regencies / key


def standing_lab(regency: Regency, lab_id: str | None = None) -> LabState | None:
    """The lab of this regency that is up, by its id when there are several. Raises Refused when that is not clear."""
    from network.lab.lab import find

    found = find(regency.head.key)
    if lab_id is not None:
        found = tuple(lab for lab in found if lab.plan.lab == lab_id)
    if len(found) > 1:
        names = ", ".join(lab.plan.lab for lab in found)
        raise Refused("wiring.several_labs", regency=regency.head.key, labs=names)
    return found[0] if found else None


def reached(
    regency: Regency, via: str, lab_id: str | None, *, strict: bool = True, routers: bool = True
) -> tuple[str, LabState | None, Regency]:
    """By which way (lab, memory or direct), the lab that is up, and what of the regency stands there.

    Raises Refused when that way is not open, and with `strict` also for a lab that was named and is not up (what was meant for
    it must not silently be done elsewhere), and where `routers` are needed for one that has none.
    """
    lab = standing_lab(regency, lab_id) if via == "lab" or (via == "auto" and regency.head.illustrative) else None
    if strict and lab_id is not None and lab is None and via in ("lab", "auto") and standing_lab(regency, lab_id) is None:
        raise not_up(lab_id, regency.head.key)
    way = _way(regency, via, lab)
    if strict and routers and lab is not None and way == "lab" and not lab.plan.routers:
        raise Refused("wiring.lab_alone", lab=lab.plan.lab)
    return way, lab, in_lab(regency, lab) if lab and way == "lab" else regency


def reached_servers(
    settings: Settings, regency: Regency, via: str, lab_id: str | None, *, strict: bool = True
) -> tuple[str, LabState | None, Regency]:
    """As `reached`, with the rented servers that are there among the servers. Raises LedgerError too, where something is rented
    at times and the record cannot be read."""
    way, lab, standing = reached(regency, via, lab_id, strict=strict, routers=False)
    if way == "memory" or not is_renting(standing):
        return way, lab, standing
    with open_ledger(settings) as ledger:
        return way, lab, joined(standing, ledger.observations(place_of(way, lab)), SystemClock().now())


def _recorded(regency: Regency, via: str, lab_id: str | None) -> tuple[str, LabState | None, Regency]:
    """For who only asks the record: of several labs none is meant, and none is needed."""
    try:
        return reached(regency, via, lab_id, strict=False)
    except Refused as error:
        if error.code != "wiring.several_labs":
            raise
        return "lab", None, regency


def in_lab(regency: Regency, lab: LabState) -> Regency:
    """What of the regency stands in the lab: the truth of those offices that it was brought up with, whoever came since. A cloud
    alone leaves no office out: nothing is asked of any."""
    if not lab.plan.routers:
        return regency
    return views.only(regency, {node.office for node in lab.plan.nodes if node.office is not None})


def _way(regency: Regency, via: str, lab: LabState | None) -> str:
    if via == "auto":
        via = "lab" if lab else "memory" if regency.head.illustrative else "direct"
    if via == "lab" and lab is None:
        raise Refused("wiring.no_lab", regency=regency.head.key)
    if via == "direct" and regency.head.illustrative:
        raise Refused("wiring.illustrative", regency=regency.head.key)
    return via


def _lab_devices(lab: LabState | None, regency: Regency, stack: ExitStack) -> dict[str, Device]:
    from network.drivers.netmiko_ssh import Secrets
    from network.lab.enter import dialer

    assert lab is not None, "the way is the lab only when there is one"
    secrets = Secrets(private_key=lab.client_key.read_text())
    return _ssh_devices(regency, stack, dialer(lab), lab.known_hosts, lambda device: ("root", 22, secrets))


def _direct_devices(settings: Settings, regency: Regency, stack: ExitStack) -> dict[str, Device]:
    from network.drivers.netmiko_ssh import Secrets, dial

    def login(device: TruthDevice) -> tuple[str, int, Secrets]:
        key, password = (
            resolve(reference, os.environ, device=device.key) if reference else None
            for reference in (device.login.key, device.login.password)
        )
        return device.login.user, device.login.port, Secrets(private_key=key, password=password)

    return _ssh_devices(regency, stack, dial, settings.state / KNOWN_HOSTS, login)


def _ssh_devices(
    regency: Regency,
    stack: ExitStack,
    dialer: Dialer,
    known_hosts: Path,
    login: Callable[[TruthDevice], tuple[str, int, Secrets]],
) -> dict[str, Device]:
    # Imported where it is used: netmiko takes a second, and most commands need none of it.
    from network.drivers.netmiko_ssh import NetmikoDevice, Target

    devices: dict[str, Device] = {}
    for name, own in places(regency).items():
        truth = regency.device(name)
        user, port, secrets = login(truth)
        target = Target(device=name, host=str(truth.address), port=port, username=user)
        device = NetmikoDevice(target, LinuxTc(), own, dialer, known_hosts, secrets)
        stack.callback(device.close)
        devices[name] = device
    return devices


def _memory_devices(folder: Path, clock: Clock, regency: Regency, stack: ExitStack) -> dict[str, Device]:
    devices: dict[str, Device] = {}
    for name, own in places(regency).items():
        devices[name] = KeptDevice(name, own, clock, folder)
        stack.callback(devices[name].close)
    return devices
