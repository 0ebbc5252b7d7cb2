"""`lajur topology`: the network as a tree, a document or a drawing, its links by their states now. Looks only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from network.cli import link_watch, watch_view
from network.cli import topology_view as view
from network.cli.session import Session, Via, session
from network.errors import UsageError

if TYPE_CHECKING:
    from network.core.topology import Topology
    from network.services.link_watch import LinkPicture

SVG: TypeAlias = Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="cli.flag.svg")]


def topology(ctx: typer.Context, svg: SVG = None) -> int:
    own = session(ctx)
    seen, picture = _seen(own)
    if svg is not None:
        _write(own, svg, seen, picture)
    if svg is None or own.out.as_json:
        own.out.show(seen, lambda: view.draw(own, seen, picture))
    return 0


def _seen(own: Session) -> tuple[Topology, LinkPicture | None]:
    """By one poll; devices in memory, or without SNMP, show what the truth has, and no state."""
    from network.core.topology import topology as drawn
    from network.services.link_watch import LinkWatch
    from network.wiring import reached

    way, _, own.regency = reached(own.regency, own.flags.via.value, own.settings.lab)
    if way == Via.MEMORY:
        return drawn(own.regency, {}, 0.0), None
    if all(device.snmp is None for device in own.regency.devices):
        own.out.note("cli.links.no_states", regency=own.regency.head.key)
        return drawn(own.regency, {}, 0.0), None
    with link_watch.post(own) as found:
        picture = link_watch.first(own, found, LinkWatch(found))
    return picture.topology, picture


def _write(own: Session, file: Path, seen: Topology, picture: LinkPicture | None) -> None:
    from network.core.topology_svg import svg

    below = ""
    if picture is not None:
        below = f"{own.local(picture.at)} · {watch_view.covered(own, picture.coverage)}"
    try:
        file.expanduser().write_text(svg(seen, own.out.say, subtitle=below), encoding="utf-8")
    except OSError as error:
        raise UsageError("cli.error.svg", file=str(file), reason=error.strerror or type(error).__name__) from error
    own.out.note("cli.links.drawn", file=str(file))
