"""Operators who rent from a lab's cloud with the real engine, and what stands there, for the tests of bad days."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any, TypeVar

import openstack

from network.lab.cloud.parts import NODE
from network.lab.enter import enter_namespace, words_inside
from network.lab.lab import LabState
from network.messages import text
from tests.infra.site import NOW, PASSPHRASE, TODAY, Answer, answer_of

T = TypeVar("T")

CHILD = Path(__file__).with_name("cloud_child.py")
PUBLIC = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHUrYW9u0gqPlpUUg2tXHSUYUmTzZb1Xv0u3YkO0wJ1x"
TOLD = "#!/bin/sh\necho sandi-pangkalan-{{ 6*7 }} > /root/told\n"
"""User data, with a secret in it."""
TEMPLATE = "{{ lookup('env', 'HOME') }}"
PATIENCE = 60.0

Thing = list[Any]


def of(other: str, what: str, at: int | None = None) -> dict[str, Any]:
    """What another thing puts out."""
    return {"of": other, "what": what} | ({} if at is None else {"at": at})


NETWORK: Thing = ["Network", "dalam", {"cidr": "10.20.0.0/24"}, {}]
ROUTER: Thing = ["Router", "pintu", {"outside": "internet", "subnets": [of("Network dalam", "subnet")]}, {}]


def server(name: str, seconds: float | None = None, **own: Any) -> Thing:
    """A small one in the network `dalam`."""
    usual = {"flavor": "small", "image": "debian-12", "ports": [{"network": of("Network dalam", "id")}]}
    return ["Server", name, {**usual, **own}, {} if seconds is None else {"seconds": seconds}]


WHOLE: list[Thing] = [
    NETWORK,
    ROUTER,
    ["Group", "web", {"rules": [{"protocol": "tcp", "ports": "22", "peer": "10.0.0.0/8"}]}, {}],
    ["Key", "web", {"publicKey": PUBLIC}, {}],
    ["Volume", "web", {"size": 1}, {}],
    server("web", key=of("Key web", "id"), userData=TOLD, groups=[of("Group web", "id")], metadata={"untuk": TEMPLATE}),
    ["Attachment", "web", {"server": of("Server web", "id"), "volume": of("Volume web", "id")}, {}],
    ["Address", "web", {"outside": "internet", "port": of("Server web", "portIds", 0)}, {}],
]
"""One of each kind, each in its place."""
ONE_OF_EACH = dict.fromkeys(
    ("networks", "subnets", "ports", "routers", "security_groups", "ips", "servers", "volumes", "keys"), 1
)
"""What that is to the cloud."""


class There:
    """The cloud, asked from beside it: nothing on the way from `noc` touches that."""

    def __init__(self, lab: LabState) -> None:
        assert lab.clouds is not None
        self.clouds = lab.clouds.read_text()
        self._thread = ThreadPoolExecutor(1, initializer=enter_namespace, initargs=(lab.plan.namespace(NODE),))
        self.password = self._own("lab")["auth"]["password"]

    def _own(self, name: str) -> Any:
        from ruamel.yaml import YAML

        return YAML(typ="safe").load(self.clouds)["clouds"][name]

    def do(self, work: Callable[[Any], T], name: str = "lab") -> T:
        """`work`, with a connection of the tenant's, or of who runs the cloud (`lab-admin`)."""

        def done() -> T:
            with openstack.connection.Connection(**self._own(name)) as cloud:
                return work(cloud)

        return self._thread.submit(done).result()

    def run(self, work: Callable[[Any], T]) -> T:
        return self.do(work, "lab-admin")

    @property
    def project(self) -> str:
        return str(self.do(lambda cloud: cloud.current_project_id))

    def marked(self, regency: str = "manokwari") -> dict[str, list[str]]:
        """By kind, what bears our mark or a name that only we give."""
        return self.do(lambda cloud: _marked(cloud, regency))


def _marked(cloud: Any, regency: str) -> dict[str, list[str]]:
    network, tag, start = cloud.network, f"lajur={regency}/", f"lajur-{regency}_"
    kinds = (network.networks, network.subnets, network.ports, network.routers, network.security_groups, network.ips)

    def is_ours(each: Any) -> bool:
        named = f"{each.name or ''} {each.description or ''}"
        return any(one.startswith(tag) for one in each.tags or ()) or named.startswith(start) or tag in named

    found = {kind.__name__: [each.id for each in kind() if is_ours(each)] for kind in kinds}
    texts = [(each.id, "servers", each.metadata) for each in cloud.compute.servers()]
    texts += [(each.id, "volumes", each.metadata) for each in cloud.block_storage.volumes()]
    for key, kind, metadata in texts:
        if metadata.get("lajur", "").startswith(f"{regency}/"):
            found.setdefault(kind, []).append(key)
    found["keys"] = [each.name for each in cloud.compute.keypairs() if each.name.startswith(start)]
    return {kind: sorted(ids) for kind, ids in found.items() if ids}


