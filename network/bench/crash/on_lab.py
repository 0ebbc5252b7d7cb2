"""The same on real routers: a controller that dies at or within a command over SSH, and what the kernel's queues then do."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from multiprocessing import get_context
from random import Random
from threading import Timer
from typing import Any, Final

from network.bench.crash.kernel import watched
from network.bench.crash.trial import Tally
from network.bench.crash.world import any_wish
from network.bench.scene import Scene
from network.clock import SimulatedClock, SystemClock
from network.core.allocate import allocate
from network.core.intent import intend
from network.core.plan import make_plan
from network.core.ports import Device
from network.services.apply import Wish, apply, observe
from network.services.hands import Hands
from network.services.returns import Shapers, wished
from network.wiring import ground as opened

ARM: Final = 5
"""Seconds that a device waits for a controller: the least that may be."""

ALONE: Final = 60
_HEAVY: Final = ("network.drivers.netmiko_ssh", "network.ledger.sqlite", "network.lab.lab", "network.lab.enter")
"""What a controller imports when it needs it; here it begins with all of it."""

_COMMANDS: Final = frozenset({"arm", "carry", "confirm", "leave"})
_MOST: Final = 6
"""Commands of the longest run: arm, lower, raise, point, leave, confirm."""

_WITHIN: Final = 0.06
"""Seconds; a command takes about so long, so a death within it cuts a batch at any line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """After the command number `after`, or the first `verb`, has been answered; or so many seconds `within` it."""

    after: int = 0
    verb: str = ""
    within: float | None = None


class _Mortal:
    """A device whose controller dies."""

    def __init__(self, device: Device, death: Death) -> None:
        self._device, self._death, self._done = device, death, 0

    def __getattr__(self, verb: str) -> Any:
        work = getattr(self._device, verb)
        if verb not in _COMMANDS:
            return work

        def command(*arguments: Any) -> Any:
            self._done += 1
            last = self._done == self._death.after or verb == self._death.verb
            if last and self._death.within is not None:
                Timer(self._death.within, _die).start()
            answer = work(*arguments)
            if last and self._death.within is None:
                _die()
            return answer

        return command


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def controller(scene: Scene, wish: Wish, death: Death | None = None) -> int:
    """A controller in a process of its own; its exit code, negative for the signal that ended it."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__, *_HEAVY])
    child = context.Process(target=_live, args=(scene.settings, scene.lab.plan.lab, wish, _shift(scene), death))
    child.start()
    child.join()
    assert child.exitcode is not None, "it was waited for"
    return child.exitcode


def _shift(scene: Scene) -> timedelta:
    """How far the scene's clock is from the machine's: the same in every process, however long one takes to begin."""
    return scene.clock.now() - SystemClock().now()


def _live(settings: Any, lab_id: str, wish: Wish, shift: timedelta, death: Death | None) -> None:
    clock = SimulatedClock(SystemClock().now() + shift)
    with opened(settings, wish.regency, via="lab", lab_id=lab_id, clock=clock) as ground:
        hands = ground.hands
        if death:
            devices: Any = {name: _Mortal(device, death) for name, device in hands.devices.items()}
            hands = replace(hands, devices=devices)
        apply(wish, hands)


def deaths(scene: Scene, count: int, seed: str, tell: Callable[[str], None] = lambda _: None) -> Tally:
    """So many controllers die on the way to another wish; then nobody comes, or somebody does at once. One whose run has fewer
    commands than it was to see comes to its end and does not count."""
    random, tally = Random(seed), Tally()  # noqa: S311 - the same trial can be seen again
    with scene.hands() as hands:
        before = _carried(scene, hands, any_wish(scene.regency, random, scene.clock.now(), ARM))
        with watched(scene.lab.plan.lab, scene.regency, "core") as monitor:
            for number in range(_MOST * count):
                if tally.kills == count:
                    break
                after = any_wish(scene.regency, random, scene.clock.now(), ARM)
                death = Death(after=random.randint(1, _MOST), within=random.choice((None, random.uniform(0, _WITHIN))))
                code = controller(scene, after, death)
                tally.changes, tally.kills, tally.ends = number + 1, tally.kills + (code < 0), tally.ends + (code >= 0)
                told = f"{seed} {number}: {death}, ended {code}"
                if code not in (0, -signal.SIGKILL):
                    tally.faults.append(told)
                if random.random() < 0.5:
                    tally.faults += _alone(hands, (before, _shapers(after)), told)
                before = _carried(scene, hands, after)
                tally.faults += _again(scene, hands, before, told)
                tell(told)
            seen = monitor.seen()
    tally.oversubscribed = seen.oversubscribed
    assert seen.changes > count, "the monitor has heard nothing"
    return tally


def _carried(scene: Scene, hands: Hands, wish: Wish) -> Shapers:
    """Another controller carries the devices to the wish: what they are to hold then."""
    apply(replace(wish, now=scene.clock.now()), hands)
    return _shapers(wish)


def _shapers(wish: Wish) -> Shapers:
    return wished(allocate(wish.regency, intend(wish.regency, wish.now, wish.boosts)))


def _alone(hands: Hands, ways: Sequence[Shapers], told: str) -> Iterable[str]:
    """Nobody comes: the devices are back within their timer and a minute, at the one or the other."""
    end = time.monotonic() + ARM + ALONE
    while any(state.armed for state in observe(hands, tuple(hands.devices)).values()):
        if time.monotonic() > end:
            return [f"{told}: left alone, a device is still armed"]
        time.sleep(0.2)
    states = observe(hands, tuple(hands.devices))
    if not any(not make_plan(states, way).steps for way in ways):
        return [f"{told}: left alone, the devices hold neither the one nor the other"]
    return []


def _again(scene: Scene, hands: Hands, wanted: Shapers, told: str) -> Iterable[str]:
    states = observe(hands, tuple(hands.devices))
    if any(state.armed for state in states.values()):
        yield f"{told}: begun again, a device is still armed"
    if make_plan(states, wanted).steps:
        yield f"{told}: begun again, the devices do not hold what is wished"
    if any(run.result == "running" for run in hands.ledger.runs(scene.regency.head.key, limit=1000)):
        yield f"{told}: begun again, a run is on record as running"
