"""The Linux dialect's own promises: ids, scripts that are whole or nothing, and a reader that never guesses."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from ipaddress import IPv4Network
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.units import Direction
from network.core.observed import Queue, Rule
from network.core.plan import Phase, QueueStep, RulesStep, ShaperStep, Step
from network.core.ports import Arm, Return
from network.core.tree import DEFAULT, ROOT, NodeId, Place, ShaperId, hub, leaf, office
from network.dialects.linux_ids import DEFAULT_MINOR, ROOT_MINOR, class_id, minor, node_of
from network.dialects.linux_shell import Answer, Lacking, Unreadable, Verdict, read_verdict, script
from network.dialects.linux_tc import LinuxTc

GOLDEN = Path(__file__).parents[2] / "golden" / "linux_tc"
UP = ShaperId(1, "domestic", Direction.UP)
DOWN = ShaperId(1, "domestic", Direction.DOWN)
PLACES = {UP: Place("core", "up1"), DOWN: Place("core", "up1")}
QUEUE = Queue(
    node=leaf(1),
    parent=ROOT,
    guarantee=8_000,
    ceiling=8_000,
    priority=3,
    quantum=1514,
    burst=15_140,
    ceiling_burst=18_168,
    buffer=9084,
)

ids = st.integers(1, 4000)
nodes = st.one_of(
    st.just(ROOT), st.just(DEFAULT), ids.map(hub), ids.map(office), st.builds(leaf, ids, st.integers(0, 13)), ids.map(leaf)
)


def create(queue: Queue) -> Step:
    return QueueStep(device="core", shaper=UP, phase=Phase.RAISE, before=None, after=queue)


@given(nodes)
def test_a_node_has_one_class_and_a_class_one_node(node: NodeId) -> None:
    assert node_of(minor(node)) == node
    assert 0 < minor(node) < 0xFFFF


@given(st.integers(0, 0xFFFF))
def test_a_number_outside_the_scheme_is_nobody(number: int) -> None:
    node = node_of(number)
    assert node is None or minor(node) == number


@pytest.mark.parametrize("node", [hub(0), hub(4001), office(5000), leaf(0), leaf(1, 14), leaf(1, -1), NodeId(hub(1).kind, -3)])
def test_an_id_that_does_not_fit_is_never_sent(node: NodeId) -> None:
    with pytest.raises(ValueError, match="no class id"):
        LinuxTc().carry_script([create(replace(QUEUE, node=node))], PLACES)


def test_ids_that_other_programs_rely_on() -> None:
    assert (ROOT_MINOR, DEFAULT_MINOR) == (0xFFF, 0xFFE)
    assert [class_id(node) for node in (hub(5), office(5), leaf(5), leaf(5, 1), leaf(4000, 13))] == [
        "1:5",
        "1:1005",
        "1:2005",
        "1:3005",
        "1:ffa0",
    ]


@pytest.mark.parametrize("interface", ["", "-up1", "up 1", "up1;id", "up1'", "a" * 16, "../up1", "up$1"])
def test_an_interface_name_that_could_be_more_is_never_sent(interface: str) -> None:
    places = {UP: Place("core", interface), DOWN: Place("core", interface)}
    attempts: list[Callable[[], str]] = [
        lambda: LinuxTc().observe_script(places),
        lambda: LinuxTc().carry_script([ShaperStep(device="core", shaper=DOWN, phase=Phase.RAISE, attach=True)], places),
        lambda: LinuxTc().carry_script([create(QUEUE)], places),
    ]
    for attempt in attempts:
        with pytest.raises(ValueError, match="not an interface name"):
            attempt()


def scripts() -> Mapping[str, str]:
    dialect = LinuxTc()
    steps: Sequence[Step] = [
        ShaperStep(device="core", shaper=DOWN, phase=Phase.RAISE, attach=True),
        create(QUEUE),
        RulesStep(
            device="core",
            shaper=UP,
            phase=Phase.POINT,
            before=frozenset(),
            after=frozenset([Rule(IPv4Network("100.64.1.0/24"), None, leaf(1))]),
        ),
        QueueStep(device="core", shaper=UP, phase=Phase.LOWER, before=QUEUE, after=None),
        ShaperStep(device="core", shaper=DOWN, phase=Phase.LOWER, attach=False),
    ]
    return {
        "observe": dialect.observe_script(PLACES),
        "carry": dialect.carry_script(steps, PLACES),
        "arm": dialect.arm_script(Arm(run="run-1", seconds=30, restore=tuple(steps)), PLACES),
        "confirm": dialect.confirm_script("run-1"),
        "leave": dialect.leave_script([Return(name=name, seconds=30, steps=tuple(steps)) for name in "ab"], PLACES),
    }


@pytest.mark.parametrize("name", ["observe", "carry", "arm", "confirm", "leave"])
def test_a_script_is_sound_shell(name: str) -> None:
    """`sh` on a Debian is dash: what it accepts is plain POSIX as far as it can tell."""
    checked = subprocess.run(["sh", "-n"], input=scripts()[name], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_a_script_that_arrives_in_part_does_nothing(tmp_path: Path) -> None:
    whole = script(f"say begun\ntouch {tmp_path}/done\ncat >{tmp_path}/text <<'END'\nsome text\nEND\nsay done")
    lengths = [*range(0, len(whole) - 8, 23), *range(len(whole) - 90, len(whole) - 1)]
    for length in lengths:
        part = subprocess.run(["sh"], input=whole[:length], capture_output=True, text=True, check=False)
        assert read_verdict(part.stdout) is None or whole[:length].endswith("\nlajur"), length
        if not whole[:length].endswith("\nlajur"):
            assert list(tmp_path.iterdir()) == [], length
    assert read_verdict(subprocess.run(["sh"], input=whole, capture_output=True, text=True, check=True).stdout) is not None


def test_the_restore_that_an_arm_carries_goes_on_after_a_refused_line() -> None:
    armed = scripts()["arm"]
    assert "force=-force" in armed
    assert "force=\n" in scripts()["carry"]
    assert "force=\n" not in armed.split("\nlajur() {\n", 1)[1]


@pytest.mark.parametrize(
    ("output", "verdict"),
    [
        ("", None),
        ("@@lajur", None),
        ("@@lajurdone\n", None),
        (" @@lajur done\n", None),
        ("motd\n@@lajur done\n", Verdict(Answer.DONE)),
        ("@@lajur lacks tc\n", Verdict(Answer.LACKS, None, "tc")),
        ("@@lajur expired\n", Verdict(Answer.EXPIRED)),
        ("@@lajur armed 17 run-1\n", Verdict(Answer.ARMED, 17, "run-1")),
        ("@@lajur armed  run-1\n", Verdict(Answer.ARMED, None, "run-1")),
        ("@@lajur refused 4 class x\n@@lajur said Error: y\n", Verdict(Answer.REFUSED, 4, "class x", "Error: y")),
        ("@@lajur refused - tc\n", Verdict(Answer.REFUSED, None, "tc")),
        ("@@lajur foreign 0 up1\n@@lajur said qdisc cake\n", Verdict(Answer.FOREIGN, 0, "up1", "qdisc cake")),
    ],
)
def test_verdicts(output: str, verdict: Verdict | None) -> None:
    assert read_verdict(output) == verdict


def test_output_that_ends_early_is_not_read() -> None:
    whole = (GOLDEN / "observe" / "standing" / "output.txt").read_text()
    lines = whole.splitlines(keepends=True)
    assert lines[-1] == "@@lajur done\n"
    for kept in range(len(lines)):
        with pytest.raises(Unreadable):
            LinuxTc().observed("".join(lines[:kept]), PLACES)


def test_a_missing_program_and_a_missing_interface_are_named() -> None:
    with pytest.raises(Lacking, match=r"^tc$"):
        LinuxTc().observed("@@lajur lacks tc\n", PLACES)
    bare = (GOLDEN / "observe" / "bare" / "output.txt").read_text()
    with pytest.raises(Lacking, match=r"^interface up9$"):
        LinuxTc().observed(bare, {UP: Place("core", "up9")})


@settings(deadline=None)
@given(st.data())
def test_damaged_output_is_an_error_or_a_state_and_never_anything_else(data: st.DataObject) -> None:
    """Lines are dropped, doubled, swapped and scribbled over."""
    case = data.draw(st.sampled_from(["standing", "timers", "foreign-parts", "half-switched-and-without-redirect"]))
    lines = (GOLDEN / "observe" / case / "output.txt").read_text().splitlines()
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["drop", "double", "swap", "scribble", "cut"])):
            case "drop" if len(lines) > 1:
                del lines[at]
            case "double":
                lines.insert(at, lines[at])
            case "swap":
                lines[at], lines[0] = lines[0], lines[at]
            case "cut":
                lines[at] = lines[at][: data.draw(st.integers(0, 60))]
            case _:
                lines[at] = data.draw(st.text(max_size=30))
    try:
        state = LinuxTc().observed("\n".join(lines), PLACES)
    except (Unreadable, Lacking):
        return
    for shaper in state.shapers.values():
        assert all(node == queue.node for node, queue in shaper.queues.items())


@pytest.mark.parametrize(
    "queues", ["[" * 100_000, '[{"dev": 1}]', "7", "null", '[{"dev":"up1","kind":"htb","handle":"1:","options":3}', "\x00"]
)
def test_queues_that_are_not_as_tc_prints_them_are_an_error(queues: str) -> None:
    lines = (GOLDEN / "observe" / "standing" / "output.txt").read_text().splitlines()
    lines[lines.index("@@lajur queues") + 1] = queues
    with pytest.raises(Unreadable):
        LinuxTc().observed("\n".join(lines), PLACES)


@pytest.mark.parametrize("number", ["9" * 5000, "-1", "1e400", "0x10"])
def test_a_number_that_no_device_counts_to_is_not_read(number: str) -> None:
    output = (GOLDEN / "observe" / "standing" / "output.txt").read_text()
    for printed in ("rate 2Mbit", "quantum 4542", "prio 0", " burst 15140b", "cburst 18168b", "1:2001", " at 12", "pref 10"):
        word, _, unit = printed.rpartition(" ")
        state = LinuxTc().observed(output.replace(printed, f"{word} {number}{unit.lstrip('0123456789')}"), PLACES)
        assert state.shapers.keys() == PLACES.keys()


@pytest.mark.parametrize(
    ("printed", "rate"),
    [
        ("8bit", 8),
        ("999992bit", 999_992),
        ("1234Kbit", 1_234_000),
        ("20Mbit", 20_000_000),
        ("3Gbit", 3 * 10**9),
        ("1Tbit", 10**12),
    ],
)
def test_rates_as_tc_prints_them(printed: str, rate: int) -> None:
    head = f"class htb 1:2001 parent 1:fff leaf 2001: prio 0 quantum 1514 rate {printed} ceil {printed} linklayer ethernet "
    output = (GOLDEN / "observe" / "made-below-nothing" / "output.txt").read_text()
    line = next(line for line in output.splitlines() if line.startswith("class htb 1:2002"))
    told = f"{head}burst 15Kb/1 mpu 0b cburst 15Kb/1 mpu 0b level 0 "
    queue = LinuxTc().observed(output.replace(line, told), PLACES).shapers[UP].queues[leaf(1)]
    assert (queue.guarantee, queue.ceiling, queue.burst, queue.parent) == (rate, rate, 15_360, ROOT)


@pytest.mark.parametrize(
    ("burst", "cburst", "read"),
    [("15140b", "15125b", (15_140, 15_125)), ("15140b", "1600b", (15_140, 1600)), ("1600b", "90840b", (1600, 90_840))],
)
def test_a_burst_that_somebody_changed_shows(burst: str, cburst: str, read: tuple[int, int]) -> None:
    """A queue that was left with tc's default in one of the two is not as wished."""
    output = (GOLDEN / "observe" / "made-below-nothing" / "output.txt").read_text()
    changed = output.replace("burst 15139b/1 mpu 0b cburst 15140b/1", f"burst {burst}/1 mpu 0b cburst {cburst}/1")
    assert changed != output
    queue = LinuxTc().observed(changed, PLACES).shapers[UP].queues[leaf(2)]
    assert (queue.burst, queue.ceiling_burst) == read
