"""An SSH server on loopback that plays a device: keys of several kinds, a greeting, a login, scripts, a shell that answers."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import paramiko
from paramiko.common import AUTH_FAILED, AUTH_SUCCESSFUL, OPEN_SUCCEEDED

from network.drivers.host_keys import HostKey

PASSWORD: Final = "nine-birds"
ADDRESS: Final = "127.0.0.1"


@cache
def ecdsa(number: int = 0) -> paramiko.PKey:  # noqa: ARG001 - one key a number
    return paramiko.ECDSAKey.generate()


@cache
def rsa() -> paramiko.PKey:
    return paramiko.RSAKey.generate(2048)


def key_of(key: paramiko.PKey) -> HostKey:
    return HostKey(key.get_name(), key.asbytes())


@dataclass
class Peer:
    """`exec` is printed for any script; `shell` holds the answers by command, `prompt` stands before each. Where an answer
    is None the connection ends. `talk` answers in the place of both: to a command, what is said and the next prompt.
    `terminal` holds the whole conversation itself.

    `banner` is shown before the login and `welcome` after it. `tried`: the user names that somebody tried to log in with.
    `stalls`: no script begins before it is set.
    """

    keys: Sequence[paramiko.PKey] = field(default_factory=lambda: [ecdsa()])
    greeting: str = "SSH-2.0-OpenSSH_9.2p1"
    exec: bytes | None = b""
    shell: Mapping[str, str | None] = field(default_factory=dict)
    prompt: str = "router#"
    talk: Callable[[str], tuple[str, str] | None] | None = None
    password: str = PASSWORD
    banner: str = ""
    welcome: str = ""
    terminal: Callable[[paramiko.Channel], None] | None = None
    tried: list[str] = field(default_factory=list)
    stalls: threading.Event | None = None

    def __post_init__(self) -> None:
        self.listener = socket.create_server((ADDRESS, 0))
        self.port: int = self.listener.getsockname()[1]
        self._transports: list[paramiko.Transport] = []
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            transport = paramiko.Transport(sock)
            transport.local_version = self.greeting
            for key in self.keys:
                transport.add_server_key(key)
            self._transports.append(transport)
            try:
                transport.start_server(server=_Manners(self))
            except (paramiko.SSHException, EOFError, OSError):  # the client left, politely or not
                transport.close()

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self._thread.join(10)
        for transport in self._transports:
            transport.close()
            transport.join(10)


class _Manners(paramiko.ServerInterface):
    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    def check_auth_none(self, username: str) -> int:
        self._peer.tried.append(username)
        return AUTH_FAILED

    def check_auth_password(self, username: str, password: str) -> int:
        self._peer.tried.append(username)
        return AUTH_SUCCESSFUL if password == self._peer.password else AUTH_FAILED

    def get_banner(self) -> tuple[str | None, str | None]:
        return (self._peer.banner, "en-US") if self._peer.banner else (None, None)

    def get_allowed_auths(self, username: str) -> str:
        return "password"

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return OPEN_SUCCEEDED

    def check_channel_pty_request(self, channel: paramiko.Channel, *sizes: object) -> bool:
        return True

    def check_channel_window_change_request(self, channel: paramiko.Channel, *sizes: object) -> bool:
        return True

    def check_channel_shell_request(self, channel: paramiko.Channel) -> bool:
        terminal = self._peer.terminal or self._converse
        threading.Thread(target=terminal, args=(channel,), daemon=True).start()
        return True

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        if self._peer.stalls is not None:
            self._peer.stalls.wait(60)
        said = self._peer.exec
        if said is None:
            channel.get_transport().close()
            return False
        threading.Thread(target=self._answer, args=(channel, said), daemon=True).start()
        return True

    @staticmethod
    def _answer(channel: paramiko.Channel, said: bytes) -> None:
        with suppress(EOFError, OSError, paramiko.SSHException):  # whoever asked may be gone
            while channel.recv(4096):
                pass
            channel.sendall(said)
            channel.send_exit_status(0)
            channel.close()

    def _answered(self, command: str, prompt: str) -> tuple[str, str] | None:
        if self._peer.talk is not None:
            return self._peer.talk(command)
        said = self._peer.shell.get(command, "")
        return None if said is None else (said, prompt)

    def _converse(self, channel: paramiko.Channel) -> None:
        """Line by line: the echo, the answer, the prompt."""
        prompt, line = self._peer.prompt, ""
        try:
            channel.sendall(f"{self._peer.welcome}\n{prompt}".replace("\n", "\r\n").encode())
            while chunk := channel.recv(4096).decode(errors="replace"):
                for letter in chunk.replace("\0", ""):  # which is how some ask whether anybody is there
                    if letter not in "\r\n":
                        line += letter
                        continue
                    if not line and letter == "\n":
                        channel.sendall(f"\r\n{prompt}".encode())
                        continue
                    answer = self._answered(line.strip(), prompt)
                    if answer is None:
                        channel.get_transport().close()
                        return
                    said, prompt = answer
                    said = said.replace("\n", "\r\n")
                    channel.sendall(f"{line}\r\n{said}\r\n{prompt}".encode())
                    line = ""
        except (OSError, EOFError):  # the other end has gone
            return
