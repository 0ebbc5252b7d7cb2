"""Rows `snmp.*`: forty devices of 75 values each over SNMPv3 authPriv, beside net-snmp's own client and bare pysnmp."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Final

from network.bench.rows import Row, median_row
from network.bench.snmp.agents import INTERFACES, Agents, agents
from network.bench.snmp.pollers import Asked, Told
from network.errors import LabError
from network.services.link_watch import EVERY

DEVICES: Final = 40
ROUNDS: Final = 5
_POLLERS: Final = "network.bench.snmp.pollers"


def measure(report: Callable[[Row], None]) -> None:
    with agents(DEVICES) as standing:
        own, bulkget, pysnmp = (_polled(standing, how) for how in ("own", "bulkget", "pysnmp"))
    values = INTERFACES * 5
    slowest = max(own["seconds"])
    what = f"until the last of {DEVICES} devices had told {values} values over SNMPv3 authPriv: the slowest of {ROUNDS} polls"
    report(
        Row(
            id="snmp.poll",
            what=what,
            value=slowest,
            unit="s",
            bar=EVERY,
            direction="<=",
            holds=slowest <= EVERY,
            samples=own["seconds"],
        )
    )
    missing = [float(each) for each in own["missing"]]
    report(median_row("snmp.missing", "devices that were not read whole in a poll", missing, "devices", "<=", 0))
    report(median_row("snmp.cpu", "processor time for a device", own["cpu"], "ms"))
    report(median_row("snmp.bulkget", "the same by one snmpbulkget a device", bulkget["cpu"], "ms"))
    report(median_row("snmp.pysnmp", "the same by bare pysnmp, one engine, no look-ups", pysnmp["cpu"], "ms"))
    for name, theirs in (("bulkget", bulkget), ("pysnmp", pysnmp)):
        ratios = [ours / other for ours, other in zip(own["cpu"], theirs["cpu"], strict=True)]
        report(median_row(f"snmp.to_{name}", f"snmp.cpu to snmp.{name}, in one run", ratios, "x"))


def _polled(standing: Agents, how: str) -> Told:
    asked: Asked = {
        "how": how,
        "addresses": list(standing.addresses),
        "user": standing.user,
        "auth": standing.auth,
        "privacy": standing.privacy,
        "rounds": ROUNDS,
    }
    words = ["ip", "netns", "exec", standing.namespace, sys.executable, "-m", _POLLERS]
    answer = subprocess.run(words, input=json.dumps(asked), stdout=subprocess.PIPE, text=True, check=False)
    if answer.returncode:
        raise LabError("bench.fleet", program=_POLLERS)
    told: Told = json.loads(answer.stdout)
    return told
