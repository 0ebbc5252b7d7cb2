"""`lajur lab`: a whole regency in network namespaces on this machine, up, down, looked at, used."""

from __future__ import annotations

import re
import subprocess
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from network.cli import completion
from network.cli import lab_view as view
from network.cli.grammar import YES, Verb, noun
from network.cli.session import Session, session
from network.core.near import perhaps
from network.errors import LabRefused, Refused, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from network.labs import Flow, LabState, Progress

app = noun("cli.help.lab")

LAB: TypeAlias = Annotated[str | None, typer.Option("--lab", metavar="ID", help="cli.flag.lab")]
LINK: TypeAlias = Annotated[str, typer.Argument(metavar="LINK", help="cli.flag.cut_link", autocompletion=completion.links)]
NODE: TypeAlias = Annotated[str, typer.Argument(metavar="NODE", help="cli.flag.node", autocompletion=completion.nodes)]
SERVER: TypeAlias = Annotated[
    str, typer.Argument(metavar="SERVER", help="cli.flag.lab_server", autocompletion=completion.servers)
]
DISK: TypeAlias = Annotated[str, typer.Argument(metavar="DISK", help="cli.flag.lab_disk")]
SYSTEM: TypeAlias = Annotated[
    str, typer.Argument(metavar="SYSTEM", help="cli.flag.lab_system", autocompletion=completion.applications)
]
_LONGEST_ID: Final = 12
_WAITING: Final = 2


class Way(StrEnum):
    """Which way traffic goes, as an office sees it."""

    DOWN = "down"
    UP = "up"
    BOTH = "both"


class How(StrEnum):
    """How a system outside is."""

    UP = "up"
    DOWN = "down"
    HANG = "hang"
    SLOW = "slow"
    ERROR = "error"
    CERTIFICATE = "certificate"


MANNER: TypeAlias = Annotated[How, typer.Argument(metavar="up|down|hang|slow|error|certificate", help="cli.flag.lab_manner")]


class Told(StrEnum):
    """Who tells `noc` that a link fell."""

    EVENTS = "events"
    AGENT = "agent"


@app.command("up", cls=Verb, help="cli.help.lab_up")
def up(
    ctx: typer.Context,
    *,
    offices: Annotated[int | None, typer.Option("--offices", min=1, max=4000, metavar="N", help="cli.flag.offices")] = None,
    bare: Annotated[bool, typer.Option("--bare", help="cli.flag.bare")] = False,
    traps: Annotated[Told, typer.Option("--traps", metavar="events|agent", help="cli.flag.traps")] = Told.EVENTS,
    servers: Annotated[bool, typer.Option("--servers", help="cli.flag.servers")] = False,
    short: Annotated[
        list[str] | None, typer.Option("--short", metavar="KEY", help="cli.flag.short", autocompletion=completion.servers)
    ] = None,
    cloud: Annotated[bool | None, typer.Option("--cloud/--fake-cloud", help="cli.flag.cloud")] = None,
    lab: LAB = None,
) -> int:
    from inventory.views import small_copy
    from network import labs

    own = session(ctx)
    # What needs more than a cloud is refused without root, as is a lab of nothing else.
    alone = cloud is not None and not (servers or short or bare) and labs.settle()
    regency = small_copy(own.regency, offices) if offices else own.regency
    own.out.interruption_means("cli.lab.interrupted_up")
    with own.out.progress(always=True) as tell:
        state = labs.up(
            regency,
            _id(own, lab),
            _teller(own, tell),
            bare=bare,
            traps=labs.Traps(traps),
            servers=servers or bool(short),
            short=short or (),
            cloud=cloud is not None,
            fake=cloud is False,
            alone=alone,
        )
    document = view.up(state)
    own.out.show(document, lambda: view.draw_up(own, document))
    return 0


