"""One process that serves regencies: for each of them the desk where it is asked, the keeper, the watch, and who is told.

Composition only, beside `network.wiring`: opens the hands, hands them to the services, and starts one thread for each loop.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Final

from inventory.regency import Regency
from network import reach, wiring
from network.clock import SimulatedClock, SystemClock
from network.core.ports import Clock
from network.errors import LajurError, LedgerError, Refused
from network.services.apply import Preview, RunReport, Wish, preview
from network.services.bookings import Desk, Reply, Standing, standing
from network.services.deliver import Courier, Postman
from network.services.hands import Hands, RunEvent, Stage, rest
from network.services.keeper import Keeper
from network.services.link_rounds import LinkRounds
from network.services.plans import carry_out
from network.services.shift import LOOK_BACK, ShiftReport, announce, shift
from network.services.system_rounds import SystemRounds
from network.services.systems import SystemHands
from network.services.watch import Post, Watch
from network.settings import Settings
from network.watching import link_post

if TYPE_CHECKING:
    from network.lab.lab import LabState
    from network.ledger.store import SqlLedger
    from network.wiring import Ground

LOOK_AGAIN: Final = 1.0
"""Seconds for which a truth that was looked at is taken as it is."""

TIDY: Final = 3600.0
"""Seconds after which the record forgets again what nobody will ask for."""

PATIENCE: Final = 15.0
"""Seconds that a caller waits to hear that a run has begun; runs themselves go on."""

log = logging.getLogger(__name__)


class Truth:
    """A regency's files as they are now: read again when one of them has changed. In a `lab`, of its own offices only.

    Files that do not hold together change nothing: what was read last stands, and `problem` says why.
    """

    def __init__(self, settings: Settings, regency: Regency, clock: Clock, lab: LabState | None) -> None:
        self._settings, self._clock, self._lab = settings, clock, lab
        self._folder = wiring.regency_folder(settings, regency.head.key)
        self._lock = Lock()
        self._seen = self._marks()
        self._looked = clock.monotonic()
        self._regency = regency
        self.problem: LajurError | None = None

    def __call__(self) -> Regency:
        with self._lock:
            if self._clock.monotonic() - self._looked >= LOOK_AGAIN:
                self._look()
            return self._regency

    def _look(self) -> None:
        self._looked = self._clock.monotonic()
        marks = self._marks()
        if marks == self._seen:
            return
        self._seen = marks
        key = self._regency.head.key
        try:
            today = self._clock.now().astimezone(self._regency.zone).date()
            regency = wiring.open_regency(self._settings, key, today)
            self._regency = wiring.in_lab(regency, self._lab) if self._lab is not None else regency
        except LajurError as problem:
            self.problem = problem
            log.warning("truth.kept", extra={"regency": key, "code": problem.code, "error": problem})
        else:
            self.problem = None
            log.info("truth.read", extra={"regency": key})

    def _marks(self) -> frozenset[tuple[str, int, int]]:
        return frozenset(_mark(path) for path in self._folder.rglob("*") if path.is_file())


def _mark(path: Path) -> tuple[str, int, int]:
    try:
        told = path.stat()
    except FileNotFoundError:  # an editor that saves by renaming
        return str(path), 0, 0
    return str(path), told.st_mtime_ns, told.st_size


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One regency, served.

    `hands` are connections for whoever asks at the door, one at a time: `door` is held meanwhile. `links` None: nobody watches
    links, because no device answers SNMP or the settings say so; `systems` None: nobody asks connected systems.
    """

    key: str
    via: str
    truth: Truth
    desk: Desk
    hands: Hands
    door: Lock
    keeper: Keeper
    watch: Watch
    links: LinkRounds | None
    systems: SystemRounds | None
    ledger: SqlLedger
    arm_seconds: int

    def wish(self, reason: str, at: datetime | None = None) -> Wish:
        """What should hold now, or at another moment."""
        now = at or self.desk.clock.now()
        found = self.standing(now)
        return Wish(
            regency=found.regency,
            reason=reason,
            now=now,
            boosts=found.boosts,
            arm_seconds=self.arm_seconds,
            ceilings=self.watch.ceilings(),
        )

    def standing(self, at: datetime) -> Standing:
        """What was granted and may act at that moment."""
        return standing(self.desk, min(at, self.desk.clock.now()) - LOOK_BACK)

    def look(self, reason: str) -> Preview:
        """What would be changed now; changes nothing."""
        with self.door:
            return preview(self.wish(reason), self.hands)

    def shift(self, actor: str) -> ShiftReport:
        """Claim what is due and carry the devices to the intent of now, for a caller who waits for it."""
        with self.door:
            wish = replace(self.wish(f"shift by {actor}"), renew=self._renewed)
            report = shift(wish, self.hands)
        announce(self.desk, actor, report.acted, report.skipped)
        return report

    def carry_out(self, plan: str, actor: str, run: str, reply: Reply | None = None) -> Carried:
        """Begin to carry out a plan that was shown, and come back when its run has begun, or ended."""
        carried = Carried(run)

        def heard(event: RunEvent) -> None:
            if event.stage is not Stage.WAITING:  # until then there is no run that anybody could follow
                carried.begun.set()
            self.hands.listen(event)

        def work() -> None:
            try:
                with self.door:
                    wish = replace(self.wish(f"plan {plan}"), run=run)
                    carried.report = carry_out(self.desk, replace(self.hands, listen=heard), wish, plan, actor, reply)
            except LajurError as error:
                carried.error = error
            finally:
                carried.begun.set()

        Thread(target=work, name=f"plan-{self.key}", daemon=False).start()
        carried.begun.wait(PATIENCE)
        return carried

    def _renewed(self, wish: Wish) -> Wish:
        return replace(self.wish(wish.reason), run=wish.run, check=wish.check)


