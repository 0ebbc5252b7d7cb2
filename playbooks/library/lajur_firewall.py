"""The firewall of a server, loaded under a timer that brings back the one before, and confirmed over a new connection."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = """
module: lajur_firewall
short_description: Loads nftables so that a mistake does not shut us out
description:
  - C(loaded) checks the rules, saves those that hold, sets a timer on the server that brings them back, and loads the new ones.
  - C(confirmed), asked over a new connection, ends the timer. Who cannot come back in does not confirm, and is let in again.
  - C(included) is for a role that only brought a snippet with what it lets in: loaded without a timer.
  - Rules that hold already are left alone.
options:
  state:
    description: What to do.
    choices: [loaded, confirmed, included]
    required: true
  file:
    description: The rules, as nft(8) reads them.
    type: path
    default: /etc/nftables.conf
  snippets:
    description: The folder of rules that the file includes.
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


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "state": {"choices": ["loaded", "confirmed", "included"], "required": True},
            "file": {"type": "path", "default": "/etc/nftables.conf"},
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
        module.fail_json(msg=f"{file}: there are no rules to load.")
    parts = [file, *sorted(Path(module.params["snippets"]).glob("*.nft"))]
    digest = hashlib.sha256(b"\0".join(part.read_bytes() for part in parts)).hexdigest()
    code, holding, _ = _nft(module, ["list", "table", *table.split()])
    kept = _FOLDER / "loaded"
    if code == 0 and kept.exists() and kept.read_text().split() == [digest, _seal(holding)] and not _pending():
        module.exit_json(changed=False, lajur={"pending": False})
    if module.check_mode:
        module.exit_json(
            changed=True, lajur={"pending": False}, diff={"before": f"{holding}\n", "after": f"{file}: {digest[:16]}\n"}
        )
    code, _, err = _nft(module, ["-c", "-f", str(file)])
    if code != 0:
        module.fail_json(msg=f"{file}: nft refuses these rules, and those before hold: {err.strip()[-1500:]}")
    _FOLDER.mkdir(parents=True, exist_ok=True, mode=0o700)
    timed = module.params["state"] == "loaded" or _pending()
    if timed:
        _keep(holding, table)
        _timer(module, _FOLDER / "before.nft")
    code, _, err = _nft(module, ["-f", str(file)])
    if code != 0:
        _end_timer(module)
        module.fail_json(msg=f"{file}: the kernel refused these rules, and those before hold: {err.strip()[-1500:]}")
    _, now, _ = _nft(module, ["list", "table", *table.split()])
    (_FOLDER / ("pending" if timed else "loaded")).write_text(f"{digest} {_seal(now)}\n")
    module.exit_json(changed=True, lajur={"pending": timed}, diff={"before": holding, "after": now})


def _keep(holding: str, table: str) -> None:
    """The rules to go back to: those that held before the first load that nobody has confirmed."""
    if not _pending():
        (_FOLDER / "before.nft").write_text(f"table {table} {{}}\ndelete table {table}\n{holding}")


def _confirm(module: AnsibleModule) -> None:
    pending = _FOLDER / "pending"
    if module.check_mode or not pending.exists():
        module.exit_json(changed=False)
    code, _, _ = module.run_command(["systemctl", "is-active", "--quiet", f"{_UNIT}.timer"])
    if code != 0:
        pending.unlink()
        module.fail_json(
            msg="The rules were not confirmed in time, and those before are back. Play again when the server answers quickly."
        )
    _end_timer(module)
    pending.replace(_FOLDER / "loaded")
    module.exit_json(changed=False)


def _pending() -> bool:
    return (_FOLDER / "pending").exists()


def _timer(module: AnsibleModule, back: Path) -> None:
    _end_timer(module)
    words = ["systemd-run", f"--unit={_UNIT}", f"--on-active={module.params['seconds']}", "--timer-property=AccuracySec=1s"]
    code, _, err = module.run_command([*words, "nft", "-f", str(back)])
    if code != 0:
        module.fail_json(msg=f"No timer could be set that brings the rules back, so nothing was loaded: {err.strip()[-500:]}")


def _end_timer(module: AnsibleModule) -> None:
    module.run_command(["systemctl", "stop", f"{_UNIT}.timer", f"{_UNIT}.service"])
    module.run_command(["systemctl", "reset-failed", f"{_UNIT}.service"])


def _seal(rules: str) -> str:
    """Of the rules as the kernel has them, without what it counts or others add to sets."""
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
