"""The firewall of a server, loaded under a timer that brings back the one before, and confirmed over a new connection."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule

_FOLDER = Path("/var/lib/lajur/firewall")
_UNIT = "lajur-firewall-back"
_NOTED = 3

OPTIONS: dict[str, Any] = {
    "state": {"choices": ["loaded", "confirmed", "included"], "required": True},
    "file": {"type": "path", "default": "/var/lib/lajur/firewall/wanted.nft"},
    "boot": {"type": "path", "default": "/etc/nftables.conf"},
    "snippets": {"type": "path", "default": "/etc/nftables.d"},
    "table": {"type": "str", "default": "inet lajur"},
    "seconds": {"type": "int", "default": 60},
}


DEFAULTS: dict[str, Any] = {name: option["default"] for name, option in OPTIONS.items() if "default" in option}


def load(module: AnsibleModule, told: dict[str, Any]) -> dict[str, Any]:
    """Load the rules that hold no longer or not yet, as `told` in these options; the result of a module."""
    file, table = Path(told["file"]), told["table"]
    if module.check_mode and (not file.exists() or module.get_bin_path("nft") is None):
        return {"changed": True, "lajur": {"pending": False}}
    if not file.exists():
        module.fail_json(msg=f"{file}: there are no rules to load. Play servers.yml on this server first.")
    rules = _whole(file, told["snippets"])
    digests = [_digest(rules), _digest(file.read_text())]
    code, holding, _ = _nft(module, ["list", "table", *table.split()])
    waits = _waits(module)
    if code == 0 and not waits and _kept() == [*digests, _digest(holding)]:
        return {"changed": _boot(module, told, rules), "lajur": {"pending": False}}
    if module.check_mode:
        after = f"{file}: {digests[0][:16]}\n"
        return {"changed": True, "lajur": {"pending": False}, "diff": {"before": f"{holding}\n", "after": after}}
    included = told["state"] == "included"
    if included and not waits and _kept()[1:2] != digests[1:]:
        module.fail_json(
            msg=f"{file}: nobody has confirmed these rules, and those before hold. Play servers.yml, which confirms them."
        )
    _FOLDER.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = _FOLDER / "new.nft"
    new.write_text(rules)
    code, _, err = _nft(module, ["-c", "-f", str(new)])
    if code != 0:
        module.fail_json(msg=f"{file}: nft refuses these rules, and those before hold: {err.strip()[-1500:]}")
    _begin(module, told, new, holding, digests, timed=not included or waits, waits=waits)
    _, now, _ = _nft(module, ["list", "table", *table.split()])
    if included and waits:
        module.fail_json(
            msg=f"{file}: rules of an earlier play wait to be confirmed. What this role lets in was loaded with them, and all is "
            f"taken back in {told['seconds']} seconds. Play servers.yml, which confirms them, and then this again."
        )
    if included:
        _boot(module, told, rules)
        new.unlink(missing_ok=True)
    (_FOLDER / ("loaded" if included else "pending")).write_text(f"{' '.join([*digests, _digest(now)])}\n")
    return {"changed": True, "lajur": {"pending": not included}, "diff": {"before": holding, "after": now}}


def _begin(
    module: AnsibleModule, told: dict[str, Any], new: Path, holding: str, digests: list[str], *, timed: bool, waits: bool
) -> None:
    """Loads the rules. What waits for a confirmation is noted before: who is cut off after it finds the note."""
    if timed:
        if not waits:
            # To go back to: what held before the first load that nobody has confirmed.
            table = told["table"]
            (_FOLDER / "before.nft").write_text(f"table {table} {{}}\ndelete table {table}\n{holding}")
        _timer(module, told, _FOLDER / "before.nft")
        (_FOLDER / "pending").write_text(f"{' '.join(digests)}\n")
        new = new.replace(_FOLDER / "pending.nft")
    code, _, err = _nft(module, ["-f", str(new)])
    if code == 0:
        return
    if timed and not waits:
        (_FOLDER / "pending").unlink()
        _end_timer(module)
    module.fail_json(msg=f"{told['file']}: the kernel refused these rules, and those before hold: {err.strip()[-1500:]}")


def _whole(file: Path, snippets: str) -> str:
    """The rules with the snippets in them, so that what is loaded now and what a start loads later is the same."""
    parts = [path.read_text() for path in sorted(Path(snippets).glob("*.nft")) if not path.name.startswith(".")]
    within = "".join(part if part.endswith("\n") else f"{part}\n" for part in parts)
    line = rf'^[ \t]*include "{re.escape(snippets)}/\*\.nft"[ \t]*\n'
    return re.sub(line, lambda _: within, file.read_text(), flags=re.MULTILINE)


def _boot(module: AnsibleModule, told: dict[str, Any], rules: str) -> bool:
    """Has the server begin with these rules; says whether it would not have."""
    boot = Path(told["boot"])
    if boot.exists() and boot.read_text() == rules:
        return False
    if not module.check_mode:
        part = boot.with_name(f".{boot.name}.lajur")
        part.write_text(rules)
        part.chmod(0o755)
        part.replace(boot)
    return True


def confirm(module: AnsibleModule, told: dict[str, Any]) -> dict[str, Any]:
    """End the timer of rules that wait to be confirmed; the result of a module."""
    pending = _FOLDER / "pending"
    if module.check_mode or not pending.exists():
        return {"changed": False}
    noted = pending.read_text().split()
    if not _waits(module):
        module.fail_json(
            msg="The rules were not confirmed in time, and those before are back. Play again when the server answers quickly."
        )
    if len(noted) != _NOTED:
        module.fail_json(msg="The rules were never loaded whole. Those before come back by themselves; play again after that.")
    _end_timer(module)
    _boot(module, told, (_FOLDER / "pending.nft").read_text())
    pending.replace(_FOLDER / "loaded")
    return {"changed": False}


def _waits(module: AnsibleModule) -> bool:
    """Whether rules that hold now wait to be confirmed. A note whose timer is gone is of rules that were taken back."""
    pending = _FOLDER / "pending"
    if not pending.exists():
        return False
    code, _, _ = module.run_command(["systemctl", "is-active", "--quiet", f"{_UNIT}.timer"])
    if code != 0 and not module.check_mode:
        pending.unlink()
    return bool(code == 0)


def _kept() -> list[str]:
    """Digests of what was last confirmed: of all rules, of the file without snippets, and of the table as the kernel shows it."""
    kept = _FOLDER / "loaded"
    return kept.read_text().split() if kept.exists() else []


def _timer(module: AnsibleModule, told: dict[str, Any], back: Path) -> None:
    _end_timer(module)
    words = ["systemd-run", f"--unit={_UNIT}", f"--on-active={told['seconds']}", "--timer-property=AccuracySec=1s"]
    code, _, err = module.run_command([*words, "nft", "-f", str(back)])
    if code != 0:
        module.fail_json(msg=f"No timer could be set that brings the rules back, so nothing was loaded: {err.strip()[-500:]}")


def _end_timer(module: AnsibleModule) -> None:
    module.run_command(["systemctl", "stop", f"{_UNIT}.timer", f"{_UNIT}.service"])
    module.run_command(["systemctl", "reset-failed", f"{_UNIT}.service"])


def _digest(rules: str) -> str:
    return hashlib.sha256(rules.encode()).hexdigest()


def _nft(module: AnsibleModule, words: list[str]) -> tuple[int, str, str]:
    if module.get_bin_path("nft") is None:
        module.fail_json(msg="nft is not installed on this server.")
    code, out, err = module.run_command(["nft", "--stateless", *words])
    return int(code), str(out), str(err)
