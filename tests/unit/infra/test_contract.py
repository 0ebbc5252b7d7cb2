"""A machine held against its contract."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.contract import AcceptanceReport, DiskPromise, Promise, Terms, Waiver, accept, size_text
from infra.facts import Disk, Facts, Nic
from inventory import server_model
from inventory.lease_views import report_lines
from inventory.units import Bandwidth, Size

GB, GIB, TB = 10**9, 2**30, 10**12
DAY = date(2027, 2, 1)
PROMISE = Promise(cpus=32, memory=64 * GIB, disks=(DiskPromise(size=960 * GB, kind="ssd", count=2),), network=10**10)
FACTS = Facts(
    cpus=32,
    memory=63 * GIB,
    disks=tuple(Disk(name=name, size=960_197_124_096, kind="ssd") for name in ("sda", "sdb")),
    nics=(Nic(name="eno1", speed=10**9), Nic(name="eno2", speed=10**10)),
    vendor="Dell Inc.",
    model="PowerEdge R650",
    serial="ABC1234",
    os="debian 12",
)


def report(facts: Facts = FACTS, promise: Promise = PROMISE, *waivers: Waiver, serial: str | None = None) -> AcceptanceReport:
    return accept(Terms(server="app-1", lease="l-1", promise=promise, serial=serial, waivers=waivers), facts, DAY)


def verdicts(made: AcceptanceReport) -> dict[str, str]:
    return {line.name: line.verdict for line in made.lines}


def test_a_machine_as_promised() -> None:
    made = report()
    assert made.accepted
    assert verdicts(made) == {"cpus": "ok", "memory": "ok", "disk-1": "ok", "disk-2": "ok", "network": "ok"}
    assert AcceptanceReport.from_json(made.to_json()) == made


def test_half_of_the_memory_is_short() -> None:
    made = report(FACTS.model_copy(update={"memory": 32 * GIB}))
    assert not made.accepted
    assert [(line.name, line.promised, line.found) for line in made.short] == [("memory", "64 GiB", "32 GiB")]


@pytest.mark.parametrize(("found", "verdict"), [(94, "ok"), (93, "short")])
def test_the_kernel_may_keep_some(found: int, verdict: str) -> None:
    promise = Promise(cpus=1, memory=100 * GIB)
    made = report(FACTS.model_copy(update={"memory": found * GIB}), promise)
    assert verdicts(made)["memory"] == verdict


def disks(*sizes: tuple[int, str]) -> Facts:
    made = tuple(
        Disk.model_validate({"name": f"d{number}", "size": size, "kind": kind}) for number, (size, kind) in enumerate(sizes)
    )
    return FACTS.model_copy(update={"disks": made})


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([(960 * GB, "ssd"), (960 * GB, "ssd")], ["ok", "ok"]),
        ([(960 * GB, "ssd")], ["ok", "short"]),
        ([(894 * GIB, "ssd"), (2 * TB, "nvme")], ["ok", "ok"]),
        ([(950 * GB, "ssd"), (960 * GB, "ssd")], ["short", "ok"]),
        ([(960 * GB, "hdd"), (960 * GB, "ssd")], ["short", "ok"]),
        ([(960 * GB, "unknown"), (960 * GB, "unknown")], ["ok", "ok"]),
        ([], ["short", "short"]),
    ],
)
def test_disks(found: list[tuple[int, str]], expected: list[str]) -> None:
    for order in permutations(found):
        made = report(disks(*order))
        assert sorted(line.verdict for line in made.lines if line.name.startswith("disk")) == sorted(expected)


def test_a_large_disk_is_kept_for_the_promise_that_needs_it() -> None:
    promise = Promise(cpus=1, memory=GIB, disks=(DiskPromise(size=GB, kind="hdd"), DiskPromise(size=2 * TB, kind="nvme")))
    made = report(disks((2 * TB, "nvme"), (4 * TB, "hdd")), promise)
    assert [line.found for line in made.lines if line.name.startswith("disk")] == ["d1 4 TB hdd", "d0 2 TB nvme"]


@pytest.mark.parametrize(
    ("promised", "found", "expected"),
    [
        ([(GB, 2)], ["sdb", "sda"], ["sda", "sdb"]),
        ([(GB, 3)], ["sdc", "sdb", "sda"], ["sda", "sdb", "sdc"]),
        ([(GB, 3)], ["nvme10n1", "nvme2n1", "nvme1n1"], ["nvme1n1", "nvme2n1", "nvme10n1"]),
        ([(GB, 2)], ["sdaa", "sdz"], ["sdz", "sdaa"]),
        ([(GB // 2, 1), (GB, 1)], ["sdb", "sda"], ["sda", "sdb"]),
        ([(GB, 2)], ["sdc", "sdb", "sda"], ["sda", "sdb"]),
    ],
)
def test_disks_stand_in_the_order_of_their_names(promised: list[tuple[int, int]], found: list[str], expected: list[str]) -> None:
    promise = Promise(cpus=1, memory=1, disks=tuple(DiskPromise(size=size, count=count) for size, count in promised))
    for order in permutations(found):
        made = report(FACTS.model_copy(update={"disks": tuple(Disk(name=name, size=GB, kind="ssd") for name in order)}), promise)
        assert [line.found.split()[0] for line in made.lines if line.name.startswith("disk")] == expected


KINDS = st.sampled_from(["hdd", "ssd", "nvme"])
SOME = st.lists(st.tuples(st.integers(1, 4), KINDS), max_size=5)
RANK = {"hdd": 0, "ssd": 1, "nvme": 2}


@given(promised=SOME, found=SOME)
def test_no_disk_is_called_short_that_could_be_had(promised: list[tuple[int, str]], found: list[tuple[int, str]]) -> None:
    """Against all ways of giving disks to promises."""

    def fits(wanted: tuple[int, str], disk: tuple[int, str]) -> bool:
        return disk[0] >= wanted[0] and RANK[disk[1]] >= RANK[wanted[1]]

    padded = [*found, *[None] * len(promised)]
    best = max(
        sum(one is not None and fits(wanted, one) for wanted, one in zip(promised, order, strict=False))
        for order in permutations(padded, len(promised))
    )
    promise = Promise(cpus=1, memory=1, disks=tuple(DiskPromise.model_validate({"size": s * TB, "kind": k}) for s, k in promised))
    made = report(disks(*((size * TB, kind) for size, kind in found)), promise)
    assert sum(line.verdict == "ok" for line in made.lines if line.name.startswith("disk")) == best


def test_what_a_machine_does_not_tell_is_unknown_and_refuses_nothing() -> None:
    promise = PROMISE.model_copy(update={"model": "R650", "os": "debian 12"})
    made = report(FACTS.model_copy(update={"nics": (), "model": "", "os": "", "serial": ""}), promise, serial="ABC1234")
    assert {name for name, verdict in verdicts(made).items() if verdict == "unknown"} == {"network", "model", "os", "serial"}
    assert made.accepted


@pytest.mark.parametrize(
    ("promised", "found", "verdict"),
    [
        ("poweredge r650", "PowerEdge R650", "ok"),
        ("R640", "PowerEdge R650", "short"),
        ("Dell PowerEdge", "PowerEdge R650", "ok"),
        ("HPE R650", "PowerEdge R650", "short"),
        ("Dell Inc. R650", "PowerEdge R650", "ok"),
    ],
)
def test_the_model_is_told_in_any_case(promised: str, found: str, verdict: str) -> None:
    made = report(FACTS.model_copy(update={"model": found}), PROMISE.model_copy(update={"model": promised}))
    assert verdicts(made)["model"] == verdict


@pytest.mark.parametrize(
    ("found", "verdict"), [("debian 12", "ok"), ("debian 12.5", "ok"), ("debian 11", "short"), ("debian 120", "short")]
)
def test_the_version_may_go_on(found: str, verdict: str) -> None:
    made = report(FACTS.model_copy(update={"os": found}), PROMISE.model_copy(update={"os": "Debian 12"}))
    assert verdicts(made)["os"] == verdict


def test_another_machine_than_the_contracts_is_short() -> None:
    assert verdicts(report(serial="XYZ"))["serial"] == "short"


@pytest.mark.parametrize(
    ("until", "verdict", "note"),
    [(None, "waived", ""), (DAY, "waived", ""), (date(2027, 1, 31), "short", "waiver_expired")],
)
def test_a_waiver_holds_until_its_day(until: date | None, verdict: str, note: str) -> None:
    waiver = Waiver(line="memory", reason="comes in March", until=until)
    made = report(FACTS.model_copy(update={"memory": 32 * GIB}), PROMISE, waiver)
    (line,) = [line for line in made.lines if line.name == "memory"]
    assert (line.verdict, line.reason, line.note) == (verdict, "comes in March", note)
    assert made.accepted is (verdict == "waived")


def test_a_waiver_waives_its_line_only() -> None:
    made = report(FACTS.model_copy(update={"memory": GIB}), PROMISE, Waiver(line="cpus", reason="x"))
    assert not made.accepted


def test_the_lines_of_a_report_are_those_that_a_waiver_of_the_truth_may_name() -> None:
    disks = (server_model.DiskPromise(size=Size(960 * GB), kind=server_model.DiskKind("ssd"), count=2),)
    promised = server_model.Promise(
        cpus=32, memory=Size(64 * GIB), disks=disks, network=Bandwidth(10**10), model="R650", os="debian 12"
    )
    whole = PROMISE.model_copy(update={"model": "R650", "os": "debian 12"})
    assert tuple(line.name for line in report(FACTS, whole, serial="ABC1234").lines) == report_lines(promised)


@pytest.mark.parametrize(
    ("size", "decimal", "binary"),
    [(960 * GB, "960 GB", "894 GiB"), (64 * GIB, "68.7 GB", "64 GiB"), (999, "999 B", "999 B"), (0, "0 B", "0 B")],
)
def test_sizes_as_people_write_them(size: int, decimal: str, binary: str) -> None:
    assert size_text(size, 1000) == decimal
    assert size_text(size, 1024) == binary
