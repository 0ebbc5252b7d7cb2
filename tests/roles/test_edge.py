"""The edge: whom it lets in and how, that nothing is lost while servers come and go, and what it does not forget."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from inventory.load import load_regency
from network.core.releases.ports import ReleaseHands
from network.core.releases.values import Artefact, Problem
from tests.contract.release_hands import ALL, CHEAP, Statement
from tests.roles.carrying import NAME, artefact, carrier, curl, load, unplugged
from tests.roles.conftest import LAB, Site, full

pytestmark = [pytest.mark.lab, pytest.mark.timeout(1200)]

BOTH = ("app-1", "app-2")
ASK = """
import socket
line = socket.socket(socket.AF_UNIX)
line.connect("/run/haproxy/admin.sock")
line.sendall(b"show info\\n")
print(b"".join(iter(lambda: line.recv(65536), b"")).decode())
"""
OLD_TLS = ("--ciphers", "DEFAULT@SECLEVEL=0", "--tlsv1.1", "--tls-max", "1.1")
"""A client that would still speak it."""


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory, site: Site) -> Iterator[Artefact]:
    """Release 1 on both servers, let in."""
    made = artefact(tmp_path_factory.mktemp("one"), "1.0.0")
    with carrier(site) as hands:
        assert {host: each.trouble for host, each in hands.place(BOTH, made).items()} == dict.fromkeys(BOTH)
        assert {host: each.trouble for host, each in hands.swap(BOTH, made.id).items()} == dict.fromkeys(BOTH)
    yield made
    with carrier(site) as hands:
        hands.swap(BOTH, "")


def test_it_runs_and_its_doors_are_systemds(site: Site) -> None:
    host = site.host("edge-1")
    assert host.service("haproxy").is_running
    assert host.service("haproxy").is_enabled
    assert host.service("haproxy.socket").is_running
    for port in (80, 443):
        assert "systemd" in host.check_output(f"ss --no-header --listening --tcp --processes 'sport = {port}'"), port
    assert host.file("/etc/haproxy/tls/edge.pem").mode == 0o600
    assert host.run("/usr/local/lib/lajur/edge check").rc == 0
    host.check_output("sed s/balance/unknown/ /etc/haproxy/haproxy.cfg > /run/other.cfg")
    assert host.run("/usr/local/lib/lajur/edge check /run/other.cfg").rc != 0


def test_its_runtime_socket_is_there_for_root_alone_and_answers(site: Site) -> None:
    host = site.host("edge-1")
    runtime = host.file("/run/haproxy/admin.sock")
    assert (runtime.is_socket, runtime.user, runtime.mode) == (True, "root", 0o600)
    assert "Name: HAProxy" in host.check_output("python3 -c %s", ASK).splitlines()


@pytest.mark.usefixtures("one")
def test_answers_carry_what_keeps_browsers_safe_and_not_what_runs(site: Site) -> None:
    said = curl(site, "--include", f"https://{NAME}/").lower()
    assert "200" in said.splitlines()[0]
    for name in ("strict-transport-security", "x-content-type-options: nosniff", "x-frame-options", "referrer-policy"):
        assert name in said, name
    assert "secret/1.0" not in said


@pytest.mark.usefixtures("one")
def test_plain_requests_are_sent_to_tls_and_old_tls_is_refused(site: Site) -> None:
    assert f"location: https://{NAME}/x" in curl(site, "--include", f"http://{NAME}/x").lower()
    assert curl(site, "--output", "/dev/null", "--write-out", "%{http_code}", f"https://{NAME}/") == "200"
    said = curl(site, "--show-error", "--stderr", "-", *OLD_TLS, f"https://{NAME}/")
    assert "alert protocol version" in said


@pytest.mark.usefixtures("one")
def test_other_names_lead_nowhere(site: Site) -> None:
    said = curl(site, "--include", "--header", "Host: other.example", f"https://{NAME}/sehat")
    assert "404" in said.splitlines()[0]
    assert "version" not in said


@pytest.mark.usefixtures("one")
def test_an_office_is_let_in_when_its_stage_is_open_and_at_once(site: Site) -> None:
    status = ("--output", "/dev/null", "--write-out", "%{http_code}", f"https://{NAME}/")
    lan = site.host("edge-1").check_output("cat /etc/haproxy/lajur/gateway.map")
    assert "management" in lan
    assert curl(site, *status) == "200"
    words = [
        "-e",
        '{"release": {"key": "gateway", "edges": ["edge-1"], "opened": {"100.65.0.0/16": "management", "192.0.2.0/24": "x"}}}',
    ]
    assert site.play("steps/open", *words).changed == {"edge-1"}
    assert site.play("steps/open", *words).changed == set()
    assert "192.0.2.0/24 x" in site.host("edge-1").check_output("cat /etc/haproxy/lajur/gateway.map")
    closed = ["-e", '{"release": {"key": "gateway", "edges": ["edge-1"], "opened": {"192.0.2.0/24": "x"}}}']
    site.play("steps/open", *closed)
    assert curl(site, *status) == "403"
    site.play("workloads", "--limit", "runs_edge")
    assert curl(site, *status) == "200"


def test_a_stage_that_is_opened_is_known_at_the_edge_at_once_and_asking_again_mends_what_was_not(site: Site) -> None:
    own, host = site.engineer, site.host("edge-1")
    words = own.lajur.words("release", "open", "pilot", "--lang", "en")
    folder = Path(own.lajur.environment["LAJUR_REGENCIES"]) / LAB
    stages, office = folder / "stages.yaml", next(each for each in load_regency(folder).offices if each.key == "dpmptsp")
    pilot = [each.key for each in load_regency(folder).offices if each.stage == "pilot"]
    waivers = "".join(f"\n      - {{office: {key}, reason: tried by hand}}" for key in pilot)
    text = stages.read_text("utf-8")
    stages.write_text(text.replace("    opens: 2027-02-01\n", f"    opens: 2026-01-01\n    waivers:{waivers}\n"), "utf-8")
    line = f"{office.lan} {office.key}"
    host.check_output("mkdir /etc/haproxy/lajur/gateway.part")
    try:
        said = own.run(*words, code=5)
        assert all(word in " ".join(said.split()) for word in ("edge-1", "does not know yet", "lajur release open pilot")), said
        assert line not in host.check_output("cat /etc/haproxy/lajur/gateway.map")
    finally:
        host.check_output("rmdir /etc/haproxy/lajur/gateway.part")
    assert "let in at: edge-1 (gateway)" in own.run(*words)
    assert line in host.check_output("cat /etc/haproxy/lajur/gateway.map")
    asked = ASK.replace("show info", "show map /etc/haproxy/lajur/gateway.map")
    assert line in host.check_output("python3 -c %s", asked), "who runs does not know yet"


class Real:
    """`tests.contract.release_hands.Ground` of the lab's servers."""

    def __init__(self, site: Site, hands: ReleaseHands, old: str, folder: Path) -> None:
        self.hands, self.old = hands, old
        self._site, self._folder = site, folder

    def version(self, name: str, *, page: bool = False) -> Artefact:
        return artefact(self._folder, name, page=page)

    def away(self, server: str) -> AbstractContextManager[None]:
        return unplugged(self._site, server)

    @contextmanager
    def stuck(self, server: str) -> Iterator[None]:
        host = self._site.host(server)
        host.check_output("mkdir /srv/lajur/gateway/.current.part")
        try:
            yield
        finally:
            host.check_output("rmdir /srv/lajur/gateway/.current.part")

    def told(self) -> str:
        """Whatever it is told is written down for its next start."""
        found: str = self._site.host("edge-1").check_output("stat --format '%i %y' /var/lib/haproxy-state/servers")
        return found


