"""The demo's one table and its last sentence, for a person. Draws what was measured and decides nothing."""

from __future__ import annotations

from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from network.bench.demo_report import DemoReport, OfficeFigures
from network.bench.story import Story
from network.cli.draw import Column, table
from network.cli.output import Output

_ACTS: Final = ("before", "during", "after")
_COLUMNS: Final[tuple[Column, ...]] = (
    ("bench.column.office", "left"),
    ("bench.column.class", "left"),
    ("bench.column.before", "right"),
    ("bench.column.during", "right"),
    ("bench.column.after", "right"),
    ("bench.column.measured_before", "right"),
    ("bench.column.measured_during", "right"),
    ("bench.column.measured_after", "right"),
)


def draw(report: DemoReport, told: Story, out: Output) -> RenderableType:
    say = out.say
    rows = [_row(line) for line in report.offices]
    title = say("bench.demo.title", uplink=report.uplink)
    lent = {act: f"{bits / 10**6:.1f}" for act, bits in report.lent.items()}
    lines = [Text(say("bench.demo.lent", application=told.cast.application, **lent), style="dim")]
    for act in told.acts:
        rtt = "–" if act.rtt is None else f"{1000 * act.rtt:.0f}"
        lines.append(
            Text(
                say(
                    f"bench.demo.line_{act.name}",
                    used=f"{100 * act.used:.1f}",
                    office=told.cast.licensing.key,
                    rtt=rtt,
                    loss=f"{100 * act.loss:.1f}",
                    commands=act.commands,
                    seconds=f"{act.enforced:.2f}",
                )
            )
        )
    for promise in report.promises:
        mark, style = ("✓", "green") if promise.kept else ("✗", "bold red")
        lines.append(Text(f"{mark} {say(promise.code, **promise.fields)}", style=style))
    broken = sum(not promise.kept for promise in report.promises)
    code = "bench.demo.kept" if report.kept else "bench.demo.broken"
    verdict = say(code, count=len(report.promises), broken=broken, chart=report.chart)
    lines.append(Text(verdict, style="bold green" if report.kept else "bold red"))
    return Group(table(say, _COLUMNS, rows, title), *lines)


def _row(line: OfficeFigures) -> list[str]:
    cells = [line.office, line.service_class]
    cells += [f"{line.guarantee[act] / 10**6:.2f}" for act in _ACTS]
    cells += [f"{line.measured[act] / 10**6:.2f}" for act in _ACTS]
    return cells
