"""Which Debian packages the servers of a lab have and may have, and the index of the repository that serves them."""

from __future__ import annotations

import hashlib
import subprocess
from email.utils import formatdate
from pathlib import Path
from typing import Final

BASE: Final = (
    *("systemd", "systemd-sysv", "dbus", "libpam-systemd", "openssh-server", "sudo", "cron"),
    *("python3", "python3-apt", "ca-certificates", "iproute2", "iputils-ping", "procps"),
)
"""On every server: what a lessor hands over, and what is needed to look after it from outside."""

EXTRA: Final = (
    *("acl", "chrony", "curl", "fail2ban", "haproxy", "nftables", "nginx-light", "openssl", "pgbackrest", "postgresql"),
    *("prometheus", "prometheus-alertmanager", "prometheus-blackbox-exporter", "prometheus-node-exporter"),
    *("prometheus-snmp-exporter", "prosody", "lua-unbound", "python3-psycopg2", "python3-systemd", "python3-venv", "rsync"),
    *("socat", "unattended-upgrades", "unbound"),
)
"""In the repository besides all packages of the base, with what they need: to be installed on servers that run."""


def write_index(pool: Path) -> None:
    """Make a folder of packages a flat repository (deb822 `Packages` and `Release`)."""
    entries = [_entry(path) for path in sorted(pool.glob("*.deb"))]
    text = "\n".join(entries).encode()
    (pool / "Packages").write_bytes(text)
    digest = hashlib.sha256(text).hexdigest()
    made = formatdate(max((path.stat().st_mtime for path in pool.glob("*.deb")), default=0.0), usegmt=True)
    release = f"Origin: Lajur\nLabel: Lajur lab\nSuite: lab\nDate: {made}\nSHA256:\n {digest} {len(text)} Packages\n"
    (pool / "Release").write_text(release)


def _entry(path: Path) -> str:
    """What `dpkg-scanpackages` writes of one package, without the need of its compiler tools."""
    said = subprocess.run(["dpkg-deb", "--field", str(path)], capture_output=True, text=True, check=True).stdout
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{said.rstrip()}\nFilename: ./{path.name}\nSize: {path.stat().st_size}\nSHA256: {digest}\n"
