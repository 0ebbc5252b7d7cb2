"""Many units of systemd in one task: running, started at boot, and begun again when what they read has changed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule

_KEPT = Path("/var/lib/lajur/services.json")
_SHOWN = ("LoadState", "ActiveState", "UnitFileState")
_ENABLED = ("enabled", "enabled-runtime", "static", "alias", "generated", "indirect", "linked")
_RUNNING = ("active", "activating", "reloading")
_CHANGES = ("restart", "reload", "none")


OPTIONS: dict[str, Any] = {"units": {"type": "dict", "required": True}}


def keep(module: AnsibleModule) -> dict[str, Any]:
    """Lead the units of its parameters to what is said of them; the result of a module."""
    units = {name: _meant(module, name, meant or {}) for name, meant in module.params["units"].items()}
    seen = _seen(module, units)
    stale = any(each["LoadState"] == "not-found" for each in seen.values()) or _outdated(module, [*units, *_behind(units)])
    if stale and not module.check_mode:
        _run(module, ["systemctl", "daemon-reload"])
        seen = _seen(module, units)
    units = {name: meant for name, meant in units.items() if not (meant["unless_masked"] and seen[name]["LoadState"] == "masked")}
    seen = {name: seen[name] for name in units}
    kept = _kept()
    seals = {name: _seal(meant["files"]) for name, meant in units.items()}
    disabled = [name for name, each in seen.items() if each["UnitFileState"] not in _ENABLED]
    stopped = [name for name, each in seen.items() if each["ActiveState"] not in _RUNNING and units[name]["running"]]
    other = [name for name in units if name not in stopped and kept.get(name) != seals[name] and units[name]["change"] != "none"]
    if not module.check_mode:
        # Systemd itself does not notice the first file of a folder of additions that was not there when it read its units.
        if not stale and any(file.startswith("/etc/systemd/") for name in other for file in units[name]["files"]):
            _run(module, ["systemctl", "daemon-reload"])
        if disabled:
            _run(module, ["systemctl", "enable", *disabled])
        for verb in ("restart", "reload"):
            _do(module, verb, [name for name in other if units[name]["change"] == verb])
        _do(module, "start", stopped)
        if kept != {**kept, **seals} or (_KEPT.exists() and _KEPT.stat().st_mode & 0o077):
            _keep({**kept, **seals})
    done = {"enable": disabled, "start": stopped, "begin again": other}
    lines = "".join(f"{verb} {name}\n" for verb, names in done.items() for name in names)
    changed = sorted({*disabled, *stopped, *other})
    return {"changed": bool(changed), "lajur": {"changed": changed}, "diff": {"before": "", "after": lines}}


def _meant(module: AnsibleModule, name: str, meant: dict[str, Any]) -> dict[str, Any]:
    strange = set(meant) - {"files", "change", "running", "unless_masked"}
    change = meant.get("change", "restart")
    if strange or change not in _CHANGES:
        module.fail_json(msg=f"{name}: {', '.join(sorted(strange)) or change} is nothing that can be said of a unit here.")
    told = {"running": meant.get("running", True) is not False, "unless_masked": meant.get("unless_masked") is True}
    return {"files": list(meant.get("files") or ()), "change": change, **told}


def _behind(units: dict[str, Any]) -> list[str]:
    """What timers start. It is never started here, so that nothing else would have systemd read a changed file of it."""
    return [f"{name.removesuffix('.timer')}.service" for name in units if name.endswith(".timer")]


def _outdated(module: AnsibleModule, names: list[str]) -> bool:
    _, out, _ = module.run_command(["systemctl", "show", "--property=NeedDaemonReload", "--value", "--", *names])
    return "yes" in out.split()


def _seal(patterns: list[str]) -> str:
    """Of all that the files hold, and of their names."""
    digest = hashlib.sha256()
    for pattern in patterns:
        for path in sorted(Path("/").glob(pattern.lstrip("/"))):
            files = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
            for file in files:
                content = file.read_bytes() if file.is_file() else b""
                digest.update(f"{file} {len(content)}\0".encode() + content)
    return digest.hexdigest()


def _kept() -> dict[str, str]:
    try:
        found = json.loads(_KEPT.read_text())
    except (OSError, ValueError):
        return {}
    return {str(name): str(seal) for name, seal in found.items()} if isinstance(found, dict) else {}


def _keep(seals: dict[str, str]) -> None:
    _KEPT.parent.mkdir(parents=True, exist_ok=True)
    part = _KEPT.with_suffix(".part")
    # Some of what is read is secret, and a digest says whether a guess is right.
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    part.write_text(json.dumps(seals, indent=1, sort_keys=True))
    part.replace(_KEPT)


def _seen(module: AnsibleModule, units: dict[str, Any]) -> dict[str, dict[str, str]]:
    words = ["systemctl", "show", f"--property={','.join(_SHOWN)}", "--", *units]
    _, out, _ = module.run_command(words, check_rc=True)
    parts = [part for part in out.split("\n\n") if part.strip()]
    found = [dict(line.split("=", 1) for line in part.splitlines() if "=" in line) for part in parts]
    return {name: {**dict.fromkeys(_SHOWN, ""), **each} for name, each in zip(units, found, strict=True)}


def _do(module: AnsibleModule, verb: str, names: list[str]) -> None:
    if not names:
        return
    module.run_command(["systemctl", "reset-failed", *names])
    code, _, err = module.run_command(["systemctl", verb, *names])
    states = _seen(module, dict.fromkeys(names))
    failed = [name for name in names if states[name]["ActiveState"] not in _RUNNING and states[name]["ActiveState"] != "inactive"]
    if code == 0 and not failed:
        return
    said = []
    for name in (failed or names)[:3]:
        _, journal, _ = module.run_command(["journalctl", "--unit", name, "--lines=8", "--no-pager", "--output=cat"])
        said.append(f"{name}: {journal.strip()[-700:]}")
    module.fail_json(msg="\n".join([f"systemd could not {verb} {', '.join(failed or names)}.", *said, err.strip()[-500:]]))


def _run(module: AnsibleModule, words: list[str]) -> None:
    code, out, err = module.run_command(words)
    if code != 0:
        module.fail_json(msg=f"{' '.join(words)}: {(err or out).strip()[-1500:]}")
