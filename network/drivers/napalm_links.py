"""A device on which links end, through NAPALM: candidates, a commit that goes back by itself, getters. Any platform with them.

Two sessions: the one that changes, and one that is opened after a change and nothing else, by which it is proved and kept. A
session that died between two calls is opened anew; one that dies while a commit is under way is not asked again.
Never trusts a host key by itself, and never shows what it sends.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

from napalm import get_network_driver
from napalm.base import exceptions as told

from network.core.link_ports import Commit, Pending, Running
from network.core.links.capabilities import Capabilities
from network.core.links.sight import Looks, Neighbour, Pings, Sight
from network.dialects.links.seen import read_neighbour
from network.drivers.napalm_failures import Where, translated
from network.errors import ArmExpired, DeviceArmed, DeviceError, SessionCut

T = TypeVar("T")

for _name in ("paramiko", "netmiko", "napalm", "ncclient", "pyeapi"):
    logging.getLogger(_name).addHandler(logging.NullHandler())

_PING_SECONDS: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTarget:
    """Where a device answers and as what. `options` are NAPALM's `optional_args`; they and the password are secrets."""

    device: str
    host: str
    port: int
    username: str
    known_hosts: str
    seconds: float = 15.0

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"


class NapalmLinkDevice:
    """`network.core.link_ports.LinkDevice` over a NAPALM driver."""

    def __init__(self, target: LinkTarget, capabilities: Capabilities, password: str | None, options: Mapping[str, Any]) -> None:
        self._target, self._known = target, capabilities
        self._password, self._options = password, dict(options)
        self._main: Any = None
        self._fresh: Any = None
        self._session: Any = None
        """What EOS calls the session of a commit: it alone may confirm it."""

    def read(self) -> Running:
        return self._on("_main", "read", self._read)

    def commit(self, commit: Commit) -> None:
        doing = f"commit {commit.run}"
        driver = self._open("_main", doing)
        self._close("_fresh")
        with self._words(doing, sent=False):
            if driver.has_pending_commit():
                pending = _pending(driver)
                raise DeviceArmed(
                    "device.armed",
                    device=self._target.device,
                    step=doing,
                    run=(pending.run if pending else "") or "?",
                    seconds=(pending.seconds_left if pending else None) or "?",
                )
            driver.load_merge_candidate(config=commit.candidate)
        with self._words(doing, sent=True):
            driver.commit_config(message=commit.message if self._known.message else "", revert_in=commit.revert_in)
        self._session = getattr(driver, "config_session", None)

    def look(self, looks: Looks) -> Sight:
        return self._on("_fresh", "look", partial(self._look, looks=looks))

    def confirm(self, run: str) -> None:
        doing = f"confirm {run}"
        driver = self._open("_fresh", doing)
        with self._words(doing, sent=True):
            pending = _pending(driver)
            if pending is None or pending.run not in ("", run):
                raise ArmExpired("device.expired", device=self._target.device, step=doing, run=run)
            if self._session is not None:
                driver.config_session = self._session
            driver.confirm_commit()

    def revert(self) -> None:
        doing = "revert"
        driver = self._open("_main", doing)
        with self._words(doing, sent=True):
            if driver.has_pending_commit():
                if self._session is not None:
                    driver.config_session = self._session
                driver.rollback()

    def close(self) -> None:
        self._close("_main")
        self._close("_fresh")

    # ---- what is read

    def _read(self, driver: Any) -> Running:
        form = {"format": "set"} if self._known.driver == "junos" else {}
        text = driver.get_config(retrieve="running", **form)["running"]
        return Running(text=text, pending=_pending(driver))

    def _look(self, driver: Any, looks: Looks) -> Sight:
        interface = driver.get_interfaces().get(looks.interface, {})
        small, large = self._pings(driver, looks) if looks.pings and looks.peer else (None, None)
        received, sent = _levels(driver, looks.interface) if looks.optics else (None, None)
        return Sight(
            carrier=interface.get("is_up"),
            mtu=_positive(interface.get("mtu")),
            neighbours=_neighbours(driver, looks.interface) if looks.lldp else None,
            small=small,
            large=large,
            routing=read_neighbour(self._known.driver, driver.cli, looks) if looks.routing else None,
            received=received,
            sent=sent,
        )

    def _pings(self, driver: Any, looks: Looks) -> tuple[Pings, Pings]:
        small, large = (
            _pings(
                driver.ping(
                    looks.peer,
                    source=looks.source or "",
                    timeout=_PING_SECONDS,
                    size=size - self._known.overhead,
                    count=looks.count,
                ),
                looks.count,
            )
            for size in (looks.small, looks.large)
        )
        return small, large

    # ---- sessions

    def _on(self, which: str, doing: str, work: Callable[[Any], T]) -> T:
        """Work that may be done twice: once more on a new session when the old one turns out to be dead."""
        had = getattr(self, which) is not None
        try:
            return self._once(which, doing, work)
        except SessionCut:
            if not had:
                raise
        return self._once(which, doing, work)

    def _once(self, which: str, doing: str, work: Callable[[Any], T]) -> T:
        driver = self._open(which, doing)
        try:
            with self._words(doing, sent=True):
                return work(driver)
        except DeviceError:
            self._close(which)
            raise

    def _open(self, which: str, doing: str) -> Any:
        driver = getattr(self, which)
        if driver is not None and self._lives(driver):
            return driver
        self._close(which)
        target = self._target
        kind = get_network_driver(self._known.driver)
        driver = kind(target.host, target.username, self._password or "", int(target.seconds), dict(self._options))
        with self._words(doing, sent=False):
            driver.open()
        setattr(self, which, driver)
        return driver

    def _lives(self, driver: Any) -> bool:
        try:
            return bool(driver.is_alive()["is_alive"])
        except Exception:  # noqa: BLE001 - whatever a driver says of a dead session, it is dead
            return False

    def _close(self, which: str) -> None:
        driver = getattr(self, which)
        setattr(self, which, None)
        if driver is not None:
            with suppress(Exception):
                driver.close()

    @contextmanager
    def _words(self, doing: str, *, sent: bool) -> Iterator[None]:
        """Foreign exceptions as ours. `sent`: what was asked may have been done."""
        target = self._target
        where = Where(device=target.device, step=doing, address=target.address, host=target.host, port=target.port)
        try:
            yield
        except DeviceError:
            raise
        except Exception as error:
            ours = translated(error, where, known_hosts=target.known_hosts, username=target.username, sent=sent)
            if ours is None:
                raise
            raise ours from error


