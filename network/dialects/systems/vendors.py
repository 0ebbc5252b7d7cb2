"""How routers of other makes are told to ask a system, one command for each, and their answers. Pure; the answers are untrusted.

RouterOS fetches a page, without a look at the certificate: it knows no authority until somebody gives it one. The others have
`ping` and nothing more that ends by itself: a `telnet` to a port stays open on them, and takes a line that people need. They
say so by `Answer.by`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from inventory.model import Platform, Probe
from network.core.systems import Answer, By, Why, Word
from network.dialects.systems.pings import read_ping

PINGS: Final[Mapping[Platform, Callable[[str, str], str]]] = {
    Platform.CISCO_IOS: lambda host, source: f"ping {host}{_word('source', source)} repeat 3 timeout 2",
    Platform.ARISTA_EOS: lambda host, source: f"ping {host}{_word('source', source)} repeat 3",
    Platform.JUNIPER_JUNOS: lambda host, source: f"ping {host}{_word('source', source)} count 3 wait 2",
    Platform.HUAWEI_VRP: lambda host, source: f"ping -c 3 -t 2000{_word('-a', source)} {host}",
    Platform.MIKROTIK_ROUTEROS: lambda host, source: f"/ping {host}{_setting(source)} count=3",
}

_STATUS: Final = re.compile(r"failed with status (\d{3})\b|<(\d{3})[ >]")
"""RouterOS 7 and 6."""

_FAILURES: Final[tuple[tuple[re.Pattern[str], Word, Why], ...]] = (
    (re.compile(r"timeout|timed out", re.IGNORECASE), Word.SILENT, Why.TIMEOUT),
    (re.compile(r"could not resolve|resolving error|while resolving|invalid URL host", re.IGNORECASE), Word.SILENT, Why.NAME),
    (re.compile(r"refused|<connection failed>|connect failed", re.IGNORECASE), Word.SILENT, Why.REFUSED),
    (re.compile(r"no route|unreachable", re.IGNORECASE), Word.SILENT, Why.NO_ROUTE),
    (re.compile(r"ssl|tls|handshake", re.IGNORECASE), Word.SILENT, Why.TLS),
    (re.compile(r"failure: ", re.IGNORECASE), Word.SILENT, Why.CLOSED),
)


def command(platform: Platform, probe: Probe, source: str) -> str:
    """`source` is an address of the router; empty: its own choice."""
    if platform is Platform.MIKROTIK_ROUTEROS and probe.kind != "tcp":
        url = f"{probe.kind}://{probe.host}:{probe.port}{probe.path}"
        # In a text of the console a bare `?` asks for help.
        written = url.replace("?", "\\?")
        check = " check-certificate=no" if probe.kind == "https" else ""
        return f':put [/tool fetch url="{written}" mode={probe.kind}{_setting(source)}{check} output=user as-value]'
    return PINGS[platform](probe.host, source)


def read(platform: Platform, probe: Probe, text: str, source: str) -> Answer:
    if platform is Platform.MIKROTIK_ROUTEROS and probe.kind != "tcp":
        return _fetched(probe, text, source)
    return read_ping(text, probe, source)


def _fetched(probe: Probe, text: str, source: str) -> Answer:
    """A fetch tells whole seconds, which is no measure of an answer's time."""
    by = By.HTTPS_UNCHECKED if probe.kind == "https" else By.HTTP
    if re.search(r"\bstatus=finished\b", text):
        if probe.expect and probe.expect not in text:
            return Answer(word=Word.PAGE, by=by, why=Why.EXPECT, status=200, source=source)
        return Answer(word=Word.ANSWERS, by=by, status=200, source=source)
    if found := _STATUS.search(text):
        status = int(found[1] or found[2])
        bad = status >= 500 or probe.expect is not None
        word, why = (Word.PAGE, Why.STATUS) if bad else (Word.ANSWERS, Why.NONE)
        return Answer(word=word, by=by, why=why, status=status, source=source)
    for pattern, word, why in _FAILURES:
        if pattern.search(text):
            return Answer(word=word, by=by, why=why, source=source)
    return Answer(word=Word.UNASKED, by=by, why=Why.NOT_UNDERSTOOD, source=source)


def _word(name: str, value: str) -> str:
    return f" {name} {value}" if value else ""


def _setting(source: str) -> str:
    return f" src-address={source}" if source else ""
