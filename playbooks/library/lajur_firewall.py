"""The firewall of a server, loaded under a timer that brings back the one before, and confirmed over a new connection."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: lajur_firewall
short_description: Loads nftables so that a mistake does not shut us out
description:
  - C(loaded) checks the rules, saves those that hold, sets a timer on the server that brings them back, and loads the new ones.
  - C(confirmed), asked over a new connection, ends the timer. Who cannot come back in does not confirm, and is let in again.
  - C(included) is for a role that only brought a snippet with what it lets in: loaded without a timer, and refused while the
    rules in C(file) themselves are not confirmed.
  - What a server begins with (C(boot)) is written with all snippets in it, and only when rules were confirmed or only a snippet
    came. Rules that nobody confirmed do not outlast a restart.
  - Rules that hold already are left alone.
options:
  state:
    description: What to do.
    choices: [loaded, confirmed, included]
    required: true
  file:
    description: The rules, as nft(8) reads them.
    type: path
    default: /var/lib/lajur/firewall/wanted.nft
  boot:
    description: What nftables.service loads when the server starts.
    type: path
    default: /etc/nftables.conf
  snippets:
    description: The folder of rules that the file includes by C(include "FOLDER/*.nft").
    type: path
    default: /etc/nftables.d
  table:
    description: The table that they make.
    type: str
    default: inet lajur
  seconds:
    description: After so many the rules before are back, unless confirmed.
    type: int
    default: 60
"""

_FOLDER = Path("/var/lib/lajur/firewall")
_UNIT = "lajur-firewall-back"
_NOTED = 3


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "state": {"choices": ["loaded", "confirmed", "included"], "required": True},
            "file": {"type": "path", "default": "/var/lib/lajur/firewall/wanted.nft"},
            "boot": {"type": "path", "default": "/etc/nftables.conf"},
            "snippets": {"type": "path", "default": "/etc/nftables.d"},
            "table": {"type": "str", "default": "inet lajur"},
            "seconds": {"type": "int", "default": 60},
        },
        supports_check_mode=True,
    )
    if module.params["state"] == "confirmed":
        _confirm(module)
    _load(module)


def _load(module: AnsibleModule) -> None:
    file, table = Path(module.params["file"]), module.params["table"]
    if not file.exists():
        if module.check_mode:
            module.exit_json(changed=True, lajur={"pending": False})
        module.fail_json(msg=f"{file}: there are no rules to load. Play servers.yml on this server first.")
    rules = _whole(file, module.params["snippets"])
    digests = [_digest(rules), _digest(file.read_text())]
    code, holding, _ = _nft(module, ["list", "table", *table.split()])
    waits = _waits(module)
    if code == 0 and not waits and _kept() == [*digests, _digest(holding)]:
        module.exit_json(changed=_boot(module, rules), lajur={"pending": False})
    if module.check_mode:
        after = f"{file}: {digests[0][:16]}\n"
        module.exit_json(changed=True, lajur={"pending": False}, diff={"before": f"{holding}\n", "after": after})
    included = module.params["state"] == "included"
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
    _begin(module, new, holding, digests, timed=not included or waits, waits=waits)
    _, now, _ = _nft(module, ["list", "table", *table.split()])
    if included and waits:
        module.fail_json(
            msg=f"{file}: rules of an earlier play wait to be confirmed. What this role lets in was loaded with them, and all is "
            f"taken back in {module.params['seconds']} seconds. Play servers.yml, which confirms them, and then this again."
        )
    if included:
        _boot(module, rules)
    (_FOLDER / ("loaded" if included else "pending")).write_text(f"{' '.join([*digests, _digest(now)])}\n")
    module.exit_json(changed=True, lajur={"pending": not included}, diff={"before": holding, "after": now})


def _begin(module: AnsibleModule, new: Path, holding: str, digests: list[str], *, timed: bool, waits: bool) -> None:
    """Loads the rules. What waits for a confirmation is noted before: who is cut off after it finds the note."""
    if timed:
        if not waits:
            # To go back to: what held before the first load that nobody has confirmed.
            table = module.params["table"]
            (_FOLDER / "before.nft").write_text(f"table {table} {{}}\ndelete table {table}\n{holding}")
        _timer(module, _FOLDER / "before.nft")
        (_FOLDER / "pending").write_text(f"{' '.join(digests)}\n")
        new = new.replace(_FOLDER / "pending.nft")
    code, _, err = _nft(module, ["-f", str(new)])
    if code == 0:
        return
    if timed and not waits:
        (_FOLDER / "pending").unlink()
        _end_timer(module)
    module.fail_json(msg=f"{module.params['file']}: the kernel refused these rules, and those before hold: {err.strip()[-1500:]}")


def _whole(file: Path, snippets: str) -> str:
    """The rules with the snippets in them, so that what is loaded now and what a start loads later is the same."""
    parts = [path.read_text() for path in sorted(Path(snippets).glob("*.nft")) if not path.name.startswith(".")]
    within = "".join(part if part.endswith("\n") else f"{part}\n" for part in parts)
    line = rf'^[ \t]*include "{re.escape(snippets)}/\*\.nft"[ \t]*\n'
    return re.sub(line, lambda _: within, file.read_text(), flags=re.MULTILINE)


def _boot(module: AnsibleModule, rules: str) -> bool:
    """Has the server begin with these rules; says whether it would not have."""
    boot = Path(module.params["boot"])
    if boot.exists() and boot.read_text() == rules:
        return False
    if not module.check_mode:
        part = boot.with_name(f".{boot.name}.lajur")
        part.write_text(rules)
        part.chmod(0o755)
        part.replace(boot)
    return True


def _confirm(module: AnsibleModule) -> None:
    pending = _FOLDER / "pending"
    if module.check_mode or not pending.exists():
        module.exit_json(changed=False)
    noted = pending.read_text().split()
    if not _waits(module):
        module.fail_json(
            msg="The rules were not confirmed in time, and those before are back. Play again when the server answers quickly."
        )
    if len(noted) != _NOTED:
        module.fail_json(msg="The rules were never loaded whole. Those before come back by themselves; play again after that.")
    _end_timer(module)
    _boot(module, (_FOLDER / "pending.nft").read_text())
    pending.replace(_FOLDER / "loaded")
    module.exit_json(changed=False)


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


def _timer(module: AnsibleModule, back: Path) -> None:
    _end_timer(module)
    words = ["systemd-run", f"--unit={_UNIT}", f"--on-active={module.params['seconds']}", "--timer-property=AccuracySec=1s"]
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
        if module.check_mode:
            module.exit_json(changed=True, lajur={"pending": False})
        module.fail_json(msg="nft is not installed on this server.")
    code, out, err = module.run_command(["nft", "--stateless", *words])
    return int(code), str(out), str(err)


if __name__ == "__main__":
    main()
