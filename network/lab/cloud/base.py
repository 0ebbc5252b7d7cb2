"""The cloud as every lab begins with it: schemas, whom it knows, what it offers. Made once, by
`unshare --net --mount --ipc --pid --fork --kill-child --mount-proc python -m network.lab.cloud.base FOLDER ENVIRONMENT`."""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from network.errors import LabError
from network.lab.cloud import texts
from network.lab.cloud.parts import ADDRESS, FLOATING, HOME, PROJECT, REGION, SERVICES, USER, service
from network.lab.cloud.running import Programs, make_database, make_databases, share_memory

DRIVER: Final = "lajur.LabDriver"
_FOLDERS: Final = (
    *("data/images", "data/staging", "data/tasks", "data/locks", "data/nova/instances", "data/neutron"),
    *("data/cinder/coordination", "data/keystone", "log"),
)
_SHIPPED: Final = (
    "glance/glance-api-paste.ini",
    "nova/api-paste.ini",
    "neutron/api-paste.ini",
    "cinder/api-paste.ini",
    "cinder/resource_filters.json",
)
"""Settings that come with the services, as they are."""


def build(folder: Path, environment: Path) -> None:
    """Everything below `folder`, which nothing writes any more when this returns. Raises LabError."""
    for words in (
        ("ip", "link", "set", "lo", "up"),
        ("ip", "address", "add", f"{ADDRESS}/32", "dev", "lo"),
        ("mount", "--bind", str(folder), HOME),
    ):
        subprocess.run(words, check=True)
    share_memory()
    passwords = texts.Passwords(admin=secrets.token_hex(16), services=secrets.token_hex(16), tenant=secrets.token_hex(16))
    _write(passwords, environment)
    make_database()
    programs = Programs(environment)
    programs.start_database()
    make_databases(name for each in SERVICES for name in each.databases)
    with ThreadPoolExecutor(2) as both:
        for chain in [both.submit(_schemas, programs, passwords), both.submit(_schemas_of_nova, programs)]:
            chain.result()
    programs.start([service("keystone")])
    told = json.dumps(_told(passwords))
    programs.run("-m", "lajur_cloud.seed", "identity", said=told)
    programs.start()
    programs.run("-m", "lajur_cloud.seed", "rest", said=told)
    programs.stop()
    programs.stop_database()
    for log in Path(HOME, "log").iterdir():
        log.unlink()


def _write(passwords: texts.Passwords, environment: Path) -> None:
    for name in _FOLDERS:
        Path(HOME, name).mkdir(parents=True)
    for name, text in texts.settings(passwords, DRIVER).items():
        path = Path(HOME, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(text)
    for name in _SHIPPED:
        shutil.copy(environment / "etc" / name, Path(HOME, "etc", name))


def _schemas(programs: Programs, passwords: texts.Passwords) -> None:
    url = service("keystone").url
    keystone = ("keystone-manage", "--config-file", f"{HOME}/etc/keystone/keystone.conf")
    root = ("--keystone-user", "root", "--keystone-group", "root")
    programs.run(*keystone, "db_sync")
    programs.run(*keystone, "fernet_setup", *root)
    programs.run(*keystone, "credential_setup", *root)
    urls = (f"--bootstrap-{face}-url" for face in ("admin", "internal", "public"))
    words = [word for each in urls for word in (each, url)]
    programs.run(*keystone, "bootstrap", "--bootstrap-password", passwords.admin, "--bootstrap-region-id", REGION, *words)
    programs.run("glance-manage", "--config-file", f"{HOME}/etc/glance/glance-api.conf", "db_sync")
    programs.run("placement-manage", "--config-file", f"{HOME}/etc/placement/placement.conf", "db", "sync")
    programs.run("-m", "lajur_cloud.tables", texts.database_url("neutron"))
    programs.run("neutron-db-manage", "--config-file", f"{HOME}/etc/neutron/neutron.conf", "stamp", "heads")


def _schemas_of_nova(programs: Programs) -> None:
    nova = ("nova-manage", "--config-file", f"{HOME}/etc/nova/nova.conf")
    programs.run(*nova, "api_db", "sync")
    programs.run(*nova, "cell_v2", "map_cell0", "--database_connection", texts.database_url("nova_cell0"))
    programs.run(*nova, "cell_v2", "create_cell", "--name", "cell1")
    programs.run(*nova, "db", "sync")
    programs.run("cinder-manage", "--config-file", f"{HOME}/etc/cinder/cinder.conf", "db", "sync")


def _told(passwords: texts.Passwords) -> dict[str, object]:
    return {
        "services": passwords.services,
        "tenant": passwords.tenant,
        "project": PROJECT,
        "user": USER,
        "region": REGION,
        "floating": str(FLOATING),
        "endpoints": [{"name": each.name, "kind": each.kind, "url": each.url} for each in SERVICES if each.kind != "identity"],
    }


def main(folder: str, environment: str) -> int:
    try:
        build(Path(folder), Path(environment))
    except LabError as error:
        sys.stdout.write(json.dumps({"code": error.code, "fields": {name: str(each) for name, each in error.fields.items()}}))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
