"""A device on which links end, through NAPALM: candidates, a commit that goes back by itself, getters. Any platform with them.

Never trusts a host key by itself, and never shows what it sends.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final

from napalm import get_network_driver
from napalm.base import exceptions as told

from network.core.link_ports import Commit, Pending, Running
from network.core.links.beside import Beside
from network.core.links.capabilities import Capabilities
from network.core.links.sight import Looks, Neighbour, Pings, Sight
from network.dialects.links import linux_kernel
from network.dialects.links.seen import RoutingNeighbours, read_neighbours
from network.drivers.link_sessions import LinkTarget, Sessions, Which
from network.errors import ArmExpired, DeviceArmed, StepRefused

Mark = tuple[str, Any] | None
"""What a driver must know to keep a commit that another session made."""

for _name in ("paramiko", "netmiko", "napalm", "ncclient", "pyeapi"):
    logging.getLogger(_name).addHandler(logging.NullHandler())

_PING_SECONDS: Final = 1
_LEAVE: Final = 15
"""Seconds before its end in which a timer is left to itself: once it has run out, `rollback` of most drivers would go back from
the change before."""


class NapalmLinkDevice:
    """`network.core.link_ports.LinkDevice` over a NAPALM driver."""

    def __init__(self, target: LinkTarget, capabilities: Capabilities, password: str | None, options: Mapping[str, Any]) -> None:
        self._target, self._known = target, capabilities
        self._password, self._options = password, dict(options)
        self._sessions = Sessions(target, self._login_there, _lives, lambda driver: driver.close())
        self._mark: Mark = None
        self._run = ""

    def read(self, *, beside: bool = False) -> Running:
        return self._sessions.look(self._sessions.latest, "read", partial(self._read, beside=beside))

    def commit(self, commit: Commit) -> None:
        doing = f"commit {commit.run}"
        self._mark, self._run = None, ""  # what an earlier one was known by must not stand for one whose answer is lost
        driver = self._sessions.get(Which.MAIN, doing)
        self._sessions.drop(Which.FRESH)
        with self._sessions.words(doing, sent=False):
            driver.load_merge_candidate(config=commit.candidate)
        try:
            with self._sessions.words(doing, sent=True):
                driver.commit_config(message=commit.message if self._known.message else "", revert_in=commit.revert_in)
        except StepRefused:
            self._not_somebody_elses(driver, commit.run, doing)
            raise
        self._mark = _mark_of(driver)
        self._run = commit.run

    def _not_somebody_elses(self, driver: Any, run: str, doing: str) -> None:
        """Raises DeviceArmed when it was refused because another commit is pending."""
        with self._sessions.words(doing, sent=False):
            pending = self._pending(driver)
        if pending is not None and pending.run != run:
            left = "?" if pending.seconds_left is None else pending.seconds_left
            name = self._target.device
            raise DeviceArmed("device.armed", device=name, step=doing, run=pending.run or "?", seconds=left)

    def look(self, looks: Sequence[Looks]) -> tuple[Sight, ...]:
        return self._sessions.look(Which.FRESH, "look", partial(self._look, looks=looks))

    def confirm(self, run: str) -> None:
        doing = f"confirm {run}"
        driver = self._sessions.get(Which.FRESH, doing)
        with self._sessions.words(doing, sent=True):
            if _names_one(self._mark) and run == self._run:
                _take_up(driver, self._mark)
                with suppress(told.CommitConfirmException):
                    driver.confirm_commit()
                    return
            self._not_gone(self._pending(driver), run, doing)
            _take_up(driver, self._mark)
            driver.confirm_commit()

    def _not_gone(self, pending: Pending | None, run: str, doing: str) -> None:
        if pending is None or pending.run not in ("", run):
            raise ArmExpired("device.expired", device=self._target.device, step=doing, run=run)

    def revert(self) -> None:
        doing = "revert"
        driver = self._sessions.get(Which.MAIN, doing)
        with self._sessions.words(doing, sent=True):
            if self._known.driver == "frr":
                _take_up(driver, self._mark)
                driver._commits.revert()  # noqa: SLF001 - `rollback` would go back further when nothing waits any more
                return
            pending = self._pending(driver)
            if pending is None or (pending.seconds_left is not None and pending.seconds_left < _LEAVE):
                return
            _take_up(driver, self._mark)
            driver.rollback()

    def close(self) -> None:
        self._sessions.close()

    # ---- what is read

    def _read(self, driver: Any, *, beside: bool) -> Running:
        form = {"format": "set"} if self._known.driver == "junos" else {}
        held = partial(self._beside, driver) if beside and self._known.driver == "frr" else lambda: None
        running = partial(driver.get_config, retrieve="running", **form)
        config, pending, held_there = _told(driver, running, partial(self._pending, driver), held)
        return Running(text=config["running"], pending=pending, beside=held_there)

    def _pending(self, driver: Any) -> Pending | None:
        """Whose commit is pending, as far as a driver tells: FRR's the message of it, EOS's a session's name, IOS's the user,
        Junos's nothing but a number."""
        said: Mapping[str, object] = driver._get_pending_commits() or {}  # noqa: SLF001 - nothing public tells whose it is
        if not said:
            return None
        own = str(self._mark[1]) if self._mark is not None else ""
        name = own if own in said else str(next(iter(said)))
        left = said[name]
        match self._known.driver:
            case "frr":
                run = _run_of(name)
            case "eos" if own:
                run = self._run if name == own else name
            case "ios" if said.get("user") != self._target.username:
                run = str(said.get("user") or "?")
            case _:
                run = ""
        return Pending(run=run, seconds_left=left if isinstance(left, int) and left >= 0 else None)

    def _beside(self, driver: Any) -> Beside:
        said = driver._ask(*linux_kernel.COMMANDS)  # noqa: SLF001 - no getter of NAPALM's tells of all of it
        try:
            return linux_kernel.read([answer.text for answer in said])
        except ValueError as error:
            name = self._target.device
            raise StepRefused("links.device_refused", device=name, step="read", said=str(error)[:200]) from error

    def _look(self, driver: Any, looks: Sequence[Looks]) -> tuple[Sight, ...]:
        """What a getter tells of all interfaces at once is asked once."""
        pings = [each for each in looks if each.pings and each.peer]
        asks: list[Callable[[], Any]] = [
            driver.get_interfaces,
            partial(_neighbours, driver) if any(each.lldp for each in looks) else lambda: None,
            partial(_optics, driver) if any(each.optics for each in looks) else dict,
            partial(read_neighbours, self._known.driver, driver.cli) if any(each.routing for each in looks) else lambda: None,
            *(partial(self._ping, driver, each, size) for each in pings for size in (each.small, each.large)),
        ]
        interfaces, heard, light, routing, *answers = _told(driver, *asks)
        pinged = {each: (answers[2 * place], answers[2 * place + 1]) for place, each in enumerate(pings)}
        return tuple(
            self._seen(each, interfaces.get(each.interface, {}), heard, light, routing, pinged.get(each, (None, None)))
            for each in looks
        )

    def _seen(
        self,
        looks: Looks,
        interface: Mapping[str, Any],
        heard: Mapping[str, Any] | None,
        light: Mapping[str, Any],
        routing: RoutingNeighbours | None,
        pinged: tuple[Pings | None, Pings | None],
    ) -> Sight:
        small, large = pinged
        received, sent = _levels(light.get(looks.interface)) if looks.optics else (None, None)
        state, age = routing.state(looks.interface, looks.peer) if looks.routing and routing else (None, None)
        return Sight(
            carrier=interface.get("is_up"),
            mtu=_positive(interface.get("mtu")),
            neighbours=_heard(heard, looks.interface) if looks.lldp else None,
            small=small,
            large=large,
            routing=state,
            routing_age=age,
            received=received,
            sent=sent,
        )

    def _ping(self, driver: Any, looks: Looks, size: int) -> Pings:
        """`size` is that of the whole packet."""
        payload, source = size - self._known.overhead, looks.source or ""
        said = driver.ping(looks.peer, source=source, timeout=_PING_SECONDS, size=payload, count=looks.count)
        return _pings(said, looks.count)

    def _login_there(self) -> Any:
        target = self._target
        kind = get_network_driver(self._known.driver)
        driver = kind(target.host, target.username, self._password or "", int(target.seconds), dict(self._options))
        if self._known.driver == "junos":
            # PyEZ trusts any host key unless it is told not to, and NAPALM has no word for it.
            driver.device._hostkey_verify = True  # noqa: SLF001
        driver.open()
        return driver


