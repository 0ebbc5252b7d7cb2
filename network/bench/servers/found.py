"""What a look at the lab's servers finds: nothing while nobody touches them, and everything that somebody did."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from inventory.regency import Regency
from network import labs
from network.bench.servers.story import SERVICE
from network.clock import SimulatedClock
from network.core.building import Verb
from network.errors import LabError
from network.infra_wiring import build_ground
from network.services.infra import Errand, carry_out
from network.settings import Settings

_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + "A" * 43 + " somebody"


def kinds_found(settings: Settings, regency: Regency, *, looks: int, day: date | None = None) -> list[tuple[str, str]]:
    """By server and kind, over all looks; on `day`, which defaults to one on which every lease runs."""
    day = day or max(lease.start for lease in regency.leases) + timedelta(days=1)
    clock = SimulatedClock(datetime.combine(day, time(3), tzinfo=UTC))
    found: list[tuple[str, str]] = []
    with build_ground(settings, regency, via="lab", lab_id=settings.lab, clock=clock) as ground:
        for _ in range(looks):
            report = carry_out(Errand(verb=Verb.DRIFT), ground.hands)
            if report.error is not None:
                raise LabError("bench.servers.failed", command="drift", reason=str(report.error)) from report.error
            found += [(each.server, each.kind) for each in report.differences]
    return found


def expected_kinds(lab: str, regency: Regency) -> set[tuple[str, str]]:
    """Do all of it by hand; what must be found."""
    stopped, stripped, opened, pulled, entered = [server.key for server in regency.servers][:5]
    for server, command in (
        (stopped, f"systemctl stop {SERVICE}"),
        (stripped, f"dpkg --purge {SERVICE}"),
        (opened, "systemd-run --unit=hidden python3 -m http.server 8080"),
        (entered, f"echo '{_KEY}' >>~root/.ssh/authorized_keys"),
    ):
        labs.exec_in(lab, server, ["sh", "-c", command])
    labs.pull_disk(lab, pulled, "sda")
    return {
        (stopped, "service_stopped"),
        (stripped, "package_removed"),
        (opened, "port_opened"),
        (pulled, "disk_missing"),
        (entered, "key_added"),
        (entered, "lease_expired"),
    }
