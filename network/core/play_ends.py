"""What a person is told of the hosts on which a play ended badly: what happened there, and what to do next. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from network.core.plays import HostEnd, Silence, Status, shown_key, silence
from network.core.reason import Reason

_LONGEST: Final = 600
_UNTOUCHED: Final = "nothing was changed"
"""How our modules say that they refused before they began."""


def told(ends: Mapping[str, HostEnd], *, dry_run: bool = False) -> Mapping[str, Reason]:
    """By host, in order of their names. Whatever a machine said is bounded, and text. What a command of ours said for itself is
    not said again, unless it is why the play was refused. `dry_run`: it only looked, so nothing was changed."""
    bad = {host: ends[host] for host in sorted(ends) if ends[host].status.is_bad}
    return {host: _told(host, end, dry_run) for host, end in bad.items() if not end.exit or _is_refusal(end)}


def is_untouched(end: HostEnd) -> bool:
    """Whether the task that failed says of itself that it changed nothing."""
    return end.status is Status.FAILED and _UNTOUCHED in " ".join(end.message.split()).lower()


def _told(host: str, end: HostEnd, dry_run: bool) -> Reason:
    if end.exit:
        return Reason(code="play.end.refused", fields={"value": _text(end.message)})
    if end.status is Status.UNREACHABLE:
        silent = silence(end.message)
        code = f"play.end.{silent.value}{'_looking' if dry_run and silent is not Silence.HOST_KEY else ''}"
        return Reason(code=code, fields={"host": host, "shown": shown_key(end.message) or "?"})
    answer = end.values.get(end.task, {})
    if answer.get("problem") == "packages" and not dry_run:
        fields = {"host": host, "packages": _words(answer.get("missing")), "said": _text(answer.get("said"))}
        return Reason(code="play.end.packages", fields=fields)
    word = "looking" if dry_run else "untouched" if is_untouched(end) and not end.changed else "failed"
    return Reason(code=f"play.end.{word}", fields={"host": host, "task": end.task})


def _is_refusal(end: HostEnd) -> bool:
    return bool(end.message and end.values.get(end.task, {}).get("refused"))


def _words(value: Any) -> str:
    names = [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
    return ", ".join(names)[:_LONGEST]


def _text(value: Any) -> str:
    return " ".join(value.split())[:_LONGEST] if isinstance(value, str) else ""