@pytest.mark.parametrize("statement", CHEAP, ids=lambda each: each.__name__)
def test_real_servers_do_as_those_in_memory(site: Site, one: Artefact, tmp_path: Path, statement: Statement) -> None:
    with carrier(site) as hands:
        statement(Real(site, hands, one.id, tmp_path))


@full
@pytest.mark.parametrize("statement", ALL[len(CHEAP) :], ids=lambda each: each.__name__)
def test_and_so_they_do_in_all_else(site: Site, one: Artefact, tmp_path: Path, statement: Statement) -> None:
    with carrier(site, wait=8) as hands:
        statement(Real(site, hands, one.id, tmp_path))


def test_a_release_under_load_loses_nothing(site: Site, one: Artefact, tmp_path: Path) -> None:
    two = artefact(tmp_path, "2.0.0")
    with load(site) as under, carrier(site) as hands:
        under.wait_for(50)
        hands.place(BOTH, two)
        canary = hands.swap(["app-1"], two.id)["app-1"]
        assert (canary.trouble, canary.switched, canary.let_in, canary.cut) == (None, True, True, 0)
        # Whatever somebody asks for stands in the log that is read.
        curl(site, "--globoff", "--user-agent", "{{ 6*7 }}", f"https://{NAME}/{{{{6*7}}}}?{{%25x%25}}")
        seen = hands.watch(["app-1"], canary.cursors)
        assert (seen.silent, seen.unserved) == ((), 0)
        assert all(each.fits for each in seen.hosts["app-1"].answers["edge-1"])
        assert seen.hosts["app-1"].statuses.get(200, 0) > 20
        assert set(seen.hosts["app-1"].statuses) == {200}
        assert hands.swap(["app-2"], two.id)["app-2"].trouble is None
        # All the way back in one go, as after a gate that failed.
        assert {each.trouble for each in hands.swap(["app-1"], one.id).values()} == {None}
        assert {each.trouble for each in hands.swap(["app-2"], one.id).values()} == {None}
        report = under.stop()
    assert (report.failed, report.problems) == (0, {})
    assert set(report.versions) == {"1.0.0", "2.0.0"}


