"""Data of our roles on a server that is given back: a database goes only when somebody said so, and a wiping of hours is carried
on with."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from infra.adopting import adopt
from infra.errors import InfraError, OutputError, Refused
from infra.inputs import roles_on
from infra.page import Head
from infra.releasing import release
from infra.reports import Reports
from infra.wipe_data import DataWiping, Tree, data_script, merged, turn_of
from infra.wipe_places import BACKUPS, BROUGHT, DATABASES, STATELESS
from inventory.load import SHIPPED, load_regency
from tests.unit.infra.test_adopting import Box, Ground
from tests.unit.infra.test_papers import Page

ROOT = Path(__file__).parents[3]
NONCE = "fedcba9876543210"
POSTGRESQL, APPLICATION = "L3Zhci9saWIvcG9zdGdyZXNxbA==", "L3Nydi9sYWp1ci9nYXRld2F5"
REPOSITORY = base64.b64encode(BACKUPS.encode()).decode()


@dataclass
class Full(Box):
    """`left`: bytes of a database, of which each turn wipes `each`."""

    left: int = 3000
    each: int = 1000
    wiped: int = 0
    stopped: list[str] = field(default_factory=list)
    why: str = "-"
    path: str = POSTGRESQL

    def _data(self, text: str) -> str:
        nonce = text.split(" n=")[1].split(maxsplit=1)[0]
        look = " look=yes" in text
        if not look:
            part = min(self.left, self.each)
            self.left, self.wiped = self.left - part, self.wiped + part
        after = "found" if look else "remains" if self.why != "-" else "going" if self.left else "gone"
        tree = {"kind": "data", "role": "database", "path": self.path, "files": 1, "bytes": self.left if look else self.wiped}
        unit = {"kind": "unit", "path": "cG9zdGdyZXNxbEAxNS1tYWluLnNlcnZpY2U=", "after": "stopped"}
        lines: list[dict[str, Any]] = [{**tree, "missed": 0, "after": after, "why": self.why}, *([] if look else [unit])]
        ended: dict[str, Any] = {"end": len(lines), "files": 1, "bytes": self.left}
        return "".join(json.dumps({"proof": nonce, **each}, separators=(",", ":")) + "\n" for each in [*lines, ended])


@pytest.fixture
def ground() -> Ground:
    return Ground()


def full(ground: Ground, **values: Any) -> dict[str, Any]:
    state = adopt(ground.task())
    ground.box = Full(held=ground.box.held, **values)
    return state


def test_a_database_of_which_nobody_said_that_it_may_go_stays_and_nothing_is_begun(ground: Ground) -> None:
    state = full(ground)
    with pytest.raises(Refused, match="only_copy") as met:
        release(ground.task(), state)
    assert met.value.fields["bytes"] == 3000
    assert ground.of("infra.wiping") == []
    assert [text for text in ground.box.ran if "look=yes" not in text] == []


def test_the_backups_of_a_database_stay_as_one_does(ground: Ground) -> None:
    state = full(ground, path=REPOSITORY)
    with pytest.raises(Refused, match="only_copy"):
        release(ground.task(), state)
    assert ground.of("infra.wiping") == []
    ground.access["databases"] = "they are elsewhere"
    release(ground.task(), state)
    (proof,) = [each["proof"] for each in ground.of("infra.released")]
    assert (proof["data"][0]["path"], proof["allowed"]) == (BACKUPS, "they are elsewhere")


def test_turn_by_turn_to_the_end_and_only_then_the_credentials(ground: Ground) -> None:
    state = full(ground)
    ground.access["databases"] = "records @ mon-1"
    release(ground.task(), state)
    kinds = ["look=yes" in text or ("look=no" in text and "turn") or "wipe" for text in ground.box.ran if "lajur_" in text]
    assert kinds == [True, "turn", "turn", "turn", "wipe", "wipe"]
    assert [each["bytes"] for each in ground.of("infra.wiping_data")] == [2000, 1000]
    (proof,) = [each["proof"] for each in ground.of("infra.released")]
    (tree,) = proof["data"]
    assert (tree["path"], tree["bytes"], tree["after"]) == (DATABASES, 3000, "gone")
    assert proof["stopped"] == ["postgresql@15-main.service"]
    assert proof["allowed"] == "records @ mon-1"


def test_who_was_cut_goes_on_with_what_was_kept(ground: Ground) -> None:
    state = full(ground)
    ground.access["databases"] = "it is a copy"
    ground.box.cut = " last=no"
    with pytest.raises(InfraError, match="cut"):
        release(ground.task(), state)
    assert ground.kept()["data"][0]["bytes"] == 3000
    ground.access["wiped"], ground.box = ground.kept(), Box(held=ground.box.held)
    release(ground.task(), state)
    assert ground.of("infra.released")[0]["proof"]["data"][0]["bytes"] == 3000, "what it counted before it was wiped itself"


@pytest.mark.parametrize(("values", "count"), [({"each": 0}, 1), ({"why": "link"}, 1)])
def test_what_does_not_go_is_named_and_nothing_is_released(ground: Ground, values: dict[str, Any], count: int) -> None:
    state = full(ground, **values)
    ground.access["databases"] = "x"
    with pytest.raises(InfraError, match="wipe_incomplete") as met:
        release(ground.task(), state)
    assert (met.value.fields["count"], DATABASES in str(met.value.fields["remains"])) == (count, True)
    assert [text for text in ground.box.ran if "lajur_wipe" in text] == []
    assert ground.of("infra.released") == []


def test_the_paper_says_what_was_wiped_as_data_and_what_was_not(ground: Ground, tmp_path: Path) -> None:
    state = full(ground, left=5 * 10**9, each=5 * 10**9)
    ground.access["databases"] = "salinan <uji>"
    release(ground.task(), state)
    paths = Reports(tmp_path, Head(regency="X")).released("app-1", ground.of("infra.released")[0]["proof"])
    (page,) = [path for path in paths if path.endswith(".html")]
    text = Page(Path(page).read_text()).text
    for words in ("KREDENSIAL DAN DATA DIHAPUS", "/var/lib/postgresql", "5,0 GB", "postgresql@15-main.service", "salinan <uji>"):
        assert words in text
    for words in ("ruang bebas", "tembolok RAID", "TIDAK"):
        assert words in text


def test_the_truth_says_which_roles_are_where() -> None:
    found = roles_on(load_regency(SHIPPED / "manokwari"))
    assert found["app-1"] == ["workload"]
    assert found["db-1"] == ["database"]
    assert {"database", "monitoring", "chat", "controller"} <= set(found["mon-1"]), "the repository of backups is a database's"


@pytest.mark.parametrize("words", [{"nonce": "x"}, {"roles": ("dns",)}, {"roles": ("a b",)}])
def test_words_that_may_not_come_near_a_shell(words: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not a word"):
        data_script(DataWiping(**{"nonce": NONCE, **words}))


@pytest.mark.parametrize(
    "line",
    [
        {"kind": "data", "role": "other"},
        {"kind": "data", "files": -1},
        {"kind": "data", "after": "well"},
        {"kind": "data", "path": ""},
        {"kind": "data", "bytes": 10**19},
        {"kind": "unit", "path": "?"},
    ],
)
def test_a_line_that_nobody_wrote_is_refused(line: dict[str, Any]) -> None:
    good = {"role": "workload", "path": APPLICATION, "files": 1, "bytes": 1, "missed": 0, "after": "gone", "why": "-"}
    text = json.dumps({"proof": NONCE, **good, **line}, separators=(",", ":"))
    with pytest.raises(OutputError):
        turn_of(text.encode(), NONCE)


@pytest.mark.parametrize("output", [b"", b"motd\n", b'{"proof":"fedcba9876543210","end":1,"files":0,"bytes":0}\n'])
def test_a_turn_that_breaks_off_says_so(output: bytes) -> None:
    assert not turn_of(output, NONCE).ended
    assert not turn_of(output, NONCE).whole


def test_of_a_tree_the_greater_count_is_kept() -> None:
    def tree(files: int, size: int) -> Tree:
        return Tree(role="workload", path="/srv/lajur/gateway", files=files, bytes=size, missed=0, after="gone")

    assert [(each["files"], each["bytes"]) for each in merged([tree(5, 50).plain()], [tree(0, 0)])] == [(5, 50)]
    assert [(each["files"], each["bytes"]) for each in merged([tree(5, 50).plain()], [tree(7, 70)])] == [(7, 70)]


def test_units_that_somebody_must_hear_of_are_known_here_too() -> None:
    told = YAML(typ="safe").load(ROOT / "playbooks/roles/base/vars/main.yml")["base_units_seen"]
    every = [*(unit for each in BROUGHT.values() for unit in each.units), *STATELESS]
    named = [word.replace(".*", "1") + ".service" for word in told]
    unknown = [name for name in named if not any(fnmatchcase(name, pattern) for pattern in every)]
    assert unknown == ["nftables.service", "ssh.service", "unattended-upgrades.service"], "of the system itself, not of a role"


def test_marks_trees_and_units_are_plain_words() -> None:
    every = [word for each in BROUGHT.values() for word in (*each.marks, *each.units, *each.trees)]
    assert [word for word in every if any(letter in word for letter in " '\"$;|&()<>")] == []
