"""Commands on a device: many in one exec, each with its exit status and its own output. Pure, but for what is handed in."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from napalm.base.exceptions import CommandErrorException, ConnectionClosedException

from napalm_frr import direct
from napalm_frr.words import shown, word

_HEAD: Final = "PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/frr:$PATH\nLC_ALL=C\nexport PATH LC_ALL\n"
_VTYSH_WORDS: Final = re.compile(r"^vtysh -c ")
_VTYSH: Final = re.compile(r"vtysh -c ('show [^'\n]*')")
"""One command that only looks, and is one word to the shell."""
_WAITS: Final = re.compile(r"ping ")
"""Costs a device little and takes long."""
_AT_ONCE: Final = 16


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
    """Run commands of the shell in one exec. Raises ConnectionClosedException when the answer is not whole.

    What vtysh alone is asked, one vtysh is asked together: to start one costs a device more than most of what it tells. Pings
    run at the same time.
    """
    nonce = secrets.token_hex(8)
    shared = _shared(commands)
    at_once = [each for each in dict.fromkeys(commands) if _WAITS.match(each)][:_AT_ONCE]
    parts = [_joined(shared, nonce)] if shared else []
    if at_once:
        parts.append(_together([_alone(each, nonce) for each in at_once]))
    for command in commands:
        if command not in at_once:
            alone = _alone(command, nonce)
            parts.append(f'[ -n "$all" ] || {{ {alone}; }}' if command in shared else alone)
    begin = f"printf '\\n@%s begin\\n' {nonce}\n"
    script = _HEAD + "main() {\nall=\n" + "\n".join(parts) + "\n}\n" + begin + "main\n"
    answer = runner.run(script)
    # What stands before it is what a shell's start-up files say to everybody.
    said = iter(_sections(answer.rpartition(f"\n@{nonce} begin\n")[2], nonce))
    known = _apart(next(said), list(shared)) if shared else {}
    for command in reversed(at_once):
        known[command] = next(said)
    return [known[each] if each in known else next(said) for each in commands]


def _alone(command: str, nonce: str) -> str:
    first = f"perl -e {word(direct.ASK)} 2>/dev/null ||\n" if command == RUNNING else ""
    return f"( {first}{command}\n) </dev/null 2>&1; printf '\\n@%s %s\\n' {nonce} $?"


def _together(parts: Sequence[str]) -> str:
    """All of them at the same time; what they print comes whole, the last one's first."""
    first, *others = parts
    for each in others:
        first = f"{{ {first}\n}} | {{ {each}\ncat\n}}"
    return first


def _shared(commands: Sequence[str]) -> dict[str, str]:
    """The commands that one vtysh can be asked together, and each in vtysh's own words; none when there is only one."""
    found = {each: alone[1] for each in commands if (alone := _VTYSH.fullmatch(each)) is not None}
    return found if len(found) > 1 else {}


def _joined(shared: Mapping[str, str], nonce: str) -> str:
    """All asked of FRR's daemons; else in one vtysh, which stops at the first that fails. Where `all` stays empty each is asked
    alone."""
    words = " ".join(f"-c {each}" for each in shared.values())
    told = " ".join(map(word, direct.shows([_VTYSH_WORDS.sub("", each)[1:-1] for each in shared])))
    first = f"said=$(perl -e {word(direct.ASK)} '' {told} </dev/null 2>/dev/null) && all=yes\n" if told else ""
    vtysh = f"said=$(vtysh -E {words} </dev/null 2>&1) && all=yes"
    return f'{first}[ -n "$all" ] ||\n{vtysh}\nprintf \'%s\\n\\n@%s %s\\n\' "$said" {nonce} $?'


def _apart(said: Answer, shared: Sequence[str]) -> dict[str, Answer]:
    """What each printed: vtysh shows every command after its prompt."""
    if said.status != 0:
        return {}
    found: dict[str, Answer] = {}
    rest = said.text
    for command in reversed(shared):
        heads = list(re.finditer(rf"^\S+# {re.escape(_VTYSH_WORDS.sub('', command)[1:-1])}$\n?", rest, re.MULTILINE))
        if not heads:
            raise ConnectionClosedException("vtysh did not show what it was asked")
        found[command] = Answer(rest[heads[-1].end() :])
        rest = rest[: heads[-1].start()]
    return found


def _sections(said: str, nonce: str) -> Iterator[Answer]:
    """Raises ConnectionClosedException where one more is wanted than there are."""
    while True:
        text, mark, said = said.partition(f"\n@{nonce} ")
        status, _, said = said.partition("\n")
        if not mark or not status.isdecimal():
            raise ConnectionClosedException("the session has ended in the middle of an answer")
        yield Answer(text, int(status))


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


RUNNING: Final = vtysh("show daemons", "show running-config")
"""Where FRR's daemons are asked themselves, what each runs stands below that of another: the same lines."""
