"""Days on which something is not as it should be: nothing is lost, what is said names the server and what to do, and then it
goes on."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from network.lab.state import Folder
from tests.roles.carrying import NAME, artefact, curl, unplugged, without_repository
from tests.roles.conftest import LAB, Site, full

pytestmark = [pytest.mark.lab, pytest.mark.timeout(1200)]

PACKAGE = "unattended-upgrades"
"""Of the role base, and nobody needs it by day."""


def lajur(site: Site, *words: str, code: int = 0, language: str = "en") -> str:
    """All that one line says, which must end with `code`."""
    command = site.engineer.lajur
    done = subprocess.run(
        command.words(*words), env={**command.environment, "LAJUR_LANG": language},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == code, f"lajur {' '.join(words)} ended with {done.returncode}\n{done.stdout}"
    return " ".join(done.stdout.split())


def release(folder: Path, version: str) -> tuple[str, ...]:
    """The words that deploy a small application."""
    made = artefact(folder, version)
    return ("release", "deploy", "gateway", made.path, "--version", version, "--sha256", made.sha256)


@contextmanager
def another_key(site: Site, server: str) -> Iterator[str]:
    """The server shows another host key, as after it was installed anew, or when another machine answers; its fingerprint. The
    key from before, and what is trusted, are put back."""
    host, place = site.host(server), "/etc/ssh/ssh_host_ed25519_key"
    host.check_output(f"mkdir {place}.d && mv {place} {place}.pub {place}.d/")
    host.check_output(f"ssh-keygen -q -t ed25519 -N '' -f {place} && systemctl reload ssh")
    shown: str = host.check_output(f"ssh-keygen -l -f {place}").split()[1]
    known = site.lab.known_hosts.read_text("utf-8")
    forget()
    try:
        yield shown
    finally:
        lajur(
            site, "lab", "exec", server, "--", "sh", "-c", f"mv {place}.d/* /etc/ssh/ && rmdir {place}.d && systemctl reload ssh"
        )
        site.lab.known_hosts.write_text(known, "utf-8")
        forget()


def forget() -> None:
    """Connections that are kept would be used again, whatever key a new one is shown."""
    for each in (Folder(lab=LAB).path / "ssh").iterdir():
        each.unlink()


def placed(site: Site) -> str:
    """What lies on the other server, which anybody still gets into."""
    return str(site.host("app-1").check_output("ls -A /srv/lajur/gateway/releases /srv/lajur/gateway/incoming"))


def test_a_host_key_that_changed_lets_nobody_in_until_a_person_says_that_it_is_its_own(site: Site, tmp_path: Path) -> None:
    before = placed(site)
    with another_key(site, "app-2") as shown:
        refused = lajur(site, *release(tmp_path, "7.0.0"), code=3, language="id")
        assert "lajur device trust app-2 --replace" in refused
        assert shown in refused
        assert "app-1" not in refused.partition("Gagal")[2]
        assert placed(site) == before
        played = lajur(site, "play", "servers", "--server", "app-2", code=4)
        assert "lajur device trust app-2 --replace, then play again" in played
        assert shown in played
        assert "changed=0 unreachable=1" in played
        lajur(site, "device", "trust", "app-2", "--fingerprint", shown, "--replace")
        assert "changed=0 unreachable=0" in lajur(site, "play", "servers", "--server", "app-2")


def test_a_repository_that_is_away_is_named_and_then_it_goes_on_where_it_stopped(site: Site) -> None:
    host = site.host("app-3")
    host.check_output(f"DEBIAN_FRONTEND=noninteractive apt-get --quiet --yes purge {PACKAGE} && apt-get clean")
    with without_repository(site) as address:
        said = lajur(site, "play", "servers", "--server", "app-3", code=5, language="id")
        assert f"app-3: paket {PACKAGE} tidak dapat diambil dari repositori" in said
        assert address in said.rpartition("Kata apt")[2]
    assert re.search(r"app-3 : ok=\d+ changed=[1-9]", lajur(site, "play", "servers", "--server", "app-3"))
    assert host.package(PACKAGE).is_installed


def test_what_a_machine_calls_itself_stays_text(site: Site) -> None:
    """Its name, and whatever it tells of itself as a fact, when it is in somebody else's hands."""
    host, own = site.host("app-3"), site.engineer.lajur.environment["HOME"]
    trap = f"{{{{ lookup('ansible.builtin.pipe', 'touch {own}/caught') }}}}"
    name = host.check_output("hostname")
    facts = host.run('mkdir -p /etc/ansible/facts.d && printf \'{"own": "%%s"}\' %s > /etc/ansible/facts.d/x.fact', trap)
    assert facts.rc == 0
    calls = 'python3 -c "import socket, sys; socket.sethostname(sys.argv[1])" %s'
    host.check_output(calls, "{{ 6*7 }}")
    try:
        said = lajur(site, "play", "servers", "--server", "app-3")
        seen = site.engineer.run("ansible", "app-3", "-m", "ansible.builtin.setup", "-a", "filter=ansible_nodename,ansible_local")
    finally:
        host.check_output(f"{calls} && rm -r /etc/ansible/facts.d", name)
    assert "changed=0" in said
    assert "{{ 6*7 }}" in seen
    assert "lookup(" in seen
    assert not (Path(own) / "caught").exists()


