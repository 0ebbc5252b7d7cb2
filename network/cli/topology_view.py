"""The topology as a tree on a terminal: each device below the one through which it is reached, its link by colour and sign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from network.cli import watch_view
from network.cli.session import Session

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text
    from rich.tree import Tree

    from network.core.topology import Edge, Node, Topology
    from network.services.link_watch import LinkPicture

SIGNS: Final = {"up": ("●", "green"), "down": ("✗", "bold red"), "one_way": ("◐", "yellow"), "unknown": ("?", "dim")}
"""Sign and colour of each state: the sign says it where there is no colour."""


def draw(own: Session, seen: Topology, picture: LinkPicture | None) -> RenderableType:
    from rich.tree import Tree

    from network.cli.draw import cell, stack

    roots = [node for node in seen.nodes if node.above is None]
    trees = []
    for root in roots:
        tree = Tree(_label(own, seen, root), guide_style="dim")
        _grow(own, seen, root, tree)
        trees.append(tree)
    signs = "   ".join(f"{sign} {own.out.say(f'topology.state.{word}')}" for word, (sign, _) in SIGNS.items())
    below = watch_view.covered(own, picture.coverage) if picture is not None else None
    return stack(*trees, cell(""), cell(signs, "dim"), below)


def _grow(own: Session, seen: Topology, node: Node, tree: Tree) -> None:
    for below in seen.below(node.device):
        _grow(own, seen, below, tree.add(_label(own, seen, below)))


def _label(own: Session, seen: Topology, node: Node) -> Text:
    from network.cli.draw import cell

    edges = seen.between(node.above, node.device) if node.above is not None else ()
    text = cell("")
    for edge in edges:
        sign, colour = SIGNS[edge.state.value]
        text.append_text(cell(f"{sign} ", colour))
    text.append_text(cell(node.device, "bold" if node.office is None else ""))
    if node.name != node.device:
        text.append_text(cell(f"  {node.name}"))
    for edge in edges:
        text.append_text(cell(_about(own, edge), SIGNS[edge.state.value][1]))
    return text


def _about(own: Session, edge: Edge) -> str:
    """What is not usual about a link: its medium, and what is wrong with it."""
    words = []
    if edge.medium.value != "fibre":
        words.append(own.out.say(f"topology.medium.{edge.medium}"))
    if edge.state.value != "up" and edge.why is not None:
        words.append(watch_view.why(own, edge.why.value, edge.end))
    return f"  ({', '.join(words)})" if words else ""