def test_drains_outlive_a_restart_a_reload_and_a_kill_and_nothing_is_lost(site: Site, one: Artefact) -> None:
    host = site.host("edge-1")
    with load(site) as under, carrier(site) as hands:
        swapped = hands.swap(["app-2"], "")["app-2"]
        assert (swapped.trouble, swapped.let_in) == (None, False)
        for words in ("systemctl restart haproxy", "systemctl reload haproxy", "systemctl kill --signal=KILL haproxy"):
            host.check_output(words)
            under.wait_for(60)
            found = hands.look(["app-2", "app-1"])
            assert {key: dict(each.drained) for key, each in found.items()} == {
                "app-2": {"edge-1": True},
                "app-1": {"edge-1": False},
            }, words
        assert hands.swap(["app-2"], one.id)["app-2"].trouble is None
        report = under.stop()
    # Of a HAProxy that is killed what was under way goes with it; who comes meanwhile waits.
    lost = {name: many for name, many in report.problems.items() if "refused" in name}
    assert (report.codes.keys() - {200}, lost) == (set(), {})
    assert report.failed <= 5


@full
def test_a_server_that_dies_in_the_middle_loses_no_more_than_it_was_answering_and_is_told_of(site: Site, one: Artefact) -> None:
    with load(site) as under, carrier(site, wait=5) as hands:
        under.wait_for(50)
        with unplugged(site, "app-2"):
            swapped = hands.swap(["app-2"], one.id)["app-2"]
            found = hands.look(["app-2"])["app-2"]
        under.wait_for(100)
        report = under.stop()
        assert swapped.trouble is not None
        assert (swapped.trouble.problem, swapped.let_in) == (Problem.UNREACHABLE, False)
        assert found.trouble is not None
        assert (found.trouble.problem, dict(found.drained)) == (Problem.UNREACHABLE, {"edge-1": True})
        assert hands.swap(["app-2"], one.id)["app-2"].trouble is None
    # An answer that had begun to go out when it died ends there; everything else is asked of the other one, and soon.
    assert set(report.problems) <= {"cut"}
    assert report.failed == sum(report.problems.values()) <= 2
    assert report.longest < 10_000


@full
def test_a_server_that_is_well_by_status_alone_gets_nothing(site: Site, one: Artefact, tmp_path: Path) -> None:
    page = artefact(tmp_path, "2.0.2", page=True)
    with load(site) as under, carrier(site, wait=5) as hands:
        hands.place(["app-1"], page)
        swapped = hands.swap(["app-1"], page.id)["app-1"]
        assert swapped.trouble is not None
        assert (swapped.trouble.problem, swapped.switched, swapped.let_in) == (Problem.ANSWER, True, False)
        back = hands.swap(["app-1"], one.id)["app-1"]
        report = under.stop()
    assert (back.trouble, back.let_in) == (None, True)
    assert (report.failed, set(report.versions)) == (0, {"1.0.0"})


@pytest.mark.usefixtures("one")
def test_looking_after_everything_changes_nothing(site: Site) -> None:
    assert site.play("workloads", "--check", "--diff").changed == set()
    assert site.play("workloads").changed == set()
