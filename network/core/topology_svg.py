"""The topology as an SVG drawing: text in, text out. Pure; the words come from the reader's catalogue.

A tree from left to right, one line for each device without anything below it, so that no label meets another however many
there are. A state is told by colour and by dashes: the colours are Okabe and Ito's, which people who see few colours tell apart.
The box of a device has the gravest state of its whole way, so that one sees who is cut off and not only where.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from network.core.link_states import Word
from network.core.topology import Edge, Node, Topology

Say = Callable[..., str]
"""A message code and its fields, in the reader's words."""

STYLES: Final = {
    Word.UP: ("#0072B2", ""),
    Word.DOWN: ("#D55E00", "4 4"),
    Word.ONE_WAY: ("#B8860B", "12 4 2 4"),
    Word.UNKNOWN: ("#6E6E6E", "7 5"),
}
"""Colour and dashes of each state. One-way is Okabe and Ito's orange made darker, so that it stands out on white."""

_TINTS: Final = {Word.UP: "#F4F4F4", Word.DOWN: "#FCE6DA", Word.ONE_WAY: "#FBF1D5", Word.UNKNOWN: "#FFFFFF"}
"""What lies under a label: light enough for dark text, and no more than a hint."""

_INK: Final = "#1A1A1A"
_BOLD: Final = 1.15
"""How much wider bold letters are at most."""

_ROW: Final = 30
"""Pixels from one line of text to the next."""
_TOP: Final = 96
_MARGIN: Final = 28
_CHARACTER: Final = 8.0
"""Pixels that a wide character of the labels takes at most on average, at 13 px."""
_GAP: Final = 190
"""Pixels between two columns, where the lines run and, on their level part, their own labels stand."""
_LEVEL: Final = 70
_BOX: Final = 22
_PARALLEL: Final = 12
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class _Place:
    x: float
    y: float
    width: float

    @property
    def right(self) -> float:
        return self.x + self.width


