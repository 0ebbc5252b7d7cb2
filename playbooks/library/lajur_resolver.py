"""Which resolvers a server asks: ours first, once one of them answers, and behind them those that it was given before."""

from __future__ import annotations

import os
import secrets
import socket
import struct
import tempfile
from pathlib import Path
from typing import Final

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: lajur_resolver
short_description: The resolvers that a server asks
description:
  - Writes C(addresses) before the resolvers that are there, which stay as those that are asked when ours are silent. In
    C(/etc/resolv.conf), or where systemd-resolved has that in hand in a file of additions to its settings. A client for DHCP that
    is there no longer writes over it.
  - Nothing is written before one of them answers for C(proof), so that a server never loses its names to a resolver that is not
    there yet; that is told as a warning, and no failure.
  - Where something else has C(/etc/resolv.conf) in hand (a link to elsewhere), it is left alone, and that is told too.
  - Without C(addresses) ours are taken out again.
options:
  addresses:
    description: Addresses of our resolvers, in their order.
    type: list
    elements: str
    required: true
  proof:
    description: A name that ours must know.
    type: str
    default: ''
attributes:
  check_mode:
    support: full
"""

FILE = Path("/etc/resolv.conf")
RESOLVED = Path("/etc/systemd/resolved.conf.d/lajur.conf")
GIVEN = Path("/run/systemd/resolve/resolv.conf")
"""What systemd-resolved itself would ask, of DHCP or of its settings."""
HOOK = Path("/etc/dhcp/dhclient-enter-hooks.d/lajur")

_HEAD: Final = "# Managed by Lajur (role dns): changes made here are written over.\n"
_OURS: Final = "# Ours: "
_MOST: Final = 3
"""The C library reads no more."""
# Longer than the 1.8 s after which ours answers with what it knew before, when nobody outside can be asked.
_OPTIONS: Final = "options timeout:2 attempts:2\n"
_HOOKED: Final = f"{_HEAD}make_resolv_conf() {{ :; }}\n"
_TRIES: Final = 3
_PATIENCE: Final = 2.0


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "addresses": {"type": "list", "elements": "str", "required": True},
            "proof": {"type": "str", "default": ""},
        },
        supports_check_mode=True,
    )
    addresses = list(module.params["addresses"])
    elsewhere = str(FILE.readlink()) if FILE.is_symlink() else ""
    resolved = "systemd/resolve" in elsewhere
    if elsewhere and not resolved:
        if addresses:
            named = ", ".join(addresses)
            module.warn(f"{FILE} leads to {elsewhere}, which something else writes. It was left alone: name {named} there.")
        module.exit_json(changed=False)
    wanted = _additions(addresses) if resolved else _plain(addresses)
    before = {path: _read(path) for path in wanted}
    if before == wanted:
        module.exit_json(changed=False)
    if addresses and not module.check_mode and not any(_answers(each, module.params["proof"]) for each in addresses):
        silent = f"None of {', '.join(addresses)} answers for {module.params['proof']}"
        module.warn(f"{silent}. The server asks whom it asked before. See why it is silent, then play again.")
        module.exit_json(changed=False)
    changed = [path for path in wanted if before[path] != wanted[path]]
    if not module.check_mode:
        _write_all(module, {path: wanted[path] for path in changed}, resolved=resolved)
    module.exit_json(
        changed=True,
        lajur={"changed": [str(path) for path in changed]},
        diff=[
            {"before_header": str(path), "after_header": str(path), "before": before[path] or "", "after": wanted[path] or ""}
            for path in changed
        ],
    )


def _plain(addresses: list[str]) -> dict[Path, str | None]:
    lines = (_read(FILE) or "").splitlines()
    ours = any(line.startswith(_OURS) for line in lines)
    if not addresses and not ours:
        return {FILE: _read(FILE)}
    kept = "".join(f"{line}\n" for line in lines if line.split()[:1] in (["search"], ["domain"]))
    servers = [*addresses, *_others(lines, addresses)][: max(_MOST, len(addresses))]
    named = "".join(f"nameserver {each}\n" for each in servers)
    if not addresses:
        return {FILE: kept + named, **({HOOK: None} if HOOK.exists() else {})}
    text = f"{_HEAD}{_OURS}{' '.join(addresses)}\n{kept}{named}{_OPTIONS}"
    return {FILE: text, **({HOOK: _HOOKED} if HOOK.parent.parent.is_dir() else {})}


def _additions(addresses: list[str]) -> dict[Path, str | None]:
    if not addresses:
        return {RESOLVED: None}
    lines = (_read(RESOLVED) or "").splitlines()
    known = next((line.removeprefix("DNS=").split() for line in lines if line.startswith("DNS=")), [])
    given = [*(f"nameserver {each}" for each in known), *(_read(GIVEN) or "").splitlines(), *lines]
    others = _others(given, addresses)[:_MOST]
    return {RESOLVED: f"{_HEAD}{_OURS}{' '.join(addresses)}\n[Resolve]\nDNS={' '.join([*addresses, *others])}\nDomains=~.\n"}


def _others(lines: list[str], addresses: list[str]) -> list[str]:
    """Who was named there and is not ours, nor was."""
    own = {*addresses, *(each for line in lines if line.startswith(_OURS) for each in line.removeprefix(_OURS).split())}
    named = [words[1] for words in map(str.split, lines) if len(words) > 1 and words[0] == "nameserver"]
    return [each for each in dict.fromkeys(named) if each not in own]


def _read(path: Path) -> str | None:
    """None where there is no such file."""
    return path.read_text(errors="replace") if path.exists() else None


def _write_all(module: AnsibleModule, wanted: dict[Path, str | None], *, resolved: bool) -> None:
    try:
        for path, text in wanted.items():
            _write(path, text)
    except OSError as error:
        module.fail_json(msg=f"{error.filename or FILE}: could not be written ({error.strerror}). It is as it was.")
    if resolved:
        code, _, err = module.run_command(["systemctl", "restart", "systemd-resolved.service"])
        if code != 0:
            module.fail_json(msg=f"systemd-resolved does not start with {RESOLVED}: {err.strip()[-500:]} Take that file away.")


def _write(path: Path, text: str | None) -> None:
    """Whole or not at all: names are looked up all the time."""
    if text is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "w") as new:
            new.write(text)
            os.fchmod(new.fileno(), 0o644)
            os.fsync(new.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _answers(address: str, name: str) -> bool:
    """Whether it knows an address for this name."""
    number = secrets.randbelow(1 << 16)
    labels = b"".join(bytes([len(label)]) + label for label in (part.encode() for part in name.split(".") if part))
    asked = struct.pack(">HHHHHH", number, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", 1, 1)
    for _ in range(_TRIES):
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
                asking.settimeout(_PATIENCE)
                asking.connect((address, 53))
                asking.send(asked)
                got = asking.recv(4096)
        except OSError:
            continue
        if len(got) > 12 and struct.unpack(">H", got[:2])[0] == number and got[3] & 15 == 0 and got[6:8] != b"\0\0":
            return True
    return False


if __name__ == "__main__":
    main()
