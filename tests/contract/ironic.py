"""A real Ironic on loopback: API and conductor in one process, records in SQLite, no message bus, no identity service.

It runs in an environment of its own (requirements/ironic.sh). Nodes are written by its plain API, so that nothing here leans on
the library that is under test.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final

import bcrypt
import httpx

from tests.contract.bmc import ADDRESS, PASSWORD, USER, Bmc, fingerprint
from tests.doors.certificates import Pair

IRONIC_USER: Final = "builder"
IRONIC_PASSWORD: Final = "nine-storks"
_PINNED: Final = Path(__file__).parents[2] / "requirements" / "ironic.txt"
_SECONDS: Final = 200.0
_VERSION: Final = {"X-OpenStack-Ironic-API-Version": "1.93"}


def programs() -> Path | None:
    """The folder of its programs; None when nobody prepared it."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    kept = cache / "lajur" / "ironic" / hashlib.sha256(_PINNED.read_bytes()).hexdigest()[:16]
    return kept / "venv" / "bin" if (kept / "ready").exists() else None


class Ironic:
    """`password`: None lets in whoever asks. `images`: where what is in its folder of that name
    is served. `records`: those of another, to begin with; they take seconds to make."""

    def __init__(self, folder: Path, pair: Pair, password: str | None, *, images: str, records: Path | None = None) -> None:
        (folder / "images" / "redfish").mkdir(parents=True, exist_ok=True)
        found = programs()
        assert found is not None
        self.records = folder / "records.sqlite"
        self._log = folder / "log"
        self._config = folder / "ironic.conf"
        with socket.create_server((ADDRESS, 0)) as free:
            self.url = f"https://{ADDRESS}:{free.getsockname()[1]}"
        self.certificate = fingerprint(pair.certificate)
        users = folder / "htpasswd"
        users.write_text(f"{IRONIC_USER}:{bcrypt.hashpw((password or '').encode(), bcrypt.gensalt(4)).decode()}\n")
        self._config.write_text(
            _config(folder, pair, self.url.rpartition(":")[2], "http_basic" if password else "noauth", images)
        )
        words = ["--config-file", str(self._config), "--log-file", str(self._log)]
        if records is None:
            made = subprocess.run([found / "ironic-dbsync", *words, "create_schema"], capture_output=True, text=True, check=False)
            assert made.returncode == 0, made.stderr
        else:
            shutil.copyfile(records, self.records)
        self._web = httpx.Client(
            base_url=f"{self.url}/v1",
            verify=_trusting(pair),
            headers=_VERSION,
            auth=(IRONIC_USER, password) if password else None,
            timeout=240,
        )
        self._process = subprocess.Popen(
            [found / "ironic", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )

    def close(self) -> None:
        self._web.close()
        os.killpg(self._process.pid, signal.SIGKILL)  # asked to end, it waits for its conductor, and its child outlives it
        self._process.wait(10)

    def wait(self) -> None:
        """Until it has a conductor that takes work."""
        self._until(lambda: self._get("/drivers").get("drivers"), "it is up")

    def enrol(self, name: str, bmc: Bmc | None, system: str = "", *, manage: bool = True, inspect: bool = False) -> None:
        """A node, manageable unless it is not to be, of this controller or of Ironic's own fake hardware."""
        address = {
            "redfish_address": bmc.url if bmc else "",
            "redfish_system_id": f"/redfish/v1/Systems/{system}",
            "redfish_username": USER,
            "redfish_password": PASSWORD,
            "redfish_verify_ca": False,
        }
        kind = {"driver": "redfish", "driver_info": address} if bmc else {"driver": "fake-hardware"}
        self._web.post("/nodes", json={"name": name, **kind}).raise_for_status()
        if manage:
            self.bring(name, "manage", "manageable")
        if inspect:
            self.bring(name, "inspect", "manageable")

    def maintain(self, name: str, reason: str | None) -> None:
        """Have somebody work at the machine itself, or be done with that."""
        path = f"/nodes/{name}/maintenance"
        said = self._web.delete(path) if reason is None else self._web.put(path, json={"reason": reason})
        said.raise_for_status()

    def hold(self, name: str, holder: str | None) -> None:
        """Have another conductor work at it, or be done with that."""
        with closing(sqlite3.connect(self.records, timeout=10)) as records, records:
            records.execute("UPDATE nodes SET reservation = ? WHERE name = ?", (holder, name))

    def bring(self, name: str, verb: str, state: str) -> None:
        self._web.put(f"/nodes/{name}/states/provision", json={"target": verb}).raise_for_status()
        self._until(lambda: self._is(name, state), f"{name} is {state}")

    def _is(self, name: str, state: str) -> bool:
        node = self.node(name)
        assert "failed" not in node["provision_state"], node["last_error"]
        return bool(node["provision_state"] == state)

    def node(self, name: str) -> dict[str, Any]:
        return self._get(f"/nodes/{name}")

    def until(self, name: str, field: str, value: str) -> None:
        self._until(lambda: self.node(name)[field] == value, f"{field} of {name} is {value}")

    def _get(self, path: str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = self._web.get(path).json()
        except httpx.TransportError:
            return {}
        return found

    def _until(self, holds: Callable[[], Any], what: str) -> None:
        deadline = monotonic() + _SECONDS
        while not holds():
            assert self._process.poll() is None, self._log.read_text()[-4000:]
            assert monotonic() < deadline, f"not within {_SECONDS} s: {what}"
            sleep(0.1)


def _trusting(pair: Pair) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(pair.certificate.parent / "ca.pem"))


def _config(folder: Path, pair: Pair, port: str, auth: str, images: str) -> str:
    """It looks at power often and never carries it back by itself, so that a test sees both."""
    kinds = {"boot": "redfish-virtual-media", "inspect": "redfish", "management": "redfish", "power": "redfish"}
    none = ("bios", "console", "firmware", "raid", "rescue", "vendor")
    enabled = [f"enabled_{name}_interfaces = {one},fake" for name, one in kinds.items()]
    enabled += [f"enabled_{name}_interfaces = no-{name}" for name in none]
    return "\n".join(
        (
            "[DEFAULT]",
            "rpc_transport = none",
            f"auth_strategy = {auth}",
            f"http_basic_auth_user_file = {folder / 'htpasswd'}",
            "host = lajur",
            f"my_ip = {ADDRESS}",
            f"state_path = {folder}",
            f"tempdir = {folder}",
            "enabled_hardware_types = redfish,fake-hardware",
            *enabled,
            "enabled_deploy_interfaces = direct,fake",
            "enabled_network_interfaces = noop",
            "enabled_storage_interfaces = noop",
            "default_network_interface = noop",
            "[database]",
            f"connection = sqlite:///{folder / 'records.sqlite'}",
            "[api]",
            f"host_ip = {ADDRESS}",
            f"port = {port}",
            "enable_ssl_api = true",
            f"cert_file = {pair.certificate}",
            f"key_file = {pair.key}",
            "[conductor]",
            "automated_clean = false",
            "sync_power_state_interval = 3",
            "force_power_state_during_sync = false",
            "workers_pool_size = 50",
            "[deploy]",
            f"http_root = {folder / 'images'}",
            f"http_url = {images}",
            "[inventory]",
            "data_backend = database",
            "[oslo_concurrency]",
            f"lock_path = {folder / 'locks'}",
            "",
        )
    )
