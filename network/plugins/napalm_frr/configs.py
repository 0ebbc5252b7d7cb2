"""The configuration as NAPALM shows it: running and start-up, with the extension lines. Pure."""

from __future__ import annotations

import re
from typing import Final

from napalm_frr.answers import Running
from napalm_frr.changes import DEFAULT_MTU, tidy
from napalm_frr.shell import Answer
from napalm_frr.text import parse, render

_FILES: Final = """\
if [ -s /etc/frr/frr.conf ]; then cat /etc/frr/frr.conf; else
  for file in /etc/frr/*.conf; do
    case $file in */vtysh.conf) continue ;; esac
    [ ! -f "$file" ] || { cat "$file"; echo; }
  done
fi"""
STARTUP: Final = (_FILES, "cat /var/lib/napalm_frr/mtu 2>/dev/null; true")

_HEADER: Final = re.compile(r"\A\s*Building configuration\.\.\.\s*Current configuration:\s*!?\n?")


def running(shown: Running) -> str:
    """FRR's own text, with `mtu` where an interface's is not 1500."""
    lines = _HEADER.sub("", shown.text).splitlines()
    left = {name: mtu for name, mtu in shown.mtus.items() if mtu != DEFAULT_MTU}
    text = []
    for line in lines:
        if line == "end":
            text += [part for name, mtu in left.items() for part in (f"interface {name}", f" mtu {mtu}", "exit", "!")]
        text.append(line)
        name = line.split()[1] if line.startswith("interface ") else ""
        if name in left:
            text.append(f" mtu {left.pop(name)}")
    return "\n".join(text) + "\n"


def startup(files: Answer, mtus: Answer) -> str:
    """One text of the integrated file or of the daemons' own, as a tree of one piece."""
    tree = parse(files.text).tree
    for words in (line.split() for line in mtus.text.splitlines()):
        if len(words) == 2:
            tree.setdefault(f"interface {words[0]}", {})[f"mtu {words[1]}"] = {}
    return render(tidy(tree))
