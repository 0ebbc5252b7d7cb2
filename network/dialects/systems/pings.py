"""What the `ping` of every make says. Pure; the text is untrusted.

Formats as the makers' manuals and public captures show them: iputils and busybox, IOS, EOS 4, Junos, VRP 5 and 8, RouterOS 6
and 7.
"""

from __future__ import annotations

import re
from typing import Final

from inventory.model import Probe
from network.core.systems import Answer, By, Why, Word

_RECEIVED: Final = (
    re.compile(r"\b(\d{1,4})(?: packets?| packet\(s\))? received\b(?!=)"),  # iputils, EOS, Junos, VRP
    re.compile(r"^Success rate is \d{1,3} percent \((\d{1,4})/\d{1,4}\)", re.MULTILINE),  # IOS
    re.compile(r"\breceived=(\d{1,4})\b"),  # RouterOS
)
_MEAN: Final = re.compile(r"min/avg/max(?:/\w+)? = [\d.]{1,12}/([\d.]{1,12})/")
_MEAN_ROUTEROS: Final = re.compile(r"\bavg-rtt=(?:(\d{1,4})s)?(?:(\d{1,6})ms)?")
_NO_NAME: Final = re.compile(
    r"unknown host|bad address|cannot resolve|could not resolve|can't resolve|unrecognized host|name or service not known"
    r"|name resolution|unable to resolve|while resolving|invalid host",
    re.IGNORECASE,
)
_NO_WAY: Final = re.compile(r"network is unreachable|no route to host|host unreachable|net unreachable", re.IGNORECASE)


def read_ping(text: str, probe: Probe, source: str) -> Answer:
    """`unclear` where nothing came back, unless the router itself says that it has no way."""
    received = next((int(found[1]) for pattern in _RECEIVED if (found := pattern.search(text))), None)
    if received:
        mean = _mean(text)
        slow = mean is not None and mean > probe.slow
        return Answer(word=Word.SLOW if slow else Word.ANSWERS, by=By.PING, milliseconds=mean, source=source)
    if _NO_NAME.search(text):
        return Answer(word=Word.SILENT, by=By.PING, why=Why.NAME, source=source)
    if _NO_WAY.search(text):
        return Answer(word=Word.SILENT, by=By.PING, why=Why.NO_ROUTE, source=source)
    if received == 0:
        return Answer(word=Word.UNCLEAR, by=By.PING, why=Why.NO_PING, source=source)
    return Answer(word=Word.UNASKED, by=By.PING, why=Why.NOT_UNDERSTOOD, source=source)


def _mean(text: str) -> int | None:
    if found := _MEAN.search(text):
        try:
            return round(float(found[1]))
        except ValueError:
            return None
    if found := _MEAN_ROUTEROS.search(text):
        return int(found[1] or 0) * 1000 + int(found[2] or 0)
    return None