@app.command("down", cls=Verb, help="cli.help.lab_down")
def down(
    ctx: typer.Context,
    *,
    every: Annotated[bool, typer.Option("--all", help="cli.flag.all")] = False,
    yes: YES = False,
    lab: LAB = None,
) -> int:
    from network import labs

    own = session(ctx)
    wanted = labs.labs() if every else [_id(own, lab)]
    if every and not yes and not _may_be_taken(own, wanted):
        return _WAITING
    own.out.interruption_means("cli.lab.interrupted_down")
    gone, stayed = [], []
    with own.out.progress(always=True) as tell:
        for each in wanted:
            try:
                gone += [each] * _down(own, each, tell)
            except LabRefused as error:  # one that cannot be taken down keeps no other
                stayed.append(error)
    document = view.Down(labs=tuple(gone))
    if gone or not stayed:
        own.out.show(document, lambda: view.draw_down(own, document))
    return max((own.out.failed(error) for error in stayed), default=0)


@app.command("status", cls=Verb, help="cli.help.lab_status")
def status(ctx: typer.Context, lab: LAB = None) -> int:
    from network import labs

    own = session(ctx)
    seen = labs.status(_id(own, lab))
    own.out.show(seen, lambda: view.draw_status(own, seen))
    return 0


@app.command("list", cls=Verb, help="cli.help.lab_list")
def list_labs(ctx: typer.Context) -> int:
    from network import labs

    own = session(ctx)
    document = view.listed(labs.status(each) for each in labs.labs())
    own.out.show(document, lambda: view.draw_listed(own, document))
    return 0


@app.command("exec", cls=Verb, help="cli.help.lab_exec", context_settings={"allow_interspersed_args": False})
def exec_(
    ctx: typer.Context,
    node: NODE,
    argv: Annotated[list[str], typer.Argument(metavar="CMD", help="cli.flag.argv")],
    lab: LAB = None,
) -> int:
    from network import labs

    own = session(ctx)
    words = argv[1:] if argv[0] == "--" else argv
    if not words:
        raise UsageError("cli.usage.no_argv", node=node)
    return subprocess.run(labs.command_in(_id(own, lab), node, words), check=False).returncode


@app.command("restart", cls=Verb, help="cli.help.lab_restart")
def restart(ctx: typer.Context, node: NODE, lab: LAB = None) -> int:
    from network import labs

    own = session(ctx)
    with own.out.progress(always=True) as tell:
        labs.restart(_id(own, lab), node, begun=lambda: tell(own.out.say("cli.lab.restarting", node=node)))
    document = view.Restarted(node=node)
    own.out.show(document, lambda: own.out.say("cli.lab.restarted", node=node))
    return 0


@app.command("cut", cls=Verb, help="cli.help.lab_cut")
def cut(ctx: typer.Context, link: LINK, lab: LAB = None) -> int:
    from network import labs

    own = session(ctx)
    labs.cut(_id(own, lab), link)
    document = view.Carrier(link=link, carrier=False)
    own.out.show(document, lambda: own.out.say("cli.lab.cut", link=link))
    return 0


@app.command("mend", cls=Verb, help="cli.help.lab_mend")
def mend(ctx: typer.Context, link: LINK, lab: LAB = None) -> int:
    from network import labs

    own = session(ctx)
    labs.mend(_id(own, lab), link)
    document = view.Carrier(link=link, carrier=True)
    own.out.show(document, lambda: own.out.say("cli.lab.mended", link=link))
    return 0


@app.command("pull-disk", cls=Verb, help="cli.help.lab_pull_disk")
def pull_disk(ctx: typer.Context, server: SERVER, disk: DISK, lab: LAB = None) -> int:
    from network import labs

    own = session(ctx)
    labs.pull_disk(_id(own, lab), server, disk)
    document = view.DiskSeen(server=server, disk=disk, present=False)
    own.out.show(document, lambda: own.out.say("cli.lab.pulled", server=server, disk=disk))
    return 0


@app.command("plug-disk", cls=Verb, help="cli.help.lab_plug_disk")
def plug_disk(ctx: typer.Context, server: SERVER, disk: DISK, lab: LAB = None) -> int:
    from network import labs

    own = session(ctx)
    labs.plug_disk(_id(own, lab), server, disk)
    document = view.DiskSeen(server=server, disk=disk, present=True)
    own.out.show(document, lambda: own.out.say("cli.lab.plugged", server=server, disk=disk))
    return 0


