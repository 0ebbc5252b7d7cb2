"""Secrets by reference are the secret itself, without the line end of its file; a private key is still read by everyone.

The master key of webhook secrets: from where it was put, else made once; never shown.
"""

from __future__ import annotations

import io
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import paramiko
import pytest

from inventory.load import load_regency
from network import link_wiring
from network.core.links.capabilities import CAPABILITIES
from network.credentials import passphrase_file, resolve, webhook_key
from network.errors import Refused
from network.watching import trap_senders
from network.wiring import snmp_targets

WORD = "an-invented-master-key-of-40-letters-here"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A secret's file, that others cannot read."""
    path = tmp_path / "secret"
    path.touch(mode=0o600)
    return path


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_the_line_end_of_its_file_is_no_part_of_a_secret(end: bytes, file: Path) -> None:
    file.write_bytes(b" kata sandi " + end)
    assert resolve(f"file:{file}", {}, device="core") == " kata sandi "
    assert resolve("env:KATA", {"KATA": f" kata sandi {end.decode()}"}, device="core") == " kata sandi "


def test_a_variable_may_be_a_credential_that_the_service_was_handed(tmp_path: Path) -> None:
    (tmp_path / "KATA").write_text("dititipkan\n")
    handed = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert resolve("env:KATA", handed, device="core") == "dititipkan"
    assert resolve("env:KATA", {**handed, "KATA": "diketik"}, device="core") == "diketik"
    for reference, environment in (
        ("env:LAIN", handed),
        ("env:KATA", {}),
        ("env:../KATA", {"CREDENTIALS_DIRECTORY": f"{tmp_path}/x"}),
    ):
        with pytest.raises(Refused) as refused:
            resolve(reference, environment, device="core")
        assert refused.value.code == "credentials.no_variable"


def test_what_snmp_is_asked_and_heard_with_has_no_line_end_either(file: Path) -> None:
    file.write_text("sebuah frasa\n")
    regency = load_regency(Path(__file__).parents[2] / "inventory" / "regencies" / "tolikara")
    core = regency.device("core")
    assert core.snmp is not None
    snmp = core.snmp.model_copy(update=dict.fromkeys(("auth", "privacy", "trap_community"), f"file:{file}"))
    regency = regency.model_copy(update={"devices": (core.model_copy(update={"snmp": snmp}),)})
    (asked,) = snmp_targets(regency, None, {})
    (heard,) = trap_senders(regency, None, (asked,), {})
    assert {asked.user.auth, asked.user.privacy, heard.community} == {"sebuah frasa"}


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_a_private_key_is_read_by_every_hand(kind: str, tmp_path: Path) -> None:
    made = tmp_path / "made"
    subprocess.run(["ssh-keygen", "-q", "-N", "", "-t", kind, "-f", made], check=True)
    key = resolve(f"file:{made}", {}, device="core")
    public = (tmp_path / "made.pub").read_text().split()[1]
    reader: type[paramiko.PKey] = paramiko.RSAKey if kind == "rsa" else paramiko.Ed25519Key
    assert reader.from_private_key(io.StringIO(key)).get_base64() == public
    known = CAPABILITIES["cisco_ios"]
    core = load_regency(Path(__file__).parents[2] / "inventory" / "regencies" / "tolikara").device("core")
    folder = tmp_path / "own"
    folder.mkdir()
    with ExitStack() as stack:
        options = link_wiring._options(known, core, key, tmp_path / "known_hosts", folder, stack)
        place = Path(options["key_file"])
        assert place.is_file()
        for _ in range(2):
            assert reader.from_private_key_file(str(place)).get_base64() == public
        words = ["ssh-keygen", "-y", "-f", "/dev/stdin"]
        told = subprocess.run(words, input=place.read_text(), check=True, capture_output=True, text=True)
        assert told.stdout.split()[1] == public
    # Where we are killed, it ends as it does here: there never was a file.
    assert not place.exists()
    assert list(folder.iterdir()) == []


