"""The module `lajur_release`: which releases of a workload lie on a server, and which of them is current."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.lajur_folders import Busy, Folders
from ansible.module_utils.lajur_hands import ask, reaches, run, secrets_in, trouble

DOCUMENTATION = r"""
module: lajur_release
short_description: Looks at the releases of a workload on a server, switches between them, removes old ones
description:
  - The result is C(lajur). What this server cannot do is C(trouble) in it, with C(problem) and C(said), and no failure of
    the module.
  - The secrets of the workload's credentials are taken out of what is said.
options:
  key:
    description: The workload.
    type: str
    required: true
  state:
    description:
      - V(look) changes nothing. V(current) lets C(current) lead to O(release), starts the unit anew and waits until it
        answers well. V(pruned) removes all but the newest releases, and what a cut run left.
    type: str
    choices: [look, current, pruned]
    default: look
  release:
    description: The release; empty to have none any more, and the unit stopped.
    type: str
    default: ""
  port:
    description: Where it answers.
    type: int
    default: 0
  health:
    description: The path of its health URL.
    type: str
    default: /
  scheme:
    description: How it is asked. Over TLS whatever certificate it shows, as nothing but its health is asked.
    type: str
    choices: [http, https]
    default: http
  expect:
    description: The text that a good answer holds.
    type: str
    default: ""
  database:
    description: The address of its database, whose port is asked in a look; empty for none.
    type: str
    default: ""
  database_port:
    description: The port of it.
    type: int
    default: 5432
  keep:
    description: Releases that stay. What is current, and what was before it, always does.
    type: int
    default: 3
  first:
    description: Releases that go before any other, since they are no good; what was before the current one too, if it is of them.
    type: list
    elements: str
    default: []
  wait:
    description: Seconds for the unit to become active, and as many for a good answer.
    type: int
    default: 30
  root:
    description: The folder above those of all workloads.
    type: path
    default: /srv/lajur
  credentials:
    description: The folder above those with the credentials of all workloads.
    type: path
    default: /etc/lajur/credentials
author: [Lajur]
attributes:
  check_mode:
    support: full
"""

EXAMPLES = r"""
- name: Switch to another release
  lajur_release:
    key: gateway
    state: current
    release: 1.4.2-0123456789ab
    port: 8080
    health: /sehat
"""

RETURN = r"""
lajur:
  description: What holds on this server.
  type: dict
  returned: always
