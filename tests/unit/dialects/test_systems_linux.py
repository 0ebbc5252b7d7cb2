"""The script that a Linux router is sent, run by a real `sh`, and what is made of its output."""

from __future__ import annotations

import json
import subprocess
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Any

import pytest

from inventory.model import Probe
from network.core.systems import Answer, By, System, Why, Word
from network.dialects.linux_shell import Unreadable
from network.dialects.systems import linux

LAN = IPv4Network("127.0.0.0/8")
ECHO = "import sys\ndef main(text):\n    sys.stdout.write(text + '\\n')\n"
"""An agent that says what it was told."""


def system(key: str = "oss", **probe: Any) -> System:
    told = {"kind": "https", "host": "127.0.0.1", "port": 9, **probe}
    return System(key=key, name=key, owner="Owner", application=key, probe=Probe(**told))


def run(script: str, path: str = "/usr/sbin:/usr/bin:/sbin:/bin") -> str:
    done = subprocess.run(["/bin/sh"], input=script, capture_output=True, text=True, env={"PATH": path}, timeout=30, check=False)
    return done.stdout


def test_the_agent_is_told_what_the_truth_says_whatever_is_in_it() -> None:
    nasty = 'siap\' "$(id)" \\ {{ x }} é LAJUR-ENDS-HERE\n`id`'
    script = linux.ask_script(ECHO, LAN, [system(expect=nasty, path="/a?b=%20c")], seconds=2.5, issuers="-----BEGIN")
    told = json.loads(run(script))
    assert told["lan"] == "127.0.0.0/8"
    assert (told["seconds"], told["issuers"]) == (2.5, "-----BEGIN")
    assert told["targets"] == [
        {"key": "oss", "kind": "https", "host": "127.0.0.1", "port": 9, "path": "/a?b=%20c", "expect": nasty, "slow": 2000}
    ]


def test_a_script_that_arrives_in_part_does_nothing() -> None:
    script = linux.ask_script(ECHO, LAN, [system()], seconds=1, issuers=None)
    assert run(script[: len(script) * 3 // 4]) == ""


def said(**told: Any) -> str:
    return "motd\n" + json.dumps({"oss": {"word": "answers", "by": "https", "source": "100.64.11.1", **told}}) + "\n"


def test_what_the_agent_says_is_read() -> None:
    found = linux.read_answers(said(milliseconds=12, status=200), [system()])
    wanted = Answer(word=Word.ANSWERS, by=By.HTTPS, milliseconds=12, status=200, source="100.64.11.1")
    assert found == {"oss": wanted}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Traceback (most recent call last):\nSyntaxError\n",
        "{}\n",
        "{not json\n",
        "[" * 20_000,
        "{" + '"a":{' * 20_000,
        said(word="splendid"),
        said(by="\x1b[2J"),
        said(milliseconds="soon"),
        said(source="{{ 1 }}"),
        json.dumps({"oss": 1}) + "\n",
        json.dumps({"other": {}}) + "\n",
    ],
)
def test_what_the_agent_does_not_say_is_no_answer(text: str) -> None:
    with pytest.raises(Unreadable):
        linux.read_answers(text, [system()])


def test_numbers_beyond_reason_are_bounded() -> None:
    found = linux.read_answers(said(milliseconds=10**30, status=10**9), [system()])
    assert found is not None
    assert (found["oss"].milliseconds, found["oss"].status) == (600_000, None)


@pytest.fixture
def bare(tmp_path: Path) -> str:
    """A path of programs without python3: the script's own comes first, so that it holds these only."""
    for name, text in {
        "ip": "echo '2: lan0    inet 127.0.0.5/8 brd 127.255.255.255 scope host lan0'",
        "ping": 'echo "$@ asked"; echo "3 packets transmitted, 3 received, 0% packet loss, time 2003ms"; '
        'echo "rtt min/avg/max/mdev = 1.1/41.6/99.9/0.1 ms"',
    }.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    for name in ("mktemp", "rm", "cat", "tr", "cut"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    return str(tmp_path)


def without_system_path(script: str) -> str:
    return script.replace("PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH\n", "", 1)


def test_a_router_without_python_says_so_and_pings(bare: str) -> None:
    systems = [system(), system("sicantik", host="sicantik.example")]
    text = run(without_system_path(linux.ask_script(ECHO, LAN, systems, seconds=1, issuers=None)), bare)
    assert linux.read_answers(text, systems) is None
    source = next(each for each in linux.addresses(text) if each in LAN)
    assert source == IPv4Address("127.0.0.5")
    text = run(without_system_path(linux.ping_script(systems, str(source))), bare)
    assert "-I 127.0.0.5 sicantik.example asked" in text
    found = linux.read_pings(text, systems, str(source))
    assert found == dict.fromkeys(("oss", "sicantik"), Answer(word=Word.ANSWERS, by=By.PING, milliseconds=42, source="127.0.0.5"))


def test_a_router_without_ping_too_has_no_means(bare: str) -> None:
    (Path(bare) / "ping").unlink()
    text = run(without_system_path(linux.ping_script([system()], "")), bare)
    assert linux.read_pings(text, [system()], "")["oss"] == Answer(word=Word.UNASKED, by=None, why=Why.NO_MEANS)


def test_a_cut_off_answer_is_not_understood() -> None:
    assert linux.read_pings("", [system()], "")["oss"].why is Why.NOT_UNDERSTOOD
