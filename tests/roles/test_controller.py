"""This toolkit's own service and timers on a leased server: the record on another server's PostgreSQL, the devices over SSH."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from testinfra.host import Host

from infra.bundle.__main__ import EXTRAS, make
from network.clock import SystemClock
from network.core.releases.artefact import release_id, version_in
from network.lab import lab as labs
from network.lab.state import Folder
from network.ledger.schema import KNOWN
from tests.playbooks.conftest import Played
from tests.roles.conftest import LAB, Site, full

pytestmark = [pytest.mark.lab, pytest.mark.timeout(1200)]

ROOT: Final = Path(__file__).parents[2]
SERVER: Final = "mon-1"
RECORD: Final = "db-1"
BOOK: Final = "playbooks/controller.yml"
WINDOW: Final = "uji-kendali"
PATIENCE: Final = 240.0
"""Seconds that a machine with much else to do may take for what takes one."""

# The password has what the file of passwords and a shell would stumble over.
PASSWORD: Final = r"kata:sandi\dengan 'tanda' $HOME"
ANOTHER_PASSWORD: Final = """runuser -u postgres -- psql -qAt -c "ALTER ROLE steering PASSWORD '{password}'" """
# What the play says of the environment stays as it is; the service's own rounds rest.
DROPPED: Final = "/usr/local/lib/systemd/system/lajur-api.service.d"
QUIET: Final = f"""
mkdir -p {DROPPED}
printf '[Service]\\nEnvironment=LAJUR_LINK_EVERY=off LAJUR_SYSTEMS_EVERY=off\\n' > {DROPPED}/quiet.conf
"""
CREDENTIALS: Final = "/etc/lajur/credentials/steering"
LEFT: Final = (f"{CREDENTIALS}/LAJUR_OLD_KEY", f"/etc/lajur/regencies/{LAB}/removed.yaml", "/etc/lajur/regencies/old.yaml")
"""What the truth named once."""

SPOKEN: Final = (
    'runuser -u postgres -- psql -qAt -c "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)'
    """ WHERE usename = 'steering'" """
)
GONE: Final = f"""
systemctl stop lajur-api.service lajur-tick.timer lajur-tick.service
rm -rf {DROPPED} /srv/lajur/steering/current /srv/lajur/steering/previous /srv/lajur/steering/releases/*
systemctl daemon-reload
"""
WINDOWS: Final = """
  - key: {key}
    name: Uji kendali
    confirmed: true
    start: {opens}
    end: {closes}
    recurrence: FREQ=DAILY;COUNT=1
    policy:
      classes:
        planning_finance: {{share: 40}}
        back_office: {{share: 0}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller:
    """`truth`: the regency's folder that the play carries there. `told`: what the engineer gives beside. `first`: what was said
    when its first release came."""

    site: Site
    host: Host
    truth: Path
    told: Path
    first: Played

    def play(self, *words: str, code: int = 0) -> Played:
        return self.site.engineer(BOOK, "-e", f"@{self.told}", *words, code=code)

    def current(self) -> str:
        return str(self.host.file("/srv/lajur/steering/current").linked_to).rpartition("/")[2]

    def lajur(self, *words: str) -> str:
        """The command on the server, as an operator there gives it."""
        return str(self.host.check_output(f"lajur --lang en {' '.join(words)}"))

    def results(self) -> list[tuple[str, str]]:
        """Reason and result of the runs that are on record, newest first."""
        runs = json.loads(self.lajur("shift", "list", "--output", "json"))["runs"]
        return [(run["reason"], run["result"]) for run in runs]

    def queues(self) -> str:
        """Every class that stands on the core, without what it counted."""
        return console("core", "for each in /sys/class/net/*; do tc class show dev ${each##*/}; done")


def console(node: str, line: str) -> str:
    done = labs.exec_in(LAB, node, ["sh", "-c", line], timeout=240)
    assert done.returncode == 0, done.stderr
    return done.stdout


def shaped(revision: str) -> None:
    """Have the record say that it is of this revision, as a release does that adds something to it."""
    sql = f"UPDATE alembic_version SET version_num = '{revision}'"
    console(RECORD, f'runuser -u postgres -- psql -qAt -d steering -c "{sql}"')


def until(holds: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, f"after {PATIENCE:.0f} s not yet: {what}"
        time.sleep(0.5)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(ROOT, tmp_path_factory.mktemp("bundle"), EXTRAS, 1_600_000_000).path


@pytest.fixture(scope="module")
def controller(site: Site, bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Controller]:
    """On the server where `site.yml` left it without a release. The regency there is a real one, whose devices happen to be the
    lab's: it steers them as no lab, over SSH."""
    folder = tmp_path_factory.mktemp("controller")
    truth = folder / "truth"
    shutil.copytree(Path(site.engineer.lajur.environment["LAJUR_REGENCIES"]) / LAB, truth)
    amend(truth / "regency.yaml", "illustrative: true", "illustrative: false")
    amend(truth / "devices.yaml", "login: &login {user: lajur,", "login: &login {user: root,")
    told = folder / "told.json"
    told.write_text(json.dumps({"controller_truth": str(truth), "controller_tick": "*:*:0/5"}))
    try:
        console(SERVER, QUIET)
        console(SERVER, f"touch {' '.join(LEFT)}")
        console(RECORD, ANOTHER_PASSWORD.format(password=PASSWORD.replace("'", "''").replace("$", r"\$")))
        (Folder(lab=LAB).path / "secrets" / "database" / "steering").write_text(PASSWORD)
        first = site.engineer(BOOK, "-e", f"@{told}", "-e", f"controller_bundle={bundle}")
        yield Controller(site=site, host=site.host(SERVER), truth=truth, told=told, first=first)
    finally:
        console(SERVER, GONE)
        site.engineer(BOOK)


