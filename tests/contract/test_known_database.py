"""A database is known by the regency's own authority, as workloads and the controller ask for it: nobody else passes for it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from network.playing.certificates import Certificate, certificate
from tests.contract.postgres import USER, Postgres, running

pytestmark = pytest.mark.postgres

PLAYBOOKS = Path(__file__).parents[2] / "playbooks"
AUTHORITY = "/etc/lajur/authority.crt"
ADDRESS = "127.0.0.1"
SHOWN = {"authority": "ssl_ca_file", "certificate": "ssl_cert_file", "key": "ssl_key_file"}


@dataclass
class Known:
    """A server that shows what it is told to."""

    server: Postgres
    folder: Path
    data: Path

    def show(self, shown: Certificate) -> None:
        for name, setting in SHOWN.items():
            file = self.data / f"{setting}.pem"
            file.write_text(getattr(shown, name))
            file.chmod(0o600)
            shutil.chown(file, self.data.owner(), self.data.group())
        with psycopg.connect(self._address(""), autocommit=True) as connection:
            for setting in SHOWN.values():
                connection.execute(f"ALTER SYSTEM SET {setting} = '{setting}.pem'".encode())
            connection.execute("ALTER SYSTEM SET ssl = on")
        self.server.stop()
        self.server.start()

    def enter(self, words: str, authority: str) -> bool:
        """Whether TLS is spoken, with the words of a play."""
        (self.folder / "authority.crt").write_text(authority)
        with psycopg.connect(self._address(words.replace(AUTHORITY, str(self.folder / "authority.crt")))) as connection:
            return bool(connection.pgconn.ssl_in_use)

    def _address(self, words: str) -> str:
        return f"postgresql://{USER}@{ADDRESS}:{self.server.port}/postgres{words}"


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Known]:
    with running() as server:
        with psycopg.connect(f"postgresql://{USER}@{ADDRESS}:{server.port}/postgres") as connection:
            row = connection.execute("SHOW data_directory").fetchone()
        assert row is not None
        yield Known(server=server, folder=tmp_path_factory.mktemp("known"), data=Path(row[0]))


def shown(folder: Path, address: str = ADDRESS) -> Certificate:
    """As a regency makes it whose state is in this folder."""
    return certificate("db-1", [address], {"LAJUR_REGENCY": "manokwari", "LAJUR_STATE": str(folder), "LAJUR_LAB": "off"})


def words() -> list[str]:
    """As the plays write them: in an address, and in the environment."""
    (own,) = re.findall(r"'(\?sslmode=[^']+)'", (PLAYBOOKS / "workloads.yml").read_text())
    environment = r"'PGSSLMODE': '([^']+)', 'PGSSLROOTCERT': '([^']+)'"
    ((mode, root),) = re.findall(environment, (PLAYBOOKS / "controller.yml").read_text())
    return [own, f"?sslmode={mode}&sslrootcert={root}"]


@pytest.mark.parametrize("words", words())
def test_only_the_server_itself_passes_for_it(known: Known, tmp_path: Path, words: str) -> None:
    own = shown(tmp_path / "own")
    known.show(own)
    assert known.enter(words, own.authority)
    with pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
        known.enter(words, shown(tmp_path / "other").authority)
    elsewhere = shown(tmp_path / "own", "192.0.2.7")
    known.show(elsewhere)
    with pytest.raises(psycopg.OperationalError, match="does not match host name"):
        known.enter(words, elsewhere.authority)
