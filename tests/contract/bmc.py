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

    `seconds`: until an order has an effect; the emulator's own one to eleven teach a test nothing. `port`: zero takes a free one;
    one that comes back with the same folder knows what it held."""

    def __init__(
        self,
        folder: Path,
        certificate: Path,
        key: Path,
        systems: Sequence[str] = (SYSTEM,),
        *,
        seconds: int = 1,
        port: int = 0,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        auth = folder / "htpasswd"
        auth.write_text(f"{USER}:{bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()}\n")
        settings = {
            "SUSHY_EMULATOR_FAKE_DRIVER": True,
            "SUSHY_EMULATOR_STATE_DIR": str(folder),
            "SUSHY_EMULATOR_AUTH_FILE": str(auth),
            "SUSHY_EMULATOR_FAKE_SYSTEMS": [
                {
                    "uuid": uuid,
                    "name": f"machine-{number}",
                    "power_state": "On",
                    "external_notifier": False,
                    "nics": _nics(number),
                }
                for number, uuid in enumerate(systems)
            ],
        }
        self.certificate = fingerprint(certificate)
        self._process = subprocess.Popen(
            [sys.executable, __file__, json.dumps(settings), str(certificate), str(key), str(seconds), str(port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        told = self._process.stdout.readline().strip()
        assert told, "the emulator did not start"
        self.port = int(told)
        self.url = f"https://{ADDRESS}:{told}"

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        if self._process.stdout is not None:
            self._process.stdout.close()


def _nics(number: int) -> list[dict[str, str]]:
    return [{"mac": f"52:54:00:00:00:{number:02x}", "ip": f"192.0.2.{number + 1}"}]


def fingerprint(certificate: Path) -> str:
    der = x509.load_pem_x509_certificate(certificate.read_bytes()).public_bytes(serialization.Encoding.DER)
    return f"SHA256:{hashlib.sha256(der).hexdigest()}"


def _serve(settings: dict[str, Any], certificate: str, key: str, seconds: int, port: int) -> None:
    from jinja2 import ChoiceLoader, DictLoader
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

    drives = [
        {"Id": f"sd{letter}", "Name": f"sd{letter}", "CapacityBytes": size, "Protocol": "SATA"}
        for letter, size in zip("ab", DISKS, strict=True)
    ]
    systems = [each["uuid"] for each in settings["SUSHY_EMULATOR_FAKE_SYSTEMS"]]
    controller = {"MemberId": "0", "Name": "sata", "SpeedGbps": 6}
    settings["SUSHY_EMULATOR_DRIVES"] = {(uuid, "sata"): drives for uuid in systems}
    settings["SUSHY_EMULATOR_STORAGE"] = {
        uuid: [{"Id": "sata", "Name": "sata", "StorageControllers": [controller], "Drives": [each["Id"] for each in drives]}]
        for uuid in systems
    }
    settings["SUSHY_EMULATOR_VOLUMES"] = {(uuid, "sata"): [] for uuid in systems}
    # Every drive of the emulator's turns; ours do not.
    own = main.app.jinja_loader
    text = own.get_source(main.app.jinja_env, "drive.json")[0].replace('"MediaType": "HDD"', '"MediaType": "SSD"')
    main.app.jinja_loader = ChoiceLoader([DictLoader({"drive.json": text}), own])
    fakedriver.FakeDriver = Machine
    fakedriver.random.randint = lambda least, most: seconds
    main.app.configure(extra_config=settings)
    server = make_server(ADDRESS, port, main.app, threaded=True, ssl_context=(certificate, key))
    sys.stdout.write(f"{server.port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    _serve(json.loads(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