@dataclass(slots=True)
class Carried:
    """A plan on its way: `report` or `error` once it has ended."""

    run: str
    begun: Event = field(default_factory=Event)
    report: RunReport | None = None
    error: LajurError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """All that one process serves. `postman` carries the announcements of all of them."""

    services: Mapping[str, Service]
    ledger: SqlLedger
    clock: Clock
    postman: Postman
    courier: Courier
    signing_key: bytes = field(repr=False)

    @contextmanager
    def working(self, *, keep: bool = True) -> Iterator[None]:
        """The loops run; at the end each finishes its round. Without `keep` the devices are left to somebody else's timer."""
        stop = Event()
        loops: list[tuple[str, Callable[[Callable[[], bool]], None]]] = [("post", self.postman.run), ("house", self._tidy)]
        for key, service in self.services.items():
            loops.append((f"watch-{key}", service.watch.run))
            if service.links is not None:
                loops.append((f"links-{key}", service.links.run))
            if service.systems is not None:
                loops.append((f"systems-{key}", service.systems.run))
            if keep:
                loops.append((f"keeper-{key}", service.keeper.run))
        threads = [Thread(target=_told(name, loop), args=(stop.is_set,), name=name) for name, loop in loops]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            for thread in threads:
                thread.join()

    def _tidy(self, stop: Callable[[], bool]) -> None:
        """Answers and deliveries that are long over do not stay; what was done and booked does."""
        while not stop():
            try:
                self.ledger.prune(self.clock.now())
            except LedgerError as error:
                log.warning("record.untidy", extra={"code": error.code, "error": error})
            rest(self.clock, TIDY, stop)


def _told(name: str, loop: Callable[[Callable[[], bool]], None]) -> Callable[[Callable[[], bool]], None]:
    """The loop, begun again a little later when a bug of ours ends it: one bad round must not end the service in silence."""

    def run(stop: Callable[[], bool]) -> None:
        while not stop():
            try:
                loop(stop)
            except Exception:
                log.exception("loop.bug", extra={"loop": name})
                for _ in range(50):
                    if not stop():
                        SystemClock().sleep(0.1)

    return run


