"""`lajur device`: the first hour with real equipment. Which devices there are, whose key is trusted, and what they show."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from network.cli import completion
from network.cli import device_view as view
from network.cli.grammar import DRY_RUN, YES, Verb, noun
from network.cli.session import Session, session
from network.core.near import perhaps
from network.errors import LajurError, Refused, UsageError

if TYPE_CHECKING:
    from inventory.regency import Regency
    from network.core.host_key import KeyRing
    from network.services.trust import Seen
    from network.wiring import Ground

app = noun("cli.help.device")

DEVICES: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(metavar="DEVICE", help="cli.flag.devices", autocompletion=completion.devices),
]
_WAITING = 2


@app.command("list", cls=Verb, help="cli.help.device_list")
def list_devices(ctx: typer.Context) -> int:
    from network import reach

    own = session(ctx)
    with own.ground(reach=False) as ground:
        ring = None if own.via == "memory" else reach.key_ring(reach.reach(own.settings, ground))
        document = view.device_list(ground.regency, ring)
    own.out.show(document, lambda: view.draw_list(own, document))
    return 0


@app.command("trust", cls=Verb, help="cli.help.device_trust")
def trust(
    ctx: typer.Context,
    devices: DEVICES = None,
    fingerprint: Annotated[str | None, typer.Option("--fingerprint", metavar="SHA256:...", help="cli.flag.fingerprint")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="cli.flag.replace")] = False,
    yes: YES = False,
    dry_run: DRY_RUN = False,
) -> int:
    from network import reach
    from network.services.trust import look

    own = session(ctx)
    with own.ground(reach=False) as ground:
        names = _named(ground.regency, devices, [server.key for server in reach.entered(ground.regency)])
        expected = _fingerprint(fingerprint, names)
        way = reach.reach(own.settings, ground)
        ring = reach.key_ring(way)
        addresses = {name: way.targets[name].address for name in names}
        with own.out.progress() as tell:
            tell(own.out.say("cli.device.asking", count=len(names)))
            seen = look(addresses, ring, ground.hands.runner)
        seen = _expected(seen, expected, ring) if expected else seen
        ready = _ready(seen, replace=replace)
        document = view.trusting(own, seen, file=str(way.known_hosts), ready=[each.device for each in ready])
        if not dry_run and ready and not (yes or expected) and not _agreed(own, document):
            return _WAITING
        if not dry_run:
            _pin(ground, ring, ready, replace=replace)
    shown = document if dry_run else view.pinned(document)
    own.out.show(shown, lambda: view.draw_trusting(own, shown))
    return view.code_of(shown)


@app.command("check", cls=Verb, help="cli.help.device_check")
def check(ctx: typer.Context, devices: DEVICES = None, dry_run: DRY_RUN = False) -> int:
    from network import reach
    from network.services.inspect import inspect

    own = session(ctx)
    with own.ground(reach=False) as ground:
        names = _named(ground.regency, devices)
        if dry_run:
            return _only_named(own, ground, names)
        inspector = reach.inspector(reach.reach(own.settings, ground), ground)
        with own.out.progress() as tell:
            tell(own.out.say("cli.device.checking", count=len(names)))
            verdicts = inspect(names, ground.regency, inspector, ground.hands.runner)
        document = view.checked(own, ground.regency, verdicts)
    own.out.show(document, lambda: view.draw_checked(own, document))
    return view.code_of_check(verdicts)


def _only_named(own: Session, ground: Ground, names: Sequence[str]) -> int:
    """Whom a check would log in to, and as whom; nobody is dialled."""
    from network import reach

    listed = view.device_list(ground.regency, reach.key_ring(reach.reach(own.settings, ground)), names)
    own.out.show(listed, lambda: view.draw_list(own, listed))
    own.out.note("cli.device.dry_check", count=len(names))
    return 0


def _named(regency: Regency, devices: Sequence[str] | None, servers: Sequence[str] = ()) -> tuple[str, ...]:
    """The devices that are meant, each once: those that were named, else all; of `servers` those that were named. Raises
    UsageError for one that is not there."""
    known = [device.key for device in regency.devices]
    for name in devices or ():
        if name not in known and name not in servers:
            raise UsageError("cli.usage.no_device", key=name, nearest=perhaps(name, [*known, *servers]))
    return tuple(dict.fromkeys(devices)) if devices else tuple(known)


def _fingerprint(written: str | None, names: Sequence[str]) -> str | None:
    from network.core.host_key import fingerprint

    if written is None:
        return None
    if len(names) != 1:
        raise UsageError("cli.usage.one_fingerprint", count=len(names))
    try:
        return fingerprint(written)
    except ValueError as error:
        raise UsageError("cli.usage.fingerprint", value=written[:100]) from error


def _expected(seen: Mapping[str, Seen | LajurError], fingerprint: str, ring: KeyRing) -> Mapping[str, Seen | LajurError]:
    """As `services.trust.expected`, for the one device that there is. Raises what stood in its way."""
    from network.services.trust import Seen, expected

    ((device, one),) = seen.items()
    if not isinstance(one, Seen):
        raise one
    return {device: expected(one, fingerprint, ring)}


def _ready(seen: Mapping[str, Seen | LajurError], *, replace: bool) -> list[Seen]:
    """What may be pinned on a person's word: new keys, and changed ones only when it says so."""
    from network.core.host_key import Standing
    from network.services.trust import Seen

    wanted = {Standing.NEW, Standing.CHANGED} if replace else {Standing.NEW}
    return [each for each in seen.values() if isinstance(each, Seen) and each.standing in wanted]


def _agreed(own: Session, document: view.Trusting) -> bool:
    """Show the fingerprints and ask. Refused when there is nobody to ask."""
    if own.out.as_json or not sys.stdin.isatty():
        raise Refused("cli.refused.needs_word")
    own.out.show(document, lambda: view.draw_trusting(own, document))
    agreed = own.out.ask("cli.ask.trust", count=sum(each.waiting for each in document.devices))
    if not agreed:
        own.out.note("cli.ask.left")
    return agreed


def _pin(ground: Ground, ring: KeyRing, ready: Sequence[Seen], *, replace: bool) -> None:
    from network.services.trust import Word, trust
    from network.wiring import user

    word = Word(regency=ground.regency.head.key, actor=f"os:{user()}", at=ground.hands.clock.now(), replace=replace)
    trust(ready, word, ring, ground.ledger)
