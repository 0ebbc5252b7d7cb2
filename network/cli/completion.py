"""What a shell offers after TAB: keys of regencies, offices, uplinks, windows, nodes, servers. A broken truth offers nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from network.cli.session import session
from network.cli.words import clean
from network.errors import LajurError

if TYPE_CHECKING:
    from inventory.regency import Regency

Offer = tuple[str, str]


def regencies(ctx: typer.Context) -> list[str]:
    try:
        folder = session(ctx).settings.regencies
        return sorted(each.name for each in folder.iterdir() if (each / "regency.yaml").is_file())
    except (LajurError, OSError):
        return []


def windows(ctx: typer.Context) -> list[Offer]:
    regency = _regency(ctx)
    return [(window.key, clean(window.name)) for window in regency.windows] if regency else []


def offices(ctx: typer.Context) -> list[Offer]:
    regency = _regency(ctx)
    return [(office.key, clean(office.name)) for office in regency.offices] if regency else []


def uplinks(ctx: typer.Context) -> list[Offer]:
    regency = _regency(ctx)
    return [(uplink.key, clean(uplink.name)) for uplink in regency.uplinks] if regency else []


def link_names(ctx: typer.Context) -> list[Offer]:
    """Links, and offices for their access links."""
    return [*links(ctx), *offices(ctx)]


def hubs(ctx: typer.Context) -> list[Offer]:
    regency = _regency(ctx)
    return [(hub.key, clean(hub.name)) for hub in regency.hubs] if regency else []


def stages(ctx: typer.Context) -> list[Offer]:
    regency = _regency(ctx)
    return [(stage.key, clean(stage.name)) for stage in regency.stages] if regency else []


def released(ctx: typer.Context) -> list[Offer]:
    """Workloads that have releases."""
    regency = _regency(ctx)
    return [(each.key, clean(each.name)) for each in regency.workloads if each.release is not None] if regency else []


def devices(ctx: typer.Context) -> list[Offer]:
    regency = _regency(ctx)
    return [(device.key, device.role.value) for device in regency.devices] if regency else []


def servers(ctx: typer.Context) -> list[Offer]:
    regency = _regency(ctx)
    return [(server.key, server.role.value) for server in regency.servers] if regency else []


def playbooks() -> list[Offer]:
    from network.settings import PLAYBOOKS

    return [(path.stem, "") for path in sorted(PLAYBOOKS.glob("*.yml")) if path.stem != "lajur"]


def connected(ctx: typer.Context) -> list[Offer]:
    """Connected systems."""
    regency = _regency(ctx)
    return [(each.key, clean(each.name)) for each in regency.workloads if each.kind == "connected"] if regency else []


def applications(ctx: typer.Context) -> list[Offer]:
    regency = _regency(ctx)
    return [(each.key, clean(each.name)) for each in regency.applications] if regency else []


def nodes(ctx: typer.Context) -> list[Offer]:
    """What a lab can have that has a console."""
    return [*devices(ctx), *servers(ctx)]


def links(ctx: typer.Context) -> list[Offer]:
    regency = _regency(ctx)
    return [(link.key, " – ".join(end.device for end in link.ends)) for link in regency.links] if regency else []


def _regency(ctx: typer.Context) -> Regency | None:
    """Straight from the truth: the hands, which wiring brings along, take too long for a key press."""
    from inventory.load import TruthInvalid, load_regency

    try:
        settings = session(ctx).settings
        return load_regency(settings.regencies / Path(settings.regency).name)
    except (LajurError, TruthInvalid, OSError):
        return None
