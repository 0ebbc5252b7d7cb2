"""The module `lajur_haproxy`: lets servers in at an edge, or keeps requests from them, through HAProxy's runtime socket."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.lajur_hands import backend_rows, journal_cursor, mark, talk, tries

DOCUMENTATION = r"""
module: lajur_haproxy
short_description: Lets servers in at an edge, or keeps requests from them
description:
  - What a server is told holds for every process that HAProxy starts later, since it is written to its file of states each
    time.
  - Sessions of processes that a reload left behind count, too.
  - The result is C(lajur), a document with C(servers) (by name C(state), C(drained), C(sessions), C(told), C(problem)) and, for
    C(ready), C(cursor), where the journal was just before. A server that could not be told as asked is no failure of the
    module.
options:
  backend:
    description: The backend that the servers stand in.
    type: str
    required: true
  servers:
    description: Their names in the backend.
    type: list
    elements: str
    required: true
  state:
    description:
      - V(look) tells nothing. V(drain) keeps new requests away and waits until no session is left; V(still) tells those
        again that are let in although they were drained, without waiting. V(ready) lets them in and waits until HAProxy's
        own checks find them well. V(maint) cuts them off.
    type: str
    choices: [look, drain, still, ready, maint]
    default: look
  wait:
    description: Seconds to wait for the last session to end, or for the checks.
    type: int
    default: 30
  socket:
    description: HAProxy's runtime socket with level admin.
    type: path
    default: /run/haproxy/admin.sock
  master:
    description: The socket of HAProxy's master process; what there is none of is not asked.
    type: path
    default: /run/haproxy-master.sock
  kept:
    description: The file of states that HAProxy reads when it starts.
    type: path
    default: /var/lib/haproxy-state/servers
author: [Lajur]
attributes:
  check_mode:
    support: full
"""

EXAMPLES = r"""
- name: Keep requests from a server, and wait for its last one
  lajur_haproxy:
    backend: gateway
    servers: [app-1]
    state: drain
"""

RETURN = r"""
lajur:
  description: What the edge says of each server.
  type: dict
  returned: always
"""

_PAUSE = 0.1
_PATIENCE = 8.0
"""Seconds for HAProxy to come back when it is just being started again."""

_TELLINGS = 3
_OUT = ("DRAIN", "MAINT")
_OUT_BITS = 0x01 | 0x04 | 0x08 | 0x10 | 0x20
"""Of `srv_admin_state`: every way to be in maintenance or drained."""


class Untold(Exception):
    """HAProxy cannot be asked."""


class Edge:
    """The runtime socket of one HAProxy. `say` is how a command is sent to the socket of a path."""

    def __init__(self, parameters: dict[str, Any], say: Callable[[str, str], str] = talk, pause: float = _PAUSE) -> None:
        self._told = parameters
        self._say, self._pause = say, pause

    def ask(self, command: str) -> str:
        """Raises Untold. A HAProxy that is just being started again is waited for."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                return self._say(self._told["socket"], command)
            except OSError as error:
                if time.monotonic() > deadline:
                    raise Untold(f"{self._told['socket']}: {error.strerror or error}") from error
                time.sleep(self._pause)

    def rows(self, text: str) -> dict[str, dict[str, str]]:
        """What `show stat` says of the backend, by server."""
        found: dict[str, dict[str, str]] = backend_rows(text, self._told["backend"])
        return found

    def looks(self) -> dict[str, dict[str, Any]]:
        """What holds of every server that was asked for; `known` False for one that HAProxy does not have."""
        rows, bits = self.rows(self.ask("show stat")), self.bits()
        left = self.behind()
        found = {}
        for name in self._told["servers"]:
            row = rows.get(name)
            out = bool(bits.get(name, 0) & _OUT_BITS) or bool(row and row["status"].startswith(_OUT))
            found[name] = {
                "known": row is not None,
                "state": row["status"][:40] if row else "",
                "drained": out if row else None,
                "sessions": (_sessions(row) if row else 0) + left.get(name, 0),
            }
        return found

    def bits(self) -> dict[str, int]:
        """What was told of each server, whatever the checks find."""
        found = {}
        for line in self.ask("show servers state").splitlines():
            words = line.split()
            if len(words) > 6 and words[1] == self._told["backend"] and words[6].isdecimal():
                found[words[3]] = int(words[6])
        return found

    def behind(self) -> dict[str, int]:
        """Sessions by server in processes that a reload left to end in peace."""
        found: dict[str, int] = {}
        master = self._told["master"]
        if not os.path.exists(master):  # noqa: PTH110 - Ansible gives a text
            return found
        try:
            lines = self._say(master, "show proc").partition("# old workers")[2].splitlines()
            for number in [line.split()[0] for line in lines if line[:1].isdecimal()]:
                for name, row in self.rows(self._say(master, f"@!{number} show stat")).items():
                    found[name] = found.get(name, 0) + _sessions(row)
        except OSError:
            return found
        return found

    def tell(self, name: str, state: str) -> str:
        """What HAProxy has against it; empty for nothing."""
        return self.ask(f"set server {self._told['backend']}/{name} state {state}").strip()[:200]

    def keep(self) -> None:
        """Write down what was told, for whichever process starts next."""
        text = self.ask("show servers state")
        part = f"{self._told['kept']}.part"
        try:
            with open(part, "w", encoding="utf-8") as file:  # noqa: PTH123
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, self._told["kept"])  # noqa: PTH105
        except OSError as error:
            raise Untold(f"{part}: {error.strerror}") from error

    def until(self, good: Callable[[dict[str, Any]], bool], names: Sequence[str], seconds: float) -> dict[str, dict[str, Any]]:
        deadline = time.monotonic() + seconds
        while True:
            found = self.looks()
            if all(good(found[name]) for name in names) or time.monotonic() > deadline:
                return found
            time.sleep(self._pause)


