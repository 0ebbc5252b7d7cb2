"""What `lajur infra` says of a look: what differs, in whose words, what is to be done about it, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from infra.facts import Section
from network.cli import infra_documents
from network.core.building import Ending, Verb
from network.errors import NeedsPerson, Refused
from tests.unit.cli.twin import OUTPUTS, STOPPED, Said, Twin, one_short_of_two, several, step


def by_hand(kind: str, reason: str, **values: str) -> Said:
    return "infra.difference", {**STOPPED, "kind": kind, "mend": "person", "reason": reason, **values}


def test_every_row_for_a_person_says_why_on_the_screen_and_to_programs(infra: Callable[..., Any], twin: Twin) -> None:
    twin.says[Verb.DRIFT] = [by_hand("member_added", "member", name="siti (sudo)", wanted="absent", found="present")]
    assert "gpasswd -d" in " ".join(infra("drift").out.split())
    (finding,) = infra("drift", "--output", "json").json["findings"]
    assert (finding["mend"], finding["reason"]) == ("", "member")


def test_a_host_key_that_is_trusted_by_now_is_accepted_with_a_new_baseline(infra: Callable[..., Any], twin: Twin) -> None:
    twin.says[Verb.DRIFT] = [by_hand("host_key", "host_key_trusted", name="ssh-ed25519")]
    said = infra("drift")
    assert (said.code, "lajur infra refresh --baseline" in said.err) == (5, True)


WORDS = {
    "id": ("tidak menjawab", "tidak ada", "berhenti", "disk 1", "memori", "62,7 GiB", "sha256:cccccccccccc…", "480 GB LAB"),
    "en": ("no answer", "absent", "stopped", "disk 1", "memory", "62.7 GiB", "sha256:cccccccccccc…", "480 GB LAB"),
}


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_part_of_a_machine_has_words(infra: Callable[..., Any], twin: Twin, language: str) -> None:
    twin.says[Verb.DRIFT] = [by_hand("record_missing", "tool_missing", name=name) for name in get_args(Section)]
    words = infra("drift", "--lang", language, COLUMNS="400").out
    assert words.count({"id": "daftar ", "en": "list of "}[language]) == len(get_args(Section)), words


def test_many_of_one_kind_are_told_by_their_number_unless_each_is_asked_for(infra: Callable[..., Any], twin: Twin) -> None:
    every = [
        ("infra.unrepaired", by_hand("package_added", "not_ours_to_remove", name=f"tool{number:02}")[1]) for number in range(40)
    ]
    twin.says[Verb.UP] = [*every, step("update", "unrepaired")]
    said = infra("up", "--yes")
    assert "tool02" in said.out
    assert "37 more" in " ".join(said.out.split())
    assert "tool33" not in said.out + said.err
    assert said.err.count("could not be mended") < 20
    assert "tool33" in infra("up", "--yes", "-v").out


@pytest.mark.parametrize("language", ["id", "en"])
def test_values_are_told_in_words(infra: Callable[..., Any], twin: Twin, language: str) -> None:
    twin.says[Verb.DRIFT] = [
        by_hand("unreachable", "unreachable", wanted="", found="infra.unreachable"),
        by_hand("short_of_contract", "contract_short", name="disk-1", wanted="480 GB ssd", found="–"),
        by_hand("disk_missing", "hardware", name="sda", wanted="480 GB LAB", found="absent"),
        by_hand("memory_changed", "hardware", name="memory", wanted="62.7 GiB", found="31 GiB"),
        by_hand("file_added", "not_ours_to_remove", name="/etc/sudoers.d/x", wanted="absent", found=f"sha256:{'c' * 64}"),
        ("infra.difference", STOPPED),
    ]
    shown = infra("drift", "--lang", language, COLUMNS="400").out
    assert [word for word in WORDS[language] if word not in shown] == []
    assert "infra." not in shown
    document = infra("drift", "--lang", language, "--output", "json").json
    assert {each["found"] for each in document["findings"]} >= {"infra.unreachable", "absent", "stopped"}


def test_a_document_is_the_same_whoever_answered_first(infra: Callable[..., Any], twin: Twin) -> None:
    """Machines answer in any order."""
    told: list[Said] = [
        ("infra.difference", {**STOPPED, "server": server, "kind": kind, "name": name})
        for server in ("mon-1", "app-1")
        for kind in ("user_added", "key_added")
        for name in ("b", "a")
    ]
    documents = []
    for each, looked in ((told, ["mon-1", "app-1"]), (told[::-1], ["app-1", "mon-1"])):
        twin.says[Verb.DRIFT], twin.ends[Verb.DRIFT] = each, Ending(result={"looked": looked})
        document = infra("drift", "--output", "json").json
        documents.append((document["looked"], document["findings"]))
    assert documents[0] == documents[1]
    assert documents[0][0] == ["app-1", "mon-1"]
    places = [(each["server"], each["kind"], each["name"]) for each in documents[0][1]]
    assert places == sorted(places)


@pytest.mark.parametrize("verb", [Verb.DRIFT, Verb.REFRESH])
def test_where_nothing_was_taken_over_nothing_is_as_it_was(infra: Callable[..., Any], twin: Twin, verb: Verb) -> None:
    twin.ends[verb] = Ending(result={"looked": []})
    said = infra(verb.value)
    assert (said.code, "lajur infra up" in said.out) == (2, True)
    assert "No difference" not in said.out


@pytest.mark.parametrize(("language", "word"), [("id", "tidak ada yang harus berdiri"), ("en", "none has to stand")])
def test_where_nothing_has_to_stand_nothing_is_asked_for(
    infra: Callable[..., Any], twin: Twin, monkeypatch: pytest.MonkeyPatch, language: str, word: str
) -> None:
    twin.ends[Verb.DRIFT] = Ending(result={"looked": []})
    whole = infra_documents.drift
    monkeypatch.setattr(infra_documents, "drift", lambda *words: replace(whole(*words), not_taken=()))
    said = infra("drift", "--lang", language)
    assert (said.code, word in said.out, "lajur infra up" in said.out + said.err) == (0, True, False)


def test_what_was_not_looked_at_is_named_beside_what_was(infra: Callable[..., Any], twin: Twin, regencies: Path) -> None:
    assert twin.asked == []
    several(regencies)
    said = infra("drift", LAJUR_REGENCY="manokwari")
    assert said.code == 0
    assert all(word in said.out for word in ("Compared", "become root", "not looked at: app-2, app-3, db-1, edge-1, mon-1"))
    assert "not looked at" not in infra("drift", "--server", "app-1", LAJUR_REGENCY="manokwari").out
    alone = infra("outputs", "--server", "app-1", "--server", "app-3", LAJUR_REGENCY="manokwari")
    assert [word for word in ("192.0.2.9", "Not taken over yet: app-3") if word not in alone.out] == [], alone.out
    assert "No server is taken over" not in infra("outputs", "--server", "app-3", LAJUR_REGENCY="manokwari").out


def test_a_baseline_that_says_nothing_of_root_is_told_as_such(infra: Callable[..., Any], twin: Twin) -> None:
    twin.says[Verb.DRIFT] = [("infra.not_compared", {"server": "app-1"})]
    said = infra("drift")
    assert (said.code, "not compared: app-1" in said.err) == (0, True)


def test_what_a_new_baseline_accepts_is_shown(infra: Callable[..., Any], twin: Twin) -> None:
    accepted = {**STOPPED, "kind": "disk_missing", "name": "sdb", "mend": "person", "reason": "hardware"}
    twin.says[Verb.REFRESH] = [
        step("refresh", "begun"),
        ("infra.accepted_difference", accepted),
        by_hand("short_of_contract", "contract_short", name="disk-1"),
        step("refresh"),
    ]
    twin.ends[Verb.REFRESH] = Ending(result={"baseline": ["app-1"], "outputs": OUTPUTS})
    words = ("refresh", "--baseline", "app-1", "--reason", "as planned")
    said = infra(*words)
    assert said.code == 0
    assert all(
        word in said.out for word in ("disk missing", "sdb", "New baseline: app-1", "accepted: 1", "short of its contract")
    )
    document = infra(*words, "--output", "json").json
    assert (document["based"], [each["kind"] for each in document["accepted"]]) == (["app-1"], ["disk_missing"])


def test_a_look_is_no_work(infra: Callable[..., Any], twin: Twin) -> None:
    twin.says[Verb.REFRESH] = [step("refresh", "begun"), step("refresh")]
    document = infra("refresh", "--output", "json").json
    assert [(each["operation"], each["result"]) for each in document["servers"]] == [("refresh", "done")]
    said = infra("refresh")
    assert "Servers looked at: 1, 0 with differences" in said.out
    assert "mend" not in said.out + said.err


def test_what_failed_is_told_as_failed_in_line_and_table(infra: Callable[..., Any], twin: Twin) -> None:
    """The look went well, which says nothing of the work."""
    twin.says[Verb.UP] = [
        step("refresh", "begun"),
        step("refresh"),
        step("update", "begun"),
        step("update", "failed"),
        step("update", "begun", "db-1"),
        ("infra.unrepaired", {**STOPPED, "server": "db-1", "kind": "disk_missing", "reason": "hardware"}),
        step("update", "unrepaired", "db-1"),
        step("create", "failed", "mon-1"),
    ]
    twin.ends[Verb.UP] = Ending(error=NeedsPerson("infra.several_failed", servers="app-1, mon-1", reasons=()))
    said = infra("up", "--yes")
    assert all(line in said.err for line in ("app-1: mend, failed", "db-1: mend, the rest needs a person"))
    assert "mend, done" not in said.err
    document = infra("up", "--yes", "--output", "json").json
    assert {each["server"]: each["result"] for each in document["servers"]} == {
        "app-1": "failed",
        "db-1": "unrepaired",
        "mon-1": "failed",
    }
    assert "Servers: 3, worked at 1" in said.out


def test_a_refusal_is_one_short_line_while_others_go_on(infra: Callable[..., Any], twin: Twin) -> None:
    one_short_of_two(twin)
    said = infra("up", "--yes")
    (line,) = [line for line in said.err.splitlines() if "not taken over" in line and "db-1" in line and "[" in line]
    assert len(line) < 80
    assert said.err.count("64 GiB > 32 GiB") == 1


@pytest.mark.parametrize(
    "error",
    [
        Refused("infra.no_ssh", server="db-1", address="-"),
        Refused("infra.several_failed", servers="db-1", reasons=(Refused("infra.no_ssh", server="db-1", address="-"),)),
    ],
    ids=["one", "several"],
)
def test_a_preview_counts_nobody_who_could_not_be_looked_at(infra: Callable[..., Any], twin: Twin, error: Refused) -> None:
    """The engine says of it that it began, and no more."""
    twin.says[Verb.PREVIEW] = [step("create", "begun", "db-1"), step("create", "begun"), step("create")]
    twin.ends[Verb.PREVIEW] = Ending(error=error)
    said = infra("preview")
    assert (said.code, "something would be done on 1" in said.out) == (3, True)
    document = infra("preview", "--output", "json").json
    assert {each["server"]: each["result"] for each in document["servers"]} == {"app-1": "done", "db-1": "failed"}


def test_a_preview_of_one_that_does_not_answer_promises_nothing(infra: Callable[..., Any], twin: Twin) -> None:
    twin.says[Verb.PREVIEW] = [
        step("refresh", "begun"),
        by_hand("unreachable", "unreachable", found="infra.cut"),
        step("refresh", "failed"),
        step("update", "begun"),
        step("update", "unrepaired"),
    ]
    said = infra("preview")
    assert (said.code, "something would be done on 0" in said.out) == (5, True)


def test_a_preview_promises_no_mending_of_what_is_for_a_person(infra: Callable[..., Any], twin: Twin) -> None:
    """But what became of the truth is always taken over."""
    twin.says[Verb.PREVIEW] = [by_hand("user_added", "not_ours_to_remove"), step("update", "unrepaired")]
    said = infra("preview")
    assert (said.code, "something would be done on 0" in said.out, "lajur infra up" in said.err) == (5, True, False)
    twin.says[Verb.PREVIEW].append(("infra.difference", {**STOPPED, "kind": "truth_changed", "name": "waivers"}))
    assert infra("preview").code == 2


@pytest.mark.parametrize("language", ["id", "en"])
def test_before_a_return_the_data_on_the_machine_is_shown(infra: Callable[..., Any], twin: Twin, language: str) -> None:
    infra("outputs")
    tree = {"role": "database", "path": "/var/lib/postgresql\x1b[2J", "files": 3, "bytes": 5_400_000_000}
    twin.ends[Verb.CONTENTS] = Ending(result={"contents": {"app-1": [tree, {"role": "x", "files": -1}]}, "unseen": {}})
    said = infra("destroy", "--server", "app-1", "--release", "--dry-run", "--lang", language)
    assert said.code == 2
    assert "/var/lib/postgresql" in said.out
    assert "5.4 GB" in said.out
    assert "\x1b" not in said.out + said.err
    assert [request.verb for request in twin.asked][1:] == [Verb.CONTENTS]


def test_a_machine_that_cannot_be_looked_at_is_said(infra: Callable[..., Any], twin: Twin) -> None:
    infra("outputs")
    why = {"code": "infra.unreachable", "fields": {"server": "app-1", "address": "192.0.2.9:22", "reason": "no route"}}
    twin.ends[Verb.CONTENTS] = Ending(result={"contents": {}, "unseen": {"app-1": why}})
    said = infra("destroy", "--server", "app-1", "--release", "--dry-run")
    assert (said.code, "no route" in said.out) == (2, True)


def test_a_reason_for_no_backup_is_on_record(infra: Callable[..., Any], twin: Twin) -> None:
    assert infra("destroy", "--server", "app-1", "--release", "--without-backup", " ", "--yes").code == 64
    assert twin.asked == []
    infra("destroy", "--server", "app-1", "--release", "--without-backup", "a copy", "--yes")
    assert twin.asked[-1].databases == {"app-1": "a copy"}


@pytest.mark.parametrize(("language", "words"), [("id", "belum diambil alih"), ("en", "not taken over yet")])
def test_what_is_paid_for_is_told_where_no_server_was_taken_over(
    infra: Callable[..., Any], twin: Twin, language: str, words: str
) -> None:
    begun = {"server": "practice-1", "kind": "rented_begun", "name": "volume", "wanted": "absent", "found": "v-1"}
    twin.says[Verb.DRIFT] = [("infra.difference", {**begun, "mend": "repair", "reason": ""})]
    twin.ends[Verb.DRIFT] = Ending(result={"looked": []})
    said = infra("drift", "--lang", language, COLUMNS="400")
    assert words in said.out
    assert "practice-1" in said.out
    assert said.code == 2
