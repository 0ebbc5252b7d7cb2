"""What every hand on a link's device promises, tried on the twin and on real FRR routers of a lab."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Protocol

import pytest

from inventory import views
from inventory.load import load_regency
from inventory.regency import Regency
from network import labs
from network.clock import StepClock
from network.core.link_ports import Commit, LinkDevice
from network.core.links.intent import LinkIntent, intend
from network.core.links.verify import bad, judge, looks_for
from network.drivers.memory_links import Fault, MemoryLinkDevice, MemoryNet
from network.drivers.napalm_links import NapalmLinkDevice
from network.errors import ArmExpired, DeviceArmed, DeviceUnreachable, HostKeyChanged, HostKeyUnknown, NotSaved, StepRefused
from network.link_wiring import link_ground
from network.services.links.apply import LinkWish, apply_link
from network.services.links.hands import LinkHands
from network.settings import Settings
from tests.contract.router import PATIENCE

TRUTH = Path(__file__).parents[2] / "inventory" / "regencies" / "manokwari"
NODE, INTERFACE = "r-dpmptsp", "wan0"
LINES = f"interface {INTERFACE}\n description tried\nexit\n"


class Ground(Protocol):
    """A device on which links end, and what can happen to it."""

    intents: tuple[LinkIntent, ...]

    def hands(self) -> LinkHands:
        """New connections, as another controller would make them."""

    def restart(self) -> None: ...

    def unsaved(self) -> AbstractContextManager[None]:
        """Meanwhile the device cannot write its start-up configuration."""

    def until(self, holds: Callable[[], bool]) -> None:
        """Let time pass until it holds; fails after fifteen seconds."""


class MemoryGround:
    def __init__(self, regency: Regency, folder: Path) -> None:
        self.intents = intend(regency)
        self._clock = StepClock(datetime(2026, 8, 18, tzinfo=UTC))
        self._net, self._folder = MemoryNet(self.intents, self._clock), folder

    def hands(self) -> LinkHands:
        settings = Settings.read({"LAJUR_STATE": str(self._folder)}, self._folder)
        with link_ground(settings, load_regency(TRUTH), via="memory", clock=self._clock) as ground:
            devices = {name: MemoryLinkDevice(self._net, name) for name in self._net.boxes}
            return LinkHands(
                devices=devices,
                dialects=ground.hands.dialects,
                keys=ground.hands.keys,
                ledger=_NoLedger(),
                clock=self._clock,
                runner=ground.hands.runner,
            )

    def restart(self) -> None:
        self._net.restart(NODE)

    @contextmanager
    def unsaved(self) -> Iterator[None]:
        at = self._net.asked(NODE, "confirm") + 1
        self._net.faults.append(Fault(device=NODE, verb="confirm", how="unsaved", at=at))
        yield

    def until(self, holds: Callable[[], bool]) -> None:
        for _ in range(60):
            if holds():
                return
            self._clock.sleep(0.25)
        pytest.fail(f"not within {PATIENCE:.0f} s")


class _NoLedger:
    """Nothing is on record."""

    def begin(self, *given: object) -> None: ...
    def mark(self, *given: object) -> None: ...
    def finish(self, *given: object, **more: object) -> None: ...
    def deeds(self, run: str) -> tuple[()]:
        return ()

    def unfinished(self, regency: str) -> tuple[()]:
        return ()


class LabGround:
    def __init__(self, regency: Regency, lab_id: str, folder: Path, stack: ExitStack) -> None:
        self.regency, self._lab, self._folder, self._stack = regency, lab_id, folder, stack
        self.intents = intend(regency)

    def hands(self) -> LinkHands:
        settings = Settings.read({"LAJUR_STATE": str(self._folder)}, self._folder)
        ground = self._stack.enter_context(link_ground(settings, self.regency, via="lab", lab_id=self._lab))
        return ground.hands

    def restart(self) -> None:
        labs.restart(self._lab, NODE)

    @contextmanager
    def unsaved(self) -> Iterator[None]:
        mounts = "mount --bind /bin/false /usr/bin/vtysh; mount --bind /etc/frr /etc/frr; mount -o remount,bind,ro /etc/frr"
        labs.exec_in(self._lab, NODE, ["sh", "-c", mounts])
        try:
            yield
        finally:
            labs.exec_in(self._lab, NODE, ["umount", "/etc/frr", "/usr/bin/vtysh"])

    def until(self, holds: Callable[[], bool]) -> None:
        deadline = monotonic() + PATIENCE
        while not holds():
            assert monotonic() < deadline, f"not within {PATIENCE:.0f} s"
            sleep(0.1)


@pytest.fixture(scope="module")
def one_office() -> Regency:
    return views.small_copy(load_regency(TRUTH), 1)


@pytest.fixture(scope="module")
def lab_id(one_office: Regency) -> Iterator[str]:
    own = f"c{os.getpid() % 10**7}links"
    try:
        labs.up(one_office, own, bare=True)
        yield own
    finally:
        labs.down(own)


@pytest.fixture(params=["memory", pytest.param("lab", marks=pytest.mark.lab)])
def ground(request: pytest.FixtureRequest, one_office: Regency, tmp_path: Path) -> Iterator[Ground]:
    if request.param == "memory":
        yield MemoryGround(one_office, tmp_path)
        return
    with ExitStack() as stack:
        yield LabGround(one_office, request.getfixturevalue("lab_id"), tmp_path, stack)


@pytest.fixture
def device(ground: Ground) -> LinkDevice:
    return ground.hands().devices[NODE]


def _commit(lines: str = LINES, run: str = "run-link-one", revert_in: int = 60) -> Commit:
    return Commit(run=run, candidate=lines, revert_in=revert_in, message=f"{run} tried")


def test_what_is_committed_waits_in_the_name_of_its_run_and_goes_back_when_asked(device: LinkDevice) -> None:
    before = device.read()
    assert before.pending is None
    device.commit(_commit())
    seen = device.read()
    assert seen.pending is not None
    assert seen.pending.run == "run-link-one"
    assert "description tried" in seen.text
    device.revert()
    assert device.read() == before
    device.revert()
    assert device.read() == before


def test_what_is_confirmed_from_another_session_stays(ground: Ground, device: LinkDevice) -> None:
    device.commit(_commit())
    other = ground.hands().devices[NODE]
    other.confirm("run-link-one")
    assert device.read().pending is None
    assert "description tried" in device.read().text
    with pytest.raises(ArmExpired):
        other.confirm("run-link-one")
    device.commit(_commit(f"interface {INTERFACE}\n no description\nexit\n", run="run-link-two"))
    device.confirm("run-link-two")
    assert "description tried" not in device.read().text


def test_what_cannot_be_written_for_the_next_start_is_kept_and_told(ground: Ground, device: LinkDevice) -> None:
    device.commit(_commit())
    other = ground.hands().devices[NODE]
    with ground.unsaved(), pytest.raises(NotSaved):
        other.confirm("run-link-one")
    seen = device.read()
    assert seen.pending is None
    assert "description tried" in seen.text
    device.commit(_commit(f"interface {INTERFACE}\n no description\nexit\n", run="run-link-two"))
    device.confirm("run-link-two")


def test_nobody_confirms_what_is_somebody_elses(ground: Ground, device: LinkDevice) -> None:
    device.commit(_commit())
    with pytest.raises(ArmExpired):
        ground.hands().devices[NODE].confirm("run-link-other")
    pending = device.read().pending
    assert pending is not None
    device.revert()


def test_a_second_commit_is_refused_while_one_waits(ground: Ground, device: LinkDevice) -> None:
    device.commit(_commit())
    with pytest.raises(DeviceArmed) as armed:
        ground.hands().devices[NODE].commit(_commit(run="run-link-two"))
    assert armed.value.fields["run"] == "run-link-one"
    device.revert()


def test_a_bad_line_is_named_and_nothing_of_the_rest_holds(device: LinkDevice) -> None:
    before = device.read()
    with pytest.raises(StepRefused) as refused:
        device.commit(_commit(f"interface {INTERFACE}\n description tried\n nonsense of mine\nexit\n"))
    assert "nonsense of mine" in str(refused.value.fields["line"])
    assert device.read() == before


def test_nobody_confirms_and_it_goes_back_by_itself(ground: Ground, device: LinkDevice) -> None:
    before = device.read()
    device.commit(_commit(revert_in=2))
    device.close()
    ground.until(lambda: device.read() == before)


def test_a_restart_while_a_commit_waits_ends_as_before(ground: Ground, device: LinkDevice) -> None:
    before = device.read()
    device.commit(_commit(revert_in=600))
    ground.restart()
    ground.until(lambda: _readable(device) and device.read() == before)


def _readable(device: LinkDevice) -> bool:
    try:
        device.read()
    except DeviceUnreachable:
        return False
    return True


def test_a_whole_link_is_seen_well_from_both_ends(ground: Ground) -> None:
    """The last of the lab's tests: from here on the router routes."""
    hands = ground.hands()
    for intent in (each for each in ground.intents if each.depth > 0):
        apply_link(intent, LinkWish(regency="manokwari", reason="test"), hands)
        for end in intent.ends:
            (sight,) = hands.devices[end.device].look([looks_for(end)])
            assert not bad(judge(end, sight)), end
            assert sight.carrier
            assert sight.neighbours


