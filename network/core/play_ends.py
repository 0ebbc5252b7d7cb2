"""What a person is told of the hosts on which a play ended badly: what happened there, and what to do next. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from network.core.plays import HostEnd, Status, shown_key, silence
from network.core.reason import Reason

_LONGEST: Final = 600


def told(ends: Mapping[str, HostEnd]) -> Mapping[str, Reason]:
    """By host, in order of their names. Whatever a machine said is bounded, and text. What a command of ours said for itself is
    not said again."""
    return {host: _told(host, ends[host]) for host in sorted(ends) if ends[host].status.is_bad and not ends[host].exit}


def _told(host: str, end: HostEnd) -> Reason:
    if end.status is Status.UNREACHABLE:
        fields = {"host": host, "shown": shown_key(end.message) or "?"}
        return Reason(code=f"play.end.{silence(end.message).value}", fields=fields)
    answer = end.values.get(end.task, {})
    if answer.get("problem") == "packages":
        fields = {"host": host, "packages": _words(answer.get("missing")), "said": _text(answer.get("said"))}
        return Reason(code="play.end.packages", fields=fields)
    return Reason(code="play.end.failed", fields={"host": host, "task": end.task})


def _words(value: Any) -> str:
    names = [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
    return ", ".join(names)[:_LONGEST]


def _text(value: Any) -> str:
    return " ".join(value.split())[:_LONGEST] if isinstance(value, str) else ""
