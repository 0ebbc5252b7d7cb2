"""Floating addresses of a lab's cloud: what Neutron has on record becomes the kernel's translation, as by an L3 agent."""

from __future__ import annotations

import subprocess
import threading
from time import sleep
from typing import Final

from network.lab.cloud.parts import DATABASE_PORT, DATABASE_USER, LOOPBACK, RENTED
from network.lab.cloud.running import database_programs

_EVERY: Final = 0.5
_QUERY: Final = "SELECT floating_ip_address, fixed_ip_address FROM floatingips WHERE fixed_ip_address IS NOT NULL ORDER BY 1"
_RULES: Final = """\
table ip rented {{}}
flush table ip rented
table ip rented {{
  chain in {{
    type nat hook prerouting priority -100;
{down}
  }}
  chain out {{
    type nat hook postrouting priority 100;
{up}
    oifname "core0" ip saddr != {rented} masquerade
  }}
}}
"""


def follow() -> None:
    """Keep the kernel at what is on record, in a thread, until the process ends."""
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    known = None
    while True:
        words = ["-qAt", "-F", " ", "-h", str(LOOPBACK), "-p", str(DATABASE_PORT), "-U", DATABASE_USER, "-c", _QUERY, "neutron"]
        done = subprocess.run([str(database_programs() / "psql"), *words], capture_output=True, text=True, check=False)
        if done.returncode == 0 and done.stdout != known:
            known = done.stdout
            subprocess.run(["nft", "-f", "-"], input=rules(known), text=True, capture_output=True, check=False)
        sleep(_EVERY)


def rules(text: str) -> str:
    """nft(8) of lines with a floating address and the one that it leads to."""
    pairs = [line.split() for line in text.splitlines()]
    down = "\n".join(f"    ip daddr {floating} dnat to {fixed}" for floating, fixed in pairs)
    up = "\n".join(f'    oifname "core0" ip saddr {fixed} snat to {floating}' for floating, fixed in pairs)
    return _RULES.format(down=down, up=up, rented=RENTED)
