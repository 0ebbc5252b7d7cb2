"""`FRRDriver`: NAPALM's interface to a Linux device that runs FRR. What is asked; how, is in the other modules."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from napalm.base import constants as c
from napalm.base.base import NetworkDriver
from napalm.base.exceptions import (
    CommandErrorException,
    CommitError,
    ConnectionClosedException,
    MergeConfigException,
    NapalmException,
    ReplaceConfigException,
)

from napalm_frr import bgp, configs, interfaces, neighbours, reach, routing, system
from napalm_frr.answers import Pending
from napalm_frr.candidate import Candidate
from napalm_frr.changes import diff
from napalm_frr.commits import READ, Commits, Order
from napalm_frr.failures import NotSavedError
from napalm_frr.masks import masked
from napalm_frr.shell import Answer, vtysh
from napalm_frr.transport import Login, Session
from napalm_frr.words import shown

Values = dict[str, Any]


class _LaterError(Exception):
    """What was asked will be answered together with the rest."""


class FRRDriver(NetworkDriver):  # type: ignore[misc]  # NAPALM ships no types
    """FRR on Linux over SSH.

    `optional_args`: `port`, `key` (text of a private key) or `key_file`, `passphrase`, `known_hosts` (path; default
    `~/.ssh/known_hosts`), `dial` (opens the socket: host, port, seconds), `conn_timeout`, `read_timeout`, `sudo`, `who` (the name
    that other engineers read while a commit waits).
    """

    platform = "frr"

    def __init__(
        self, hostname: str, username: str, password: str, timeout: int = 60, optional_args: Values | None = None
    ) -> None:
        self.hostname = hostname
        self.username = username
        self.password = password
        self.timeout = timeout
        self.device: Session | None = None
        self._options = dict(optional_args or {})
        self._candidate: Candidate | None = None
        self._commits = Commits(self._session, hostname)
        self._wanted: dict[str, None] | None = None
        self._known: dict[str, Answer] = {}

    def __repr__(self) -> str:
        return f"FRRDriver({self.username}@{self.hostname})"

    def __del__(self) -> None:
        """Ends the session without a word to the device."""
        if getattr(self, "device", None) is not None:
            self.close()

    # ---- the session

    def open(self) -> None:
        self.device = Session(Login.of(self.hostname, self.username, self.password, self.timeout, self._options))

    def close(self) -> None:
        if self.device is not None:
            self.device.close()
        self.device = None
        self._candidate = None

    def is_alive(self) -> dict[str, bool]:
        """Whether the device still answers on this session, not only whether the connection stands."""
        try:
            return {"is_alive": self.device is not None and self._ask("true")[0].status == 0}
        except NapalmException:
            return {"is_alive": False}

    # ---- changes

    def load_merge_candidate(self, filename: str | None = None, config: str | None = None) -> None:
        self._candidate = Candidate.of(_given(filename, config, MergeConfigException), whole=False)

    def load_replace_candidate(self, filename: str | None = None, config: str | None = None) -> None:
        self._candidate = Candidate.of(_given(filename, config, ReplaceConfigException), whole=True)

    def compare_config(self) -> str:
        if self._candidate is None:
            return ""
        running = self._commits.read().tree
        return diff(running, self._candidate.wanted(running))

    def commit_config(self, message: str = "", revert_in: int | None = None) -> None:
        """Apply the candidate and keep it, or keep it when it is confirmed within `revert_in` seconds (1 to a week)."""
        if self._candidate is None:
            raise CommitError(f"{self.hostname}: no candidate is loaded")
        try:
            self._commits.commit(self._candidate, Order(who=self._who(), message=message, revert_in=revert_in))
        except NotSavedError:
            self._candidate = None
            raise
        self._candidate = None

    def confirm_commit(self) -> None:
        self._commits.confirm()

    def has_pending_commit(self) -> bool:
        return self._pending() is not None

    def _get_pending_commits(self) -> dict[str, int]:
        """The message of the commit that waits (or who made it), and the seconds until it goes back; as IOS's and EOS's
        drivers tell it."""
        waits = self._pending()
        return {waits.message or waits.who: waits.seconds} if waits else {}

    def _pending(self) -> Pending | None:
        return self._commits.pending(*self._ask(self._commits.asking))

    def discard_config(self) -> None:
        self._candidate = None

    def rollback(self) -> None:
        """Go back at once from a commit that waits; else from the last one that was kept."""
        self._commits.rollback(Order(who=self._who(), message="rollback", undo=True))

    def get_config(
        self,
        retrieve: str = "all",
        full: bool = False,
        sanitized: bool = False,
        format: str = "text",  # noqa: A002
    ) -> dict[str, str]:
        """`full` is the same: FRR has one form. The only format is text."""
        if format != "text":
            raise CommandErrorException(f"{self.hostname}: configuration as {format!r} is not known; only as 'text'")
        found = {"running": "", "startup": "", "candidate": ""}
        if retrieve in ("all", "running"):
            found["running"] = configs.running(self._commits.running(*self._ask(*READ)))
        if retrieve in ("all", "startup"):
            found["startup"] = configs.startup(*self._ask(*configs.STARTUP))
        if retrieve in ("all", "candidate") and self._candidate is not None:
            found["candidate"] = self._candidate.text
        return {name: masked(text) if sanitized else text for name, text in found.items()}

    # ---- what it is and what it does

    def get_facts(self) -> Values:
        return system.facts(self._ask(*system.FACTS))

    def get_environment(self) -> Values:
        return system.environment(*self._ask(*system.ENVIRONMENT))

    def get_users(self) -> dict[str, Values]:
        return system.users(*self._ask(*system.USERS))

    def get_snmp_information(self) -> Values:
        return system.snmp(*self._ask(*system.SNMP))

    def get_ntp_servers(self) -> dict[str, Values]:
        return system.ntp(*self._ask(*system.NTP), peers=False)

    def get_ntp_peers(self) -> dict[str, Values]:
        return system.ntp(*self._ask(*system.NTP), peers=True)

    def get_ntp_stats(self) -> list[Values]:
        return system.ntp_stats(*self._ask(*system.NTP_STATS))

    def get_interfaces(self) -> dict[str, Values]:
        return interfaces.interfaces(*self._ask(*interfaces.INTERFACES))

    def get_interfaces_counters(self) -> dict[str, dict[str, int]]:
        return interfaces.counters(*self._ask(*interfaces.COUNTERS))

    def get_interfaces_ip(self) -> dict[str, dict[str, dict[str, dict[str, int]]]]:
        return interfaces.addresses(*self._ask(*interfaces.ADDRESSES))

    def get_optics(self) -> dict[str, Values]:
        return interfaces.optics(*self._ask(*interfaces.OPTICS))

    # ---- what is next to it

    def get_lldp_neighbors(self) -> dict[str, list[dict[str, str]]]:
        return neighbours.lldp(*self._ask(*neighbours.LLDP))

    def get_lldp_neighbors_detail(self, interface: str = "") -> dict[str, list[Values]]:
        return neighbours.lldp_detail(*self._ask(*neighbours.LLDP), interface=interface)

    def get_arp_table(self, vrf: str = "") -> list[Values]:
        return neighbours.arp(*self._ask(neighbours.arp_command(vrf)))

    def get_ipv6_neighbors_table(self) -> list[Values]:
        return neighbours.nd(*self._ask(neighbours.nd_command()))

    def get_mac_address_table(self) -> list[Values]:
        return neighbours.mac_table(*self._ask(*neighbours.MAC))

    def get_vlans(self) -> dict[str, Values]:
        return neighbours.vlans(*self._ask(*neighbours.VLANS))

    # ---- where it leads

    def get_route_to(
        self,
        destination: str = "",
        protocol: str = "",
        longer: bool = False,
    ) -> dict[str, list[Values]]:
        (said,) = self._ask(routing.route_command(destination, longer=longer))
        asked = routing.bgp_commands(said)
        return routing.routes(said, protocol, self._ask(*asked) if asked else [])

    def get_network_instances(self, name: str = "") -> dict[str, Values]:
        return routing.instances(*self._ask(*routing.INSTANCES), name=name)

    def get_bgp_neighbors(self) -> dict[str, Values]:
        return bgp.neighbors(*self._ask(*bgp.SUMMARY))

    def get_bgp_neighbors_detail(self, neighbor_address: str = "") -> dict[str, dict[int, list[Values]]]:
        return bgp.neighbors_detail(*self._ask(*bgp.NEIGHBORS), neighbor=neighbor_address)

    def get_bgp_config(self, group: str = "", neighbor: str = "") -> dict[str, Values]:
        return bgp.config(*self._ask(*bgp.CONFIG), group=group, neighbor=neighbor)

    def ping(  # noqa: PLR0917 - as NAPALM has it
        self,
        destination: str,
        source: str = c.PING_SOURCE,
        ttl: int = c.PING_TTL,
        timeout: int = c.PING_TIMEOUT,
        size: int = c.PING_SIZE,
        count: int = c.PING_COUNT,
        vrf: str = c.PING_VRF,
        source_interface: str = c.PING_SOURCE_INTERFACE,
    ) -> Values:
        """Five a second; `size` is the payload in bytes, as `ping -s` takes it."""
        command = reach.ping_command(
            destination,
            source=source,
            ttl=ttl,
            timeout=timeout,
            size=size,
            count=count,
            vrf=vrf,
            source_interface=source_interface,
        )
        return reach.ping(*self._ask(command), count=count)

    def traceroute(
        self,
        destination: str,
        source: str = c.TRACEROUTE_SOURCE,
        ttl: int = c.TRACEROUTE_TTL,
        timeout: int = c.TRACEROUTE_TIMEOUT,
        vrf: str = c.TRACEROUTE_VRF,
    ) -> Values:
        command = reach.traceroute_command(destination, source=source, ttl=ttl, timeout=timeout, vrf=vrf)
        return reach.traceroute(*self._ask(command))

    def cli(self, commands: list[str], encoding: str = "text") -> dict[str, Any]:
        """Commands of vtysh. With `json` each is asked for JSON and gives an object."""
        if encoding not in ("text", "json"):
            raise NotImplementedError(f"{encoding} is no encoding of FRR: text or json")
        if not isinstance(commands, list):
            raise TypeError("a list of commands is wanted")
        asked = [each if encoding == "text" or each.endswith(" json") else f"{each} json" for each in commands]
        answers = self._ask(*map(vtysh, asked))
        for command, answer in zip(commands, answers, strict=True):
            if answer.status != 0:
                raise CommandErrorException(f"{self.hostname}: {command}: {shown(answer.text) or answer.status}")
        return {
            command: answer.text.strip("\n") if encoding == "text" else answer.json()
            for command, answer in zip(commands, answers, strict=True)
        }

    # ---- how

    def _session(self) -> Session:
        if self.device is None:
            raise ConnectionClosedException(f"{self.hostname}: not open")
        return self.device

    def _ask(self, *commands: str) -> Sequence[Answer]:
        if self._wanted is not None:
            self._wanted.update(dict.fromkeys(commands))
            raise _LaterError
        if self._known and all(each in self._known for each in commands):
            return [self._known[each] for each in commands]
        return self._session().commands(commands)

    def _at_once(self, *asks: Callable[[], Any]) -> list[Any]:
        """What several getters tell, by one exec. Each is called twice: for what it would ask, and with the answers."""
        self._wanted = {}
        try:
            for ask in asks:
                with suppress(_LaterError, NapalmException, NotImplementedError):
                    ask()
            wanted = tuple(self._wanted)
        finally:
            self._wanted = None
        self._known = dict(zip(wanted, self._session().commands(wanted), strict=True))
        try:
            return [ask() for ask in asks]
        finally:
            self._known = {}

    def _who(self) -> str:
        """The person, as other engineers will read it."""
        try:
            return str(self._options.get("who") or getpass.getuser())
        except (KeyError, OSError):  # a user without a name, as in some containers
            return "somebody"


def _given(filename: str | None, config: str | None, kind: type[NapalmException]) -> str:
    """A file goes before a text, as NAPALM has it."""
    if not filename:
        return config or ""
    try:
        return Path(filename).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise kind(f"{filename}: {error}") from error
