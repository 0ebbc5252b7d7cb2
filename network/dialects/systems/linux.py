"""A Linux router asks by `python3`: TCP, TLS and HTTP. One that has none can only ping. Pure; what it answers is untrusted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network
from typing import Any, Final

from network.core.systems import Answer, By, System, Why, Word
from network.dialects.linux_shell import MARK, Unreadable, quoted, script
from network.dialects.systems.pings import read_ping

_END: Final = "LAJUR-ENDS-HERE"
_LONGEST: Final = 600_000
"""Milliseconds; more is no duration of ours."""

_NO_PYTHON: Final = f"{MARK} means none"
_PINGS: Final = 3


def ask_script(agent: str, lan: IPv4Network, systems: Sequence[System], *, seconds: float, issuers: str | None) -> str:
    """`agent` is the text of the program that asks. Every system is asked at once, within `seconds`; `issuers` (PEM) are the only
    authorities to believe, None: those that the router knows."""
    spec = {
        "lan": str(lan),
        "seconds": seconds,
        "issuers": issuers,
        "targets": [{"key": each.key, **each.probe.model_dump(mode="json")} for each in systems],
    }
    # Twice: JSON as text, and that text as one of Python's, without a character beyond ASCII or a line's end.
    program = f"{agent}\n\nmain({json.dumps(json.dumps(spec))})\n"
    return script(
        f"if command -v python3 >/dev/null 2>&1; then\npython3 -I - <<'{_END}'\n{program}{_END}\n"
        f"else\nsay means none\nip -4 -o address show\nfi"
    )


def read_answers(text: str, systems: Sequence[System]) -> dict[str, Answer] | None:
    """By key; None where the router has no python3. Raises Unreadable."""
    lines = text.splitlines()
    if _NO_PYTHON in lines:
        return None
    for line in reversed(lines):
        if line.startswith("{"):
            try:
                told = json.loads(line)
                return {each.key: _answer(told[each.key]) for each in systems}
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                raise Unreadable(line[:200]) from error
    raise Unreadable(next((line for line in reversed(lines) if line.strip()), "")[:200])


def _answer(told: Mapping[str, Any]) -> Answer:
    """Raises ValueError for words that the agent does not say."""
    milliseconds, status, source = told.get("milliseconds"), told.get("status"), told.get("source", "")
    return Answer(
        word=Word(told["word"]),
        by=By(told["by"]) if told["by"] is not None else None,
        why=Why(told.get("why", "")),
        milliseconds=min(int(milliseconds), _LONGEST) if milliseconds is not None else None,
        status=int(status) if status is not None and 100 <= int(status) <= 999 else None,
        source=str(IPv4Address(source)) if source else "",
    )


def addresses(text: str) -> Iterator[IPv4Address]:
    """What `ip -4 -o address show` shows, in its order."""
    for found in re.findall(r" inet (\d{1,3}(?:\.\d{1,3}){3})[/ ]", text)[:500]:
        try:
            yield IPv4Address(found)
        except ValueError:
            continue


def ping_script(systems: Sequence[System], source: str) -> str:
    """All at once, each into a text of its own."""
    own = f"-I {quoted(source)} " if source else ""
    lines = ["need ping", "home=$(mktemp -d) || exit 1", "trap 'rm -rf \"$home\"' EXIT"]
    for number, each in enumerate(systems):
        lines.append(f'ping -n -q -c {_PINGS} -W 2 {own}{quoted(each.probe.host)} >"$home/{number}" 2>&1 &')
    lines.append("wait")
    for number, each in enumerate(systems):
        lines.append(f'say system {quoted(each.key)}\ncat "$home/{number}"')
    return script("\n".join(lines))


def read_pings(text: str, systems: Sequence[System], source: str) -> dict[str, Answer]:
    """Of a router without ping too: it has no means."""
    parts = re.split(rf"^{re.escape(MARK)} system (\S+)$", text, flags=re.MULTILINE)
    said = dict(zip(parts[1::2], parts[2::2], strict=True))
    lacks = f"{MARK} lacks ping" in text.splitlines()
    nothing = Answer(word=Word.UNASKED, by=None, why=Why.NO_MEANS if lacks else Why.NOT_UNDERSTOOD, source=source)
    return {each.key: read_ping(said[each.key], each.probe, source) if each.key in said else nothing for each in systems}
