"""The provider as the engine would start it, without an engine: its executable, its port, its calls."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from infra import broker
from infra.inputs import server_inputs
from inventory.load import load_regency
from tests.infra.site import REGENCY, TODAY, Site
from tests.infra.troubled import until

# Made by a compiler, with types that name what a call may leave out.
grpc: Any = import_module("grpc")
provider_pb2: Any = import_module("pulumi.runtime.proto.provider_pb2")
provider_pb2_grpc: Any = import_module("pulumi.runtime.proto.provider_pb2_grpc")
empty_pb2: Any = import_module("google.protobuf.empty_pb2")
struct_pb2: Any = import_module("google.protobuf.struct_pb2")
json_format: Any = import_module("google.protobuf.json_format")

URN = "urn:pulumi:manokwari::lajur::lajur:infra:LeasedServer$lajur:leased:Server::app-1"


class Provider:
    """One that runs. `said` is what it told the broker; `left`: what is answered when it asks for access to a server that is no
    longer in the truth."""

    def __init__(self, site: Site, held: ExitStack) -> None:
        self.site, self.said = site, list[tuple[str, dict[str, Any]]]()
        self.left: dict[str, Any] | None = None
        self._broker = held.enter_context(ExitStack())
        address = self._broker.enter_context(broker.serve(self._answer))
        words = [str(Path(sys.executable).with_name("pulumi-resource-lajur")), "127.0.0.1:1"]
        # A parent of its own, as the engine is: it can die without us.
        self.parent = subprocess.Popen(
            [sys.executable, "-c", "import subprocess, sys; subprocess.run(sys.argv[1:])", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**os.environ, broker.ADDRESS: address},
        )
        held.callback(self._end)
        assert self.parent.stdout is not None
        channel = grpc.insecure_channel(f"127.0.0.1:{int(self.parent.stdout.readline())}")
        held.callback(channel.close)
        self.calls: Any = provider_pb2_grpc.ResourceProviderStub(channel)

    def _end(self) -> None:
        if self.running():
            os.killpg(self.parent.pid, signal.SIGKILL)
        self.parent.communicate()

    def running(self) -> list[int]:
        """Its own process and its parent's, those that live."""
        found = []
        for each in Path("/proc").iterdir():
            try:
                state, _, group = (each / "stat").read_text().rpartition(")")[2].split()[:3]
            except (OSError, ValueError):
                continue
            if group == str(self.parent.pid) and state not in "ZX":
                found.append(int(each.name))
        return found

    def close_broker(self) -> None:
        self._broker.close()

    def _answer(self, word: str, fields: dict[str, Any]) -> dict[str, Any]:
        if word == "tell":
            self.said.append((fields["event"], fields["fields"]))
            return {}
        known = {"known_hosts": str(self.site.folder / "known_hosts"), "today": TODAY, "now": "2026-11-26T08:00:00+00:00"}
        if self.left is not None:
            return {**known, **self.left}
        login = {"user": "root", "host": "127.0.0.1", "port": self.site.ports["app-1"], "private_key": self.site.key}
        return {**known, **login, "password": None, "sudo": False, "bmc_user": None, "bmc_password": None}


@pytest.fixture
def provider(site: Site) -> Iterator[Provider]:
    with ExitStack() as held:
        yield Provider(site, held)


def inputs() -> dict[str, Any]:
    regency = load_regency(REGENCY)
    return server_inputs(regency, next(server for server in regency.servers if server.key == "app-1"))


def struct(values: dict[str, Any]) -> Any:
    made = struct_pb2.Struct()
    made.update(values)
    return made


def plain(message: Any) -> dict[str, Any]:
    return dict(json_format.MessageToDict(message))


def refused(call: Any, request: Any) -> str:
    with pytest.raises(grpc.RpcError) as raised:
        call(request)
    return str(raised.value.details())


