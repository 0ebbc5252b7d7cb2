"""Help: whole, in both languages, and there before anything heavy is."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from typer.core import TyperGroup

from network.cli.app import build_app
from network.messages import Language
from tests.unit.cli.conftest import Lajur

LANGUAGES = get_args(Language)
HEAVY = {"numpy", "netmiko", "paramiko", "pysnmp", "sqlalchemy", "pydantic", "ruamel", "dateutil", "rich", "matplotlib"}
LOOKING = {"audit", "drift", "inventory", "lease", "plan", "readiness", "status", "systems", "topology", "what-if", "window"}
NOUNS = LOOKING | {
    "init",
    "device",
    "boost",
    "apply",
    "link",
    "shift",
    "recover",
    "infra",
    "release",
    "play",
    "serve",
    "token",
    "chat",
    "lab",
    "demo",
    "bench",
}


def _lines(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every line that has a help page."""
    yield words
    if isinstance(command, TyperGroup):
        for name, verb in command.commands.items():
            yield from _lines(verb, (*words, name))


def test_the_command_has_its_nouns() -> None:
    assert set(build_app("en").commands) == NOUNS


@pytest.mark.parametrize("words", list(_lines(build_app("en"))), ids=" ".join)
def test_every_page_is_in_both_languages(words: tuple[str, ...], lajur: Lajur) -> None:
    pages = {language: lajur(*words, "--help", "--lang", language) for language in LANGUAGES}
    for said in pages.values():
        assert (said.code, said.err) == (0, "")
        assert "cli." not in said.out
        assert "[[" not in said.out
        for flag in ("--regency", "--output", "--via", "--lang", "--verbose", "--help"):
            assert flag in said.out
    shared = set(pages["id"].out.splitlines()) & set(pages["en"].out.splitlines())
    same = [line for line in shared if len(line.split()) > 6 and not line.startswith("  lajur ")]
    assert not same, "a sentence that was not translated"


def test_the_first_page_is_enough_to_begin(lajur: Lajur) -> None:
    page = lajur("--help").out
    assert all(name in page for name in NOUNS)
    for line in ("lajur lab up", "lajur plan", "lajur apply"):
        assert line in page


def test_the_bare_command_shows_help_and_a_bare_noun_complains(lajur: Lajur) -> None:
    bare, noun = lajur(), lajur("inventory")
    assert (bare.code, bare.err) == (0, "")
    assert bare.out.startswith("Usage: lajur ")
    assert (noun.code, noun.out) == (64, "")
    assert noun.err.startswith("Usage: lajur inventory ")


def test_help_is_plain_text_off_a_terminal(lajur: Lajur) -> None:
    assert "\x1b" not in lajur("--help").out


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "from network.cli.app import run\n"
        "assert run(['--help'], {}) == 0\n"
        f"print(*set({sorted(HEAVY)!r}).intersection(sys.modules), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == ""