def _told(driver: Any, *asks: Callable[[], Any]) -> Sequence[Any]:
    """All of it together, where a driver can do that."""
    together = getattr(driver, "_at_once", None)
    answers: Sequence[Any] = together(*asks) if together else [ask() for ask in asks]
    return answers


def _lives(driver: Any) -> bool:
    """Asking the device costs as much as asking it something; where the session knows by itself it is not asked."""
    known = getattr(getattr(driver, "device", None), "alive", None)
    return known if isinstance(known, bool) else bool(driver.is_alive()["is_alive"])


def _mark_of(driver: Any) -> Mark:
    """By what a driver knows its own commit again: EOS by the name of a session, FRR by a token."""
    if hasattr(driver, "config_session"):
        return "config_session", driver.config_session
    commits = getattr(driver, "_commits", None)
    return ("_token", commits._token) if commits is not None else None  # noqa: SLF001


def _names_one(mark: Mark) -> bool:
    """Whether it tells one commit from every other, so that the device itself refuses to keep another's."""
    return mark is not None and mark[0] == "_token" and bool(mark[1])


def _take_up(driver: Any, mark: Mark) -> None:
    """Let a driver that was opened after a commit take it for its own, so that it keeps that one and no other. EOS's keeps none
    whose name it does not know: after a crash, the only one there is."""
    if mark is not None:
        name, value = mark
        setattr(driver if name == "config_session" else driver._commits, name, value)  # noqa: SLF001
    elif hasattr(driver, "config_session"):
        waiting = list(driver._get_pending_commits())  # noqa: SLF001
        driver.config_session = waiting[0] if len(waiting) == 1 else None


def _run_of(message: object) -> str:
    """A run of ours puts its id first in the message; other people's words are theirs."""
    words = str(message).split()
    return words[0][:80] if words else "?"


def _positive(value: Any) -> int | None:
    return int(value) if isinstance(value, (int, float)) and value > 0 else None


def _neighbours(driver: Any) -> Mapping[str, Any] | None:
    """By interface whom LLDP hears; None where it is not there."""
    try:
        heard: Mapping[str, Any] = driver.get_lldp_neighbors()
    except (NotImplementedError, told.CommandErrorException):
        return None
    return heard


def _heard(heard: Mapping[str, Any] | None, interface: str) -> tuple[Neighbour, ...] | None:
    if heard is None:
        return None
    return tuple(Neighbour(device=each["hostname"][:253], interface=each["port"][:64]) for each in heard.get(interface, []))


def _optics(driver: Any) -> Mapping[str, Any]:
    try:
        light: Mapping[str, Any] = driver.get_optics()
    except (NotImplementedError, told.CommandErrorException):
        return {}
    return light


def _levels(module: Mapping[str, Any] | None) -> tuple[float | None, float | None]:
    """Received and sent, in dBm."""
    channels = module["physical_channels"]["channel"] if module else []
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
