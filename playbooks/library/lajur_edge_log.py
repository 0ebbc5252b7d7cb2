"""The module `lajur_edge_log`: what an edge's own log says of the servers of a backend since a cursor."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.lajur_hands import backend_rows, counted, journal_cursor, journal_since, mark, marked, talk, tries

DOCUMENTATION = r"""
module: lajur_edge_log
short_description: What an edge's own log says of the servers of a backend
description:
  - Reads the lines that HAProxy wrote to the journal by the role C(edge), from a cursor on and never by their time.
  - The result is C(lajur), a document with C(cursor), C(lines), C(servers) (by name C(statuses) and C(times) in ms),
    C(unserved) and C(more), which is true where there were more lines than are read.
  - A try that failed and that HAProxy made again elsewhere counts as an answer of status 0 of the server that failed, as its
    counters say. Where they cannot be had, C(retried) is the number of lines of requests that were tried again. Sessions of a
    server that answered nothing at all are answers of status 0, too.
options:
  backend:
    description: The backend whose requests are counted.
    type: str
    required: true
  cursor:
    description: Where to begin, as this module or C(lajur_haproxy) told it. Empty for the end of the journal, so that only the
      cursor is told; one that is no longer known begins at the oldest line.
    type: str
    default: ""
  tag:
    description: What the lines are tagged with.
    type: str
    default: lajur-edge
  most:
    description: Lines that are read at most.
    type: int
    default: 500000
  times:
    description: Times that are kept of one server; a fair choice where there are more.
    type: int
    default: 5000
  socket:
    description: HAProxy's runtime socket.
    type: path
    default: /run/haproxy/admin.sock
author: [Lajur]
attributes:
  check_mode:
    support: full
"""

EXAMPLES = r"""
- name: Note where the log is
  lajur_edge_log:
    backend: gateway
"""

RETURN = r"""
lajur:
  description: What the log says.
  type: dict
  returned: always
"""

MARK = "lajur1"
"""The first word of every line of a request; the number grows with the form."""

_NONE = "<NOSRV>"
_MOST_SERVERS = 1000
_LONGEST = 2000


@dataclass
class Count:
    """`seen` counts the times of each server, so that those kept are a fair choice of all (reservoir)."""

    backend: str
    most_times: int = 5000
    servers: dict[str, dict[str, Any]] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    unserved: int = 0
    lines: int = 0
    retried: int = 0

    def take(self, line: str) -> None:
        """One line: mark, frontend, backend, server, status, Tc, Tr, retries, state, then what is for people only."""
        words = line[:_LONGEST].split(" ", 9)
        if len(words) < 9 or words[0] != MARK or words[2] != self.backend:
            return
        server, state = words[3], words[8]
        try:
            status, connect, answer = int(words[4]), int(words[5]), int(words[6])
        except ValueError:
            return
        self.lines += 1
        self.retried += words[7].lstrip("+") not in ("0", "")
        if state.startswith("C"):  # the client broke off
            return
        if server == _NONE:
            # What the edge answers by itself, as to an office that is not yet let in (P, L), lacks no server.
            self.unserved += not state.startswith(("P", "L"))
            return
        said = self._add(server, max(0, status), 1)
        if said is not None and connect >= 0 and answer >= 0:
            self._time(server, said["times"], connect + answer)

    def unlogged(self, rows: Mapping[str, Mapping[str, str]], before: Mapping[str, int]) -> None:
        """What the log does not say: tries that failed and were made again, and requests that hang on a server that answers none.
        A counter that is smaller than before began anew with another process."""
        for server, many in tries(rows).items():
            answered = any(code != "0" for code in self.servers.get(server, {}).get("statuses", {}))
            grown = many - before.get(server, 0)
            self._add(server, 0, grown if grown >= 0 else many)
            self._add(server, 0, 0 if answered else counted(rows[server], "scur"))
        self.retried = 0

    def _add(self, server: str, status: int, many: int) -> dict[str, Any] | None:
        if many == 0 or (server not in self.servers and len(self.servers) >= _MOST_SERVERS):
            return None
        said = self.servers.setdefault(server, {"statuses": {}, "times": []})
        said["statuses"][str(status)] = said["statuses"].get(str(status), 0) + many
        return said

    def _time(self, server: str, kept: list[int], ms: int) -> None:
        seen = self.seen[server] = self.seen.get(server, 0) + 1
        if len(kept) < self.most_times:
            kept.append(ms)
        elif (at := random.randrange(seen)) < self.most_times:  # noqa: S311 - a sample, no secret
            kept[at] = ms


def read(count: Count, lines: Iterable[str], most: int) -> bool:
    """Count the lines; whether there were more than `most`."""
    for number, line in enumerate(lines):
        if number >= most:
            return True
        count.take(line)
    return False


def counters(socket: str, backend: str) -> dict[str, dict[str, str]] | None:
    """What HAProxy counts of the backend, by server; None where it cannot be asked."""
    try:
        said = talk(socket, "show stat")
    except OSError:
        return None
    found: dict[str, dict[str, str]] = backend_rows(said, backend)
    return found


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "backend": {"type": "str", "required": True},
            "cursor": {"type": "str", "default": ""},
            "tag": {"type": "str", "default": "lajur-edge"},
            "most": {"type": "int", "default": 500_000},
            "times": {"type": "int", "default": 5000},
            "socket": {"type": "path", "default": "/run/haproxy/admin.sock"},
        },
        supports_check_mode=True,
    )
    told = module.params
    end = journal_cursor()
    said = Count(told["backend"], told["times"])
    rows = counters(told["socket"], told["backend"])
    more = False
    if told["cursor"]:
        cursor, before = marked(told["cursor"])
        more = read(said, journal_since(cursor, [f"--identifier={told['tag']}"]), told["most"])
        if rows is not None and before is not None:
            said.unlogged(rows, before)
    found = {
        "cursor": mark(end, None if rows is None else tries(rows)),
        "lines": said.lines,
        "servers": said.servers,
        "unserved": said.unserved,
        "retried": said.retried,
        "more": more,
    }
    module.exit_json(changed=False, lajur=found)


if __name__ == "__main__":
    main()