def amend(file: Path, before: str, after: str) -> None:
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after))


def test_its_first_release_comes_with_the_play_and_again_changes_nothing(controller: Controller) -> None:
    assert controller.first.changed == {SERVER}
    assert not controller.play().changed
    looked = controller.play("--check", "--diff")
    assert not looked.changed
    assert not looked.failed


def test_what_the_truth_names_no_longer_is_gone(controller: Controller) -> None:
    assert [each for each in LEFT if controller.host.file(each).exists] == []
    for name in (f"{CREDENTIALS}/pgpass", f"{CREDENTIALS}/api.key", f"/etc/lajur/regencies/{LAB}/devices.yaml"):
        assert controller.host.file(name).exists, name
    assert controller.host.file(f"/etc/lajur/regencies/{LAB}/prefixes").listdir()


def test_its_database_is_known_by_the_regencys_own_authority(controller: Controller) -> None:
    pid = controller.host.check_output("systemctl show --property=MainPID --value lajur-api.service")
    own = controller.host.check_output(f"tr '\\0' '\\n' < /proc/{pid}/environ").splitlines()
    assert {"PGSSLMODE=verify-full", "PGSSLROOTCERT=/etc/lajur/authority.crt"} <= set(own)
    assert controller.results() is not None
    assert console(RECORD, SPOKEN).split() == ["t"], "every connection to the record over TLS"


def test_services_run_and_are_started_at_boot(controller: Controller) -> None:
    for name in ("lajur-api.service", "lajur-tick.timer", "lajur-audit.timer"):
        assert controller.host.service(name).is_running, name
        assert controller.host.service(name).is_enabled, name
    assert controller.host.service("lajur-steering.service").is_running, "by this name releases restart it"


def test_it_stands_on_a_release_and_on_the_servers_own_python(controller: Controller, bundle: Path) -> None:
    checked = release_id(str(version_in(bundle.name)), hashlib.sha256(bundle.read_bytes()).hexdigest())
    home = "/srv/lajur/steering"
    assert controller.host.file(f"{home}/current").linked_to == f"{home}/releases/{checked}"
    pid = controller.host.check_output("systemctl show --property=MainPID --value lajur-api.service")
    assert controller.host.file(f"/proc/{pid}/exe").linked_to == "/usr/bin/python3.11"
    assert controller.host.check_output(f"stat -c %U /proc/{pid}") == "lajur"
    assert controller.host.check_output(f"find {home}/current/ -user lajur -o -type l") == ""


def test_secrets_are_where_only_root_and_the_service_read_them(controller: Controller) -> None:
    host, secrets = controller.host, "/etc/lajur/credentials/steering"
    assert host.check_output(f"stat -c '%U %a' {secrets} {secrets}/*").split("\n")[0] == "root 700"
    assert set(host.check_output(f"stat -c '%U %a' {secrets}/*").split("\n")) == {"root 600"}
    pid = host.check_output("systemctl show --property=MainPID --value lajur-api.service")
    shown = host.check_output(
        f"cat /etc/lajur/controller.env /proc/{pid}/environ /proc/{pid}/cmdline /etc/systemd/system/lajur-*"
    )
    assert "kata" not in shown
    assert "PRIVATE KEY" not in shown
    settings = host.file("/etc/lajur/controller.env")
    assert (settings.user, settings.group, settings.mode) == ("root", "lajur", 0o640)
    assert "kata" not in controller.first.text
    assert "PRIVATE KEY" not in controller.first.text


