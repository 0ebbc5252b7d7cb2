"""What routers of other makes are told, and what their answers mean.

`tests/golden/systems/<platform>/<case>`: `probe.json` (a probe of the truth, and from which address), `command.txt` (what is
said to the router), `said.txt` (what it answers), `expected.json` (what that means).
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inventory.model import Platform, Probe
from network.core.systems import Answer, By, Why, Word
from network.dialects.systems import vendors

GOLDEN = Path(__file__).parents[2] / "golden" / "systems"
CASES = sorted(path for path in GOLDEN.glob("*/*") if path.is_dir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_a_router_is_asked_in_its_own_words(case: Path) -> None:
    platform = Platform(case.parent.name)
    told = json.loads((case / "probe.json").read_text())
    probe, source = Probe.model_validate(told["probe"]), told["source"]
    assert vendors.command(platform, probe, source) == (case / "command.txt").read_text().rstrip("\n")
    want = json.loads((case / "expected.json").read_text())
    expected = Answer(
        word=Word(want["word"]),
        by=By(want["by"]),
        why=Why(want.get("why", "")),
        milliseconds=want.get("milliseconds"),
        status=want.get("status"),
        source=source,
    )
    assert vendors.read(platform, probe, (case / "said.txt").read_text(), source) == expected


def test_every_platform_but_linux_has_words_and_cases() -> None:
    others = {each for each in Platform if each is not Platform.LINUX}
    assert set(vendors.PINGS) == others
    assert {Platform(case.parent.name) for case in CASES} == others


@pytest.mark.parametrize("platform", list(vendors.PINGS))
def test_nonsense_is_no_answer(platform: Platform) -> None:
    probe = Probe(kind="https", host="198.18.10.10")
    for text in ("", "\x1b[2J{{ nonsense }}", "received " * 10_000, "min/avg/max = 1.2.3/4.5.6/7"):
        assert vendors.read(platform, probe, text, "").word is Word.UNASKED
