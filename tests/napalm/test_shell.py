"""Commands in one exec: each answer is its own, and one vtysh is asked what vtysh is asked, as long as nothing fails in it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from napalm.base.exceptions import ConnectionClosedException

from napalm_frr.shell import Answer, ask, vtysh

VTYSH = r"""
vtysh() {
  echo started >>'LOG'
  echo=
  [ "$1" != -E ] || { echo=yes; shift; }
  while [ $# -gt 0 ]; do
    [ -z "$echo" ] || echo "r-a# $2"
    case $2 in
      'show one') echo 'one # show two'; echo ;;
      'show two') echo two ;;
      *) echo "% Unknown command: $2"; return 1 ;;
    esac
    shift 2
  done
}
"""
"""As FRR's answers to `-c`, and with `-E` shows what it was asked."""


class Shell:
    """A shell of this machine in which vtysh is a function."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "log"
        self._vtysh = VTYSH.replace("LOG", str(self._log))

    def run(self, script: str) -> str:
        return subprocess.run(["sh"], input=self._vtysh + script, capture_output=True, text=True, check=False).stdout

    @property
    def started(self) -> int:
        return len(self._log.read_text().splitlines())


def test_one_vtysh_tells_all_that_vtysh_is_asked(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    asked = [vtysh("show two"), "echo three; exit 3", vtysh("show one"), "true"]
    two, three, one, true = ask(shell, asked)
    assert shell.started == 1
    assert (two.text.strip(), two.status) == ("two", 0)
    assert one.text.splitlines()[0] == "one # show two"
    assert three == Answer("three\n", 3)
    assert true == Answer("", 0)


def test_where_one_fails_each_is_asked_alone(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    one, bad, two = ask(shell, [vtysh("show one"), vtysh("show bad"), vtysh("show two")])
    assert shell.started == 4
    assert (one.status, two) == (0, Answer("two\n"))
    assert (bad.text, bad.status) == ("% Unknown command: show bad\n", 1)


PING = r"""
ping() {
  >'FOLDER/began.'"$1"
  tries=100
  until [ -e 'FOLDER/began.a' ] && [ -e 'FOLDER/began.b' ] && [ -e 'FOLDER/began.c' ]; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || { echo 'alone'; return 2; }
    sleep 0.1
  done
  seq -f "$1 %.0f" 9999
  [ "$1" = a ]
}
"""
"""Ends only when all three have begun, and says more than a pipe holds."""


def test_pings_run_at_the_same_time_and_their_answers_come_whole(tmp_path: Path) -> None:
    class Pinging(Shell):
        def run(self, script: str) -> str:
            return super().run(PING.replace("FOLDER", str(tmp_path)) + script)

    a, two, b, three, c, one, again = ask(
        Pinging(tmp_path), ["ping a", vtysh("show two"), "ping b", "echo three", "ping c", vtysh("show one"), "ping a"]
    )
    said = {name: "".join(f"{name} {number}\n" for number in range(1, 10_000)) for name in "abc"}
    assert (a, b, c, again) == (Answer(said["a"]), Answer(said["b"], 1), Answer(said["c"], 1), a)
    assert (two.text.strip(), three, one.text.splitlines()[0]) == ("two", Answer("three\n"), "one # show two")


def test_one_command_is_asked_as_it_is(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    assert ask(shell, [vtysh("show two"), "echo three"]) == [Answer("two\n"), Answer("three\n")]


def test_what_a_shell_says_to_everybody_is_no_answer(tmp_path: Path) -> None:
    class Greeting(Shell):
        def run(self, script: str) -> str:
            return f"Selamat datang! r-a# show two\n\n@0 1\n\x1b[2J{super().run(script)}"

    two, true, one = ask(Greeting(tmp_path), [vtysh("show two"), "true", vtysh("show one")])
    assert (two.text.strip(), true) == ("two", Answer(""))
    assert one.text.splitlines()[0] == "one # show two"
    assert ask(Greeting(tmp_path), ["echo three"]) == [Answer("three\n")]


def test_an_answer_that_is_cut_off_is_none(tmp_path: Path) -> None:
    class Cut(Shell):
        def run(self, script: str) -> str:
            return super().run(script).rpartition("@")[0]

    with pytest.raises(ConnectionClosedException, match="in the middle"):
        ask(Cut(tmp_path), ["true", "echo three"])