@pytest.mark.lab
def test_what_apply_has_brought_to_a_bare_router_goes_back_from_any_session(
    one_office: Regency, lab_id: str, tmp_path: Path
) -> None:
    """After the test above: the last change brought the router its neighbours."""
    with ExitStack() as stack:
        honest = LabGround(one_office, lab_id, tmp_path, stack).hands().devices[NODE]
        assert isinstance(honest, NapalmLinkDevice)
        assert "ip ospf area" in honest.read().text
        driver = honest._login_there()
        stack.callback(driver.close)
        driver.rollback()
        assert "ip ospf area" not in honest.read().text


@pytest.mark.lab
@pytest.mark.parametrize(("pins", "error"), [("", HostKeyUnknown), ("changed", HostKeyChanged)])
def test_a_host_key_that_is_not_the_pinned_one_ends_it(
    one_office: Regency, lab_id: str, tmp_path: Path, pins: str, error: type[Exception]
) -> None:
    with ExitStack() as stack:
        honest = LabGround(one_office, lab_id, tmp_path, stack).hands().devices[NODE]
        assert isinstance(honest, NapalmLinkDevice)
        known = Path(honest._options["known_hosts"]).read_text().splitlines()
        address = str(one_office.device(NODE).address)
        key = next(line.partition(" ")[2] for line in known if not line.startswith(f"{address} "))
        file = tmp_path / "known_hosts"
        file.write_text(f"{address} {key}\n" if pins else "")
        options = {**honest._options, "known_hosts": str(file)}
        strange = NapalmLinkDevice(honest._target, honest._known, None, options)
        stack.callback(strange.close)
        with pytest.raises(error):
            strange.read()
