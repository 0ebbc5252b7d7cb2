"""Commands on a device: many in one exec, each with its exit status and its own output. Pure, but for what is handed in."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from napalm.base.exceptions import CommandErrorException, ConnectionClosedException

from napalm_frr.words import shown, word

_HEAD: Final = "PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/frr:$PATH\nLC_ALL=C\nexport PATH LC_ALL\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command printed, standard error included, and how it ended; 127 where there is no such program."""

    text: str
    status: int = 0

    def json(self) -> Any:
        """The JSON that it printed, warnings before it passed over. Raises CommandErrorException."""
        starts = [at for at in (self.text.find("{"), self.text.find("[")) if at >= 0]
        try:
            return json.loads(self.text[min(starts) :]) if starts else {}
        except ValueError as error:
            raise CommandErrorException(f"not the JSON that was asked for: {shown(self.text[:200])}") from error


class Device(Protocol):
    """What runs commands, one after the other, and gives an answer for each."""

    def commands(self, commands: Sequence[str]) -> list[Answer]: ...


class Runner(Protocol):
    """What runs a script and gives back what it printed."""

    def run(self, script: str) -> str: ...


def ask(runner: Runner, commands: Sequence[str]) -> list[Answer]:
    """Run commands of the shell in one exec. Raises ConnectionClosedException when the answer is not whole."""
    nonce = secrets.token_hex(8)
    parts = [f"( {command}\n) </dev/null 2>&1; printf '\\n@%s %s\\n' {nonce} $?" for command in commands]
    script = _HEAD + "main() {\n" + "\n".join(parts) + "\n}\nmain\n"
    answers = []
    rest = runner.run(script)
    for _ in commands:
        text, mark, rest = rest.partition(f"\n@{nonce} ")
        status, _, rest = rest.partition("\n")
        if not mark or not status.isdecimal():
            raise ConnectionClosedException("the session has ended in the middle of an answer")
        answers.append(Answer(text, int(status)))
    return answers


def vtysh(*commands: str) -> str:
    """A command that gives these to one vtysh, in order; it stops at the first that fails."""
    return " ".join(["vtysh", *(f"-c {word(each)}" for each in commands)])


def inside(vrf: str, command: str) -> str:
    """A command of iproute2 or ping in a VRF: a VRF device of the kernel, or the network namespace that stands for one."""
    if not vrf or vrf in ("default", "global"):
        return command
    name = word(vrf)
    is_device = f"ip link show type vrf dev {name} >/dev/null 2>&1"
    return f"if {is_device}; then ip vrf exec {name} {command}; else ip netns exec {name} {command}; fi"
