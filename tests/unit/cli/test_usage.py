"""Wrong usage: exit 64, in the reader's language, with a way on."""

from __future__ import annotations

import json
from importlib.metadata import version

import pytest

from tests.unit.cli.conftest import Lajur

WRONG = [
    (("plna",), "plan"),
    (("inventory", "chek"), "check"),
    (("lab",), "lajur lab"),
    (("--lang", "en", "window"), "lajur window"),
    (("plan", "--regncy", "x"), "--regency"),
    (("plan", "-q"), "-q"),
    (("plan", "--regency"), "--regency"),
    (("plan", "--output", "xml"), "table, json"),
    (("plan", "--via", "carrier-pigeon"), "auto, lab, memory, direct"),
    (("plan", "--lang", "fr"), "id, en"),
    (("plan", "now", "please"), "now please"),
    (("apply", "--yes=maybe"), "--yes"),
    (("window", "show"), "KEY"),
    (("window", "show", "no-such"), "no-such"),
    (("window", "next", "--at", "tomorrow"), "tomorrow"),
    (("window", "next", "--at", "2026-11-26T10,5"), "T10,5"),
    (("boost", "request", "bappeda", "--amount", "1 Mbit/s", "--reason", "r", "--until", "2026-W48-4"), "2026-W48-4"),
    (("inventory", "schema", "ofices"), "offices"),
    (("inventory", "import", "/no/such.csv"), "/no/such.csv"),
    (("lab", "up", "--offices", "0"), "--offices"),
    (("lab", "up", "--offices", "three"), "--offices"),
    (("lab", "exec", "core"), "CMD"),
    (("lab", "exec", "core", "--"), "core"),
    (("lab", "traffic", "--direction", "sideways"), "down, up, both"),
    (("plan", "--regency", "no-such"), "no-such"),
    (("link", "verify", "no-such", "--via", "memory"), "no-such"),
    (("link", "apply", "no-such", "--yes", "--via", "memory"), "no-such"),
    (("boost", "show", "no-such", "--via", "memory"), "no-such"),
    (("boost", "request", "bappeda", "--amount", "1.000 Mbit/s", "--reason", "r", "--for", "2h", "--via", "memory"), "1.000"),
    (("what-if", "more", "satellite", "--down", "1,000 Mbit/s", "--via", "memory"), "1,000"),
]


@pytest.mark.parametrize(("words", "hint"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, tuple) else "")
def test_wrong_usage_says_so_in_both_languages(words: tuple[str, ...], hint: str, lajur: Lajur) -> None:
    english, indonesian = lajur(*words, LAJUR_LANG="en"), lajur(*words, LAJUR_LANG="id")
    for said in (english, indonesian):
        assert (said.code, said.out) == (64, "")
        assert hint in said.err
    if "--lang" not in words:
        assert english.err != indonesian.err


def test_a_flag_of_every_command_stands_anywhere(lajur: Lajur) -> None:
    before = lajur("--output", "json", "--lang", "id", "window", "next")
    after = lajur("window", "next", "--output", "json", "--lang", "id")
    assert before.json["document"] == after.json["document"] == "NextEdge"


def test_the_last_flag_wins(lajur: Lajur) -> None:
    assert lajur("--regency", "no-such", "window", "next", "--regency", "tolikara").code == 0


def test_an_unusable_setting_is_wrong_usage(lajur: Lajur) -> None:
    said = lajur("window", "next", LAJUR_ARM_SECONDS="soon")
    assert said.code == 64
    assert "LAJUR_ARM_SECONDS" in said.err


def test_wrong_usage_as_json(lajur: Lajur) -> None:
    said = lajur("--output", "json", "window", "show", "no-such")
    assert json.loads(said.err)["code"] == "cli.usage.no_window"


@pytest.mark.parametrize(
    "words", [("zzzz",), ("plan", "--zzzz"), ("window", "show", "zzzz"), ("link", "verify", "zzzz", "--via", "memory")]
)
def test_only_what_is_near_is_said_to_be_meant(words: tuple[str, ...], lajur: Lajur) -> None:
    said = lajur(*words, LAJUR_LANG="en")
    assert said.code == 64
    assert "Perhaps" not in said.err
    assert "{" not in said.err
    assert ": -" not in said.err
    assert "Perhaps: hub-krb" in lajur("link", "verify", "hub-krbb", "--via", "memory", LAJUR_LANG="en").err


def test_a_language_that_nobody_speaks_here_is_refused_wherever_it_is_asked_for(lajur: Lajur) -> None:
    said = lajur("window", "next", LAJUR_LANG="fr")
    assert said.code == 64
    assert "LAJUR_LANG=fr" in said.err
    assert lajur("window", "next", "--lang", "id", LAJUR_LANG="fr").code == 0
    assert lajur("window", "next", LAJUR_LANG="id_ID.UTF-8").code == 0
    assert lajur("window", "next", LC_ALL="fr_FR.UTF-8").code == 0


def test_the_version_is_told(lajur: Lajur) -> None:
    said = lajur("--version")
    assert (said.code, said.out) == (0, f"lajur {version('lajur')}\n")
    assert "--version" in lajur("--help").out