def svg(topology: Topology, say: Say, *, subtitle: str = "") -> str:
    """The drawing. `subtitle` is a line of the caller's own below the title: when, and how many offices are covered."""
    places = _places(topology)
    words = _counted(topology, say)
    legend = list(_legend(words))
    widest = max([place.right for place in places.values()] + [_text(subtitle), _legend_width(words)])
    width = round(widest + 2 * _MARGIN)
    height = round(max(place.y for place in places.values()) + _ROW + 2 * _MARGIN)
    title = say("topology.title", regency=topology.name)
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    form = f'role="img" aria-label="{_quoted(title)}" font-family="system-ui, sans-serif" font-size="13" fill="{_INK}"'
    trouble_last = sorted(topology.edges, key=lambda edge: edge.state is not Word.UP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {form}>',
        f"<title>{_safe(title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#FFFFFF"/>',
        f'<text x="{_MARGIN}" y="32" font-size="18" font-weight="bold">{_safe(title)}</text>',
        f'<text x="{_MARGIN}" y="52" fill="#444444">{_safe(subtitle)}</text>',
        *legend,
        *(line for edge in trouble_last for line in _edge(topology, edge, places, say)),
        *(line for node in topology.nodes for line in _node(node, places[node.device], topology.reached(node))),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _places(topology: Topology) -> dict[str, _Place]:
    """A column for each depth, as wide as its widest label; a device stands in the middle of what is below it."""
    widths: dict[int, float] = {}
    for node in topology.nodes:
        widths[node.depth] = max(widths.get(node.depth, 0.0), _text(_label(node)) * (_BOLD if node.office is None else 1) + 2 * 8)
    starts, x = {}, float(_MARGIN)
    for depth in range(max(widths) + 1):
        starts[depth] = x
        x += widths.get(depth, 0.0) + _GAP
    lines: dict[str, float] = {}
    row = 0
    for node in topology.nodes:
        if not topology.below(node.device):
            lines[node.device] = _TOP + _ROW * (row + 1)
            row += 1
    for node in reversed(topology.nodes):
        under = topology.below(node.device)
        if under:
            lines[node.device] = (lines[under[0].device] + lines[under[-1].device]) / 2
    return {node.device: _Place(starts[node.depth], lines[node.device], widths[node.depth]) for node in topology.nodes}


def _node(node: Node, place: _Place, reached: Word) -> Iterator[str]:
    colour, dashes = STYLES[reached]
    dash = f' stroke-dasharray="{dashes}"' if dashes else ""
    edge = f'stroke="{colour}" stroke-width="2"{dash}' if reached is not Word.UP else 'stroke="#333333"'
    weight = ' font-weight="bold"' if node.office is None else ""
    yield f"<g><title>{_safe(f'{node.device} {node.address}')}</title>"
    yield (
        f'<rect x="{place.x:.1f}" y="{place.y - _BOX / 2:.1f}" width="{place.width:.1f}" height="{_BOX}" rx="4" '
        f'fill="{_TINTS[reached]}" {edge}/>'
    )
    yield f'<text x="{place.x + 8:.1f}" y="{place.y + 4.5:.1f}"{weight}>{_safe(_label(node))}</text></g>'


def _edge(topology: Topology, edge: Edge, places: dict[str, _Place], say: Say) -> Iterator[str]:
    """A line with its state as colour and dashes; its medium beside it where that is not fibre."""
    near, far = places[edge.near], places[edge.far]
    twins = topology.between(edge.near, edge.far)
    shift = (twins.index(edge) - (len(twins) - 1) / 2) * _PARALLEL
    colour, dashes = STYLES[edge.state]
    dash = f' stroke-dasharray="{dashes}"' if dashes else ""
    words = say(f"topology.state.{edge.state}")
    note = say(f"topology.medium.{edge.medium}")
    yield f"<g><title>{_safe(f'{edge.link}: {words}, {note}')}</title>"
    yield f'<path d="{_line(near, far, shift)}" fill="none" stroke="{colour}" stroke-width="{_thick(edge.state)}"{dash}/>'
    if edge.medium.value != "fibre" and near.x < far.x:
        y = far.y + shift - 4
        yield f'<text x="{far.x - 6:.1f}" y="{y:.1f}" text-anchor="end" font-size="11" fill="#444444">{_safe(note)}</text>'
    yield "</g>"


def _line(near: _Place, far: _Place, shift: float) -> str:
    """From the right side of one to the left side of the other; the last part is level, so that a label stands on it. A link
    that is no part of the tree goes round on the right."""
    y0, y1 = near.y + shift, far.y + shift
    if near.x < far.x:
        level = far.x - _LEVEL
        middle = (near.right + level) / 2
        return f"M {near.right:.1f} {y0:.1f} C {middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {level:.1f} {y1:.1f} H {far.x:.1f}"
    reach = max(near.right, far.right) + 40 + abs(shift)
    return f"M {near.right:.1f} {y0:.1f} C {reach:.1f} {y0:.1f} {reach:.1f} {y1:.1f} {far.right:.1f} {y1:.1f}"


def _thick(word: Word) -> float:
    """What is not well stands out."""
    return 2.5 if word is Word.UP else 3.5


def _counted(topology: Topology, say: Say) -> dict[Word, str]:
    """Each state with how many links are in it."""
    count = Counter(edge.state for edge in topology.edges)
    return {word: f"{say(f'topology.state.{word}')} ({count[word]})" for word in STYLES}


def _legend(words: Mapping[Word, str]) -> Iterator[str]:
    x = float(_MARGIN)
    for word, (colour, dashes) in STYLES.items():
        text = words[word]
        dash = f' stroke-dasharray="{dashes}"' if dashes else ""
        yield f'<path d="M {x:.1f} 74 h 34" fill="none" stroke="{colour}" stroke-width="{_thick(word)}"{dash}/>'
        yield f'<text x="{x + 42:.1f}" y="78">{_safe(text)}</text>'
        x += 42 + _text(text) + 24


def _legend_width(words: Mapping[Word, str]) -> float:
    return sum(42 + _text(text) + 24 for text in words.values())


def _label(node: Node) -> str:
    """The name as the truth has it; one that is too long is cut."""
    return node.name if len(node.name) <= _LONGEST else f"{node.name[: _LONGEST - 1]}…"


def _text(text: str) -> float:
    """Pixels that a text takes at most: no font is at hand to measure it, so wide letters count more."""
    return sum(_wide(character) for character in text)


def _wide(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 2 * _CHARACTER
    part = 1.35 if character in "MWmw@—…" else 1.15 if character.isupper() else 0.55 if character in "iljtf.,' /" else 1.0
    return _CHARACTER * part


def _safe(text: str) -> str:
    """For the text of an element: markup is no markup, and what no XML may hold is written as a mark."""
    return escape("".join(character if _is_xml(character) else "\N{REPLACEMENT CHARACTER}" for character in text))


def _quoted(text: str) -> str:
    return _safe(text).replace('"', "&quot;")


def _is_xml(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"} or character == "\t"
