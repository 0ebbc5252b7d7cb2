"""A management controller on loopback: sushy-tools' emulator with its fake driver, in a process of its own.

The driver knows no hardware, so what it shows of processors, memory and disks is ours, in the emulator's own words of Redfish.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import bcrypt
from cryptography import x509
from cryptography.hazmat.primitives import serialization

ADDRESS: Final = "127.0.0.1"
USER: Final = "operator"
PASSWORD: Final = "seven-herons"
SYSTEM: Final = "27946b59-9e44-4fa7-8e91-f3527a1ef094"
CPUS: Final = 32
MEMORY_GIB: Final = 64
DISKS: Final = (960_197_124_096, 960_197_124_096)


class Bmc:
    """`certificate` and `key`: for HTTPS. `systems`: more machines behind the same controller, by UUID.

    `seconds`: until an order has an effect; the emulator's own one to eleven teach a test nothing."""

    def __init__(self, folder: Path, certificate: Path, key: Path, systems: Sequence[str] = (SYSTEM,), seconds: int = 1) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        auth = folder / "htpasswd"
        auth.write_text(f"{USER}:{bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()}\n")
        settings = {
            "SUSHY_EMULATOR_FAKE_DRIVER": True,
            "SUSHY_EMULATOR_STATE_DIR": str(folder),
            "SUSHY_EMULATOR_AUTH_FILE": str(auth),
            "SUSHY_EMULATOR_FAKE_SYSTEMS": [
                {"uuid": uuid, "name": f"machine-{number}", "power_state": "On", "external_notifier": False, "nics": []}
                for number, uuid in enumerate(systems)
            ],
        }
        self.certificate = fingerprint(certificate)
        self._process = subprocess.Popen(
            [sys.executable, __file__, json.dumps(settings), str(certificate), str(key), str(seconds)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        port = self._process.stdout.readline().strip()
        assert port, "the emulator did not start"
        self.port = int(port)
        self.url = f"https://{ADDRESS}:{port}"

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        if self._process.stdout is not None:
            self._process.stdout.close()


def fingerprint(certificate: Path) -> str:
    der = x509.load_pem_x509_certificate(certificate.read_bytes()).public_bytes(serialization.Encoding.DER)
    return f"SHA256:{hashlib.sha256(der).hexdigest()}"


def _serve(settings: dict[str, Any], certificate: str, key: str, seconds: int) -> None:
    from sushy_tools.emulator import main
    from sushy_tools.emulator.resources.systems import fakedriver
    from werkzeug.serving import make_server

    class Machine(fakedriver.FakeDriver):  # type: ignore[misc]
        def get_total_cpus(self, identity: str) -> int:
            return CPUS

        def get_total_memory(self, identity: str) -> int:
            return MEMORY_GIB

        def get_processors(self, identity: str) -> list[dict[str, object]]:
            one = {"id": "CPU0", "socket": "CPU 0", "model": "a model", "vendor": "a vendor", "cores": CPUS // 2, "threads": CPUS}
            return [one]

        def get_simple_storage_collection(self, identity: str) -> dict[str, object]:
            devices = [{"Name": f"sd{letter}", "CapacityBytes": size} for letter, size in zip("ab", DISKS, strict=True)]
            return {"sata": {"Id": "sata", "Name": "sata", "DeviceList": devices}}

    fakedriver.FakeDriver = Machine
    fakedriver.random.randint = lambda least, most: seconds
    main.app.configure(extra_config=settings)
    server = make_server(ADDRESS, 0, main.app, threaded=True, ssl_context=(certificate, key))
    sys.stdout.write(f"{server.port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    _serve(json.loads(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
