"""What is told of a resource's end: the engine calls done whatever came back without an error."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from infra.events import Teller
from infra.page import Head
from infra.reports import Reports
from infra.request import Request
from infra.watch import Watch

SERVER, CONTROLLER = "lajur:leased:Server", "lajur:leased:Controller"


class Heard:
    """One watch of one verb; `steps` is what it told of resources."""

    def __init__(self, folder: Path, verb: str) -> None:
        paths = dict.fromkeys(("folder", "home", "passphrase_file", "known_hosts", "reports"), str(folder))
        told = {"state": f"file://{folder}", "today": "2026-11-26", "now": "2026-11-26T08:00:00Z", "project": "lajur"}
        access = {"app-1": {"user": "root"}}
        request = Request.model_validate({**paths, **told, "stack": "x", "access": access, "verb": verb})
        self._said = io.StringIO()
        reports = Reports(folder / "reports", Head(regency="X"))
        self.watch = Watch(request, Teller(self._said), reports, stood_on={"app-1": ("awan", "web")})

    def told(self, event: str, **fields: Any) -> None:
        self.watch.answer("tell", {"event": event, "fields": {"server": "app-1", **fields}})

    def differs(
        self, kind: str, mend: str = "person", name: str = "x", event: str = "infra.difference", server: str = "app-1"
    ) -> None:
        self.told(event, kind=kind, name=name, wanted="", found="", mend=mend, server=server)

    def failed(self, kind: str = SERVER, status: int = 4) -> None:
        self.told("infra.failed", kind=kind, code="infra.cut", fields={}, status=status)

    def step(
        self,
        operation: str,
        ends: str = "res_outputs_event",
        kind: str = SERVER,
        diffs: tuple[str, ...] = ("drift",),
        server: str = "app-1",
    ) -> None:
        names = ("resource_pre_event", "res_outputs_event", "res_op_failed_event", "policy_event", "diagnostic_event")
        metadata = SimpleNamespace(type=kind, urn=f"urn:pulumi:x::lajur::{kind}::{server}", op=operation, diffs=list(diffs))
        event: Any = SimpleNamespace(**dict.fromkeys(names) | {ends: SimpleNamespace(metadata=metadata)})
        self.watch.event(event)

    @property
    def steps(self) -> list[tuple[str, str]]:
        """Operation and status of each."""
        told = [json.loads(line) for line in self._said.getvalue().splitlines()]
        fields = [each["fields"] for each in told if each["event"] == "infra.resource"]
        return [(each["operation"], each["status"]) for each in fields]

    @property
    def last(self) -> tuple[str, str]:
        return self.steps[-1]


@pytest.mark.parametrize("verb", ["up", "preview"])
def test_what_the_provider_could_not_do_failed_whatever_the_engine_says(tmp_path: Path, verb: str) -> None:
    heard = Heard(tmp_path, verb)
    heard.step("create", "resource_pre_event")
    heard.failed()
    heard.step("create")
    assert heard.last == ("create", "failed")
    heard.step("create", kind=CONTROLLER)
    assert heard.last == ("create", "done"), "the other one is another thing"


@pytest.mark.parametrize(
    ("kind", "name", "of", "status"),
    [
        ("unreachable", "app-1", SERVER, "failed"),
        ("host_key", "app-1", SERVER, "failed"),
        ("host_key", "ed25519", SERVER, "done"),
        ("package_changed", "x", SERVER, "done"),
        ("controller_unreachable", "app-1", SERVER, "done"),
        ("controller_unreachable", "app-1", CONTROLLER, "failed"),
        ("unreachable", "app-1", CONTROLLER, "done"),
    ],
)
def test_a_look_at_what_did_not_answer_failed(tmp_path: Path, kind: str, name: str, of: str, status: str) -> None:
    heard = Heard(tmp_path, "refresh")
    heard.step("refresh", "resource_pre_event", of)
    heard.differs(kind, name=name)
    heard.step("refresh", kind=of)
    assert heard.last == ("refresh", status)


def test_a_look_ends_as_a_look_under_whatever_name(tmp_path: Path) -> None:
    heard = Heard(tmp_path, "drift")
    heard.step("refresh", "resource_pre_event")
    heard.step("update")
    assert heard.last == ("refresh", "done")
    heard.step("update", "resource_pre_event")
    heard.step("update")
    assert heard.last == ("update", "done")


@pytest.mark.parametrize("mend", ["person", "repair"])
def test_mending_that_leaves_something_to_a_person_is_not_done(tmp_path: Path, mend: str) -> None:
    """Also where there were commands for it, which came to nothing."""
    heard = Heard(tmp_path, "up")
    heard.differs("package_changed", mend)
    heard.step("update")
    assert heard.last == ("update", "done"), "it was mended meanwhile"
    heard.differs("package_changed", mend, event="infra.unrepaired")
    heard.step("update")
    assert heard.last == ("update", "unrepaired")


@pytest.mark.parametrize(("mend", "status"), [("person", "unrepaired"), ("repair", "done")])
def test_a_preview_says_that_something_will_be_left_to_a_person(tmp_path: Path, mend: str, status: str) -> None:
    heard = Heard(tmp_path, "preview")
    heard.differs("service_stopped", mend)
    heard.step("update")
    assert heard.last == ("update", status)


@pytest.mark.parametrize(
    ("names", "diffs", "operation"),
    [
        (("lease.place",), ("lease",), "record"),
        (("lease.place", "names"), ("lease", "names"), "record"),
        (("lease.place",), ("lease", "drift"), "update"),
        (("lease.place", "lease.promise.memory"), ("lease",), "update"),
        ((), ("drift",), "update"),
    ],
)
def test_where_only_texts_changed_it_is_called_by_another_name(
    tmp_path: Path, names: tuple[str, ...], diffs: tuple[str, ...], operation: str
) -> None:
    heard = Heard(tmp_path, "preview")
    for name in names:
        heard.differs("truth_changed", "repair", name)
    heard.step("update", diffs=diffs)
    assert heard.last == (operation, "done")
    assert heard.watch.heard.operations == {"app-1": operation}


@pytest.mark.parametrize(("verb", "status"), [("up", 5), ("preview", 4)])
def test_where_nothing_is_changed_a_broken_connection_leaves_nothing_half_done(tmp_path: Path, verb: str, status: int) -> None:
    heard = Heard(tmp_path, verb)
    heard.failed(status=5)
    assert heard.watch.heard.failures["app-1"].status == status


def test_a_cloud_is_given_out_by_its_key_or_as_the_only_one(tmp_path: Path) -> None:
    watch = Heard(tmp_path, "up").watch
    unknown = watch.answer("cloud", {"cloud": "awan"})
    assert (unknown["code"], unknown["key"]) == ("infra.cloud_unknown", "awan")
    told = {"awan": {"clouds": "/etc/lajur/clouds.yaml", "cloud": "lab", "place": "env:CLOUDS"}}
    watch.request = Request.model_validate({**watch.request.model_dump(), "clouds": told})
    assert "/etc/lajur" not in repr(watch.request)
    for asked in ("awan", ""):
        assert watch.answer("cloud", {"cloud": asked}) == {"key": "awan", **told["awan"]}


@pytest.mark.parametrize(
    ("name", "mend", "follows"),
    [
        ("machine", "repair", True),
        ("address.port", "repair", True),
        ("machine", "person", False),
        ("volume.size", "repair", False),
    ],
)
def test_who_does_not_answer_because_of_what_is_mended_in_the_cloud_needs_no_person(
    tmp_path: Path, name: str, mend: str, *, follows: bool
) -> None:
    heard = Heard(tmp_path, "drift")
    heard.differs("rented_gone", mend, name)
    heard.differs("service_stopped")
    heard.differs("unreachable")
    first, other, last = heard.watch.heard.differences["app-1"]
    assert (first["mend"], other["mend"], last["mend"]) == (mend, "person", "repair" if follows else "person")


@pytest.mark.parametrize(("ground", "mend"), [("web", "repair"), ("other", "person")])
def test_what_a_server_stands_on_may_be_why_it_does_not_answer(tmp_path: Path, ground: str, mend: str) -> None:
    heard = Heard(tmp_path, "drift")
    heard.differs("rented_changed", "repair", "group.rules", server=f"SecurityGroup {ground}")
    heard.differs("unreachable")
    (found,) = heard.watch.heard.differences["app-1"]
    assert found["mend"] == mend


def test_of_one_that_is_rented_it_is_told_what_gives_it_back(tmp_path: Path) -> None:
    heard = Heard(tmp_path, "drift")
    for server in ("app-1", "db-1"):
        heard.differs("lease_expired", server=server)
    assert [heard.watch.heard.differences[each][0].get("reason") for each in ("app-1", "db-1")] == ["rented_over", None]


def test_one_that_is_protected_is_not_replaced_whatever_else_was_said_of_that(tmp_path: Path) -> None:
    heard = Heard(tmp_path, "up")
    heard.differs("rented_changed", "repair", "machine.flavor")
    heard.told("infra.failed", kind="lajur:cloud:Server", code="infra.cloud_other", fields={}, status=3, server="Server app-1")
    names = ("resource_pre_event", "res_outputs_event", "res_op_failed_event", "policy_event", "diagnostic_event")
    message = (
        'unable to replace resource "urn:pulumi:x::lajur::lajur:cloud:Server::app-1"\nas it is currently marked for protection.'
    )
    event: Any = SimpleNamespace(
        **dict.fromkeys(names) | {"diagnostic_event": SimpleNamespace(severity="error", message=message)}
    )
    heard.watch.event(event)
    (failure,) = heard.watch.heard.failures.values()
    assert (failure.code, failure.server, failure.fields["changes"]) == ("infra.not_replaced", "app-1", "machine.flavor:  > ")


def test_what_alone_is_left_of_one_goes_and_is_told(tmp_path: Path) -> None:
    """Of one that was taken over the engine says so too, and it never comes to anything."""
    gone, held = "lajur:cloud:Server", "app-9"
    alone = Heard(tmp_path, "up")
    alone.step("delete", kind=gone, server=held)
    assert alone.last == ("delete", "done")
    taken = Heard(tmp_path, "up")
    taken.step("delete", server=held)
    taken.step("delete", kind=gone, server=held)
    assert taken.steps == []


def test_what_was_not_rented_failed_as_any_other(tmp_path: Path) -> None:
    heard = Heard(tmp_path, "up")
    heard.told("infra.failed", kind="lajur:cloud:Network", code="infra.cloud_quota", fields={}, status=3, server="Network web")
    assert heard.watch.heard.failures["Network web"].code == "infra.cloud_quota"
    assert heard.watch.heard.failures["Network web"].server == "web"
    assert heard.watch.heard.failed == {("network", "web")}