def _sessions(row: dict[str, str]) -> int:
    return sum(int(row[name]) for name in ("scur", "qcur") if row.get(name, "").isdecimal())


def _let_in(said: dict[str, Any]) -> bool:
    return said["drained"] is False and str(said["state"]).startswith(("UP", "no check"))


def work(edge: Edge, state: str, wait: float, *, only_look: bool) -> tuple[bool, dict[str, dict[str, Any]]]:
    """Whether anything was told, and what became of each server. Raises Untold."""
    before = edge.looks()
    wanted = None if state == "look" else state != "ready"
    differ = [name for name, said in before.items() if said["known"] and wanted is not None and said["drained"] is not wanted]
    names = [name for name, said in before.items() if said["known"]]
    if wanted is None or only_look:
        return bool(differ), _noted(before, differ, wanted)
    found = before
    told = {"ready": "ready", "maint": "maint"}.get(state, "drain")
    for _ in range(_TELLINGS):
        for name in [each for each in names if found[each]["drained"] is not wanted]:
            edge.tell(name, told)
        edge.keep()
        if state == "ready":
            found = edge.until(_let_in, names, wait)
        else:
            found = edge.until(lambda said: said["sessions"] == 0, names, 0 if state == "still" else wait)
        if all(found[name]["drained"] is wanted for name in names):
            break
    return bool(differ), _noted(found, differ, wanted)


def _noted(found: dict[str, dict[str, Any]], told: Sequence[str], wanted: bool | None) -> dict[str, dict[str, Any]]:
    for name, said in found.items():
        said["told"] = name in told
        fits = wanted is None or (said["drained"] is True if wanted else _let_in(said))
        said["problem"] = "edge" if not said["known"] else "" if fits else "forgotten" if wanted else "edge"
    return found


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "backend": {"type": "str", "required": True},
            "servers": {"type": "list", "elements": "str", "required": True},
            "state": {"type": "str", "default": "look", "choices": ["look", "drain", "still", "ready", "maint"]},
            "wait": {"type": "int", "default": 30},
            "socket": {"type": "path", "default": "/run/haproxy/admin.sock"},
            "master": {"type": "path", "default": "/run/haproxy-master.sock"},
            "kept": {"type": "path", "default": "/var/lib/haproxy-state/servers"},
        },
        supports_check_mode=True,
    )
    told = module.params
    edge = Edge(told)
    cursor = journal_cursor() if told["state"] == "ready" else ""
    try:
        if cursor:
            cursor = mark(cursor, tries(edge.rows(edge.ask("show stat"))))
        changed, servers = work(edge, told["state"], told["wait"], only_look=module.check_mode)
    except Untold as error:
        module.exit_json(changed=False, lajur={"servers": {}, "cursor": cursor, "problem": "edge", "said": str(error)[:500]})
    else:
        module.exit_json(changed=changed, lajur={"servers": servers, "cursor": cursor, "problem": "", "said": ""})


if __name__ == "__main__":
    main()