"""

_PAUSE = 0.2
_DEAD = ("failed", "inactive")


class Carrier:
    """One workload on this server. `touched`: whether what serves people may be other than before."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.told = told
        self.touched = False
        self.folders = Folders(told["key"], told["root"])
        self.unit = f"lajur-{told['key']}.service"
        self.secrets = secrets_in(Path(told["credentials"]) / told["key"])

    def look(self) -> dict[str, Any]:
        said = self._ask() if self.told["port"] else None
        return {
            "current": self.folders.led("current"),
            "previous": self.folders.led("previous"),
            "releases": self.folders.releases(),
            "unit": self.active(),
            "answers": said is not None and said.fits,
            "said": said.said if said else "",
            "free": self.folders.free(),
            "clock": self.clock(),
            "database": reaches(self.told["database"], self.told["database_port"], 3.0) if self.told["database"] else None,
        }

    def clock(self) -> int | None:
        """Seconds since 1970, as this server takes it: whoever asks compares it with a clock of theirs."""
        _, said, _ = run(["date", "+%s"])
        return int(said) if said.strip().isdecimal() else None

    def _ask(self) -> Any:
        told = self.told
        return ask("127.0.0.1", told["port"], told["health"], told["expect"], 2.0, scheme=told["scheme"])

    def active(self) -> str:
        """As systemd says it; empty when there is no such unit."""
        _, said, _ = run(["systemctl", "show", "--property=LoadState,ActiveState", self.unit])
        found = dict(line.partition("=")[::2] for line in said.splitlines())
        return "" if found.get("LoadState", "not-found") == "not-found" else found.get("ActiveState", "")[:40]

    def switch(self, release: str) -> dict[str, Any]:
        """`switched` says what `current` leads to, whatever the trouble."""
        if release and not self.folders.has(release):
            return {"switched": self.folders.led("current") == release, "trouble": trouble("not_placed", release)}
        package = self.folders.release(release) / "package.deb" if release else None
        if package is not None and package.is_file():
            self.touched = True
            if bad := self._install(package):
                return {"switched": False, "trouble": bad}
        before = self.folders.led("current")
        if before and before != release:
            self.folders.lead("previous", before)
        if not release:
            self.touched = True
            run(["systemctl", "stop", self.unit], self.told["wait"] + 5)
            (self.folders.home / "current").unlink(missing_ok=True)
            return {"switched": True, "trouble": None}
        self.folders.lead("current", release)
        self.touched = True
        return {"switched": True, "trouble": self._start()}

    def _install(self, package: Path) -> dict[str, Any] | None:
        """A package goes into the whole system; what it needs came with it when it was placed."""
        keep = ["--force-confdef", "--force-confold", "--force-downgrade"]
        code, said, errors = run(["env", "DEBIAN_FRONTEND=noninteractive", "dpkg", *keep, "--install", str(package)], 300)
        return trouble("unpack", said + errors, self.secrets) if code else None

    def _start(self) -> dict[str, Any] | None:
        """The trouble with it; None when it runs and answers."""
        wait = self.told["wait"]
        begun = time.monotonic()
        run(["systemctl", "reset-failed", self.unit])
        code, _, errors = run(["systemctl", "restart", self.unit], wait + 35)
        if code:
            return self._told("start", errors)
        deadline, active = time.monotonic() + wait, False
        while time.monotonic() < deadline:
            state = self.active()
            active = active or state == "active"
            if state in _DEAD:
                return self._told("start", "")
            if self.told["port"] and self._ask().fits and state == "active":
                return None
            if not self.told["port"] and active and time.monotonic() - begun > 1:
                return None
            time.sleep(_PAUSE)
        return self._told("answer" if self.active() == "active" else "start", "")

    def _told(self, problem: str, errors: str) -> dict[str, Any]:
        _, said, _ = run(["journalctl", "--quiet", f"--unit={self.unit}", "--lines=20", "--output=cat"])
        found: dict[str, Any] = trouble(problem, f"{errors}\n{said}", self.secrets)
        return found

    def prune(self, keep: int, first: list[str], *, only_look: bool) -> list[str]:
        """The releases that went, or would go."""
        current = self.folders.led("current")
        held = {current, self.folders.led("previous")} - ({""} | (set(first) - {current}))
        others = [each for each in self.folders.releases() if each not in held]
        others.sort(key=lambda each: each not in first)
        gone = others[: max(0, len(others) + len(held) - keep)]
        if not only_look:
            for each in gone:
                self.folders.remove(each)
            self.folders.clear()
        return gone


def work(told: dict[str, Any], *, only_look: bool) -> tuple[bool, dict[str, Any]]:
    carrier = Carrier(told)
    if told["state"] == "look":
        return False, carrier.look()
    try:
        if told["state"] == "pruned":
            with carrier.folders.turn():
                gone = carrier.prune(told["keep"], told["first"], only_look=only_look)
            return bool(gone), {"gone": gone, "trouble": None}
        if only_look:
            return carrier.folders.led("current") != told["release"], {"switched": False, "trouble": None}
        with carrier.folders.turn():
            found = carrier.switch(told["release"])
    except (Busy, OSError) as error:
        switched = carrier.folders.led("current") == told["release"]
        found = {"gone": [], "switched": switched, "trouble": trouble("other", f"{type(error).__name__}: {error}")}
    return carrier.touched, {**found, "touched": carrier.touched}


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "key": {"type": "str", "required": True, "no_log": False},
            "state": {"type": "str", "default": "look", "choices": ["look", "current", "pruned"]},
            "release": {"type": "str", "default": ""},
            "port": {"type": "int", "default": 0},
            "health": {"type": "str", "default": "/"},
            "scheme": {"type": "str", "default": "http", "choices": ["http", "https"]},
            "expect": {"type": "str", "default": ""},
            "database": {"type": "str", "default": ""},
            "database_port": {"type": "int", "default": 5432},
            "keep": {"type": "int", "default": 3},
            "first": {"type": "list", "elements": "str", "default": []},
            "wait": {"type": "int", "default": 30},
            "root": {"type": "path", "default": "/srv/lajur"},
            "credentials": {"type": "path", "default": "/etc/lajur/credentials", "no_log": False},
        },
        supports_check_mode=True,
    )
    changed, found = work(module.params, only_look=module.check_mode)
    shown = f"current -> {module.params['release']}\n" if changed and module.params["state"] == "current" else ""
    diff = {"before": "", "after": shown}
    module.exit_json(changed=changed, lajur=found, diff=diff)


if __name__ == "__main__":
    main()