def _pending(driver: Any) -> Pending | None:
    """Whose commit is pending. Drivers say so in a way of their own, or only that there is one."""
    if not driver.has_pending_commit():
        return None
    said: Mapping[object, object] = getattr(driver, "_get_pending_commits", dict)() or {}
    for name, value in said.items():
        return Pending(run=_run_of(name, value), seconds_left=value if isinstance(value, int) and value >= 0 else None)
    return Pending(run="")


def _run_of(name: object, value: object) -> str:
    """A run of ours puts its id first in the message; other people's words are theirs."""
    words = str(value if isinstance(value, str) else name).split()
    return words[0][:80] if words else ""


def _positive(value: Any) -> int | None:
    return int(value) if isinstance(value, (int, float)) and value > 0 else None


def _neighbours(driver: Any, interface: str) -> tuple[Neighbour, ...] | None:
    try:
        heard = driver.get_lldp_neighbors()
    except (NotImplementedError, told.CommandErrorException):
        return None
    return tuple(Neighbour(device=each["hostname"][:253], interface=each["port"][:64]) for each in heard.get(interface, []))


def _levels(driver: Any, interface: str) -> tuple[float | None, float | None]:
    """Received and sent, in dBm."""
    try:
        found = driver.get_optics().get(interface)
    except (NotImplementedError, told.CommandErrorException):
        return None, None
    channels = found["physical_channels"]["channel"] if found else []
    if not channels:
        return None, None
    state = channels[0]["state"]
    return float(state["input_power"]["instant"]), float(state["output_power"]["instant"])


def _pings(said: Mapping[str, Any], count: int) -> Pings:
    result = said.get("success")
    if not result:
        return Pings(sent=count, received=0)
    sent = int(result["probes_sent"])
    return Pings(sent=sent, received=max(0, sent - int(result["packet_loss"])))
