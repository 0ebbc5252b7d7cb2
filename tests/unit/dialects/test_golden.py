"""The dialect against folders of data: steps to a script, recorded output of a router to values.

`tests/golden/linux_tc/carry/<case>`: `steps.json` in, `expected.sh` out (what stands between the first and the last line of
every script). `.../observe/<case>`: `output.txt` as a router printed it, `expected.json` what it means. A case that expects
nothing to be done has a `reason.txt`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from inventory.units import Direction
from network.core.codec import decode_step
from network.core.observed import DeviceState, ShaperState
from network.core.tree import Place, ShaperId
from network.dialects.linux_tc import LinuxTc

GOLDEN = Path(__file__).parents[2] / "golden" / "linux_tc"

PLACES = {
    ShaperId(1, "domestic", Direction.UP): Place("core", "up1"),
    ShaperId(1, "domestic", Direction.DOWN): Place("core", "up1"),
}


def cases(kind: str) -> list[Any]:
    return [pytest.param(folder, id=folder.name) for folder in sorted((GOLDEN / kind).iterdir())]


def body(script: str) -> str:
    """What differs between scripts: the lines of the function that is called last."""
    return script.split("\nlajur() {\n")[1].removesuffix("\n}\nlajur\n") + "\n"


def shown(state: DeviceState) -> dict[str, Any]:
    """A state as JSON types, in one order."""
    return {
        "armed": [state.armed.run, state.armed.seconds_left] if state.armed else None,
        "returns": [[one.name, one.seconds_left] for one in state.returns],
        "shapers": {str(shaper): _shown(state.shapers[shaper]) for shaper in sorted(state.shapers)},
    }


def _shown(state: ShaperState) -> dict[str, Any]:
    queues = {
        str(node): {
            "parent": str(queue.parent) if queue.parent else None,
            "guarantee": queue.guarantee,
            "ceiling": queue.ceiling,
            "priority": queue.priority,
            "quantum": queue.quantum,
            "burst": queue.burst,
            "ceiling_burst": queue.ceiling_burst,
            "buffer": queue.buffer,
        }
        for node, queue in sorted(state.queues.items())
    }
    counters = {
        str(node): {"bytes": one.bytes, "packets": one.packets, "drops": one.drops, "backlog": one.backlog}
        for node, one in sorted(state.counters.items())
    }
    rules = sorted(f"{rule.lan} {rule.remote or 'anywhere'} {rule.leaf}" for rule in state.rules)
    return {
        "complete": state.complete,
        "foreign": list(state.foreign),
        "queues": queues,
        "counters": counters,
        "rules": rules,
    }


@pytest.mark.parametrize("case", cases("carry"))
def test_steps_become_the_script(case: Path) -> None:
    steps = [decode_step(value) for value in json.loads((case / "steps.json").read_text())]
    script = body(LinuxTc().carry_script(steps, PLACES))
    assert script == (case / "expected.sh").read_text()
    if not steps:
        assert (case / "reason.txt").read_text().strip()


@pytest.mark.parametrize("case", cases("observe"))
def test_recorded_output_becomes_values(case: Path) -> None:
    state = LinuxTc().observed((case / "output.txt").read_text(), PLACES)
    assert shown(state) == json.loads((case / "expected.json").read_text())
    if not state.shapers:
        assert (case / "reason.txt").read_text().strip()