def counts(found: dict[str, list[str]]) -> dict[str, int]:
    return {kind: len(ids) for kind, ids in found.items()}


@dataclass
class Operator:
    """Somebody with a state and an engine of his own. `regency` is also the stack's name."""

    lab: LabState
    folder: Path
    clouds: str
    regency: str = "manokwari"
    home: str = "home"
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.folder / "state").mkdir(parents=True, exist_ok=True)
        (self.folder / "passphrase").write_text(PASSPHRASE)

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def asked(self, verb: str, things: list[Thing]) -> str:
        request = {
            "verb": verb,
            "folder": str(self.folder),
            "state": f"file://{self.state}",
            "home": str(self.folder / self.home),
            "passphrase_file": str(self.folder / "passphrase"),
            "known_hosts": str(self.folder / "known_hosts"),
            "reports": str(self.folder / "reports"),
            "today": TODAY,
            "now": NOW,
            "project": "lajur",
            "stack": self.regency,
            "access": {},
            "clouds": {"awan": {"clouds": self.clouds, "cloud": "lab"}},
        }
        return json.dumps({"request": request, "things": things})

    def start(self, things: list[Thing], verb: str = "up") -> Run:
        return Run(self, self.asked(verb, things))

    def run(self, things: list[Thing], verb: str = "up") -> Answer:
        return self.start(things, verb).ended()

    def up(self, things: list[Thing], verb: str = "up") -> dict[str, int]:
        """What was done, with nothing said of what stayed."""
        found = self.run(things, verb).result["operations"]
        return {word: count for word, count in found.items() if word not in ("same", "refresh")}


class Run:
    """One run of the child, in a session of its own."""

    def __init__(self, operator: Operator, asked: str) -> None:
        words = [*words_inside(operator.lab), sys.executable, str(CHILD)]
        self._process = subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **operator.environment},
            start_new_session=True,
        )
        assert self._process.stdin is not None
        self._process.stdin.write(asked)
        self._process.stdin.close()
        self._process.stdin = None

    def members(self, words: str = "") -> list[int]:
        """Its processes that run, of those whose command line has these words."""
        found = []
        for each in Path("/proc").iterdir():
            if each.name.isdecimal():
                with suppress(OSError):
                    state, _, _, session = (each / "stat").read_text().rpartition(")")[2].split()[:4]
                    said = (each / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    if int(session) == self._process.pid and state not in "ZX" and words in said:
                        found.append(int(each.name))
        return found

    def kill(self, words: str = "") -> None:
        for pid in self.members(words):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def ended(self) -> Answer:
        """Once nothing of it runs any more."""
        out, err = self._process.communicate(timeout=240)
        until(lambda: not self.members(), "nothing of it runs")
        return answer_of(out, err)


def until(holds: Callable[[], Any], what: str) -> Any:
    deadline = monotonic() + PATIENCE
    while not (found := holds()):
        assert monotonic() < deadline, f"not within {PATIENCE:.0f} s: {what}"
        sleep(0.02)
    return found


def failures(answer: Answer) -> dict[str, dict[str, Any]]:
    """By what failed, its code and fields."""
    assert answer.last["event"] == "failed", (answer.last, answer.errors)
    fields = answer.last["fields"]
    if answer.code == "infra.several_failed":
        return {_what(each["fields"], each["server"]): {**each["fields"], "code": each["code"]} for each in fields["failures"]}
    return {_what(fields, fields.get("server", "")): {**fields, "code": answer.code}}


def _what(fields: dict[str, Any], server: str) -> str:
    """The kind and the name of what is rented."""
    return str(fields.get("what") or server)


def said(failure: dict[str, Any]) -> str:
    """The message in both languages, each of which names the cloud, the thing, and the request where there is one."""
    fields = {name: value for name, value in failure.items() if name != "code"}
    both = [text(failure["code"], language, fields) for language in ("id", "en")]
    for one in both:
        for name in ("cloud", "what", "reason"):
            assert str(failure[name]) in one, (name, one)
        assert failure["request"] == "–" or failure["request"] in one
        assert "{" not in one.replace("{{", "")
    assert both[0] != both[1]
    return "\n".join(both)


def shows(folder: Path, *secrets: str) -> list[str]:
    """The files below the folder in which one of these stands."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [str(path.relative_to(folder)) for path in files if any(each.encode() in path.read_bytes() for each in secrets)]
