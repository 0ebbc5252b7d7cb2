"""Diffs of devices as a person reads them: each once, with the devices that it is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from network.core.collapse import Alike, collapse

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from network.cli.language import Say

NAMED: Final = 8
"""So many devices are named before the rest is counted; `--output json` names them all."""

_STYLES: Final = {"+": "green", "-": "red", "@": "cyan"}


def draw(say: Say, diffs: Mapping[str, Sequence[str]]) -> RenderableType:
    """By device the lines of its diff (`+ …`, `- …`, others as they are); devices without a line come last, counted."""
    from network.cli.draw import cell, stack

    groups = collapse(diffs)
    quiet = sum(len(each.devices) for each in groups if not each.lines)
    parts = [part for each in groups if each.lines for part in _group(say, each)]
    return stack(*parts, cell(say("cli.diff.quiet", count=quiet), "dim") if quiet else None)


def _group(say: Say, alike: Alike) -> Iterator[Text]:
    from network.cli.draw import cell

    yield cell(_heading(say, alike), "bold")
    for each in alike.lines:
        yield cell(f"  {each}", _STYLES.get(each[:1], ""))


def _heading(say: Say, alike: Alike) -> str:
    devices = ", ".join(alike.devices[:NAMED])
    if len(alike.devices) == 1:
        return say("cli.diff.one", device=devices)
    if len(alike.devices) <= NAMED:
        return say("cli.diff.alike", count=len(alike.devices), devices=devices)
    return say("cli.diff.many", count=len(alike.devices), devices=devices, others=len(alike.devices) - NAMED)