@app.command("system", cls=Verb, help="cli.help.lab_system")
def system(ctx: typer.Context, system: SYSTEM, manner: MANNER, lab: LAB = None) -> int:
    from network import labs

    own = session(ctx)
    labs.set_system(_id(own, lab), system, labs.Manner(manner))
    document = view.SystemIs(system=system, manner=manner.value)
    own.out.show(document, lambda: own.out.say("cli.lab.system_is", system=system, manner=manner.value))
    return 0


@app.command("traffic", cls=Verb, help="cli.help.lab_traffic")
def traffic(
    ctx: typer.Context,
    seconds: Annotated[int, typer.Option("--seconds", min=1, max=3600, metavar="N", help="cli.flag.seconds")] = 30,
    direction: Annotated[Way, typer.Option("--direction", metavar="down|up|both", help="cli.flag.way")] = Way.DOWN,
    office: Annotated[
        list[str] | None,
        typer.Option("--office", metavar="KEY", help="cli.flag.flooding", autocompletion=completion.offices),
    ] = None,
    lab: LAB = None,
) -> int:
    from network import labs, wiring

    own = session(ctx)
    there = wiring.standing_lab(own.regency, lab or own.settings.lab)
    if there is None:
        raise LabRefused("lab.not_up", lab=_id(own, lab))
    if not there.plan.routers:
        raise Refused("wiring.lab_alone", lab=there.plan.lab)
    flows = _flows(own, there, direction, office or [])
    own.out.interruption_means("cli.lab.interrupted_traffic")
    with own.out.progress(always=True) as tell, labs.Traffic(there).start(flows, seconds) as running:
        tell(own.out.say("cli.lab.flooding", flows=len(flows), seconds=seconds))
        result = running.wait()
    document = view.traffic(result)
    own.out.show(document, lambda: view.draw_traffic(own, document))
    return 0


def _id(own: Session, given: str | None) -> str:
    """The lab's id: as given, else LAJUR_LAB, else made of the regency's key."""
    return given or own.settings.lab or re.sub("[^a-z0-9]", "", own.settings.regency)[:_LONGEST_ID]


def _may_be_taken(own: Session, wanted: Iterable[str]) -> bool:
    """Labs that live are not always the caller's. Raises Refused when there is nobody to ask."""
    from network import labs

    alive = [lab for lab in wanted if labs.status(lab).state not in ("absent", "crashed")]
    if not alive:
        return True
    if own.out.as_json or not sys.stdin.isatty():
        raise Refused("cli.refused.needs_yes")
    return own.out.ask("cli.lab.ask_all", labs=", ".join(alive))


def _down(own: Session, lab: str, tell: Callable[[str], None]) -> bool:
    from network import labs

    tell(own.out.say("cli.lab.going_down", lab=lab))
    return labs.down(lab)


def _teller(own: Session, tell: Callable[[str], None]) -> Callable[[Progress], None]:
    """Every step on a terminal; elsewhere only the end of each stage."""

    def on_progress(progress: Progress) -> None:
        if own.out.is_live or progress.done == progress.total:
            tell(own.out.say(f"cli.lab.stage_{progress.stage}", done=progress.done, total=progress.total))

    return on_progress


def _flows(own: Session, lab: LabState, way: Way, wanted: list[str]) -> list[Flow]:
    """One greedy connection for each office, uplink and direction."""
    from inventory.units import Direction
    from network.labs import Flow

    there = [node.office for node in lab.plan.nodes if node.office is not None]
    for key in wanted:
        if key not in there:
            raise UsageError("cli.usage.no_office", key=key, nearest=perhaps(key, there))
    directions = [each for each in Direction if way in (Way.BOTH, each.value)]
    return [
        Flow(office=key, uplink=uplink.key, direction=direction)
        for key in wanted or there
        for uplink in own.regency.uplinks
        for direction in directions
    ]
