"""Tables as every noun draws them. Cells are text, never markup; text from outside is made harmless here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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

Ways: TypeAlias = tuple[str, tuple[str, ...]]
"""An uplink and the directions that share a column."""

_COLOURS: Final = {"error": "bold red", "warning": "bold yellow", "info": "bold cyan"}
_NAME, _FIGURE, _FIGURES = 14, 7, 12
"""Columns that the name of an office, one figure and a pair of figures need."""

_ARROWS: Final = {"down": "↓", "up": "↑"}


def cell(text: Cell, style: str = "") -> Text:
    return text if isinstance(text, Text) else Text(clean(text), style=style)


def line(text: str) -> Text:
    """A line that is never broken, so that it can be copied."""
    return Text(clean(text), no_wrap=True, overflow="ignore")


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


def merged(shapers: Iterable[tuple[str, str]], figure: Callable[[tuple[str, str]], object]) -> list[Ways]:
    """A column for each uplink and direction; one for both where `figure` says the same of both, as most contracts make it."""
    ways: list[Ways] = []
    for shaper in shapers:
        uplink, direction = shaper
        if ways and ways[-1][0] == uplink and figure(shaper) == figure((uplink, ways[-1][1][0])):
            ways[-1] = (uplink, (*ways[-1][1], direction))
        else:
            ways.append((uplink, (direction,)))
    return ways


def by_shaper(say: Say, columns: Sequence[Column], ways: Iterable[Ways], *, narrow: bool) -> Table:
    """An empty table with a column of Mbit/s for every uplink and its directions. `narrow`: figures may fold too."""
    drawn = table(say, columns, ())
    drawn.columns[-1].min_width = _NAME
    for uplink, directions in ways:
        heading = cell(f"{uplink}\n{''.join(_ARROWS[each] for each in directions)} Mbit/s")
        drawn.add_column(heading, justify="right", no_wrap=not narrow, min_width=_FIGURE if narrow else _FIGURES)
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
