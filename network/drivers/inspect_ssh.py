"""A first look at devices over SSH: one script for Linux, a few show commands for the others. Implements
`network.core.inspection.Inspector`. Changes nothing; a session for each look, closed when it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import paramiko
from netmiko import NetmikoBaseException

from inventory.model import Platform
from network.core.inspection import Facts, Offset
from network.core.ports import Clock
from network.core.tree import Place, ShaperId
from network.dialects import linux_facts, vendor_facts
from network.dialects.linux_ids import shaping_device
from network.dialects.linux_shell import Lacking, Unreadable
from network.dialects.linux_tc import LinuxTc
from network.drivers.failures import unreadable
from network.drivers.ssh_door import Dialer, Door, Secrets, Session, Target, converse, cut_looking

_DOING: Final = "check"
_HALF_A_SECOND: Final = timedelta(seconds=0.5)
"""A clock that shows whole seconds is, on average, so much further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One device to look at. `login` gives its secrets when they are needed, and may refuse. `places` are its shapers'."""

    target: Target
    platform: Platform
    login: Callable[[], Secrets]
    places: Mapping[ShaperId, Place]
    shapes: bool
    routes: bool


class SshInspector:
    def __init__(self, subjects: Mapping[str, Subject], dialer: Dialer, known_hosts: Path, clock: Clock) -> None:
        self._subjects = subjects
        self._dialer = dialer
        self._known_hosts = known_hosts
        self._clock = clock

    def inspect(self, device: str) -> Facts:
        subject = self._subjects[device]
        door = Door(subject.target, self._dialer, self._known_hosts, subject.login())
        if subject.platform is not Platform.LINUX:
            return self._ask(door, subject)
        with closing(door.open(_DOING)) as session:
            other = vendor_facts.greeted(session.greeting)
            if other is not None:
                return Facts(platform=other.value, version=session.greeting)
            facts = self._look(session, subject)
            return self._inside(session, subject, facts) if subject.places and not facts.lacks else facts

    def _look(self, session: Session, subject: Subject) -> Facts:
        asked = self._clock.now()
        script = linux_facts.facts_script(shapes=subject.shapes, routes=subject.routes)
        text = converse(session, subject.target, script, _DOING)
        try:
            seen = linux_facts.read_facts(text, subject.places)
        except Unreadable as error:
            raise unreadable(subject.target.device, _DOING, str(error)) from error
        return replace(seen.facts, offset=_offset(asked, seen.clock, self._clock.now()))

    def _inside(self, session: Session, subject: Subject, facts: Facts) -> Facts:
        """What stands inside our own trees and is not ours."""
        text = converse(session, subject.target, LinuxTc().observe_script(subject.places), _DOING)
        try:
            state = LinuxTc().observed(text, subject.places)
        except Unreadable as error:
            raise unreadable(subject.target.device, _DOING, str(error)) from error
        except Lacking:
            return facts  # an interface is not there, and is told already
        known = {each.interface for each in facts.strangers or ()}
        more = [
            linux_facts.inside(shaping_device(shaper, subject.places), line)
            for shaper, shown in state.shapers.items()
            for line in shown.foreign
            if shaping_device(shaper, subject.places) not in known
        ]
        return replace(facts, strangers=(*(facts.strangers or ()), *more))

    def _ask(self, door: Door, subject: Subject) -> Facts:
        target = subject.target
        with closing(door.dialogue(_DOING, subject.platform.value)) as dialogue:
            said: dict[str, str] = {}
            asked = answered = self._clock.now()
            try:
                for name, command in vendor_facts.COMMANDS[subject.platform].items():
                    before = self._clock.now()
                    said[name] = dialogue.say(command)
                    if name == vendor_facts.CLOCK:
                        asked, answered = before, self._clock.now()
            except (NetmikoBaseException, paramiko.SSHException, EOFError, OSError, ValueError) as error:
                raise cut_looking(target, _DOING, str(error).partition("\n")[0][:200] or type(error).__name__) from error
        seen = vendor_facts.read(subject.platform, said)
        return replace(seen.facts, offset=_offset(asked, seen.clock, answered))


def _offset(asked: datetime, theirs: datetime | None, answered: datetime) -> Offset | None:
    """Their clock stood somewhere between asking and answering; the middle halves the doubt."""
    if theirs is None:
        return None
    half = (answered - asked) / 2
    return Offset(theirs + _HALF_A_SECOND - (asked + half), abs(half) + _HALF_A_SECOND)
