"""The composition root of plays: how OpenSSH, and what stands on it (Ansible, testinfra), enters the servers of a regency, and
who plays. Decides nothing.

Beside `network.infra_wiring`, by which the builder gets there. A key that is a file is named by it; one that is in the
environment goes to an agent that lives as long as the ground.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from inventory.regency import Regency
from inventory.rented_views import rented_keys
from inventory.server_model import Server
from network.core.plays import Plays, Shown
from network.credentials import resolve
from network.errors import NotFound, Refused
from network.places import place_of
from network.runners.agent import agent, shown_key
from network.runners.plays import ChildPlays, at_terminal
from network.settings import Settings
from network.wiring import KNOWN_HOSTS, reached_servers

if TYPE_CHECKING:
    from network.lab.lab import LabState

PROGRAM: Final = Path(sys.executable).parent / "ansible-playbook"
INVENTORY: Final = "lajur"
_FILE: Final = "file:"
_KEPT_SECONDS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How OpenSSH enters one server. `key` is a file, None where an agent has it; `public` the file by which it is picked there,
    None for whatever an agent has; `proxy` what connects in the place of ssh, empty for nothing; `sockets` the folder of kept
    connections, None for whatever is usual."""

    server: str
    host: str
    port: int
    user: str
    known_hosts: Path
    key: Path | None
    public: Path | None = None
    proxy: tuple[str, ...] = ()
    sockets: Path | None = None

    @property
    def options(self) -> tuple[str, ...]:
        """In the words of ssh_config(5). Nobody's own known hosts, keys or questions come into it."""
        words = [
            f'UserKnownHostsFile "{self.known_hosts}"',
            "GlobalKnownHostsFile /dev/null",
            "StrictHostKeyChecking yes",
            "UpdateHostKeys no",
            "PasswordAuthentication no",
            "KbdInteractiveAuthentication no",
            # A server that died while a connection to it was kept is given up, and not waited for as long as TCP would.
            "ConnectTimeout 10",
            "ServerAliveInterval 3",
            "ServerAliveCountMax 3",
        ]
        if self.key is not None:
            words += [f'IdentityFile "{self.key}"', "IdentitiesOnly yes", "IdentityAgent none"]
        elif self.public is not None:
            # Every key that is offered counts as an attempt, and a server lets nobody try all of a regency's.
            words += [f'IdentityFile "{self.public}"', "IdentitiesOnly yes"]
        if self.proxy:
            words += [f"ProxyCommand {shlex.join(self.proxy)} %h %p", "ProxyUseFdpass yes"]
        return tuple(words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What stands there of the regency, its servers, how each that is logged in to is entered, the place, as the record names it,
    and the folder for logs."""

    regency: Regency
    servers: tuple[Server, ...]
    ways: Mapping[str, Way]
    place: str
    logs: Path


def entered(settings: Settings, regency: Regency, environment: Mapping[str, str] = os.environ) -> Entered:
    """By the way that a command without flags would go; in memory no server is there. `environment`: the agent's, if there is
    one of ours."""
    way, lab, standing = reached_servers(settings, regency, "auto", settings.lab, strict=False)
    servers = standing_servers(standing, lab) if way != "memory" else ()
    found, logs = ways(settings, servers, lab, environment), logs_folder(settings, regency, lab)
    return Entered(regency=standing, servers=servers, ways=found, place=place_of(way, lab), logs=logs)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayGround:
    """The servers of what stands there, by which way they are reached (lab or direct), and who plays on them. `environment` is
    what a program needs that enters them too."""

    regency: Regency
    servers: tuple[Server, ...]
    lab: LabState | None
    way: str
    folder: Path
    plays: Plays
    environment: Mapping[str, str]

    def command(self, playbook: str, words: Iterable[str]) -> list[str]:
        """What somebody at a terminal would give. Raises NotFound for a playbook that there is not."""
        known = sorted(path.stem for path in self.folder.glob("*.yml") if path.stem != INVENTORY)
        if playbook not in known:
            folder = str(self.folder)
            raise NotFound("play.no_playbook", playbook=playbook[:100], folder=folder, known=", ".join(known))
        return [str(PROGRAM), str(self.folder / f"{playbook}.yml"), *words]

    def at_terminal(self, command: list[str], *, aside: bool = False) -> Shown:
        """Give it there; what came of it. `aside`: what it says goes to standard error."""
        return at_terminal(command, self.environment, self.folder.parent, aside=aside)


@contextmanager
def play_ground(
    settings: Settings,
    regency: Regency,
    *,
    via: str = "auto",
    lab_id: str | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Iterator[PlayGround]:
    """No server is reached before something is played. Raises Refused when that way is not open, or nothing stands there."""
    way, lab, standing = reached_servers(settings, regency, via, lab_id)
    servers = standing_servers(standing, lab)
    if way not in ("lab", "direct") or not servers:
        raise Refused("play.no_servers", regency=regency.head.key, way=way)
    with agent(_keys(servers, lab, environment), ", ".join(server.key for server in servers)) as added:
        own = {**environment, **added, **_meaning(settings, regency, lab)}
        plays = ChildPlays(settings.playbooks, state_folder(settings, regency, lab) / "plays", own, program=PROGRAM)
        own["ANSIBLE_CONFIG"] = str(settings.playbooks.parent / "ansible.cfg")
        yield PlayGround(
            regency=standing, servers=servers, lab=lab, way=way, folder=settings.playbooks, plays=plays, environment=own
        )


def _keys(servers: Iterable[Server], lab: LabState | None, environment: Mapping[str, str]) -> dict[str, str]:
    """The keys that stand in no file, by reference."""
    references = [server.login.key for server in servers if server.login and server.login.key and lab is None]
    return {each: resolve(each, environment, device="ssh") for each in references if not each.startswith(_FILE)}


def _meaning(settings: Settings, regency: Regency, lab: LabState | None) -> dict[str, str]:
    """So that the play means what we mean."""
    found = {
        "LAJUR_REGENCY": regency.head.key,
        "LAJUR_REGENCIES": str(settings.regencies),
        "LAJUR_STATE": str(settings.state),
        "LAJUR_LANG": settings.language,
    }
    return {**found, "LAJUR_LAB": lab.plan.lab} if lab is not None else found


def state_folder(settings: Settings, regency: Regency, lab: LabState | None) -> Path:
    """Where what belongs to a regency's servers lies on this machine. A lab's goes with the lab."""
    if lab is None:
        return settings.state / regency.head.key
    from network.lab.state import Folder

    return Folder(lab=lab.plan.lab).path


def logs_folder(settings: Settings, regency: Regency, lab: LabState | None) -> Path:
    """Where journals of servers are kept."""
    return state_folder(settings, regency, lab) / "logs"


def ways(
    settings: Settings, servers: Iterable[Server], lab: LabState | None, environment: Mapping[str, str] = os.environ
) -> dict[str, Way]:
    """Of every server that is logged in to. In a lab: by its own key, from where its routers are managed."""
    found = {}
    for server in servers:
        if server.login is None:
            continue
        if lab is not None:
            found[server.key] = _in_lab(server, lab)
            continue
        reference = server.login.key or ""
        found[server.key] = Way(
            server=server.key,
            host=str(server.address),
            port=server.login.port,
            user=server.login.user,
            known_hosts=settings.state / KNOWN_HOSTS,
            key=Path(reference.removeprefix(_FILE)).expanduser() if reference.startswith(_FILE) else None,
            public=shown_key(reference, environment),
        )
    return found


def _in_lab(server: Server, lab: LabState) -> Way:
    from network.lab import dial
    from network.lab.enter import words_inside
    from network.lab.state import Folder

    return Way(
        server=server.key,
        host=str(server.address),
        port=22,
        user="root",
        known_hosts=lab.known_hosts,
        key=lab.client_key,
        proxy=(*words_inside(lab), sys.executable, "-I", "-S", dial.__file__),
        sockets=Folder(lab=lab.plan.lab).path / "ssh",
    )


def lab_secrets(regency: Regency, lab: LabState) -> dict[str, str]:
    """By reference, what this lab has in the place of what the truth refers to: who logs in, and who asks by SNMP."""
    snmp, key = json.loads(lab.snmp.read_text()), lab.client_key.read_text()
    found = {each.login.key: key for each in regency.devices if each.login.key}
    found |= {each.login.key: key for each in regency.servers if each.login and each.login.key}
    for device in regency.devices:
        if device.snmp is not None:
            found |= {device.snmp.auth: snmp["auth"], device.snmp.privacy: snmp["privacy"]}
    return found


def standing_servers(regency: Regency, lab: LabState | None) -> tuple[Server, ...]:
    """The servers that are there; in a lab, those that it was brought up with, and those that were rented since."""
    if lab is None:
        return regency.servers
    nodes = {node.key for node in lab.plan.nodes} | rented_keys(regency)
    return tuple(server for server in regency.servers if server.key in nodes)


def ssh_config(found: Iterable[Way]) -> str:
    """An ssh_config(5) by which `ssh -F FILE SERVER` gets to every one of them, with connections that are kept for a while."""
    lines = []
    for way in found:
        lines += [f"Host {way.server}", f"  HostName {way.host}", f"  Port {way.port}", f"  User {way.user}"]
        lines += [f"  {option}" for option in way.options]
        if way.sockets is not None:
            lines += ["  ControlMaster auto", f"  ControlPath {way.sockets}/%C", f"  ControlPersist {_KEPT_SECONDS}"]
    return "\n".join(lines) + "\n"
