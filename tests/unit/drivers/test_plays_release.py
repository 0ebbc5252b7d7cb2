"""What the hands of releases make of what plays answer: by host, bounded, and of nobody who said nothing anything good."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from network.core.plays import HostEnd, PlayEvent, PlayHeard, PlayRequest, PlayResult, Status
from network.core.releases.steps import trouble_error
from network.core.releases.values import Artefact, ArtefactKind, Gate, Migration, Problem, Workload
from network.drivers.plays_release import PlayedReleases
from network.messages import text

STEPS = Path(__file__).parents[3] / "playbooks/steps"
GATEWAY = Workload(
    key="gateway",
    name="Gerbang",
    owner="Dinas",
    kind=ArtefactKind.TARBALL,
    servers=("app-1", "app-2"),
    port=8080,
    health="/sehat",
    expect='"status": "ok"',
    migrate=("bin/migrate",),
    database="records",
    gate=Gate(good=2, watch=1),
    edges=("edge-1", "edge-2"),
)
ID = "2.0.0-0123456789ab"
ARTEFACT = Artefact(
    id=ID, version="2.0.0", kind=ArtefactKind.TARBALL, path="/f", sha256="0" * 64, size=100, unpacked=900
)  # fmt: skip
KEY = f"SHA256:{'x' * 43}"
AWAY = PlayEvent(host="app-1", task="t", status=Status.UNREACHABLE, message="Connection timed out")
Values = Mapping[str, Mapping[str, Mapping[str, Any]]]


class Told:
    """`Plays` that answers as told: values by host and task. What was asked stands in `asked`."""

    def __init__(self, values: Values, *events: PlayEvent) -> None:
        self.values, self.events = values, events
        self.asked: list[PlayRequest] = []

    def play(self, request: PlayRequest, heard: PlayHeard) -> PlayResult:
        self.asked.append(request)
        for event in self.events:
            heard(event)
        return PlayResult(hosts={host: HostEnd(status=Status.OK, values=each) for host, each in self.values.items()})


def edge(task: str, **servers: Mapping[str, Any]) -> dict[str, Any]:
    return {task: {"servers": {name.replace("_", "-"): said for name, said in servers.items()}, "cursor": "s=1"}}


OUT = {"known": True, "drained": True, "sessions": 0, "problem": "", "told": True}
IN = {**OUT, "drained": False, "state": "UP"}
KEPT = edge("Keep requests away", app_1=OUT, app_2=OUT)
BACK = {**KEPT, **edge("Let them in", app_1=IN, app_2=IN)}


def swapped(values: Values, *events: PlayEvent, release: str = ID) -> Any:
    return PlayedReleases(GATEWAY, Told(values, *events)).swap(["app-1"], release)["app-1"]


def switched(trouble: Any = None) -> dict[str, Any]:
    return {"Switch to the release": {"switched": True, "trouble": trouble}}


def test_look_tells_what_holds_and_text_stays_text() -> None:
    sight = {"current": ID, "previous": "{{ 6*7 }}", "releases": [ID, 5], "unit": "active", "answers": True, "free": 7, "said": 3}
    sight["database"] = False
    told = Told(
        {
            "app-1": {"Look at the releases": sight},
            "edge-1": edge("Look at the edge", app_1=IN),
            "edge-2": edge("Look at the edge", app_1={**OUT, "known": False}),
        }
    )
    found = PlayedReleases(GATEWAY, told).look(["app-1", "app-2"])
    one = found["app-1"]
    assert (one.current, one.previous, one.releases, one.unit) == (ID, "{{ 6*7 }}", (ID, ""), "active")
    assert (one.answers, one.said, one.free) == (True, "", 7)
    assert (one.database, found["app-2"].database) == (False, None)
    assert one.drained == {"edge-1": False, "edge-2": None}
    assert found["app-2"].trouble is not None
    assert told.asked[0].playbook == "steps/look"
    assert told.asked[0].variables["release"]["edges"] == ["edge-1", "edge-2"]


@pytest.mark.parametrize(
    ("message", "problem", "said"),
    [
        ("ssh: connect to host: Connection timed out", Problem.UNREACHABLE, "ssh: connect to host: Connection timed out"),
        ("Host key verification failed.", Problem.HOST_KEY, ""),
        (f"@ REMOTE HOST IDENTIFICATION HAS CHANGED! @\nsent:\n{KEY}.\nremove with: rm", Problem.HOST_KEY, KEY),
        ("root@192.0.2.1: Permission denied (publickey).", Problem.LOGIN, "root@192.0.2.1: Permission denied (publickey)."),
    ],
)
def test_a_host_that_is_away_says_why_and_the_edges_are_heard(message: str, problem: Problem, said: str) -> None:
    event = PlayEvent(host="app-1", task="t", status=Status.UNREACHABLE, message=message)
    told = Told({"edge-1": edge("Look at the edge", app_1=OUT)}, event)
    found = PlayedReleases(GATEWAY, told).look(["app-1"])["app-1"]
    assert found.trouble is not None
    assert (found.trouble.problem, found.trouble.said) == (problem, said)
    assert found.drained == {"edge-1": True, "edge-2": None}


def test_place_needs_a_tenth_more_and_tells_of_each() -> None:
    room = {"placed": False, "trouble": None}
    full = {"placed": False, "trouble": {"problem": "space", "needed": 1100, "free": 3, "said": ""}}
    told = Told({"app-1": {"Look for room": room, "Place the release": {"placed": True, "trouble": None}},
                 "app-2": {"Look for room": full}})  # fmt: skip
    found = PlayedReleases(GATEWAY, told).place(["app-1", "app-2", "app-3"], ARTEFACT)
    assert told.asked[0].variables["release"]["size"] == 1100
    assert (found["app-1"].trouble, found["app-1"].changed) == (None, True)
    assert found["app-2"].trouble is not None
    assert (found["app-2"].trouble.problem, found["app-2"].trouble.needed, found["app-2"].trouble.free) == (
        Problem.SPACE,
        1100,
        3,
    )
    assert found["app-3"].trouble is not None


@pytest.mark.parametrize("task", ["Look for room", "Place the release"])
def test_a_file_that_is_not_placed_in_time_has_a_word_of_its_own(task: str) -> None:
    late = PlayEvent(host="app-1", task=task, status=Status.FAILED, message="Task failed: Timed out after 660 second(s).")
    told = Told({"app-1": {"Look for room": {"placed": False, "trouble": None}}}, late)
    found = PlayedReleases(GATEWAY, told).place(["app-1"], ARTEFACT)["app-1"]
    assert found.trouble is not None
    assert (found.trouble.problem, found.trouble.said) == (Problem.TIMEOUT, late.message)
    said = [
        text(error.code, language, error.fields) for error in [trouble_error("app-1", found.trouble)] for language in ("id", "en")
    ]
    assert all("app-1" in each and "660" in each for each in said)
    assert ["perintah yang sama" in said[0], "the same command" in said[1]] == [True, True]


def test_a_migration_that_fails_says_what_it_said() -> None:
    value = {"said": "", "trouble": {"problem": "migration", "said": "x" * 9000}}
    told = Told({"app-1": {"Run the migrations": value}})
    found = PlayedReleases(GATEWAY, told).migrate("app-1", ID, Migration.EXPAND)
    assert found.trouble is not None
    assert (found.trouble.problem, len(found.trouble.said)) == (Problem.MIGRATION, 2000)
    assert told.asked[0].variables["release"]["word"] == "expand"


def test_a_swap_is_through_when_every_edge_lets_it_in() -> None:
    found = swapped({"edge-1": BACK, "edge-2": BACK, "app-1": switched()})
    assert (found.trouble, found.switched, found.let_in, found.cut) == (None, True, True, 0)
    assert found.cursors == {"edge-1": "s=1", "edge-2": "s=1"}


def test_sessions_that_were_cut_are_counted_over_all_edges() -> None:
    kept = {**BACK, **edge("Keep requests away", app_1={**OUT, "sessions": 2})}
    assert swapped({"edge-1": kept, "edge-2": kept, "app-1": switched()}).cut == 4


def test_an_edge_that_cannot_be_told_leaves_everything_as_it_was() -> None:
    back = {**KEPT, **edge("Let them in", app_1=IN)}
    found = swapped({"edge-1": back, "edge-2": {"Keep requests away": {"servers": {}, "said": "no socket"}}})
    assert found.trouble is not None
    assert (found.trouble.problem, found.trouble.edge, found.trouble.said) == (Problem.EDGE, "edge-2", "no socket")
    assert (found.switched, found.let_in) == (False, True)


def test_an_edge_that_forgets_is_named() -> None:
    still = {**KEPT, **edge("See that they are still kept away", app_1={**IN, "problem": "forgotten"})}
    found = swapped({"edge-1": KEPT, "edge-2": still})
    assert found.trouble is not None
    assert (found.trouble.problem, found.trouble.edge, found.switched) == (Problem.FORGOTTEN, "edge-2", False)


def test_one_that_does_not_answer_stays_out() -> None:
    found = swapped({"edge-1": KEPT, "edge-2": KEPT, "app-1": switched({"problem": "answer", "said": "{{ 6*7 }}"})})
    assert found.trouble is not None
    assert (found.trouble.problem, found.trouble.said) == (Problem.ANSWER, "{{ 6*7 }}")
    assert (found.switched, found.let_in) == (True, False)


def test_one_that_dies_on_the_way_stays_out() -> None:
    found = swapped({"edge-1": KEPT, "edge-2": KEPT}, AWAY)
    assert found.trouble is not None
    assert (found.trouble.problem, found.let_in) == (Problem.UNREACHABLE, False)


def test_an_edge_that_does_not_let_it_in_again_is_a_trouble_after_the_switch() -> None:
    slow = {**KEPT, **edge("Let them in", app_1={**IN, "problem": "edge", "state": "DOWN"})}
    found = swapped({"edge-1": BACK, "edge-2": slow, "app-1": switched()})
    assert found.trouble is not None
    assert (found.trouble.problem, found.trouble.edge, found.switched) == (Problem.EDGE, "edge-2", True)


def test_an_edge_that_is_left_out_has_no_say() -> None:
    told = Told({"edge-1": BACK, "app-1": switched()})
    found = PlayedReleases(GATEWAY, told).swap(["app-1"], ID, without=["edge-2"])["app-1"]
    assert (found.trouble, found.switched, found.cursors) == (None, True, {"edge-1": "s=1"})
    assert told.asked[0].variables["release"]["edges"] == ["edge-1"]


def test_no_release_at_all_is_out_and_well() -> None:
    found = swapped({"edge-1": KEPT, "edge-2": KEPT, "app-1": switched()}, release="")
    assert (found.trouble, found.let_in) == (None, False)


def test_a_watch_adds_the_edges_up_and_names_the_silent() -> None:
    log = {"servers": {"app-1": {"statuses": {"200": 5, "0": 1, "x": 9}, "times": [3, "4", -1]}}, "unserved": 2}
    asked = {"targets": {"app-1": {"answers": [{"status": 200, "ms": 4, "fits": True}, {"status": "x"}, 7]}}}
    told = Told({"edge-1": {"Read the log": log, "Ask through the edge": asked}})
    found = PlayedReleases(GATEWAY, told).watch(["app-1"], {"edge-1": "s=1"})
    assert (found.silent, found.unserved) == (("edge-2",), 2)
    one = found.hosts["app-1"]
    assert (one.statuses, one.times) == ({200: 5, 0: 1}, (3,))
    assert [each.fits for each in one.answers["edge-1"]] == [True, False]
    assert told.asked[0].variables["release"]["asks"] == 4


def test_a_log_that_was_not_read_to_its_end_is_told() -> None:
    asked: Mapping[str, Any] = {"targets": {"app-1": {"answers": []}}}
    value: dict[str, Mapping[str, Any]] = {"Read the log": {"servers": {}, "more": True}, "Ask through the edge": asked}
    whole = {**value, "Read the log": {"servers": {}, "more": False}}
    assert PlayedReleases(GATEWAY, Told({"edge-1": value, "edge-2": whole})).watch(["app-1"], {}).cut == ("edge-1",)


def test_times_of_many_edges_are_a_fair_choice() -> None:
    log = {"servers": {"app-1": {"statuses": {}, "times": list(range(5000))}}, "unserved": 0}
    value: dict[str, Mapping[str, Any]] = {"Read the log": log, "Ask through the edge": {"targets": {"app-1": {"answers": []}}}}
    one = PlayedReleases(GATEWAY, Told({"edge-1": value, "edge-2": value})).watch(["app-1"], {}).hosts["app-1"]
    assert len(one.times) == 5000
    assert (one.times[0], one.times[-1]) == (0, 4999)


def test_prune_tells_what_went() -> None:
    told = Told({"app-1": {"Remove old releases": {"gone": [ID], "trouble": None}}}, AWAY)
    found = PlayedReleases(GATEWAY, told).prune(["app-1", "app-2"], 3, first=["2-0123456789ab"])
    assert told.asked[-1].variables["release"]["first"] == ["2-0123456789ab"]
    assert (found["app-1"].gone, found["app-1"].trouble) == ((ID,), None)
    assert found["app-2"].trouble is not None


@pytest.mark.parametrize("file", sorted(STEPS.glob("*.yml")), ids=lambda file: file.stem)
def test_every_task_of_a_step_ends(file: Path) -> None:
    tops = [task for each in YAML(typ="safe").load(file.read_text()) for task in each["tasks"]]
    blocks = [task for task in tops if "block" in task]
    tasks = [task for task in tops if task not in blocks]
    tasks += [task for block in blocks for part in ("block", "rescue", "always") for task in block.get(part, [])]
    assert tasks
    assert [task["name"] for task in tasks if not task.get("timeout")] == []