def test_callers_are_answered_over_tls_from_where_they_may_come(controller: Controller) -> None:
    ask = "import ssl, urllib.request; c = ssl.create_default_context(cafile='/etc/lajur/api.crt'); "
    ask += "print(urllib.request.urlopen('https://localhost:8443/healthz', timeout=5, context=c).read())"
    assert "alive" in controller.host.check_output("python3 -c %s", ask)
    reach = ["python3", "-c", f"import socket; socket.create_connection(('{address(controller)}', 8443), 3).close()"]
    assert labs.exec_in(LAB, "r-dpmptsp", reach).returncode == 0
    assert labs.exec_in(LAB, RECORD, reach).returncode != 0


@full
def test_the_monitoring_reads_figures_that_are_for_tokens_only(controller: Controller) -> None:
    """As behind an edge, which brings in everybody."""
    host, there = controller.host, "/etc/lajur/metrics.token"
    ask = "import ssl, sys, urllib.request as u; c = ssl.create_default_context(cafile='/etc/lajur/api.crt'); "
    ask += "r = u.Request('https://localhost:8443/metrics', headers=dict([a.split(': ') for a in sys.argv[1:]])); "
    ask += "print(u.urlopen(r, timeout=5, context=c).read().decode())"
    closed = {"PGSSLMODE": "verify-full", "PGSSLROOTCERT": "/etc/lajur/authority.crt"}
    guarded = json.dumps({"controller_metrics_guarded": True, "controller_environment": closed})
    words = ["-e", f"@{controller.told}", "-e", guarded, "--limit", SERVER]
    words += ["-e", '{"asked": [{"name": "steering-mon-1", "server": "mon-1"}]}']
    try:
        said = controller.site.play("site", *words, "-vv", "--diff")
        token = host.file(there).content_string.strip()
        assert "401" in host.run("python3 -c %s", ask).stderr
        assert token.startswith("lajur_")
        assert token not in said.text
        assert (host.file(there).user, host.file(there).mode) == ("root", 0o600)
        assert "lajur_keeper_tick_age_seconds" in host.check_output("python3 -c %s %s", ask, f"Authorization: Bearer {token}")
        query = f"http://{address(controller)}:9090/api/v1/query?query=up%7Bjob%3D%22steering-mon-1%22%7D"
        scraped = "import json, sys, urllib.request as u; print(json.load(u.urlopen(sys.argv[1]))['data']['result'][0]['value'])"
        until(
            lambda: host.run("python3 -c %s %s", scraped, query).stdout.strip().endswith("'1']"), "Prometheus reads its figures"
        )
        assert not controller.site.play("site", *words).changed
    finally:
        controller.site.play("site", "-e", f"@{controller.told}", "--limit", SERVER)


@full
def test_a_window_is_opened_and_closed_by_the_timer_alone(controller: Controller) -> None:
    host = controller.host
    host.check_output("systemctl stop lajur-api.service")
    until(lambda: controller.queues() != "", "queues on the core")
    until(lambda: host.check_output("systemctl show -P Result lajur-tick.service") == "success", "a tick that went well")
    before = controller.queues()
    opens, closes = with_window(controller.truth)
    controller.play()
    host.check_output("systemctl stop lajur-api.service")
    until(lambda: (f"{WINDOW} open", "done") in controller.results(), f"{WINDOW} opened, which begins at {opens}")
    assert controller.queues() != before
    until(lambda: (f"{WINDOW} close", "done") in controller.results(), f"{WINDOW} closed, which ends at {closes}")
    assert controller.queues() == before
    host.check_output("systemctl start lajur-api.service")