@contextmanager
def serving(settings: Settings, keys: Sequence[str], *, via: str = "auto", at: datetime | None = None) -> Iterator[Serving]:
    """Open everything that these regencies need, half-done runs of dead processes settled; let go of it at the end.

    `at` makes another moment the present, on the lab and in memory only. Raises what opening a ground raises.
    """
    clock = SimulatedClock(at) if at else SystemClock()
    with ExitStack() as stack:
        ledger = stack.enter_context(wiring.open_ledger(settings))
        services = {key: _service(settings, key, via, clock, ledger, stack) for key in dict.fromkeys(keys)}
        if at and any(service.via == "direct" for service in services.values()):
            raise Refused("cli.refused.at_direct")
        courier = wiring.courier(settings)
        key = wiring.signing_key(settings)
        postman = Postman(ledger.outbox, courier, wiring.pool(settings), clock, key, stamp=SystemClock())
        yield Serving(services=services, ledger=ledger, clock=clock, postman=postman, courier=courier, signing_key=key)


def _service(settings: Settings, key: str, via: str, clock: Clock, ledger: SqlLedger, stack: ExitStack) -> Service:
    """Three sets of connections: a run must not wait for a look, nor either of them for somebody at the door."""
    regency = wiring.open_regency(settings, key, clock.now().date())

    def ground() -> Ground:
        opened = wiring.ground(settings, regency, via=via, lab_id=settings.lab, clock=clock, ledger=ledger)
        return stack.enter_context(opened)

    keeping, watching, asking = ground(), ground(), ground()
    truth = Truth(settings, keeping.regency, clock, keeping.lab)
    desk = Desk(truth=truth, bookings=ledger.bookings, clock=clock, proofs=keeping.hands.proofs)

    def wish(now: datetime) -> Wish:
        found = standing(desk, now - LOOK_BACK)
        return Wish(regency=found.regency, reason="watch", now=now, boosts=found.boosts)

    meter = stack.enter_context(wiring.interface_meter(keeping.regency, keeping.lab)) if _has_meter(keeping) else None
    post = Post(key=key, hands=watching.hands, wish=wish, reports=ledger.reports, audit=ledger, meter=meter)
    watch = Watch(post)
    return Service(
        key=key,
        via=keeping.via,
        truth=truth,
        desk=desk,
        hands=asking.hands,
        door=Lock(),
        keeper=Keeper(desk, keeping.hands, arm_seconds=settings.arm_seconds, ceilings=watch.ceilings),
        watch=watch,
        links=_links(settings, truth, keeping, clock),
        systems=_systems(settings, truth, asking, clock),
        ledger=ledger,
        arm_seconds=settings.arm_seconds,
    )


def _links(settings: Settings, truth: Truth, ground: Ground, clock: Clock) -> LinkRounds | None:
    if settings.link_every is None or not _has_meter(ground):
        return None
    return LinkRounds(truth, partial(link_post, lab=ground.lab, clock=clock), clock, settings.link_every)


def _systems(settings: Settings, truth: Truth, ground: Ground, clock: Clock) -> SystemRounds | None:
    if settings.systems_every is None or ground.via == "memory":
        return None

    def hands(regency: Regency) -> SystemHands:
        there = replace(ground, regency=regency)
        return SystemHands(
            prober=reach.prober(reach.reach(settings, there), there),
            runner=ground.hands.runner,
            clock=clock,
            observations=ground.ledger.observations(ground.hands.place),
        )

    return SystemRounds(truth, hands, clock, settings.systems_every)


def _has_meter(ground: Ground) -> bool:
    """Twins answer no SNMP."""
    return ground.via != "memory" and any(device.snmp is not None for device in ground.regency.devices)