def test_it_is_what_the_reference_leads_to(tmp_path: Path) -> None:
    assert webhook_key({"LAJUR_WEBHOOK_KEY": "env:HOOKS", "HOOKS": f"{WORD}\n"}, tmp_path) == WORD.encode()
    file = tmp_path / "key"
    file.write_text(f"{WORD}\n")
    file.chmod(0o600)
    assert webhook_key({"LAJUR_WEBHOOK_KEY": f"file:{file}"}, tmp_path) == WORD.encode()
    assert not (tmp_path / "webhook.key").exists()


def test_without_one_it_is_made_once_for_the_owner_alone(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: webhook_key({}, state), range(16)))
    assert len(keys) == 1
    assert len(keys.pop()) == 64
    assert [path.name for path in state.iterdir()] == ["webhook.key"]
    assert (state / "webhook.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({"LAJUR_WEBHOOK_KEY": "env:HOOKS"}, "webhook.key_reference"),
        ({"LAJUR_WEBHOOK_KEY": "file:/no/such/file"}, "webhook.key_reference"),
        ({"LAJUR_WEBHOOK_KEY": "env:HOOKS", "HOOKS": "short"}, "webhook.key_short"),
    ],
)
def test_a_reference_that_leads_to_none_is_refused(environment: dict[str, str], code: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        webhook_key(environment, tmp_path)
    assert refused.value.code == code
    assert "short" not in map(str, refused.value.fields.values())


def test_a_file_that_others_may_read_or_that_was_cut_is_refused(tmp_path: Path) -> None:
    webhook_key({}, tmp_path)
    file = tmp_path / "webhook.key"
    file.chmod(0o644)
    with pytest.raises(Refused, match=r"webhook\.key_open"):
        webhook_key({}, tmp_path)
    file.chmod(0o600)
    file.write_text("ab")
    with pytest.raises(Refused, match=r"webhook\.key_short"):
        webhook_key({}, tmp_path)


def test_a_state_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(Refused, match=r"webhook\.key_file"):
        webhook_key({}, tmp_path / "state")


def test_a_passphrase_is_made_once_and_never_beside_a_state_that_another_one_sealed(tmp_path: Path) -> None:
    made, is_new = passphrase_file(None, tmp_path, make=True)
    assert (made, is_new, passphrase_file(None, tmp_path, make=True)) == (tmp_path / "passphrase", True, (made, False))
    sealed = {"state": "the-state", "work": "the-work"}
    assert passphrase_file(None, tmp_path, make=True, sealed=sealed) == (made, False)
    made.unlink()
    for given in (None, tmp_path / "given"):
        with pytest.raises(Refused) as refused:
            passphrase_file(given, tmp_path, make=True, sealed=sealed)
        file = str(given or made)
        assert (refused.value.code, refused.value.fields) == ("infra.passphrase_gone", {"file": file, **sealed})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.timeout(20)
def test_a_passphrase_stands_in_a_regular_file_of_some_letters(tmp_path: Path, file: Path) -> None:
    os.mkfifo(pipe := tmp_path / "pipe", 0o600)
    for other in (tmp_path, pipe, Path("/dev/zero"), Path("/dev/null")):
        with pytest.raises(Refused) as refused:
            passphrase_file(other, tmp_path, make=False)
        assert (refused.value.code, refused.value.fields["file"]) == ("infra.passphrase_irregular", str(other))
    for content, code in ((b"x" * 2**17, "large"), (b" \n", "empty")):
        file.write_bytes(content)
        with pytest.raises(Refused) as refused:
            passphrase_file(file, tmp_path, make=False)
        assert refused.value.code == f"infra.passphrase_{code}"
    file.write_text("a phrase\n")
    (link := tmp_path / "link").symlink_to(file)
    assert passphrase_file(link, tmp_path, make=False) == (link, False)
    file.chmod(0o644)
    with pytest.raises(Refused) as refused:
        passphrase_file(link, tmp_path, make=False)
    assert refused.value.code == "infra.passphrase_open"
