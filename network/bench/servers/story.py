"""The story of leased servers, from the contract to the return, on a lab's own machines. Plays and keeps what came of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from inventory.regency import Regency
from inventory.server_model import Server
from inventory.views import small_copy
from network import labs
from network.clock import SimulatedClock
from network.core.building import Difference, Verb
from network.infra_wiring import BuildGround, build_ground
from network.services.build_report import BuildReport
from network.services.infra import Errand, carry_out
from network.settings import Settings

LAB: Final = "demosrv"
SERVICE: Final = "cron"
"""Every lab server has it, and nothing depends on it."""

Tell = Callable[[str, dict[str, object]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who plays what: the machine that is less than its contract, those with somebody's hand on them, the lease that ends."""

    short: Server
    stopped: Server
    stripped: Server
    opened: Server
    entered: Server
    lease: str

    @property
    def returned(self) -> tuple[str, ...]:
        return (self.opened.key, self.entered.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What came of each act. `proofs` by server, as they were written."""

    cast: Cast
    taken: BuildReport
    seen: BuildReport
    mended: BuildReport
    again: BuildReport
    returned: BuildReport
    proofs: Mapping[str, dict[str, object]]
    secrets: int


def cast(regency: Regency) -> Cast:
    """From the truth: the lease that ends first is given back; the machine of the smallest other lease is the short one."""
    by_end = sorted((lease for lease in regency.leases), key=lambda lease: lease.end)
    ending = by_end[0].key
    back = [server for server in regency.servers if server.lease == ending][:2]
    rest = [server for server in regency.servers if server.lease != ending]
    counts = {server.key: sum(each.lease == server.lease for each in rest) for server in rest}
    short = min(rest, key=lambda server: counts[server.key])
    stopped, stripped = [server for server in rest if server is not short][:2]
    return Cast(short=short, stopped=stopped, stripped=stripped, opened=back[0], entered=back[1], lease=ending)


@contextmanager
def stage(settings: Settings, regency: Regency) -> Iterator[tuple[BuildGround, Cast]]:
    """A lab with servers of its own, and who builds them; gone at the end. Its day is one on which every lease runs."""
    who = cast(regency)
    small = small_copy(regency, 1)
    day = max(lease.start for lease in regency.leases) + timedelta(days=1)
    clock = SimulatedClock(datetime.combine(day, time(9), tzinfo=UTC))
    with TemporaryDirectory(prefix="lajur-demo-") as state:
        own = replace(settings, state=Path(state), lab=LAB)
        labs.up(small, LAB, timeout=300, servers=True, short=(who.short.key,))
        try:
            with build_ground(own, regency, via="lab", lab_id=LAB, clock=clock) as ground:
                yield ground, who
        finally:
            labs.down(LAB)


def play(ground: BuildGround, who: Cast, tell: Tell, keep: Path) -> Told:
    """All acts. Reports and proofs are copied to the folder `keep` before the lab that holds them goes."""
    tell("bench.servers.taking", {"servers": len(ground.servers), "short": who.short.key})
    taken = _do(ground, "up")
    tell("bench.servers.hands", {})
    _by_hand(who)
    seen = _do(ground, "drift")
    tell("bench.servers.mending", {"count": len(seen.differences)})
    mended = _do(ground, "up")
    again = _do(ground, "drift")
    tell("bench.servers.returning", {"servers": ", ".join(who.returned), "lease": who.lease})
    returned = carry_out(Errand(verb=Verb.DESTROY, servers=who.returned, release=True), ground.hands)
    folder = ground.folder / "reports"
    keep.mkdir(parents=True, exist_ok=True)
    for file in folder.iterdir():
        shutil.copy(file, keep / file.name)
    proofs = {server: json.loads((folder / f"return-{server}.json").read_text()) for server in who.returned}
    return Told(
        cast=who,
        taken=taken,
        seen=seen,
        mended=mended,
        again=again,
        returned=returned,
        proofs=proofs,
        secrets=_secrets(ground),
    )


def _do(ground: BuildGround, verb: str) -> BuildReport:
    return carry_out(Errand(verb=Verb(verb)), ground.hands)


def _by_hand(who: Cast) -> None:
    """What somebody does on servers when nobody looks."""
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + "A" * 44 + " somebody"
    for server, command in (
        (who.stopped, f"systemctl stop {SERVICE}"),
        (who.stripped, f"dpkg --purge {SERVICE}"),
        (who.opened, "systemd-run --unit=hidden python3 -m http.server 8080"),
        (who.entered, f"echo '{key}' >>~root/.ssh/authorized_keys"),
    ):
        labs.exec_in(LAB, server.key, ["sh", "-c", command])


def expected(who: Cast) -> set[tuple[str, str]]:
    """By server and kind: what must be found."""
    return {
        (who.stopped.key, "service_stopped"),
        (who.stripped.key, "package_removed"),
        (who.opened.key, "port_opened"),
        (who.entered.key, "key_added"),
    }


def found(differences: list[Difference]) -> set[tuple[str, str]]:
    return {(each.server, each.kind) for each in differences}


def _secrets(ground: BuildGround) -> int:
    """In how many files of state, reports and logs the login key or the passphrase stands."""
    words = [ground.hands.request.passphrase_file]
    secret = [Path(word).read_bytes().strip() for word in words]
    assert ground.lab is not None
    secret += [line for line in ground.lab.client_key.read_bytes().splitlines() if len(line) > 40]
    files = [file for file in ground.folder.rglob("*") if file.is_file() and str(file) not in words]
    return sum(any(each in file.read_bytes() for each in secret) for file in files)
