"""A machine that says what a terminal would obey, what a page would run and what a template would work out, wherever it may say
anything: all of it stays text, in the state, in the events, on paper."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from infra.adopting import Task, adopt, look, mend
from infra.errors import OutputError
from infra.facts import Facts, Snapshot
from infra.page import Head
from infra.reading import parse
from infra.reports import Reports
from infra.wipe import proof_of
from tests.unit.infra.machine import NONCE, blob, said, unit
from tests.unit.infra.test_adopting import INPUTS, Box, Ground

STRANGE = "\x1b]0;x\x07\x9b2J\u202e</td><script>{{ 6*7 }}$(id)\x00\x7f"
HARMLESS = str.maketrans("", "", "\n")
TELLING: dict[str, str] = {
    "machine": "".join(
        f"{name} {STRANGE}\n"
        for name in ("hostname", "kernel", "machine_id", "sys_vendor", "product_name", "product_serial", "board_serial")
    ),
    "os": f'ID={STRANGE}\nVERSION_ID="{STRANGE}"\n',
    "cpu": f"processor\t: 0\nmodel name\t: {STRANGE}\n",
    "disks": f"disk sda{STRANGE}\nsize 1875385008\nrotational 0\nvendor {STRANGE}\nmodel {STRANGE}\nserial {STRANGE}\n",
    "nics": f"nic eth0{STRANGE}\ndevice yes\nmac {STRANGE}\nspeed {STRANGE}\n",
    "packages": f"ii \tnginx\t{STRANGE}\n",
    "enabled": f"{STRANGE}.service\n",
    "units": unit(f"{STRANGE}.service") + unit("cron.service", UnitFileState=STRANGE, SubState=STRANGE, ActiveState=STRANGE),
    "ports": f'tcp LISTEN 0 1 0.0.0.0:22 0.0.0.0:* users:(("{STRANGE}",pid=7,fd=3))\n',
    "owners": f"7 0::/system.slice/{STRANGE}.service\n",
    "users": f"{STRANGE}:x:1000:1000:{STRANGE}:/srv/{STRANGE}:/bin/{STRANGE}\n",
    "host_keys": f"ssh-ed25519 {blob(9)} {STRANGE}\n",
    "keys": f"account {STRANGE}\nfile /srv/{STRANGE}\nline ssh-ed25519 {blob(1)} {STRANGE}\nwhole\n",
}
"""By section of the collector's answer."""


def is_text(found: str) -> bool:
    return found.translate(HARMLESS).isprintable()


def told_by(*sections: str) -> tuple[Facts, Snapshot]:
    return parse(said(**{name: TELLING[name] for name in sections}), NONCE)


def heard(section: str) -> tuple[Facts, Snapshot] | OutputError:
    try:
        return told_by(section)
    except OutputError as error:
        return error


@pytest.mark.parametrize("section", TELLING)
def test_each_part_of_an_answer_is_text_or_is_refused_in_text(section: str) -> None:
    found = heard(section)
    if isinstance(found, OutputError):
        assert found.section == section
        assert is_text(str(found))
    else:
        assert all(is_text(text) for each in found for text in _texts(each.model_dump(mode="json")))
        assert all(map(is_text, _texts(json.loads(found[1].to_json()))))


def test_a_strange_machine_is_taken_over_looked_at_and_written_of_in_text(tmp_path: Any) -> None:
    kept = [name for name in TELLING if not isinstance(heard(name), OutputError)]
    assert {"machine", "disks", "packages", "users", "keys", "cpu", "os", "nics"} <= set(kept)
    facts, stands = told_by(*kept)
    _, before = parse(said(), NONCE)
    ground = Ground(Box(facts=facts, stands=before))
    promise = {**INPUTS["lease"]["promise"], "cpus": 1, "memory": 1, "model": STRANGE, "os": STRANGE, "disks": []}
    lease = {**INPUTS["lease"], "promise": promise, "lessor": STRANGE, "place": STRANGE, "returnConditions": [STRANGE]}
    waivers = [{"line": name, "reason": STRANGE, "until": ""} for name in ("model", "os")]
    task: Task = ground.task(lease=lease, waivers=waivers)
    state = adopt(task)
    ground.box.stands = stands
    state = look(task, state)
    assert state["drift"]
    mend(task, state)
    for event, fields in ground.told:
        if event not in ("infra.accepted", "infra.short"):
            assert all(map(is_text, _texts(fields))), event
    assert not any(STRANGE in text for text in ground.box.ran), "nothing of it is a command"

    reports = Reports(tmp_path, Head(regency=STRANGE))
    reports.acceptance("app-1", ground.of("infra.accepted")[0]["report"])
    wiped = f'{{"proof":"{NONCE}","end":0}}\n'.encode()
    proof = {"whole": True, "ended": True, "wiped": list(proof_of(wiped, NONCE).wiped), "lost": "", "entered": True}
    machine = facts.model_dump(mode="json")
    reports.released(
        "app-1", {**proof, "server": "app-1", "lease": lease, "day": date(2026, 11, 26).isoformat(), "machine": machine}
    )
    for page in tmp_path.glob("*.html"):
        text = page.read_text()
        assert is_text(text), page.name
        assert "<script>" not in text
    assert len(list(tmp_path.glob("*.html"))) == 2


def _texts(value: Any) -> list[str]:
    """Every text in it, names too."""
    if isinstance(value, dict):
        return [each for pair in value.items() for part in pair for each in _texts(part)]
    if isinstance(value, (list, tuple)):
        return [each for part in value for each in _texts(part)]
    return [value] if isinstance(value, str) else []
