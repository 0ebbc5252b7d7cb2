"""Tables as every noun draws them. Cells are text, never markup; text from outside is made harmless here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal, TypeAlias

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from inventory.findings import Finding
from network.cli.language import Say
from network.cli.words import clean
from network.messages import Language

Cell: TypeAlias = str | Text
Side: TypeAlias = Literal["left", "right"]
Column: TypeAlias = tuple[str, Side]
"""The message code of a heading, and the side on which its cells stand."""

_COLOURS: Final = {"error": "bold red", "warning": "bold yellow", "info": "bold cyan"}
_FIGURES: Final = 12
"""As wide as the widest pair of figures."""

_ARROWS: Final = {"down": "↓", "up": "↑"}


def cell(text: Cell, style: str = "") -> Text:
    return text if isinstance(text, Text) else Text(clean(text), style=style)


def table(say: Say, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], title: Cell | None = None) -> Table:
    """A table with headings in the reader's language. Names fold rather than vanish when the terminal is narrow."""
    drawn = Table(
        box=box.SIMPLE_HEAD,
        title=cell(title, "bold") if title is not None else None,
        title_justify="left",
        pad_edge=False,
        header_style="bold",
    )
    for code, side in columns:
        drawn.add_column(say(code), justify=side, overflow="fold", no_wrap=side == "right")
    for row in rows:
        drawn.add_row(*(cell(each) for each in row))
    return drawn


def by_shaper(say: Say, columns: Sequence[Column], shapers: Iterable[Sequence[str]]) -> Table:
    """An empty table with a column of Mbit/s for every uplink and direction, as wide as its figures and no wider."""
    drawn = table(say, columns, ())
    drawn.columns[-1].min_width = 14
    for uplink, direction in shapers:
        drawn.add_column(cell(f"{uplink}\n{_ARROWS[direction]} Mbit/s"), justify="right", no_wrap=True, min_width=_FIGURES)
    return drawn


def findings_lines(say: Say, language: Language, findings: Iterable[Finding]) -> list[Text]:
    """A line a finding: how grave, where, what is wrong, what to write instead."""
    from inventory.messages import render

    lines = []
    for each in findings:
        head = Text(f"{say(f'cli.severity.{each.severity}')}: ", style=_COLOURS[each.severity])
        lines.append(head.append_text(Text(clean(render(each, language)), style="not bold default")))
    return lines


def facts(rows: Iterable[tuple[str, Cell]]) -> Padding:
    """Names and values in two columns."""
    drawn = Table.grid(padding=(0, 2))
    drawn.add_column(style="bold")
    drawn.add_column(overflow="fold")
    for name, value in rows:
        drawn.add_row(cell(name), cell(value))
    return Padding(drawn, (0, 0, 1, 0), expand=False)


def stack(*parts: RenderableType | None) -> Group:
    """One below the other; what is None is left out."""
    return Group(*(part if not isinstance(part, str) else cell(part) for part in parts if part is not None))
