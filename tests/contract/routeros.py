"""A RouterOS terminal as its manual and public captures show it: the echo, the painting over, Safe Mode and its question.

Keeps what was typed and knows what it would undo; understands no more of it than the answers that it was given.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import paramiko

SAFE: Final = "\x18"
HISTORY: Final = "/system history print without-paging"
EXPORT: Final = "/export terse show-sensitive"
QUESTION: Final = "\r\nHijacking Safe Mode from someone - unroll/release/don't take it [u/r/d]:"


@dataclass
class RouterOs:
    """`says` are the answers by command; a command without one does something and says nothing, and `did` has it.

    Who loses the terminal that is in Safe Mode loses what was done in it.
    """

    export: str
    says: Mapping[str, str] = field(default_factory=dict)
    name: str = "r-bappeda"
    did: list[str] = field(default_factory=list)
    pending: int = 0
    holder: paramiko.Channel | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def talk(self, channel: paramiko.Channel) -> None:
        try:
            banner = "MikroTik RouterOS 7.15.3 (c) 1999-2024       https://www.mikrotik.com/"
            self._show(channel, f"\r\n\r\n  {banner}\r\n\r\n{self._prompt(channel)}")
            self._converse(channel)
        except (OSError, EOFError, paramiko.SSHException):  # the other end has gone
            pass
        finally:
            with self.lock:
                if self.holder is channel:
                    self._undo()

    def _converse(self, channel: paramiko.Channel) -> None:
        line, asked = "", False
        while chunk := channel.recv(4096).decode(errors="replace"):
            for letter in chunk:
                if asked:
                    asked = False
                    self._decide(channel, letter)
                elif letter == SAFE:
                    asked = self._switch(channel)
                elif letter == "\r":
                    if line in {"quit", "/quit"}:
                        channel.close()
                        return
                    self._run(channel, line)
                    line = ""
                elif letter != "\n":
                    line += letter
                    self._show(channel, letter)

    def _run(self, channel: paramiko.Channel, line: str) -> None:
        prompt = self._prompt(channel)
        said = self._answer(line)
        # The terminal paints the line anew before it obeys.
        self._show(
            channel, f"\r{prompt}\r{prompt}{line}\r\n{said.replace(chr(10), chr(13) + chr(10))}\r\n{self._prompt(channel)}"
        )

    def _answer(self, line: str) -> str:
        if line == EXPORT:
            return self.export
        if line == HISTORY:
            entries = "".join(f"F {each} admin write\n" for each in self.did[len(self.did) - self.pending :])
            return f"Flags: U - undoable, R - redoable, F - floating-undo\n{entries}"
        if line in self.says or not line:
            return self.says.get(line, "")
        with self.lock:
            self.did.append(line)
            self.pending += self.holder is not None
        return ""

    def _switch(self, channel: paramiko.Channel) -> bool:
        """Whether the terminal asks what shall become of somebody else's changes."""
        with self.lock:
            if self.holder is channel:
                self.holder, self.pending = None, 0
                self._show(channel, f"\r\n[Safe Mode released]\r\n{self._prompt(channel)}")
                return False
            if self.holder is not None:
                self._show(channel, QUESTION)
                return True
            self.holder = channel
        self._show(channel, f"\r\n[Safe Mode taken]\r\n{self._prompt(channel)}")
        return False

    def _decide(self, channel: paramiko.Channel, letter: str) -> None:
        with self.lock:
            if letter in "ur":
                if letter == "u":
                    self._undo()
                self.holder, self.pending = channel, 0
        self._show(channel, f"{letter}\r\n{self._prompt(channel)}")

    def _undo(self) -> None:
        del self.did[len(self.did) - self.pending :]
        self.holder, self.pending = None, 0

    @staticmethod
    def _show(channel: paramiko.Channel, text: str) -> None:
        channel.sendall(text.encode())

    def _prompt(self, channel: paramiko.Channel) -> str:
        return f"[admin@{self.name}] <SAFE> " if self.holder is channel else f"[admin@{self.name}] > "
