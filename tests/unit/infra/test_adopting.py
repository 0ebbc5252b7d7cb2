"""The life of a leased server with a machine in memory: whose it is, what is mended on it, when it counts as given back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from infra import record
from infra.adopting import Task, adopt, look, mend
from infra.errors import HostKeyRefused, InfraError, OutputError, ReachError, Refused, ShortOfContract
from infra.facts import Disk, Facts, Key, Port, Service, Snapshot
from infra.inputs import released_on
from infra.releasing import release
from inventory.load import SHIPPED, load_regency

OWN, OTHER, LESSOR = (f"SHA256:{letter * 43}" for letter in "ABC")
GIB = 2**30
FACTS = Facts(cpus=16, memory=64 * GIB, disks=(Disk(name="sda", size=960 * 10**9, kind="ssd"),), serial="SN1", machine_id="m1")
STANDS = Snapshot(cpus=16, memory=64 * GIB, services={"cron.service": Service(enabled="enabled", active="running")})
INPUTS: dict[str, Any] = {
    "regency": "manokwari",
    "server": "app-1",
    "address": "100.67.0.11",
    "port": 22,
    "entered": True,
    "serial": "",
    "waivers": [],
    "lease": {
        "key": "main",
        "number": "SEWA-1",
        "lessor": "A",
        "place": "B",
        "start": "2026-01-01",
        "end": "2028-12-31",
        "lessorKeys": [LESSOR],
        "returnConditions": [],
        "promise": {
            "cpus": 16,
            "memory": 64 * GIB,
            "disks": [{"size": 960 * 10**9, "kind": "ssd", "count": 1}],
            "network": 0,
            "model": "",
            "os": "",
        },
    },
}


@dataclass
class Box:
    """A machine in memory. `ran` is every text that it carried out; `locked`: no login is let in; `cut`: where a text has this,
    the connection ends before it is carried out."""

    facts: Facts = FACTS
    stands: Snapshot = STANDS
    held: str = ""
    own: str = OWN
    locked: bool = False
    strange: InfraError | None = None
    cut: str = ""
    ran: list[str] = field(default_factory=list)

    def look(self) -> tuple[Facts, Snapshot]:
        self._enter()
        if self.strange:
            raise self.strange
        return self.facts, self.stands

    def run(self, text: str) -> str:
        self._enter()
        if text == record.READ:
            return self.held
        if self.cut and self.cut in text:
            raise ReachError("infra.cut", server="app-1", address="-", reason="-")
        self.ran.append(text)
        if record.PATH in text and "printf" in text:
            self.held = text.split("'")[3]
        elif "lajur_data" in text:
            return self._data(text)
        elif "lajur_wipe" in text:
            return self._wiped(text)
        return ""

    def own_key(self) -> str | None:
        return self.own

    def is_let_in(self) -> bool:
        return not self.locked

    def close(self) -> None:
        """Nothing is open."""

    def _enter(self) -> None:
        if self.locked:
            raise ReachError("infra.login_refused", server="app-1", address="-", user="root")

    def _data(self, text: str) -> str:
        """Nothing of our roles is on it."""
        nonce = text.split(" n=")[1].split(maxsplit=1)[0]
        return json.dumps({"proof": nonce, "end": 0, "files": 0, "bytes": 0}, separators=(",", ":")) + "\n"

    def _wiped(self, text: str) -> str:
        nonce = text.split(" n=")[1].split(maxsplit=1)[0]
        self.locked = " last=yes" in text
        return json.dumps({"proof": nonce, "end": 0}, separators=(",", ":")) + "\n"


@dataclass
class Ground:
    box: Box = field(default_factory=Box)
    told: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    access: dict[str, Any] = field(
        default_factory=lambda: {"today": "2026-11-26", "now": "2026-11-26T08:00:00Z", "user": "lajur", "host": None, "port": 22}
    )

    def task(self, **inputs: Any) -> Task:
        def tell(event: str, fields: Mapping[str, Any]) -> None:
            self.told.append((event, dict(fields)))

        return Task({**INPUTS, **inputs}, self.access, lambda *_: self.box, tell)

    def of(self, event: str) -> list[dict[str, Any]]:
        return [fields for name, fields in self.told if name == event]

    def kept(self) -> dict[str, Any]:
        """How far a return came, as it was kept last."""
        proof: dict[str, Any] = [fields for name, fields in self.told if name in ("infra.wiping", "infra.wiped")][-1]["proof"]
        return proof


@pytest.fixture
def ground() -> Ground:
    return Ground()


def key(fingerprint: str) -> Key:
    return Key(account="root", type="ssh-ed25519", fingerprint=fingerprint, file="/root/keys", blob="AAAA" + "B" * 20)


def test_what_is_another_regencys_is_not_taken_over(ground: Ground) -> None:
    ground.box.held = json.dumps({"regency": "bontang", "server": "app-1", "at": "x"})
    with pytest.raises(Refused, match="adopted_elsewhere"):
        adopt(ground.task())
    assert ground.box.ran == []


@pytest.mark.parametrize("preview", [True, False])
@pytest.mark.parametrize("facts", [{"machine_id": "m2"}, {"serial": "SN2"}])
def test_another_machine_at_a_mistyped_address_is_never_mended(ground: Ground, preview: bool, facts: dict[str, str]) -> None:
    state = adopt(ground.task())
    other = Box(facts=FACTS.model_copy(update=facts), stands=STANDS.model_copy(update={"services": {}}))
    ground.box = other
    with pytest.raises(Refused, match="other_machine"):
        mend(ground.task(address="100.67.0.12"), state, preview=preview)
    assert other.ran == []


def test_a_record_of_somebody_else_is_for_a_person_and_is_not_overwritten(ground: Ground) -> None:
    state = adopt(ground.task())
    ground.box.held = json.dumps({"regency": "manokwari", "server": "db-1", "at": "x"})
    ran = list(ground.box.ran)
    (difference,) = look(ground.task(), state)["drift"]
    assert (difference["kind"], difference["mend"], difference["found"]) == ("record_missing", "person", "manokwari db-1")
    with pytest.raises(Refused, match="adopted_elsewhere"):
        mend(ground.task(), {**state, "drift": [difference]})
    assert ground.box.ran == ran


def test_our_own_new_key_and_the_lessors_are_no_intrusion(ground: Ground) -> None:
    state = adopt(ground.task())
    ground.box.stands = STANDS.model_copy(update={"keys": (key(OWN), key(LESSOR), key(OTHER))})
    found = look(ground.task(), state)["drift"]
    assert [each["name"] for each in found] == [f"root {OTHER}"]


def test_a_file_of_keys_that_nobody_could_read_is_not_accepted_with_the_machine(ground: Ground) -> None:
    ground.box.stands = STANDS.model_copy(update={"unread": ("siti /srv/siti/.ssh/authorized_keys",)})
    state = adopt(ground.task())
    assert [(each["kind"], each["reason"]) for each in ground.of("infra.unrepaired")] == [("keys_unread", "not_plain")]
    assert [each["kind"] for each in state["drift"]] == [each["kind"] for each in look(ground.task(), state)["drift"]]
    ground.access["baseline"] = True
    accepted = look(ground.task(), state)
    ground.access["baseline"] = False
    assert look(ground.task(), accepted)["drift"] == []


def test_what_a_machine_says_that_nobody_understands_is_a_difference(ground: Ground) -> None:
    state = adopt(ground.task())
    ground.box.strange = OutputError("infra.section_failed", section="packages", status="failed")
    (difference,) = look(ground.task(), state)["drift"]
    assert (difference["kind"], difference["found"]) == ("unreachable", "infra.section_failed")


def test_a_baseline_that_cannot_be_read_any_more_is_taken_anew(ground: Ground) -> None:
    state = {**adopt(ground.task()), "baseline": "{"}
    ground.access["baseline"] = True
    found = look(ground.task(), state)
    assert (found["baseline"], found["drift"]) == (STANDS.to_json(), [])
    assert ground.of("infra.rebased") == [{"server": "app-1"}]


def test_what_is_accepted_with_a_new_baseline_is_told_and_waives_nothing(ground: Ground) -> None:
    state = adopt(ground.task())
    ground.box.facts = FACTS.model_copy(update={"disks": ()})
    ground.box.stands = STANDS.model_copy(update={"users": ("eve",)})
    ground.access["baseline"] = True
    based = look(ground.task(), state)
    assert [(each["kind"], each["name"]) for each in ground.of("infra.accepted_difference")] == [("user_added", "eve")]
    ground.access["baseline"] = False
    for seen in (based, look(ground.task(), based), mend(ground.task(), based)):
        (short,) = seen["drift"]
        assert (short["kind"], short["name"], short["mend"], short["reason"]) == (
            "short_of_contract",
            "disk-1",
            "person",
            "contract_short",
        )
        assert (short["wanted"], short["found"]) == ("960 GB ssd", "–")


@pytest.mark.parametrize(("until", "kinds"), [("", []), ("2026-11-26", []), ("2026-11-25", ["short_of_contract"])])
def test_a_line_that_is_waived_is_no_difference_while_the_waiver_lasts(ground: Ground, until: str, kinds: list[str]) -> None:
    state = adopt(ground.task())
    ground.box.facts = FACTS.model_copy(update={"cpus": 8})
    waivers = [{"line": "cpus", "reason": "half price", "until": until}]
    assert [each["kind"] for each in look(ground.task(waivers=waivers), state)["drift"]] == kinds


def test_every_difference_of_a_look_that_is_for_a_person_says_why(ground: Ground) -> None:
    state = adopt(ground.task())
    ground.box.strange = HostKeyRefused("infra.host_key_changed", server="app-1", address="-", pinned="a", offered="b")
    assert [each["reason"] for each in look(ground.task(), state)["drift"]] == ["host_key"]
    ground.box.strange = ReachError("infra.unreachable", server="app-1", address="-", reason="-")
    assert [each["reason"] for each in look(ground.task(), state)["drift"]] == ["unreachable"]
    ground.box.strange = None
    ground.box.held = json.dumps({"regency": "manokwari", "server": "db-1", "at": "x"})
    assert [each["reason"] for each in look(ground.task(), state)["drift"]] == ["other_machine"]


def test_a_machine_that_is_let_go_of_is_locked_behind_us(ground: Ground) -> None:
    state = adopt(ground.task())
    release(ground.task(), state)
    assert ground.box.locked
    assert ground.of("infra.released")[0]["proof"]["whole"]


def test_a_return_that_was_cut_is_finished_with_what_was_kept(ground: Ground) -> None:
    state = adopt(ground.task())
    release(ground.task(), state)
    ground.access["wiped"] = ground.kept()
    release(ground.task(), state)
    assert [each["proof"]["whole"] for each in ground.of("infra.released")] == [True, True]


def test_between_its_halves_a_return_has_taken_nothing_that_the_second_needs(ground: Ground) -> None:
    state = adopt(ground.task())
    ground.box.cut = " last=yes"
    with pytest.raises(ReachError, match="cut"):
        release(ground.task(), state)
    (half,) = [text for text in ground.box.ran if "lajur_wipe" in text]
    assert " last=no" in half
    assert 'hashes "lajur"' in half, "the password of the account that we come as"
    assert ground.box.is_let_in()
    ground.access["wiped"] = ground.kept()
    ground.box.cut = ""
    release(ground.task(), state)
    assert not ground.box.is_let_in()
    assert [each["proof"]["whole"] for each in ground.of("infra.released")] == [True]


def test_what_was_ours_alone_when_it_was_cut_is_shut_and_no_key_of_the_lessors(ground: Ground) -> None:
    state = adopt(ground.task())
    release(ground.task(), state)
    files = [{"kind": "authorized_keys", "path": f"/{after}", "before": "-", "after": after} for after in ("own", "kept")]
    ground.access["wiped"] = {**ground.kept(), "wiped": files}
    release(ground.task(), state)
    proof = ground.of("infra.released")[-1]["proof"]
    assert {item["path"]: item["after"] for item in proof["wiped"]} == {"/own": "shut", "/kept": "kept"}
    assert proof["searched"]["password"] == ["/etc/shadow"]


@pytest.mark.parametrize(("key", "stays"), [("main", OTHER), ("another", LESSOR)])
def test_the_keys_stay_that_the_truth_names_today(ground: Ground, key: str, stays: str) -> None:
    state = adopt(ground.task())
    lease = {**INPUTS["lease"], "key": key, "lessorKeys": [OTHER], "returnConditions": ["x"]}
    ground.access["lease"] = lease
    release(ground.task(), state)
    (half, *_) = [text for text in ground.box.ran if "lajur_wipe" in text]
    assert f'case " {stays} "' in half
    assert ground.of("infra.released")[0]["proof"]["lease"]["lessorKeys"] == [stays]


RAISED = {**INPUTS["lease"], "promise": {**INPUTS["lease"]["promise"], "memory": 128 * GIB}}


@pytest.mark.parametrize("preview", [True, False])
def test_one_that_falls_short_of_a_raised_contract_stays_taken_over_and_is_left_alone(ground: Ground, preview: bool) -> None:
    state = adopt(ground.task())
    ground.told.clear()
    ground.box = replace(ground.box, stands=STANDS.model_copy(update={"services": {}}), ran=[])
    with pytest.raises(ShortOfContract) as short:
        mend(ground.task(lease=RAISED), state, preview=preview)
    assert (short.value.code, short.value.exit_code) == ("infra.now_short", 3)
    assert ground.box.ran == []
    assert [(event, fields["since"]) for event, fields in ground.told] == [("infra.now_short", "2026-11-26")]


def test_a_renewed_contract_that_it_fulfils_is_accepted_anew(ground: Ground) -> None:
    state = adopt(ground.task())
    found = mend(ground.task(lease={**INPUTS["lease"], "number": "SEWA-2"}), state)
    assert found["acceptance"]["number"] == "SEWA-2"
    assert len(ground.of("infra.accepted")) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"own": OTHER},
        {"adopted": "2027-01-01T00:00:00Z"},
        {"user": "siti"},
        {"host": "100.67.0.12"},
        {"port": 2222},
        {"last_begun": False},
        {"whole": False},
    ],
)
def test_a_refused_login_proves_nothing_of_another_way_or_before_the_last_half(ground: Ground, change: dict[str, Any]) -> None:
    state = adopt(ground.task())
    release(ground.task(), state)
    ground.access["wiped"] = {**ground.kept(), **change}
    with pytest.raises(ReachError, match="login_refused"):
        release(ground.task(), state)


def test_a_server_that_is_being_given_back_is_not_mended(ground: Ground) -> None:
    state = adopt(ground.task())
    ground.access["wiped"] = {"wiped": []}
    ground.box = replace(ground.box, stands=STANDS.model_copy(update={"services": {}}), ran=[])
    with pytest.raises(Refused, match="return_begun"):
        mend(ground.task(), state)
    assert ground.box.ran == []


@pytest.mark.parametrize(("access", "entered"), [({"lost": "burnt"}, True), ({"lost": "burnt"}, False), ({}, False)])
def test_of_a_machine_that_nobody_reached_no_wiping_is_proved(ground: Ground, access: dict[str, str], entered: bool) -> None:
    ground.access.update(access)
    ground.box = Box(locked=True)
    release(ground.task(entered=entered), {"facts": {}})
    (told,) = ground.of("infra.released")
    assert ground.box.ran == []
    proof = {name: told["proof"][name] for name in ("entered", "wiped", "lost", "whole", "ended")}
    claimed = not access  # of one that is lost nothing at all
    assert proof == {"entered": entered, "wiped": [], "lost": access.get("lost", ""), "whole": claimed, "ended": claimed}


def serving(unit: str, number: int) -> Snapshot:
    port = Port(proto="tcp", reach="all", number=number, process="python3", unit=unit)
    return STANDS.model_copy(update={"ports": (*STANDS.ports, port)})


@pytest.mark.parametrize(
    ("unit", "number", "found"),
    [
        ("lajur-gateway.service", 8080, []),
        ("lajur-gateway.service", 9999, [("port_opened", "person", "released")]),
        ("lajur-other.service", 8080, [("port_opened", "person", "released")]),
        ("haproxy.service", 443, [("port_opened", "person", "changed_by_hand")]),
        ("stranger.service", 8080, [("port_opened", "repair", "")]),
    ],
)
def test_what_a_release_brought_is_never_stopped(ground: Ground, unit: str, number: int, found: list[tuple[str, ...]]) -> None:
    ground.access["released"] = {"lajur-gateway.service": 8080}
    state = adopt(ground.task())
    ground.box.stands = serving(unit, number)
    drift = look(ground.task(), state)["drift"]
    assert [(each["kind"], each["mend"], each["reason"]) for each in drift] == found


def test_the_ports_of_releases_are_those_of_the_truth() -> None:
    found = released_on(load_regency(SHIPPED / "manokwari"))
    assert found["app-1"] == found["app-2"] == {"lajur-gateway.service": 8080}
    assert "db-1" not in found