@contextmanager
def begun(site: Site, words: tuple[str, ...], sign: str) -> Iterator[subprocess.Popen[str]]:
    """A line that is carried out beside us, and has said `sign`. What is left of it is killed."""
    command = site.engineer.lajur
    with subprocess.Popen(
        command.words(*words), env={**command.environment, "LAJUR_LANG": "en"}, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as child:  # fmt: skip
        try:
            assert child.stderr is not None
            assert any(sign in line for line in child.stderr), f"it ended with {child.wait()} before it said {sign}"
            yield child
        finally:
            child.kill()


@full
def test_two_at_once_and_a_controller_that_is_killed(site: Site, tmp_path: Path) -> None:
    lajur(site, *release(tmp_path, "7.1.0"))
    new, other = release(tmp_path, "7.2.0"), release(tmp_path, "7.3.0")
    with begun(site, new, "watching app-1 for"):
        second = lajur(site, *other, code=3)
    assert re.search(r"os:\S+ has been releasing gateway 7\.2\.0-\w+ since 20", second)
    assert "lajur release rollback gateway" in lajur(site, *other, code=3)
    assert "every server carries 7.2.0" in lajur(site, *new)
    lajur(site, *other)
    with begun(site, new, "batch 2 of 2: draining"):
        pass
    lajur(site, "release", "rollback", "gateway")
    status = lajur(site, "release", "status", "gateway")
    assert len(re.findall(r"app-[12] 7\.3\.0-\w+ \S+ active yes", status)) == 2


@full
def test_a_canary_that_dies_is_kept_out_and_taken_back_once_it_is_there_again(site: Site, tmp_path: Path) -> None:
    lajur(site, *release(tmp_path, "7.4.0"))
    with begun(site, release(tmp_path, "7.5.0"), "watching app-1 for") as child, unplugged(site, "app-1"):
        assert child.stderr is not None
        said = " ".join(child.stderr.read().split())
        assert child.wait() == 5, said
        assert "not every server is back on 7.4.0" in said
        assert "app-1 cannot be reached over SSH" in said
        assert "No edge sends anybody to it" in said
        assert said.endswith("lajur release rollback gateway")
        assert "7.4.0" in curl(site, f"https://{NAME}/")
    lajur(site, "release", "rollback", "gateway")
    status = lajur(site, "release", "status", "gateway")
    assert len(re.findall(r"app-[12] 7\.4\.0-\w+ \S+ active yes", status)) == 2
