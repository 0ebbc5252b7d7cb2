"""The process that keeps a lab's cloud running: `python -m network.lab.cloud.keeper BASE ENVIRONMENT LAB`, in the namespaces of
its node. What the cloud writes lies over the base, in the node's folder; a file `ready` there says that it can be asked."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from network.errors import LabError, LabRefused
from network.lab.cloud import floating, hypervisor, texts
from network.lab.cloud.base import DRIVER
from network.lab.cloud.parts import HOME, NODE, SOCKET, service
from network.lab.cloud.running import Programs, asked, share_memory
from network.lab.state import Folder, read_plan

_POLL: Final = 0.1
_PATIENCE: Final = 60.0
_FAKE: Final = "fake.FakeDriverWithoutFakeNodes"
_COMPUTE: Final = frozenset({"nova-compute", "nova-conductor", "nova-scheduler"})


def keep(base: Path, environment: Path, lab: str) -> None:
    """Until a program of the cloud ends, which none does by itself. Raises LabError then, and when one does not answer."""
    own, plan = Folder(lab=lab), read_plan(Folder(lab=lab))
    if plan is None:
        raise LabRefused("lab.not_up", lab=lab)
    folder = own.node(NODE)
    upper, work = folder / "upper", folder / "work"
    for each in (upper, work):
        each.mkdir(parents=True, exist_ok=True)
    layers = f"lowerdir={base},upperdir={upper},workdir={work}"
    subprocess.run(["mount", "-t", "overlay", "overlay", "-o", layers, HOME], check=True)
    share_memory()
    with suppress(FileNotFoundError):
        Path(HOME, "database", "postmaster.pid").unlink()  # of a cloud that was killed
    if plan.fake:
        _without_machines()
    else:
        hypervisor.serve(hypervisor.Hypervisor(plan, own), SOCKET)
    programs = Programs(environment)
    programs.start_database()
    floating.follow()
    programs.start()
    _await_servers()
    _warm()
    (folder / "ready").touch()
    while (ended := programs.ended()) is None:
        sleep(1)
    raise LabError("lab.cloud_silent", service=ended, log="-")


def _without_machines() -> None:
    """Nova's own driver in memory makes the servers: nothing of them exists but what is on record."""
    settings = Path(HOME, "etc/nova/nova.conf")
    settings.write_text(settings.read_text("utf-8").replace(f"= {DRIVER}\n", f"= {_FAKE}\n"), "utf-8")


def _await_servers() -> None:
    """Until Nova's parts have reported since this start, and the hypervisor is known. Raises LabError."""
    deadline = monotonic() + _PATIENCE
    compute, token = service("nova"), ""
    while monotonic() < deadline:
        with suppress(OSError, KeyError):
            token = token or _token()
            found = asked(compute.port, "GET", f"{compute.path}/os-services", token)[0]["services"]
            alive = {each["binary"] for each in found if each["state"] == "up"}
            if alive >= _COMPUTE and asked(compute.port, "GET", f"{compute.path}/os-hypervisors", token)[0]["hypervisors"]:
                return
        sleep(_POLL)
    raise LabError("lab.cloud_silent", service="nova-compute", log="-")


def _warm() -> None:
    """Each service reads its rules with the first request that has a login, and refuses what comes beside that one. Raises
    LabError."""
    for name, path in (("neutron", "/v2.0/networks"), ("glance", "/v2/images"), ("cinder", "/v3/volumes")):
        try:
            asked(service(name).port, "GET", path, _token())
        except OSError as error:
            raise LabError("lab.cloud_silent", service=name, log=str(error)) from None


def _token() -> str:
    """Of whoever runs the cloud."""
    domain = {"id": "default"}
    user = {"name": "admin", "password": Path(HOME, texts.OPERATOR).read_text("utf-8"), "domain": domain}
    scope = {"project": {"name": "admin", "domain": domain}}
    body = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}}
    return asked(service("keystone").port, "POST", "/v3/auth/tokens", body=body)[1]


def main(base: str, environment: str, lab: str) -> int:
    try:
        keep(Path(base), Path(environment), lab)
    except LabError as error:
        sys.stdout.write(
            json.dumps({"code": error.code, "fields": {name: str(each) for name, each in error.fields.items()}}) + "\n"
        )
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
