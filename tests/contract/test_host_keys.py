"""The file of pinned host keys: read back by us and by OpenSSH, replaced as a whole, private."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import paramiko
import pytest

from network.drivers.host_keys import HostKey, known_name, pin, pinned

KEYS = [HostKey(key.get_name(), key.asbytes()) for key in (paramiko.ECDSAKey.generate() for _ in range(3))]


def test_a_pinned_key_is_read_back_and_replaced(tmp_path: Path) -> None:
    file = tmp_path / "state" / "known_hosts"
    assert pinned(file, "100.65.2.1", 22) == ()
    pin(file, "100.65.2.1", 22, KEYS[0])
    pin(file, "100.65.2.1", 2222, KEYS[1])
    pin(file, "100.65.2.1", 22, KEYS[2])
    assert pinned(file, "100.65.2.1", 22) == (KEYS[2],)
    assert pinned(file, "100.65.2.1", 2222) == (KEYS[1],)
    assert pinned(file, "100.65.2.2", 22) == ()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_openssh_and_paramiko_read_the_same_file(tmp_path: Path) -> None:
    file = tmp_path / "known_hosts"
    pin(file, "100.65.2.1", 2222, KEYS[0])
    listed = subprocess.run(
        ["ssh-keygen", "-l", "-F", known_name("100.65.2.1", 2222), "-f", str(file)], capture_output=True, text=True, check=True
    )
    assert KEYS[0].fingerprint in listed.stdout
    assert paramiko.HostKeys(str(file)).lookup("[100.65.2.1]:2222") is not None


def test_lines_of_others_stay_and_damaged_ones_pin_nothing(tmp_path: Path) -> None:
    file = tmp_path / "known_hosts"
    kept = ["# our routers", f"a,b {KEYS[0]}", "c ssh-ed25519 broken", f"d {KEYS[1].algorithm}", ""]
    file.write_bytes("\n".join(kept).encode() + b"\n\xff\xfe\n")
    assert pinned(file, "a", 22) == pinned(file, "b", 22) == (KEYS[0],)
    assert pinned(file, "c", 22) == pinned(file, "d", 22) == ()
    pin(file, "b", 22, KEYS[2])
    assert pinned(file, "a", 22) == (KEYS[0],)
    assert pinned(file, "b", 22) == (KEYS[2],)
    assert file.read_text(errors="replace").startswith("# our routers\n")


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    file = tmp_path / "known_hosts"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: pin(file, f"100.65.0.{number}", 22, KEYS[number % 3]), range(40)))
    assert [pinned(file, f"100.65.0.{number}", 22) for number in range(40)] == [(KEYS[number % 3],) for number in range(40)]
    assert {entry.name for entry in tmp_path.iterdir()} == {"known_hosts", ".known_hosts.lock"}


@pytest.mark.parametrize("text", ["", "ssh-ed25519", "ssh-ed25519 !!", "ssh-ed25519 AAAA", f"ssh-rsa {str(KEYS[0]).split()[1]}"])
def test_what_is_not_a_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="key"):
        HostKey.parse(text)
