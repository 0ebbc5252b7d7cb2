"""`lajur systems`: which connected systems answer in which office. Only looks; changes no device.

It exits with 0 when all answer and with 5 when one does not: no change of ours waits that would mend it, a person has to act.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from network.cli import completion
from network.cli import systems_view as view
from network.cli.grammar import Verb, noun
from network.cli.session import Session, session
from network.core.near import perhaps
from network.errors import NeedsPerson, Refused, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from network.core.systems import Board, System
    from network.wiring import Ground

app = noun("cli.help.systems")

UNWELL: Final = NeedsPerson.exit_code

OFFICES: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--office", metavar="KEY", help="cli.flag.systems_office", autocompletion=completion.offices),
]
SYSTEMS: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--system", metavar="KEY", help="cli.flag.systems_system", autocompletion=completion.connected),
]
RECORDED: TypeAlias = Annotated[bool, typer.Option("--recorded", help="cli.flag.systems_recorded")]


@app.command("status", cls=Verb, help="cli.help.systems_status")
def status(ctx: typer.Context, office: OFFICES = None, system: SYSTEMS = None, recorded: RECORDED = False) -> int:
    from network.core.systems import systems

    own = session(ctx)
    with own.ground(reach=not recorded) as ground:
        there = systems(ground.regency)
        if not there:
            raise Refused("systems.none", regency=ground.regency.head.key)
        chosen = tuple(each for each in there if each.key in _known(system, [each.key for each in there], "no_system"))
        offices = _known(office, [each.key for each in ground.regency.offices], "no_office")
        board = _recorded(ground, offices, chosen) if recorded else _asked(own, ground, offices, chosen)
    document = view.document(own, board, recorded=recorded)
    own.out.show(document, lambda: view.draw(own, document, board))
    return 0 if board.is_good else UNWELL


def _known(wanted: list[str] | None, there: list[str], complaint: str) -> list[str]:
    for key in wanted or ():
        if key not in there:
            raise UsageError(f"cli.usage.{complaint}", key=key, nearest=perhaps(key, there))
    return [key for key in there if not wanted or key in wanted]


def _asked(own: Session, ground: Ground, offices: Sequence[str], chosen: Sequence[System]) -> Board:
    from network import reach
    from network.services.systems import SystemHands, ask

    hands = SystemHands(
        prober=reach.prober(reach.reach(own.settings, ground), ground),
        runner=ground.hands.runner,
        clock=ground.hands.clock,
        observations=ground.ledger.observations(ground.hands.place),
    )
    with own.out.progress() as tell:
        tell(own.out.say("cli.systems.asking", offices=len(offices), systems=len(chosen)))
        return ask(ground.regency, offices, chosen, hands)


def _recorded(ground: Ground, offices: Sequence[str], chosen: Sequence[System]) -> Board:
    from network.services.systems import recorded

    observations = ground.ledger.observations(ground.hands.place)
    return recorded(ground.regency, offices, chosen, observations, ground.hands.clock.now())
