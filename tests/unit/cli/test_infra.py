"""`lajur infra` around a builder of the test: what is asked of it, what is told of it, and how each verb ends."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from network.core.building import Ending, Verb
from network.errors import NeedsPerson, Refused
from network.ledger.sqlite import open_sqlite
from tests.unit.cli.conftest import Lajur
from tests.unit.cli.twin import SECRET, SHORT, STOPPED, Twin, deeds, one_short_of_two, several, step


def test_up_asks_for_what_the_truth_says_and_records_it(infra: Callable[..., Any], twin: Twin, tmp_path: Path) -> None:
    twin.says[Verb.UP] = [
        step("create", "begun"),
        ("infra.accepted", {"server": "app-1", "report": {"lines": []}}),
        step("create"),
    ]
    said = infra("up", "--yes", "--output", "json")
    assert said.code == 0
    assert said.json["servers"][0] | {"seconds": 0} == {"server": "app-1", "operation": "create", "result": "done", "seconds": 0}
    (request,) = twin.asked
    assert (request.verb, request.project, request.stack, request.only) == (Verb.UP, "lajur", "tolikara", ())
    assert request.access["app-1"].private_key == SECRET
    assert request.state == f"file://{tmp_path / 'state' / 'tolikara' / 'infra' / 'state'}"
    assert request.known_hosts == str(tmp_path / "state" / "known_hosts")
    assert deeds(tmp_path) == [("infra.begun", "infra up"), ("server.accepted", "app-1"), ("infra.finished", "infra up")]
    with open_sqlite(tmp_path / "state") as ledger:
        (seen,) = ledger.observations("direct").latest("tolikara").values()
    assert (seen.subject, dict(seen.value)) == (
        "server app-1",
        {"address": "192.0.2.9", "role": "application", "lease": "main"},
    )


def test_without_a_terminal_a_change_needs_yes(infra: Callable[..., Any], twin: Twin) -> None:
    assert [infra(*words).code for words in (("up",), ("destroy", "--server", "app-1", "--release"))] == [3, 3]
    assert twin.asked == []


@pytest.mark.parametrize(("operation", "code"), [("same", 0), ("create", 2), ("update", 2)])
def test_preview_says_whether_something_waits(
    infra: Callable[..., Any], twin: Twin, tmp_path: Path, operation: str, code: int
) -> None:
    twin.says[Verb.PREVIEW] = [step(operation)]
    assert infra("preview").code == code
    assert infra("up", "--dry-run").code == code
    assert [request.verb for request in twin.asked] == [Verb.PREVIEW, Verb.PREVIEW]
    assert ("lajur infra up --server app-1`" in infra("preview", "--server", "app-1").err) == (code == 2)
    assert deeds(tmp_path) == []


def test_preview_shows_the_others_beside_one_that_would_be_refused(infra: Callable[..., Any], twin: Twin) -> None:
    one_short_of_two(twin)
    said = infra("preview")
    assert said.code == 3
    assert all(
        word in said.out for word in ("app-1", "db-1", "short of its contract", "Servers: 2, something would be done on 1")
    )
    assert "64 GiB > 32 GiB" in said.err


@pytest.mark.parametrize(("answer", "verbs"), [("y", [Verb.PREVIEW, Verb.UP]), ("n", [Verb.PREVIEW])])
def test_up_asks_whether_to_do_the_others(
    infra: Callable[..., Any], twin: Twin, monkeypatch: pytest.MonkeyPatch, answer: str, verbs: list[Verb]
) -> None:
    one_short_of_two(twin)
    terminal = io.StringIO(f"{answer}\n")
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)
    said = infra("up")
    assert said.code == 3
    assert "Do the others (app-1)?" in said.err
    assert [request.verb for request in twin.asked] == verbs


def test_of_named_servers_only_those_are_spoken(infra: Callable[..., Any], twin: Twin) -> None:
    twin.says[Verb.PREVIEW] = [step("same"), step("same", server="db-1")]
    document = infra("preview", "--server", "app-1", "--output", "json").json
    assert [each["server"] for each in document["servers"]] == ["app-1"]


@pytest.mark.parametrize("language", ["id", "en"])
def test_drift_tells_what_differs_and_nothing_steers_the_terminal(infra: Callable[..., Any], twin: Twin, language: str) -> None:
    twin.says[Verb.DRIFT] = [("infra.difference", STOPPED), ("infra.difference", STOPPED)]
    said = infra("drift", "--lang", language)
    assert said.code == 2
    assert {"id": "layanan berhenti", "en": "service stopped"}[language] in said.out
    assert "lajur infra up" in said.out
    assert "\x1b" not in said.out + said.err
    document = infra("drift", "--output", "json").json
    assert [(each["kind"], each["mend"]) for each in document["findings"]] == [("service_stopped", "lajur infra up")]


@pytest.mark.parametrize(
    ("kinds", "code"),
    [
        ((), 0),
        (("unreachable",), 5),
        (("unreachable", "controller_unreachable", "package_added"), 5),
        (("unreachable", "key_added"), 2),
    ],
)
@pytest.mark.parametrize("verb", [Verb.DRIFT, Verb.REFRESH])
def test_the_ending_of_drift_says_what_sort_it_is(
    infra: Callable[..., Any], twin: Twin, verb: Verb, kinds: tuple[str, ...], code: int
) -> None:
    """Two only where the next command can mend something; a look that is kept ends as one that is not."""
    by_hand = {"mend": "person", "reason": "unreachable"}
    twin.says[verb] = [
        step("refresh", "begun"),
        *(("infra.difference", {**STOPPED, "kind": kind, **({} if kind == "key_added" else by_hand)}) for kind in kinds),
        step("refresh", "failed" if "unreachable" in kinds else "done"),
    ]
    said = infra(verb.value)
    assert said.code == code
    assert ("lajur infra up" in said.err) == (code == 2)
    assert ("the last column" in said.err) == (code == 5)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("verb", [Verb.PREVIEW, Verb.DRIFT, Verb.REFRESH])
def test_one_that_left_the_truth_is_told_with_what_to_do(
    infra: Callable[..., Any], twin: Twin, verb: Verb, language: str
) -> None:
    left = {**STOPPED, "kind": "unreachable", "name": "app-1", "found": "infra.unknown_server"}
    twin.says[verb] = [("infra.difference", left), ("infra.difference", {**left, "kind": "controller_unreachable"})]
    said = infra(verb.value, "--lang", language)
    assert said.err.count("lajur infra destroy --server app-1 --release") == 1
    assert "servers.yaml" in said.err


def test_one_that_falls_short_shows_its_lines_and_the_report(infra: Callable[..., Any], twin: Twin, tmp_path: Path) -> None:
    report = {"server": "app-1", "report": {"lines": [SHORT]}, "files": ["/reports/acceptance-app-1.json"]}
    twin.says[Verb.UP] = [step("create", "begun"), ("infra.short", report), step("create", "failed")]
    twin.ends[Verb.UP] = Ending(error=Refused("infra.short", server="app-1", lines="memory: 64 GiB > 32 GiB"))
    said = infra("up", "--yes")
    assert said.code == 3
    assert all(word in said.out for word in ("memory", "64 GiB", "32 GiB", "/reports"))
    assert "short of its contract" in said.out
    assert "server.short" in dict(deeds(tmp_path))


def test_what_only_a_person_can_mend_ends_with_five_and_says_why(infra: Callable[..., Any], twin: Twin) -> None:
    left = {**STOPPED, "kind": "disk_missing", "mend": "person", "reason": "hardware"}
    twin.says[Verb.UP] = [("infra.unrepaired", left), step("update", "unrepaired")]
    said = infra("up", "--yes")
    assert said.code == 5
    assert "by hand: hardware" in said.out
    assert "--baseline" in said.err


def test_a_protected_server_is_given_back_only_when_it_is_said(infra: Callable[..., Any], twin: Twin, tmp_path: Path) -> None:
    held = infra("destroy", "--server", "app-1", "--yes")
    assert (held.code, twin.asked) == (3, [])
    assert "--release" in held.err
    infra("outputs")
    proof = {"whole": True, "ended": True, "lost": "", "wiped": []}
    files = ["/reports/return-app-1.json", "/reports/return-app-1.html"]
    twin.says[Verb.DESTROY] = [step("delete"), ("infra.released", {"server": "app-1", "proof": proof, "files": files})]
    given = infra("destroy", "--server", "app-1", "--release", "--yes")
    assert (given.code, files[1] in given.out) == (0, True)
    assert (twin.asked[-1].only, twin.asked[-1].release) == (("app-1",), ("app-1",))
    assert ("server.released", "app-1") in deeds(tmp_path)
    with open_sqlite(tmp_path / "state") as ledger:
        assert ledger.observations("direct").latest("tolikara") == {}


@pytest.mark.parametrize("lost", ["", "  "])
def test_a_machine_is_lost_only_in_words(infra: Callable[..., Any], twin: Twin, tmp_path: Path, lost: str) -> None:
    said = infra("destroy", "--server", "app-1", "--release", "--lost", lost, "--yes")
    assert (said.code, "--lost" in said.err) == (64, True)
    assert (twin.asked, deeds(tmp_path)) == ([], [])


@pytest.mark.parametrize(
    "ending",
    [
        Ending(error=NeedsPerson("infra.baseline_left", servers="app-1")),
        Ending(error=Refused("infra.login_refused", server="app-1", address="192.0.2.9", user="root")),
        Ending(interrupted=True),
    ],
    ids=["left", "failed", "interrupted"],
)
def test_a_baseline_that_was_not_taken_is_not_on_record_as_one(
    infra: Callable[..., Any], twin: Twin, tmp_path: Path, ending: Ending
) -> None:
    twin.ends[Verb.REFRESH] = ending
    assert infra("refresh", "--baseline", "app-1", "--reason", "as planned").code != 0
    actions = [action for action, _ in deeds(tmp_path)]
    assert actions == ["infra.begun", "infra.finished"]


def test_a_refresh_reaches_nobody_who_is_not_meant(
    infra: Callable[..., Any], twin: Twin, regencies: Path, tmp_path: Path
) -> None:
    several(regencies)
    words = ("refresh", "--baseline", "app-1", "--server", "mon-1", "--reason", "as planned")
    assert infra(*words, LAJUR_REGENCY="manokwari").code == 0
    (request,) = twin.asked
    assert set(request.only) == {"app-1", "mon-1"}
    assert {server for server, access in request.access.items() if access.secrets} == {"app-1", "mon-1"}
    assert len(request.access) > 2
    assert request.baseline == ("app-1",)
    with open_sqlite(tmp_path / "state") as ledger:
        (begun,) = [entry.event for entry in ledger.entries() if entry.event.action == "infra.begun"]
    assert str(begun.detail["servers"]).split(", ") == ["mon-1", "app-1"]


def test_a_new_baseline_needs_a_reason_and_is_on_record(infra: Callable[..., Any], twin: Twin, tmp_path: Path) -> None:
    assert infra("refresh", "--baseline", "app-1").code == 64
    assert infra("refresh", "--reason", "x").code == 64
    assert infra("refresh", "--baseline", "app-1", "--reason", "as planned").code == 0
    assert (twin.asked[-1].baseline, twin.asked[-1].reason) == (("app-1",), "as planned")
    assert ("server.baseline", "app-1") not in deeds(tmp_path), "nobody said that it was taken"
    twin.says[Verb.REFRESH] = [("infra.rebased", {"server": "app-1"})]
    assert infra("refresh", "--baseline", "app-1", "--reason", "as planned").code == 0
    assert ("server.baseline", "app-1") in deeds(tmp_path)


@pytest.mark.parametrize(
    "ending",
    [Ending(error=NeedsPerson("infra.baseline_left", servers="mon-1")), Ending(interrupted=True)],
    ids=["left", "interrupted"],
)
def test_of_two_baselines_the_one_that_was_taken_is_on_record_however_it_ends(
    infra: Callable[..., Any], twin: Twin, regencies: Path, tmp_path: Path, ending: Ending
) -> None:
    several(regencies)
    twin.says[Verb.REFRESH] = [("infra.rebased", {"server": "app-1"})]
    twin.ends[Verb.REFRESH] = ending
    words = ("refresh", "--baseline", "app-1", "--baseline", "mon-1", "--reason", "as planned")
    assert infra(*words, LAJUR_REGENCY="manokwari").code != 0
    assert [subject for action, subject in deeds(tmp_path) if action == "server.baseline"] == ["app-1"]


def test_outputs_show_no_secret(infra: Callable[..., Any], twin: Twin) -> None:
    shown, document = infra("outputs"), infra("outputs", "--output", "json")
    assert (shown.code, document.code) == (0, 0)
    assert "192.0.2.9" in shown.out
    assert SECRET not in shown.out + document.out
    assert twin.asked[0].access == {}


@pytest.mark.parametrize("verb", ["up", "drift"])
def test_an_interruption_in_order_is_told_as_one(infra: Callable[..., Any], twin: Twin, verb: str) -> None:
    twin.says[Verb(verb)] = [("infra.stage", {"stage": "stopping"})]
    twin.ends[Verb(verb)] = Ending(interrupted=True)
    said = infra(verb, *(["--yes"] if verb == "up" else []))
    assert (said.code, "what has begun comes to its end" in said.err) == (130, verb == "up")  # a look tells only its ending
    assert {"up": "the same command", "drift": "Nothing was changed"}[verb] in said.err


def test_one_that_was_killed_needs_recovering(infra: Callable[..., Any], twin: Twin) -> None:
    twin.ends[Verb.UP] = Ending(interrupted=True, error=NeedsPerson("infra.killed", verb="up"))
    said = infra("up", "--yes")
    assert (said.code, "lajur infra recover" in said.err) == (5, True)


def test_a_server_that_is_none_is_no_server(infra: Callable[..., Any], twin: Twin) -> None:
    said = infra("drift", "--server", "app-9")
    assert (said.code, twin.asked) == (64, [])
    assert "app-1" in said.err


def test_an_example_without_a_lab_is_refused_and_says_how(lajur: Lajur, twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("network.lab.lab.find", lambda regency: ())
    said = lajur("infra", "preview")
    assert (said.code, "lajur lab up --servers" in said.err, twin.asked) == (3, True, [])


@pytest.mark.parametrize(
    ("state", "code", "as_given"),
    [
        ("postgresql://lajur@db/infra", 0, "postgres://lajur@db/infra"),
        ("postgres:///infra?host=/run/pg", 0, "postgres:///infra?host=/run/pg"),
        ("postgres://lajur:" + "secret-word@db/infra", 64, None),
        ("postgres://db/infra?password=secret-word", 64, None),
        ("s3://bucket", 64, None),
        ("relative/folder", 64, None),
    ],
)
def test_the_address_of_the_state_holds_no_password(
    infra: Callable[..., Any], twin: Twin, state: str, code: int, as_given: str | None
) -> None:
    said = infra("preview", LAJUR_INFRA_STATE=state)
    assert said.code == code
    assert [request.state for request in twin.asked] == ([as_given] if as_given else [])
    assert "secret-word" not in said.err


def test_two_at_once_on_one_machine_is_refused(infra: Callable[..., Any], twin: Twin, tmp_path: Path) -> None:
    from network.runners.threads import ThreadRunner

    with ThreadRunner(tmp_path / "state" / "tolikara" / "locks").hold(("infra",), "infra-other"):
        said = infra("up", "--yes")
        assert infra("preview").code == 0
    assert (said.code, "infra-other" in said.err) == (3, True)
    assert [request.verb for request in twin.asked] == [Verb.PREVIEW]


STRANGE = "\x1b]0;x\x07\x9b2J\u202e{{ 6*7 }}"


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("verb", [Verb.PREVIEW, Verb.UP, Verb.DRIFT, Verb.REFRESH, Verb.OUTPUTS, Verb.RECOVER])
def test_nothing_that_a_machine_says_steers_the_terminal_or_the_records(
    infra: Callable[..., Any], lajur: Lajur, twin: Twin, verb: Verb, language: str
) -> None:
    """Though the builder would hand it on as it came."""
    line = dict.fromkeys(("name", "promised", "found", "reason", "note"), STRANGE)
    facts = {"hostname": STRANGE, "disks": [{"model": STRANGE}], STRANGE: STRANGE}
    twin.says[verb] = [
        step("create", "begun"),
        ("infra.accepted", {"server": "app-1", "report": {"lines": [{**line, "verdict": "waived"}]}, "files": [STRANGE]}),
        ("infra.difference", {**STOPPED, "name": STRANGE, "wanted": STRANGE, "found": STRANGE}),
        ("infra.unrepaired", {**STOPPED, "name": STRANGE, "reason": STRANGE}),
        ("infra.repaired", {**STOPPED, "name": STRANGE, "kind": STRANGE}),
        (STRANGE, {STRANGE: STRANGE}),
        step(STRANGE, STRANGE),
    ]
    told = {"app-1": {"address": STRANGE, "facts": facts, "names": [STRANGE], "role": STRANGE, "adopted": STRANGE}}
    failure = NeedsPerson("infra.command_failed", server="app-1", status=STRANGE, reason=STRANGE)
    for ending in (Ending(result={"outputs": told, "looked": ["app-1", STRANGE]}), Ending(error=failure)):
        twin.ends[verb] = ending
        words = (verb.value, *(["--yes"] if verb is Verb.UP else []), "--lang", language)
        told_of = [infra(*words), infra(*words, "--output", "json")]
        assert all("6*7" in said.out + said.err for said in told_of)
        for said in (*told_of, lajur("audit", "export")):
            assert (said.out + said.err).replace("\n", "").isprintable()


@pytest.mark.parametrize(
    ("event", "words", "after"),
    [
        ("infra.nothing_half_done", "Nothing was half done", "lajur infra drift"),
        ("infra.cleared", "no machine was changed", "lajur infra up"),
    ],
)
def test_a_recovery_that_carried_on_with_nothing_says_so_and_what_is_next(
    infra: Callable[..., Any], twin: Twin, event: str, words: str, after: str
) -> None:
    twin.says[Verb.RECOVER] = [(event, {})]
    said = infra("recover")
    assert (said.code, twin.asked[0].verb) == (0, Verb.RECOVER)
    assert words in said.err
    assert f"Next: `{after}`" in said.err


@pytest.mark.parametrize(
    ("found", "code"),
    [
        ({}, 2),
        ({"kind": "unreachable", "mend": "person", "reason": "unreachable", "found": "infra.unreachable"}, 5),
        (None, 0),
    ],
    ids=["mendable", "silent", "nothing"],
)
def test_a_recovery_that_only_looked_ends_as_a_look_does(
    infra: Callable[..., Any], twin: Twin, found: dict[str, str] | None, code: int
) -> None:
    told = [] if found is None else [("infra.difference", {**STOPPED, **found})]
    twin.says[Verb.RECOVER] = [step("refresh"), *told]
    assert infra("recover").code == code


def test_a_recovery_lists_what_is_left_and_not_what_it_has_just_mended(infra: Callable[..., Any], twin: Twin) -> None:
    left = {**STOPPED, "server": "mon-1", "kind": "package_changed", "name": "nginx", "mend": "person"}
    twin.says[Verb.RECOVER] = [
        ("infra.difference", STOPPED),
        ("infra.difference", left),
        step("update", "begun"),
        ("infra.repaired", {name: STOPPED[name] for name in ("server", "kind", "name")}),
        step("update"),
        step("update", "failed", "mon-1"),
    ]
    said = infra("recover", "--output", "json")
    assert [each["server"] for each in said.json["differences"]] == ["mon-1"]


@pytest.mark.parametrize("operation", ["record", "update"])
def test_a_text_that_is_only_recorded_is_called_otherwise_than_mending(
    infra: Callable[..., Any], twin: Twin, operation: str
) -> None:
    changed = {**STOPPED, "kind": "truth_changed", "name": "lease.place", "wanted": "Sorong", "found": "Sanggeng"}
    twin.says[Verb.PREVIEW] = [("infra.difference", changed), step(operation)]
    said = infra("preview")
    assert said.code == 2
    assert all(word in said.out for word in ("lease.place", "Sorong", "Sanggeng", "truth changed"))
    assert (" record " in said.out, " mend " in said.out) == (operation == "record", operation == "update")