def test_a_server_s_whole_life_over_the_wire(provider: Provider, site: Site) -> None:
    calls, wanted = provider.calls, struct(inputs())
    assert calls.GetPluginInfo(empty_pb2.Empty()).version
    assert "lajur:leased:Server" in calls.GetSchema(provider_pb2.GetSchemaRequest()).schema
    calls.CheckConfig(provider_pb2.CheckRequest(urn=URN, news=struct({})))
    assert calls.Configure(provider_pb2.ConfigureRequest(args=struct({}))).supportsPreview

    lacking = calls.Check(provider_pb2.CheckRequest(urn=URN, type="lajur:leased:Server", news=struct({"server": "app-1"})))
    assert {each.property for each in lacking.failures} == {"regency", "address", "lease"}
    assert not calls.Check(provider_pb2.CheckRequest(urn=URN, type="lajur:leased:Server", news=wanted)).failures

    create = {"urn": URN, "name": "app-1", "type": "lajur:leased:Server", "properties": wanted}
    assert not calls.Create(provider_pb2.CreateRequest(**create, preview=True)).id
    assert '"files": {}' in site.machine("app-1").read_text()
    made = calls.Create(provider_pb2.CreateRequest(**create))
    assert made.id == "app-1"
    assert "adopted" in site.machine("app-1").read_text()

    same = {"id": "app-1", "urn": URN, "name": "app-1", "type": "lajur:leased:Server"}
    assert plain(calls.Read(provider_pb2.ReadRequest(**same, properties=made.properties)).properties) == plain(made.properties)
    diff = {**same, "olds": made.properties, "old_inputs": wanted}
    assert calls.Diff(provider_pb2.DiffRequest(**diff, news=wanted)).changes == provider_pb2.DiffResponse.DIFF_NONE
    moved = struct({**inputs(), "serial": "SN-app-1"})
    assert list(calls.Diff(provider_pb2.DiffRequest(**diff, news=moved)).diffs) == ["serial"]

    site.change("app-1", services={"service-07.service": False})
    drifted = calls.Read(provider_pb2.ReadRequest(**same, properties=made.properties))
    assert [each["name"] for each in plain(drifted.properties)["drift"]] == ["service-07.service"]
    update = {**same, "olds": drifted.properties, "news": wanted}
    mended = calls.Update(provider_pb2.UpdateRequest(**update))
    assert plain(mended.properties)["drift"] == []

    site.change("app-1", dead=True)
    unreachable = plain(calls.Read(provider_pb2.ReadRequest(**same, properties=made.properties)).properties)
    assert [each["kind"] for each in unreachable["drift"]] == ["unreachable"]
    assert refused(calls.Update, provider_pb2.UpdateRequest(**update)).strip().endswith("app-1: infra.no_ssh")
    site.change("app-1", dead=False)
    calls.Delete(provider_pb2.DeleteRequest(**same, properties=made.properties))
    assert [event for event, _ in provider.said if event == "infra.released"]
    calls.Cancel(empty_pb2.Empty())


def test_one_that_left_the_truth_is_looked_at_kept_and_let_go_of_when_it_is_lost(provider: Provider, site: Site) -> None:
    create = {"urn": URN, "name": "app-1", "type": "lajur:leased:Server"}
    made = provider.calls.Create(provider_pb2.CreateRequest(**create, properties=struct(inputs())))
    same = {**create, "id": "app-1", "properties": made.properties}
    provider.left = {"code": "infra.unknown_server", "lost": ""}
    seen = plain(provider.calls.Read(provider_pb2.ReadRequest(**same)).properties)
    assert [(each["kind"], each["found"]) for each in seen["drift"]] == [("unreachable", "infra.unknown_server")]
    assert refused(provider.calls.Delete, provider_pb2.DeleteRequest(**same)).strip().endswith("app-1: infra.unknown_server")
    assert "adopted" in site.machine("app-1").read_text()
    provider.left["lost"] = "burnt"
    provider.calls.Delete(provider_pb2.DeleteRequest(**same))
    (released,) = [fields for event, fields in provider.said if event == "infra.released"]
    assert released["proof"]["lost"] == "burnt"


def test_an_error_is_one_line_and_what_a_machine_says_stays_data(provider: Provider, site: Site) -> None:
    create = {"urn": URN, "name": "app-1", "type": "lajur:leased:Server"}
    strange = "{{ 6*7 }} \x1b[2J$(reboot)"
    site.change("app-1", serial=strange, packages={"libc6": strange})
    made = provider.calls.Create(provider_pb2.CreateRequest(**create, properties=struct(inputs())))
    seen = plain(made.properties)
    assert "{{ 6*7 }}" in seen["facts"]["serial"]
    assert "\x1b" not in str(seen)
    site.change("app-1", memory=32 * 2**30)
    for wrong in (inputs(), {**inputs(), "server": "app-9"}):
        text = refused(provider.calls.Create, provider_pb2.CreateRequest(**create, properties=struct(wrong)))
        assert "Traceback" not in text
        assert len(text.strip().splitlines()) == 1
    ship = {"urn": URN.replace("Server::app", "Ship::app"), "type": "lajur:leased:Ship", "properties": struct(inputs())}
    text = refused(provider.calls.Create, provider_pb2.CreateRequest(**ship))
    assert text.endswith("leased:Ship")


def test_it_ends_with_its_parent(provider: Provider) -> None:
    provider.parent.kill()
    until(lambda: not provider.running(), "it ends")


def test_it_ends_with_the_child_that_holds_the_broker() -> None:
    text = "import time; from infra import broker\nwith broker.serve(lambda w, f: {}) as a: print(a, flush=True); time.sleep(99)"
    with subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        address = child.stdout.readline().strip()
        words = [str(Path(sys.executable).with_name("pulumi-resource-lajur")), "127.0.0.1:1"]
        environment = {**os.environ, broker.ADDRESS: address}
        with subprocess.Popen(words, stdout=subprocess.PIPE, env=environment) as process:
            assert process.stdout is not None
            assert int(process.stdout.readline()) > 0
            child.kill()
            assert process.wait(60) != 0
            child.wait()
            broker.sweep()
            assert not Path(address).exists()


def test_nobody_starts_it_by_hand() -> None:
    words = [str(Path(sys.executable).with_name("pulumi-resource-lajur")), "127.0.0.1:1"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 64
    assert len(done.stderr.strip().splitlines()) == 1