@full
def test_killed_in_the_middle_the_next_tick_brings_it_to_its_end(controller: Controller) -> None:
    host = controller.host
    host.check_output("systemctl stop lajur-api.service lajur-tick.timer")
    before = controller.queues()
    controller.lajur("boost", "request", "dpmptsp", "--amount", "'1 Mbit/s'", "--for", "2h", "--reason", "antre")
    words = labs.command_in(LAB, SERVER, ["sh", "-c", "read -r now; systemctl kill --signal=KILL lajur-tick.service"])
    armed = "timeout 50 sh -c 'until [ -d /var/lib/lajur/armed ]; do :; done'"
    with subprocess.Popen(words, stdin=subprocess.PIPE, text=True) as killer:
        host.check_output("systemctl start --no-block lajur-tick.service")
        console("core", armed)
        killer.communicate("now\n", timeout=240)
    until(lambda: host.check_output("systemctl show -P Result lajur-tick.service") == "signal", "a tick that was killed")
    assert console("core", "ls -d /var/lib/lajur/armed").strip(), "it was killed too late to tell anything"
    host.check_output("systemctl start lajur-tick.timer")
    until(
        lambda: [result for _, result in controller.results()[:2]] == ["done", "returned"], "the killed run settled, another done"
    )
    assert controller.queues() != before
    assert "Nothing" in controller.lajur("plan")
    host.check_output("systemctl start lajur-api.service")


@full
def test_a_database_that_is_away_stops_no_traffic(controller: Controller) -> None:
    host, before = controller.host, controller.queues()
    console(RECORD, "systemctl stop postgresql@15-main")
    until(lambda: host.check_output("systemctl show -P Result lajur-tick.service") != "success", "a tick without a record")
    said = host.check_output("journalctl --unit lajur-tick.service --lines 30 --output cat")
    assert "postgresql+psycopg://steering@" in said
    assert controller.queues() == before
    console(RECORD, "systemctl start postgresql@15-main")
    until(lambda: host.check_output("systemctl show -P Result lajur-tick.service") == "success", "a tick with its record again")


@full
def test_a_release_is_carried_to_it_as_to_any_other_and_back(controller: Controller, bundle: Path, tmp_path: Path) -> None:
    before, later = controller.current(), tmp_path / bundle.name
    later.write_bytes(bundle.read_bytes() + gzip.compress(b"", mtime=0))
    digest = hashlib.sha256(later.read_bytes()).hexdigest()
    (tmp_path / f"{bundle.name}.sha256").write_text(f"{digest}  {bundle.name}\n")
    controller.site.engineer.lajur("release", "deploy", "steering", str(later), "--reason", "uji")
    assert controller.current() == release_id(str(version_in(bundle.name)), digest) != before
    assert controller.host.service("lajur-api.service").is_running
    assert not controller.play("-e", f"controller_bundle={bundle}").changed, "the play leaves releases alone"
    shaped("9999")
    try:
        controller.site.engineer.lajur("release", "rollback", "steering", "--reason", "uji")
        assert controller.current() == before
        assert controller.results(), "it reads what a later one has added to"
    finally:
        shaped(KNOWN[-1])


@full
def test_it_is_there_again_after_a_power_cut(controller: Controller) -> None:
    before = controller.results()
    labs.restart(LAB, SERVER, timeout=240)
    until(lambda: controller.host.service("lajur-api.service").is_running, "the service")
    until(lambda: controller.host.check_output("systemctl show -P Result lajur-tick.service") == "success", "a tick")
    assert controller.results()[-len(before) :] == before


def test_the_audit_chain_is_verified_and_written_out(controller: Controller) -> None:
    controller.host.check_output("systemctl start lajur-audit.service")
    written = controller.host.check_output("cat /var/lib/lajur-controller/audit/*.jsonl").splitlines()
    assert len(written) > 1
    assert all(json.loads(line) for line in written)


def test_an_archive_that_is_not_what_its_digest_says_is_not_carried(controller: Controller, bundle: Path, tmp_path: Path) -> None:
    bad = tmp_path / bundle.name
    bad.write_bytes(bundle.read_bytes()[:-1] + b"?")
    shutil.copy(f"{bundle}.sha256", tmp_path)
    said = controller.play("-e", f"controller_key=other controller_bundle={bad}", code=2)
    assert said.failed == {SERVER}
    assert not said.changed
    assert "Make it again with `make bundle`" in said.text
    assert not controller.host.file("/srv/lajur/other").exists


def address(controller: Controller) -> str:
    return str(controller.site.lab.plan.node(SERVER).address)


def with_window(truth: Path) -> tuple[datetime, datetime]:
    """One that opens in a moment and closes soon after, in the regency's own time."""
    now = SystemClock().now().astimezone(ZoneInfo("Asia/Jayapura")).replace(microsecond=0, tzinfo=None)
    opens, closes = now + timedelta(seconds=40), now + timedelta(seconds=60)
    with (truth / "windows.yaml").open("a") as windows:
        windows.write(WINDOWS.format(key=WINDOW, opens=opens.isoformat(), closes=closes.isoformat()))
    return opens, closes
