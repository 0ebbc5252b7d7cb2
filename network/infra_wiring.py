"""The composition root of leased servers: who builds them, where their state lies, how they are logged in to. Decides nothing.

Beside `network.wiring`, which does the same for queues and for all else.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from inventory.cloud_costs import Price, price_in
from inventory.cloud_views import Stay, standing
from inventory.regency import Regency
from inventory.rented_views import NOWHERE, is_renting, server_of, stays_by_key
from inventory.server_model import Server
from inventory.values import SecretReference
from network.clock import SystemClock
from network.core.building import Access, Builder, BuildRequest, CloudAccess, Observations, Verb
from network.core.capacity import SUBJECT as CAPACITY
from network.core.costs import RENT
from network.core.plays import Plays
from network.core.ports import Clock
from network.core.releases.ports import Releases
from network.core.rented import addresses, joined
from network.credentials import passphrase_file, resolve
from network.errors import LabRefused, Refused
from network.places import is_gone, lab_of, lock_folder, place_of, scope
from network.runners.builder import ChildBuilder
from network.runners.locked import LockedRunner
from network.runners.threads import ThreadRunner
from network.server_wiring import play_ground, standing_servers
from network.services.giving_back import ReturnHands
from network.services.infra import BuildHands
from network.settings import Settings
from network.wiring import KNOWN_HOSTS, open_ledger, reached, regency_folder, user

if TYPE_CHECKING:
    from network.lab.lab import LabState
    from network.ledger.store import SqlLedger

PROJECT: Final = "lajur"
_FILE: Final = "file://"

_LAB_CLOUD: Final = "lab"
"""Of a lab's clouds.yaml, the entry of who rents."""
_WAIT: Final = 1.0
"""Seconds that a change waits for another one: a second operator is better told at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildGround:
    """The servers of what stands there, and by which way they are reached: lab or direct. `made`: the passphrase file that had to
    be made for it just now; `folder`: where state and reports lie."""

    regency: Regency
    servers: tuple[Server, ...]
    hands: BuildHands
    via: str
    lab: LabState | None
    ledger: SqlLedger
    folder: Path
    made: Path | None


@contextmanager
def build_ground(
    settings: Settings,
    regency: Regency,
    *,
    via: str = "auto",
    lab_id: str | None = None,
    clock: Clock | None = None,
    builder: Builder | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Iterator[BuildGround]:
    """The servers of a regency and who builds them; ways are those of `network.wiring.ground`, memory excepted. No server is
    reached before something is asked. Raises Refused when that way is not open, or nothing stands there."""
    clock = clock or SystemClock()
    way, lab, regency = reached(regency, via, lab_id, routers=False)
    _must_stand(regency, way, lab, named=via == "memory")
    place, folder = place_of(way, lab), _folder(settings, regency, lab)
    request = _request(settings, regency, lab, folder, clock)
    make = lab is not None or regency.head.illustrative
    file, made = passphrase_file(settings.build.passphrase, folder, make=make, sealed=_sealed(request))
    with ExitStack() as stack:
        ledger = stack.enter_context(open_ledger(settings))
        observations, now = ledger.observations(place), clock.now()
        rented, regency = _rented(regency, lab, observations, now), joined(regency, observations, now)
        servers = _standing(regency, lab, rented)
        locks = ThreadRunner(lock_folder(settings.state / (key := regency.head.key), place), wait=_WAIT)
        hands = BuildHands(
            regency=key,
            place=place,
            protected={server.key: server.protected for server in servers},
            rented=rented,
            prices=_prices(regency, rented),
            apart=_apart(regency, lab, now),
            request=replace(request, passphrase_file=str(file)),
            access=_access(servers, lab, environment),
            clouds=_clouds(regency, lab, environment),
            every_cloud=tuple(cloud.key for cloud in regency.clouds) if lab is None or lab.clouds else (),
            builder=builder or ChildBuilder(_inside(lab), environment=environment),
            runner=LockedRunner(locks, ledger.locks, scope(key, place), wait=_WAIT),
            audit=ledger,
            observations=observations,
            clock=clock,
            actor=f"os:{user()}",
            gone=lambda: lab_of(place) if is_gone(place, key) else None,
            returns=_returns(settings, regency, lab, environment, ledger.releases(key, place)),
        )
        given = file if made else None
        yield BuildGround(
            regency=regency, servers=servers, hands=hands, via=way, lab=lab, ledger=ledger, folder=folder, made=given
        )


def _returns(
    settings: Settings, regency: Regency, lab: LabState | None, environment: Mapping[str, str], releases: Releases
) -> ReturnHands:
    """Whoever plays is made ready only when something is played."""
    via, lab_id = ("lab", lab.plan.lab) if lab else ("direct", None)

    @contextmanager
    def plays() -> Iterator[Plays]:
        with play_ground(settings, regency, via=via, lab_id=lab_id, environment=environment) as ground:
            yield ground.plays

    return ReturnHands(
        workloads=regency.workloads,
        standing=frozenset(server.key for server in standing_servers(regency, lab)),
        zone=regency.zone,
        plays=plays,
        has_steps=lambda name: (settings.playbooks / f"{name}.yml").is_file(),
        releases=releases,
    )


def _request(settings: Settings, regency: Regency, lab: LabState | None, folder: Path, clock: Clock) -> BuildRequest:
    """What every request of this ground begins with, but for the passphrase."""
    place = place_of("lab" if lab else "direct", lab)
    return BuildRequest(
        verb=Verb.PREVIEW,
        folder=str(regency_folder(settings, regency.head.key)),
        state=_state(settings, folder, lab),
        home=str(settings.build.home or _made(folder / "home")),
        engine=str(settings.build.engine) if settings.build.engine else None,
        passphrase_file="",
        known_hosts=str(lab.known_hosts if lab else settings.state / KNOWN_HOSTS),
        today=clock.now().astimezone(regency.zone).date().isoformat(),
        now=clock.now().isoformat(timespec="seconds"),
        project=PROJECT,
        stack=re.sub("[^a-z0-9-]+", "-", scope(regency.head.key, place)),
        reports=str(_made(folder / "reports")),
    )


def _sealed(request: BuildRequest) -> Mapping[str, str] | None:
    """Where the state lies that a passphrase was used for already, and the engine's work on it, which knows that passphrase; None
    when there is neither. Of a state in a database only the work can be seen from here."""
    work = Path(request.home) / "work" / request.stack
    traces, state = [work / f"Pulumi.{request.stack}.yaml"], request.state
    if state.startswith(_FILE):
        kept = Path(state.removeprefix(_FILE)) / ".pulumi" / "stacks" / request.project / f"{request.stack}.json"
        traces, state = [*traces, kept, kept.with_name(f"{kept.name}.bak")], str(kept)
    return {"state": state, "work": str(work)} if any(each.exists() for each in traces) else None


def _rented(regency: Regency, lab: LabState | None, observations: Observations, now: datetime) -> Mapping[str, Stay]:
    """The rented servers that should stand now, and those that do, or may, and have not been given back. None in a lab without a
    cloud."""
    if not is_renting(regency) or (lab is not None and lab.clouds is None):
        return {}
    due = {stay.key: stay for stay in standing(regency, now)}
    held = stays_by_key(regency, now)
    begun = {
        subject.removeprefix(prefix) for prefix in (RENT, CAPACITY) for subject in observations.latest(regency.head.key, prefix)
    }
    there = due.keys() | addresses(regency, observations).keys() | begun
    return {key: held[key] for key in sorted(there) if key in held}


def _prices(regency: Regency, rented: Mapping[str, Stay]) -> Mapping[str, Price]:
    found = {key: price_in(regency, stay.entry.cloud, stay.entry.size) for key, stay in rented.items()}
    return {key: price for key, price in found.items() if price is not None}


def _apart(regency: Regency, lab: LabState | None, now: datetime) -> Mapping[str, str]:
    """The rented servers that are not to stand now: when each was, or is going to. None in a lab without a cloud."""
    known = stays_by_key(regency, now) if is_renting(regency) and (lab is None or lab.clouds is not None) else {}
    return {
        key: f"{stay.start.astimezone(regency.zone):%Y-%m-%d %H:%M} – {stay.end.astimezone(regency.zone):%Y-%m-%d %H:%M %Z}"
        for key, stay in known.items()
        if not stay.start <= now < stay.end
    }


def _must_stand(regency: Regency, way: str, lab: LabState | None, *, named: bool) -> None:
    """Raises Refused where no server can be. `named`: memory is what somebody asked for."""
    key = regency.head.key
    if not regency.servers and not is_renting(regency):
        raise Refused("infra.no_servers", regency=key)
    if way == "memory":
        raise Refused("infra.via_memory" if named else "infra.memory", regency=key)
    if lab is not None and lab.clouds is None and not standing_servers(regency, lab):
        raise Refused("infra.lab_without_servers", regency=key, lab=lab.plan.lab)


def _standing(regency: Regency, lab: LabState | None, rented: Mapping[str, Stay]) -> tuple[Server, ...]:
    """The servers that are there, or would be; in a lab, those that it was brought up with, and rented ones."""
    there = {server.key for server in regency.servers}
    coming = tuple(server_of(stay, NOWHERE) for server, stay in rented.items() if server not in there)
    if lab is None:
        return (*regency.servers, *coming)
    nodes = {node.key for node in lab.plan.nodes} | rented.keys()
    return (*(server for server in regency.servers if server.key in nodes), *coming)


def _folder(settings: Settings, regency: Regency, lab: LabState | None) -> Path:
    """Where state, reports and the engine's own things lie. A lab's go with the lab."""
    if lab is None:
        return _made(settings.state / regency.head.key / "infra")
    from network.lab.state import Folder

    return _made(Folder(lab=lab.plan.lab).path / "infra")


def _made(folder: Path, code: str = "infra.folder") -> Path:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(code, folder=str(folder), reason=error.strerror) from error
    return folder


def _writable(folder: Path, code: str) -> None:
    """Tried, as root is allowed to write where nothing can be."""
    trial = _made(folder, code) / f".lajur.{token_hex(4)}"
    try:
        trial.touch(mode=0o600, exist_ok=False)
        trial.unlink()
    except OSError as error:
        raise Refused(code, folder=str(folder), reason=error.strerror) from error


def _state(settings: Settings, folder: Path, lab: LabState | None) -> str:
    """The address of the engine's state. Raises Refused for a folder that cannot be written, and for a database that cannot be
    reached from inside a lab."""
    address = settings.build.state or f"{_FILE}{folder / 'state'}"
    if address.startswith(_FILE):
        _writable(Path(address.removeprefix(_FILE)), "infra.state_folder" if settings.build.state else "infra.folder")
    elif lab is not None and urlsplit(address).hostname is not None:
        raise Refused("infra.state_outside", lab=lab.plan.lab)
    return address


def _inside(lab: LabState | None) -> tuple[str, ...]:
    if lab is None:
        return ()
    from network.lab.enter import words_inside

    return words_inside(lab)


def _access(
    servers: tuple[Server, ...], lab: LabState | None, environment: Mapping[str, str]
) -> Callable[[tuple[str, ...]], Mapping[str, Access]]:
    """How each is logged in to. What is referred to is resolved when somebody is about to, and of those that are meant only. A
    lab brings its own key, and no controllers."""

    def own(_: tuple[str, ...]) -> Mapping[str, Access]:
        assert lab is not None
        try:
            key = lab.client_key.read_text()
        except FileNotFoundError as error:  # it went down since it was found up
            raise LabRefused("lab.not_up", lab=lab.plan.lab) from error
        return {server.key: Access(user="root", private_key=key) for server in servers}

    def resolved(meant: tuple[str, ...]) -> Mapping[str, Access]:
        return {
            server.key: _login(server, environment) if not meant or server.key in meant else Access(user="-")
            for server in servers
        }

    return own if lab is not None else resolved


def _clouds(
    regency: Regency, lab: LabState | None, environment: Mapping[str, str]
) -> Callable[[Collection[str]], Mapping[str, CloudAccess]]:
    """How each cloud that is meant is entered. A lab brings its own, in the place of every one of the truth."""

    def resolved(meant: Collection[str]) -> Mapping[str, CloudAccess]:
        return {
            cloud.key: CloudAccess(clouds=str(lab.clouds), cloud=_LAB_CLOUD, place=str(lab.clouds))
            if lab is not None
            else CloudAccess(
                clouds=resolve(cloud.login.file, environment, device=cloud.key),
                cloud=cloud.login.cloud,
                place=str(cloud.login.file),
            )
            for cloud in regency.clouds
            if cloud.key in meant
        }

    return resolved


def _login(server: Server, environment: Mapping[str, str]) -> Access:
    """Of one without a login: how its controller is reached."""

    def secret(reference: SecretReference | None) -> str | None:
        return resolve(reference, environment, device=server.key) if reference else None

    login, bmc = server.login, server.bmc.login if server.bmc else None
    return Access(
        user=login.user if login else "-",
        port=login.port if login else 22,
        private_key=secret(login.key if login else None),
        password=secret(login.password if login else None),
        sudo=login is not None and login.user != "root",
        bmc_user=bmc.user if bmc else None,
        bmc_password=secret(bmc.password if bmc else None),
    )
