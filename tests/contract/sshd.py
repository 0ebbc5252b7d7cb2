"""A real OpenSSH server on loopback, with a host key and a login key of its own."""

from __future__ import annotations

import os
import socket
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Final

ADDRESS: Final = "127.0.0.1"
_SETTINGS: Final = """
ListenAddress {address}
Port {port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized_keys
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
MaxStartups 200
MaxSessions 50
"""


class Sshd:
    """`kind` of the host key. `client_key` is the text of the private key that may log in as whoever runs this test."""

    def __init__(self, folder: Path, kind: str = "ed25519") -> None:
        self._folder = folder
        self.host_key = self.make_key("host", kind)
        self.client_key = (folder / "client").read_text() if self.make_key("client") else ""
        (folder / "authorized_keys").write_text((folder / "client.pub").read_text())
        with closing(socket.create_server((ADDRESS, 0))) as free:
            self.port: int = free.getsockname()[1]
        (folder / "config").write_text(_SETTINGS.format(address=ADDRESS, port=self.port, folder=folder))
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def make_key(self, name: str, kind: str = "ed25519") -> str:
        """A new key pair, its public half as known_hosts holds it."""
        file = self._folder / name
        for old in (file, file.with_suffix(".pub")):
            old.unlink(missing_ok=True)
        subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "", "-f", str(file)], check=True, timeout=240)
        return " ".join(file.with_suffix(".pub").read_text().split()[:2])

    def known_hosts(self, key: str | None = None) -> Path:
        """A file that pins `key`, by default the real one."""
        file = self._folder / "known_hosts"
        file.write_text(f"# pinned\n[{ADDRESS}]:{self.port} {key or self.host_key}\n")
        return file

    def start(self) -> None:
        self._process = subprocess.Popen(
            ["/usr/sbin/sshd", "-D", "-e", "-f", str(self._folder / "config")], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        assert self._process.stderr is not None
        while line := self._process.stderr.readline():
            if b"listening on" in line:
                return
        raise AssertionError("sshd did not start")

    def stop(self) -> None:
        """No more connections are taken; those that are open go on."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            if self._process.stderr is not None:
                self._process.stderr.close()
            self._process = None

    def cut(self) -> None:
        """Open connections end, and no new one is taken."""
        if self._process is not None:
            children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
            for child in children:
                os.kill(int(child), 9)
        self.stop()
