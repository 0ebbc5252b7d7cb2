"""What a role keeps on a server in one task: each part only as far as it is said, in one order, and told as one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.modules.conftest import Loader

DID = {"changed": True, "lajur": {"changed": ["x"]}, "diff": {"before": "", "after": "x\n"}}
LAID = {"changed": False, "lajur": {"changed": []}, "diff": []}


class Said(Exception):
    """How the module ended."""


class Here:
    """What the module asks of Ansible, with these parameters."""

    check_mode = False

    def __init__(self, **told: Any) -> None:
        self.params = {"packages": [], "firewall": None, "seconds": 60, "units": {}, **told}

    def __call__(self, **_arguments: Any) -> Here:
        return self

    def exit_json(self, **told: Any) -> None:
        raise Said(told)


@pytest.fixture
def parts(module: Loader, shared: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What each part answers, by its name, and `did`: which were asked, with what beside the module."""
    found: dict[str, Any] = {"laying": LAID, "apt": DID, "nft": {"changed": True, "lajur": {"pending": False}}, "units": DID}
    found |= {"did": [], "module": module("lajur_server")}
    for name, part in (("laying", "keep"), ("apt", "keep"), ("nft", "load"), ("units", "keep")):

        def answer(_here: Any, *words: Any, _name: str = name) -> Any:
            found["did"].append((_name, *words))
            return found[_name]

        monkeypatch.setattr(shared[f"lajur_{name}"], part, answer)
    return found


def play(parts: dict[str, Any], **told: Any) -> dict[str, Any]:
    parts["module"].AnsibleModule = Here(**told)
    with pytest.raises(Said) as said:
        parts["module"].main()
    return dict(said.value.args[0])


def test_what_is_not_said_is_not_asked(parts: dict[str, Any]) -> None:
    told = play(parts)
    assert [name for name, *_ in parts["did"]] == ["laying"]
    assert told == {"changed": False, "diff": [], "lajur": {"changed": [], "pending": False}}


def test_all_parts_in_their_order_are_told_as_one(parts: dict[str, Any]) -> None:
    parts["laying"] = {"changed": True, "lajur": {"changed": ["/etc/x"]}, "diff": [{"before": "", "after": "y"}]}
    told = play(parts, packages=["chrony"], firewall="included", units={"x.service": {}})
    assert [name for name, *_ in parts["did"]] == ["laying", "apt", "nft", "units"]
    assert parts["did"][1][1:] == (["chrony"], 300)
    assert parts["did"][2][1]["state"] == "included"
    assert told["lajur"] == {"changed": ["/etc/x", "x", "x", "firewall"], "pending": False}
    assert told["diff"] == [{"before": "", "after": "y"}, DID["diff"], DID["diff"]]


def test_rules_that_wait_to_be_confirmed_are_said_to(parts: dict[str, Any]) -> None:
    parts["nft"] = {"changed": True, "lajur": {"pending": True}, "diff": {"before": "", "after": "r"}}
    told = play(parts, firewall="loaded", seconds=5)
    assert (parts["did"][1][1]["seconds"], told["lajur"]["pending"], told["changed"]) == (5, True, True)
