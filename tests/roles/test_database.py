"""PostgreSQL, its backups on another server, and that it comes back from them: to a moment, over and over, and nothing else."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

import pytest

from network.lab.state import Folder
from tests.roles.conftest import Site, full

pytestmark = [pytest.mark.lab, pytest.mark.timeout(1200)]

DATABASE, REPOSITORY, CLIENT, SPARE = "db-1", "mon-1", "app-1", "app-3"
PSQL = "cd /tmp && runuser -u postgres -- psql --no-psqlrc --quiet --tuples-only --no-align --dbname"
READER = "/etc/pgbackrest/conf.d/reader.conf"
ENTER = (
    "import psycopg2; c = psycopg2.connect(host='{host}', dbname='gateway', user='gateway', password='{password}',"
    " sslmode='{mode}', connect_timeout=5); print(c.info.ssl_in_use)"
)
CHECK, METRICS = "/usr/local/sbin/lajur-database-check", "/var/lib/lajur/metrics/database.prom"
PROVEN = "/var/lib/lajur/metrics/restore-records.prom"
ROWS = "CREATE TABLE IF NOT EXISTS permits (id bigint GENERATED ALWAYS AS IDENTITY, holder text);"


def _sql(site: Site, server: str, statement: str, database: str = "gateway") -> str:
    return str(site.host(server).check_output(f"{PSQL} {database} --command %s", statement)).strip()


def _secret(site: Site, name: str) -> Path:
    return Folder(lab=site.lab.plan.lab).path / "secrets" / name


def _enter(site: Site, password: str, mode: str = "require") -> tuple[bool, str]:
    words = ENTER.format(host=site.lab.plan.node(DATABASE).address, password=password, mode=mode)
    done = site.host(CLIENT).run("python3 -c %s", words)
    return done.succeeded, done.stdout + done.stderr


def _refused(said: str) -> str:
    """In one line."""
    return re.sub(r"\s+", " ", said)


def _restore(site: Site, *words: str, code: int = 0) -> str:
    given = [word for each in (f"restore_to={SPARE}", *words) for word in ("-e", each)]
    return _refused(site.play("restore", *given, code=code).text)


@pytest.fixture(scope="module")
def moments(site: Site) -> tuple[str, str]:
    """Two moments, with one row more at the second, and a third row after it; a backup was taken before all of them."""
    _sql(site, DATABASE, f"DROP TABLE IF EXISTS permits; {ROWS}")
    site.play("backup")
    found = []
    for holder in ("first", "second", "third"):
        _sql(site, DATABASE, f"INSERT INTO permits (holder) VALUES ('{holder}')")
        found.append(_sql(site, DATABASE, "SELECT replace(clock_timestamp()::text, ' ', 'T')"))
    return found[0], found[1]


def test_it_runs_with_checksums_and_archives(site: Site) -> None:
    host = site.host(DATABASE)
    assert host.service("postgresql@15-main").is_running
    assert host.service("lajur-database-check.timer").is_enabled
    assert host.service("pgbackrest").is_running
    shown = [_sql(site, DATABASE, f"SHOW {name}") for name in ("data_checksums", "archive_mode", "ssl", "listen_addresses")]
    assert shown == ["on", "on", "on", f"localhost, {site.lab.plan.node(DATABASE).address}"]
    assert site.host(REPOSITORY).service("lajur-backup.timer").is_running
    assert "02:00 Asia/Jayapura" in site.host(REPOSITORY).file("/etc/systemd/system/lajur-backup.timer").content_string


def test_databases_are_their_owners_alone_and_no_password_is_kept(site: Site) -> None:
    rows = _sql(
        site,
        DATABASE,
        "SELECT datname, pg_get_userbyid(datdba), has_database_privilege('public', oid, 'CONNECT') FROM pg_database",
    )
    assert {"gateway|gateway|f", "steering|steering|f"} <= set(rows.splitlines())
    kept = _sql(site, DATABASE, "SELECT DISTINCT left(rolpassword, 14) FROM pg_authid WHERE rolpassword IS NOT NULL")
    assert kept == "SCRAM-SHA-256$"
    assert _sql(site, DATABASE, "SELECT count(*) FROM pg_hba_file_rules WHERE type IN ('host', 'hostnossl')") == "0"


def test_clients_come_in_by_password_and_tls_from_their_servers_only(site: Site) -> None:
    site.host(CLIENT).check_output("apt-get install --yes --no-install-recommends python3-psycopg2")
    password = _secret(site, "database/gateway").read_text().strip()
    assert _enter(site, password) == (True, "True\n")
    assert "no encryption" in _enter(site, password, mode="disable")[1]
    assert "password authentication failed" in _enter(site, "wrong")[1]
    for port in (5432, 8432):
        reach = f"import socket; socket.create_connection(('{site.lab.plan.node(DATABASE).address}', {port}), 3)"
        assert site.host(SPARE).run("python3 -c %s", reach).failed, port


def test_what_was_set_by_hand_and_a_new_secret_are_led_to_what_is_wanted(site: Site) -> None:
    _sql(site, DATABASE, "ALTER SYSTEM SET archive_timeout = '1h'")
    _sql(site, DATABASE, "ALTER DATABASE steering OWNER TO postgres", database="postgres")
    _sql(site, DATABASE, "ALTER ROLE gateway CREATEDB")
    old, new = _secret(site, "database/gateway").read_text().strip(), secrets.token_urlsafe(32)
    _secret(site, "database/gateway").write_text(f"{new}\n")
    looked = site.play("database", "--check", "--diff", "-vvv")
    assert looked.changed == {DATABASE}
    assert _enter(site, old)[0]
    played = site.play("database", "--diff", "-vvv")
    assert played.changed == {DATABASE}
    assert _enter(site, new)[0]
    assert not _enter(site, old)[0]
    assert not any(each in said.text for each in (old, new) for said in (looked, played))
    assert _sql(site, DATABASE, "SHOW archive_timeout") == "1min"
    assert _sql(site, DATABASE, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'steering'") == "steering"
    assert _sql(site, DATABASE, "SELECT rolcreatedb FROM pg_roles WHERE rolname = 'gateway'") == "f"
    assert not site.play("database").changed
    assert not site.play("database", "--check").changed
    assert site.play("workloads").changed == {"app-1", "app-2"}, "who has the secret gets the new one too"


@full
def test_another_secret_of_the_backups_is_refused_and_the_old_one_stays(site: Site) -> None:
    file = _secret(site, "backup/records")
    old = file.read_text()
    file.write_text(f"{secrets.token_urlsafe(32)}\n")
    try:
        said = site.play("database", code=2)
        assert said.failed == {REPOSITORY}
        assert "the repository was made with another secret" in _refused(said.text)
    finally:
        file.write_text(old)
    assert not site.play("database").changed


@pytest.mark.usefixtures("moments")
def test_the_repository_is_encrypted_and_told_about(site: Site) -> None:
    repository = site.host(REPOSITORY)
    kept = repository.check_output("find /var/lib/pgbackrest/backup/records -name backup.manifest | head -n 1")
    assert repository.check_output(f"head --bytes 8 {kept}") == "Salted__"
    repository.check_output("systemctl start lajur-backup")
    told = repository.file("/var/lib/lajur/metrics/backup.prom").content_string
    assert 'lajur_backup_ok{database="records"} 1' in told
    assert re.search(r'lajur_backup_oldest_seconds\{database="records"\} [1-9]', told)
    assert re.search(r"lajur_backup_free_bytes [1-9]", told)


@full
def test_a_full_repository_is_seen_and_nothing_of_the_log_is_lost(site: Site) -> None:
    """The folder of the log in the repository becomes one with no room for another file."""
    database, repository = site.host(DATABASE), site.host(REPOSITORY)
    folder = "/var/lib/pgbackrest/archive/records/15-1"
    repository.check_output(f"mount -t tmpfs -o nr_inodes=1,uid=$(id -u postgres),gid=$(id -g postgres),mode=750 none {folder}")
    try:
        _sql(site, DATABASE, f"{ROWS} INSERT INTO permits (holder) VALUES ('waits'); SELECT pg_switch_wal()")
        database.check_output(f"until {CHECK} && grep -q '^lajur_database_archive_failing 1' {METRICS}; do sleep 0.5; done")
        assert re.search(r"^lajur_database_archive_waiting [1-9]", database.file(METRICS).content_string, re.MULTILINE)
    finally:
        repository.check_output(f"umount {folder}")
    _sql(site, DATABASE, "SELECT pg_switch_wal()")
    database.check_output(f"until {CHECK} && grep -q '^lajur_database_archive_waiting 0' {METRICS}; do sleep 0.5; done")
    assert "lajur_database_archive_failing 0" in database.file(METRICS).content_string


def test_it_is_restored_to_a_moment_on_another_server(site: Site, moments: tuple[str, str]) -> None:
    said = _restore(site, f"restore_time={moments[1]}")
    assert f"records is on {SPARE}" in said
    assert _sql(site, SPARE, "SELECT string_agg(holder, ',' ORDER BY id) FROM permits") == "first,second"
    assert _sql(site, DATABASE, "SELECT count(*) > 2 FROM permits") == "t"
    assert _sql(site, SPARE, "SHOW archive_mode") == "off"
    assert _sql(site, SPARE, "SHOW restore_command") == ""
    assert not site.host(REPOSITORY).file(READER).exists
    assert site.host(SPARE).check_output("ls -A /etc/pgbackrest/restore") == ""
    reach = f"import socket; socket.create_connection(('{site.lab.plan.node(REPOSITORY).address}', 8432), 3)"
    assert site.host(SPARE).run("python3 -c %s", reach).failed


def test_a_database_that_is_there_is_left_alone_unless_it_is_named(site: Site, moments: tuple[str, str]) -> None:
    said = _restore(site, f"restore_time={moments[0]}", code=2)
    assert f"-e restore_over={SPARE}" in said
    assert not site.host(REPOSITORY).file(READER).exists
    assert _sql(site, SPARE, "SELECT count(*) FROM permits") == "2"
    _restore(site, f"restore_time={moments[0]}", f"restore_over={SPARE}")
    assert _sql(site, SPARE, "SELECT string_agg(holder, ',') FROM permits") == "first"


@pytest.mark.usefixtures("moments")
@pytest.mark.parametrize("asked", ["2020-01-01T00:00:00", "2099-01-01T00:00:00"])
def test_a_moment_out_of_reach_is_refused_and_the_reach_told(site: Site, asked: str) -> None:
    said = _restore(site, f"restore_time={asked}", f"restore_over={SPARE}", code=2)
    assert re.search(r"(its backups reach from|cadangannya dari) 20\S+ (to|sampai) 20\S+\.", said)
    assert "Open the firewall of the repository" not in said, "something was changed before"
    assert site.host(SPARE).service("postgresql@15-main").is_running


@full
def test_a_restore_that_was_cut_is_gone_on_with(site: Site, moments: tuple[str, str]) -> None:
    """As a killed one leaves it: stopped, without the file that comes last, and with some that are half there."""
    spare = site.host(SPARE)
    spare.check_output("systemctl stop postgresql@15-main")
    spare.check_output(
        "cd /var/lib/postgresql/15/main && rm global/pg_control && find base -name 26?? -size +0 -exec truncate -s 100 {} +"
    )
    spare.check_output("""cd /var/lib/lajur/restore && sed -i 's/"done": .*/"begun": true}/' records.json""")
    _restore(site, f"restore_time={moments[1]}")
    assert _sql(site, SPARE, "SELECT string_agg(holder, ',' ORDER BY id) FROM permits") == "first,second"
    again = site.play("restore", "-e", f"restore_to={SPARE}", "-e", f"restore_time={moments[1]}")
    assert not again.failed


@pytest.mark.usefixtures("moments")
def test_it_proves_by_itself_that_its_backups_come_back_and_leaves_nothing(site: Site) -> None:
    host = site.host(DATABASE)
    assert host.service("lajur-proof.timer").is_running
    assert "OnCalendar=Sun *-*-* 04:00 Asia/Jayapura" in host.file("/etc/systemd/system/lajur-proof.timer").content_string
    host.check_output("systemctl start lajur-proof")
    assert "records: every row of" in host.check_output("journalctl --no-pager --output=cat --unit=lajur-proof --lines=5")
    told = host.file(PROVEN)
    assert re.search(r'^lajur_restore_proven_seconds\{database="records"\} [1-9]', told.content_string, re.MULTILINE)
    assert told.mode == 0o644
    assert not host.file("/var/lib/postgresql/lajur-scratch").exists
    assert not host.service("lajur-restore").is_running
    assert host.service("postgresql@15-main").is_running


@pytest.mark.usefixtures("moments")
def test_a_copy_with_another_row_proves_nothing(site: Site) -> None:
    """The program is told that the database held one row more than it did."""
    host = site.host(DATABASE)
    host.check_output("rm -f %s", PROVEN)
    wrong = "import runpy, sys; sys.path.insert(0, '/usr/local/lib/lajur/database'); sys.argv = ['', 'records', '5432']\n"
    wrong += "from ansible.module_utils import lajur_sums as s; real = s.sums\n"
    wrong += "s.sums = lambda **w: real(**w) | ({'gateway.public.permits': {'rows': 9, 'sum': '1'}} if w.get('point') else {})\n"
    wrong += "runpy.run_path('/usr/local/sbin/lajur-proof', run_name='__main__')"
    said = host.run("python3 -c %s", wrong)
    assert said.rc == 1
    assert "Different: gateway.public.permits." in said.stderr
    assert not host.file(PROVEN).exists
    assert not host.file("/var/lib/postgresql/lajur-scratch").exists


@full
@pytest.mark.usefixtures("moments")
def test_a_drill_compares_every_row_and_leaves_nothing(site: Site) -> None:
    assert "records: every row of" in _restore(site, "restore_drill=true")
    told = site.host(REPOSITORY).file("/var/lib/lajur/metrics/restore-records.prom").content_string
    assert re.search(r'^lajur_restore_proven_seconds\{database="records"\} [1-9]', told, re.MULTILINE)
    assert not site.host(SPARE).file("/var/lib/postgresql/lajur-scratch").exists
    assert site.host(SPARE).service("postgresql@15-main").is_running
    wrong = '{"restore_drill": true, "database_original_sums": {"gateway.public.permits": {"rows": 9, "sum": "1"}}}'
    said = _restore(site, wrong, code=2)
    assert "Different: gateway.public.permits" in said
    assert not site.host(SPARE).file("/var/lib/postgresql/lajur-scratch").exists
