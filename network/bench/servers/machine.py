"""What a simulated server says when it is looked at, and what it does when it is told. Pure: a value in, texts out.

Its answers have the shape of `infra/collector.sh`, with as many packages and units as a small Debian server has.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from typing import Any, Final

_NONCE: Final = re.compile(r"n=([0-9a-f]{16,64})\n")
_WRITTEN: Final = re.compile(r"printf '%s\\n' '(?P<text>\{[^']*\})' >(?P<path>\S+)\.part")
_READ: Final = re.compile(r"head -c \d+ (\S+) ")
_START: Final = re.compile(r"systemctl (?:[a-z-]+ )*(?:start|enable) .*?(?P<unit>[\w.@-]+\.service)")
_WIPE: Final = re.compile(r"lajur_wipe\(\).* n=(?P<nonce>[0-9a-f]+) count=0 last=(?P<last>yes|no)\n", re.DOTALL)
_DATA: Final = re.compile(r"lajur_data\(\).* n=(?P<nonce>[0-9a-f]+) count=0 look=(?P<look>yes|no) ", re.DOTALL)
_PACKAGES: Final = 220
_UNITS: Final = 60


@dataclass(slots=True)
class Machine:
    """One server. `memory` in bytes, `disks` by name in bytes; `services` by name, whether each runs. `data` of our roles: by
    tree its bytes. `locked`: our key was wiped, and nobody is let in any more.

    `held`: such a question (look, record, wipe, lock, any) is not answered while this stands there, though what it told was done;
    `wipe` and `lock` are the halves of a return. A file that ends in `.holding` then stands beside the machine's own. `dead`: it
    ends every connection. `flood`: so many bytes come before every answer.
    """

    name: str
    cpus: int = 16
    memory: int = 64 * 2**30
    disks: dict[str, int] = field(default_factory=dict)
    packages: dict[str, str] = field(default_factory=dict)
    services: dict[str, bool] = field(default_factory=dict)
    ports: tuple[int, ...] = (22,)
    keys: tuple[str, ...] = ()
    serial: str = ""
    files: dict[str, str] = field(default_factory=dict)
    data: dict[str, int] = field(default_factory=dict)
    locked: bool = False
    held: str = ""
    dead: bool = False
    flood: int = 0

    def holds(self, text: str) -> bool:
        """Whether the answer to this is kept back."""
        kind = "look" if _NONCE.match(text) else "record" if _WRITTEN.search(text) else ""
        if _WIPE.search(text):
            kind = "lock" if self.locked else "wipe"
        return self.held in (kind, "any") and self.held != ""

    def answer(self, text: str) -> tuple[int, str]:
        """What a shell script prints here, and how it ends."""
        asked = _NONCE.match(text)
        if asked:
            return 0, self._seen(asked[1])
        data = _DATA.search(text)
        if data:
            return 0, self._data(data["nonce"], look=data["look"] == "yes")
        wiped = _WIPE.search(text)
        if wiped:
            return 0, self._wiped(wiped["nonce"], whole=wiped["last"] == "yes")
        wrote, read, start = _WRITTEN.search(text), _READ.match(text), _START.search(text)
        if wrote:
            self.files[wrote["path"]] = wrote["text"] + "\n"
        if read:
            return 0, next((self.files[path] for path in _READ.findall(text) if path in self.files), "")
        if start:
            self.services[start["unit"]] = True
        return 0, ""

    def _data(self, nonce: str, *, look: bool) -> str:
        """Of `data`, by path of a tree its bytes: told, or wiped a gigabyte at a time."""
        lines: list[dict[str, object]] = []
        for path, size in self.data.items():
            role = "database" if "postgresql" in path else "workload"
            line = {"proof": nonce, "kind": "data", "role": role, "path": base64.b64encode(path.encode()).decode()}
            left = size if look else max(0, size - 10**9)
            after = "found" if look else "going" if left else "gone"
            self.data = {**self.data, path: left}
            lines.append({**line, "files": 1, "bytes": size if look else size - left, "missed": 0, "after": after, "why": "-"})
        left = sum(self.data.values())
        lines.append({"proof": nonce, "end": len(lines), "files": len(self.data), "bytes": left})
        return "".join(f"{json.dumps(line, separators=(',', ':'))}\n" for line in lines)

    def _wiped(self, nonce: str, *, whole: bool) -> str:
        """What it keeps of us goes, and with `whole` our key."""
        gone = [*self.files, *(["/etc/ssh/keys/root"] if whole else [])]
        self.files, self.locked = {}, self.locked or whole
        lines = [
            {"proof": nonce, "kind": "ours", "path": base64.b64encode(path.encode()).decode(), "before": "-", "after": "gone"}
            for path in gone
        ]
        return "".join(f"{json.dumps(line, separators=(',', ':'))}\n" for line in [*lines, {"proof": nonce, "end": len(lines)}])

    def _seen(self, nonce: str) -> str:
        sections = {
            "machine": [f"hostname {self.name}", "kernel 6.1.0-40-amd64", f"product_serial {self.serial}", "sys_vendor Contoh"],
            "os": ["ID=debian", 'VERSION_ID="12"'],
            "cpu": [f"processor\t: {number}" for number in range(self.cpus)],
            "memory": [f"MemTotal:       {self.memory // 1024} kB"],
            "disks": [line for name, size in self.disks.items() for line in _disk(self.name, name, size)],
            "nics": ["nic eth0", "device yes", "mac 02:00:00:00:00:01", "speed 10000"],
            "packages": [f"ii \t{name}\t{version}" for name, version in {**_BASE, **self.packages}.items()],
            "enabled": list(self._units()),
            "units": [line for name, runs in self._units().items() for line in _unit(name, runs=runs)],
            "ports": [f'tcp LISTEN 0 128 0.0.0.0:{port} 0.0.0.0:* users:(("sshd",pid={port},fd=3))' for port in self.ports],
            "owners": [f"{port} 0::/system.slice/ssh.service" for port in self.ports],
            "users": ["root:x:0:0:root:/root:/bin/bash", "daemon:x:1:1::/:/usr/sbin/nologin"],
            "files": [line for path in _DOORS for line in (f"file f 440 root root 20 {path}", f"{'5' * 64}  {path}")],
            "passwords": [],
            "groups": ["root:x:0:", "sudo:x:27:"],
            "host_keys": [],
            "keys": ["account root", "file /etc/ssh/keys/root", *(f"line {key}" for key in self.keys), "whole"],
            "end": [],
        }
        return "".join(f"\n={nonce} {name} ok\n" + "".join(f"{line}\n" for line in lines) for name, lines in sections.items())

    def _units(self) -> dict[str, bool]:
        return {**_SERVICES, **self.services}

    @staticmethod
    def of(raw: dict[str, Any]) -> Machine:
        """From JSON."""
        return Machine(**{**raw, "ports": tuple(raw.get("ports", (22,))), "keys": tuple(raw.get("keys", ()))})

    @staticmethod
    def read(text: str) -> Machine:
        return Machine.of(json.loads(text))


_BASE: Final = {f"package-{number:03}": f"1.{number}-1" for number in range(_PACKAGES)}
_DOORS: Final = ("/etc/sudoers", "/etc/ssh/sshd_config", *(f"/etc/cron.d/job-{number}" for number in range(10)))
_SERVICES: Final = {f"service-{number:02}.service": True for number in range(_UNITS)}


def _disk(machine: str, name: str, size: int) -> list[str]:
    return [f"disk {name}", f"size {size // 512}", "rotational 0", "model SIMULATED", f"serial {machine}-{name}"]


def _unit(name: str, *, runs: bool) -> list[str]:
    states = ["ActiveState=active", "SubState=running"] if runs else ["ActiveState=inactive", "SubState=dead"]
    return ["Type=simple", f"Id={name}", *states, "UnitFileState=enabled", "Transient=no", "WantedBy=multi-user.target"]
