"""The provider's kinds for what is rented, as the engine would ask for them: checked, compared, and refused without a cloud."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.infra.site import Site
from tests.infra.test_provider import Provider, plain, provider_pb2, refused, struct

KIND = "lajur:cloud:Network"
URN = f"urn:pulumi:manokwari::lajur::{KIND}::dalam"
INPUTS = {"cloud": "awan", "regency": "manokwari", "name": "dalam", "cidr": "10.20.0.0/24"}
CLOUDS = "clouds:\n  lab: {auth: {auth_url: 'http://127.0.0.1:9/v3', username: u, password: hush-hush, project_name: p}}\n"
SAME: dict[str, Any] = {"urn": URN, "name": "dalam", "type": KIND}


class Renting(Provider):
    """One whose broker knows a cloud in which nobody answers."""

    asked: dict[str, Any]

    def _answer(self, word: str, fields: dict[str, Any]) -> dict[str, Any]:
        if word == "cloud":
            self.asked = fields
            return {"key": "awan", "clouds": CLOUDS, "cloud": "lab"}
        return super()._answer(word, fields)

    @property
    def failed(self) -> dict[str, Any]:
        return next(fields for event, fields in reversed(self.said) if event == "infra.failed")


@pytest.fixture
def provider(site: Site) -> Iterator[Renting]:
    with ExitStack() as held:
        yield Renting(site, held)


def test_inputs_are_checked_by_field_and_completed(provider: Renting) -> None:
    good = provider.calls.Check(provider_pb2.CheckRequest(**SAME, news=struct(INPUTS)))
    assert not good.failures
    assert plain(good.inputs) == {**INPUTS, "resolvers": [], "dhcp": True}
    rules = [{"protocol": "tcp", "ports": "70000"}]
    group = {"urn": URN.replace("Network", "Group"), "name": "dalam", "type": "lajur:cloud:Group"}
    wrong = provider.calls.Check(provider_pb2.CheckRequest(**group, news=struct({**INPUTS, "cidr": "x", "rules": rules})))
    assert {each.property for each in wrong.failures} == {"cidr", "rules[0].ports"}
    assert any("70000" in each.reason for each in wrong.failures)


def test_what_cannot_be_changed_is_replaced_and_the_old_one_goes_first(provider: Renting) -> None:
    state = struct({**INPUTS, "resolvers": [], "dhcp": True, "gateway": "10.20.0.1", "owner": "manokwari/dalam", "id": "n-1"})
    compare: dict[str, Any] = {"id": "n-1", **SAME, "olds": state, "old_inputs": struct(INPUTS)}
    same = provider.calls.Diff(provider_pb2.DiffRequest(**compare, news=struct(INPUTS)))
    assert same.changes == provider_pb2.DiffResponse.DIFF_NONE
    grown = provider.calls.Diff(provider_pb2.DiffRequest(**compare, news=struct({**INPUTS, "resolvers": ["10.20.0.9"]})))
    assert (list(grown.diffs), list(grown.replaces)) == (["resolvers"], [])
    moved = provider.calls.Diff(provider_pb2.DiffRequest(**compare, news=struct({**INPUTS, "cidr": "10.9.0.0/24"})))
    assert (list(moved.replaces), moved.deleteBeforeReplace) == (["cidr"], True)


def test_a_cloud_that_is_away_fails_with_our_code_and_without_a_secret(provider: Renting) -> None:
    create = provider_pb2.CreateRequest(**SAME, properties=struct(INPUTS))
    assert refused(provider.calls.Create, create).strip().endswith("Network dalam: infra.cloud_away")
    told = provider.failed
    assert (told["server"], told["fields"]["cloud"], told["fields"]["what"]) == ("Network dalam", "awan", "Network dalam")
    assert "hush" not in str(provider.said)
    preview = provider.calls.Create(provider_pb2.CreateRequest(**SAME, properties=struct(INPUTS), preview=True))
    assert plain(preview.properties) == INPUTS, "one that cannot be previewed keeps nobody else from being previewed"


def test_one_that_is_imported_is_asked_for_by_its_id_alone(provider: Renting) -> None:
    read = provider_pb2.ReadRequest(id="n-1", **SAME)
    assert refused(provider.calls.Read, read).strip().endswith("Network dalam: infra.cloud_away")
    assert provider.asked == {"cloud": "", "name": "dalam"}
