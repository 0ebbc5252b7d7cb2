"""The promises of a story, one by one, and the verdict, for a person. Draws what was found and decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from network.bench.demo_report import Promise
from network.cli.output import Output
from network.cli.words import decimal

if TYPE_CHECKING:
    from rich.console import RenderableType


def draw_promises(
    promises: Sequence[Promise],
    took: str,
    seconds: Mapping[str, float],
    out: Output,
    verdicts: tuple[str, str] = ("bench.release.kept", "bench.release.not_kept"),
    **fields: object,
) -> RenderableType:
    """`took`: the code of the line that tells the `seconds` of each act; `verdicts`: of all kept, of not all, with `fields`."""
    from rich.console import Group
    from rich.text import Text

    lines = []
    for promise in promises:
        mark, style = ("✓", "green") if promise.kept else ("✗", "bold red")
        lines.append(Text(f"{mark} {out.say(promise.code, **promise.fields)}", style=style))
    shown = {name: decimal(f"{each:.1f}", out.language) for name, each in seconds.items()}
    lines.append(Text(out.say(took, **shown), style="dim"))
    broken = sum(not promise.kept for promise in promises)
    verdict = out.say(verdicts[bool(broken)], count=len(promises), broken=broken, **fields)
    lines.append(Text(verdict, style="bold red" if broken else "bold green"))
    return Group(*lines)
