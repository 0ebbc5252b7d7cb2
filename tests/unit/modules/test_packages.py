"""What is missing is installed, also after a dpkg that was cut off."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.modules.conftest import Loader

CUT_OFF = "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem.\n"


class Said(Exception):
    """How the module ended."""


class Debian:
    """Packages, and a dpkg that was interrupted."""

    def __init__(self, *, mends: bool) -> None:
        self.params = {"names": ["chrony"], "wait": 1}
        self.check_mode, self.mends, self.broken = False, mends, True
        self.there: set[str] = set()
        self.did: list[str] = []

    def __call__(self, **_arguments: Any) -> Debian:
        return self

    def exit_json(self, **told: Any) -> None:
        raise Said(told)

    fail_json = exit_json

    def run_command(self, words: list[str], **_more: Any) -> tuple[int, str, str]:
        if words[0] == "dpkg-query":
            return 0, "".join(f"{name} ii \n" for name in self.there), ""
        self.did.append(words[0])
        if words[0] == "dpkg":
            assert words[1:3] == ["--force-confdef", "--force-confold"]
            self.broken = not self.mends
        elif not self.broken:
            self.there.add(words[-1])
        return (100, "", CUT_OFF) if self.broken else (0, "", "")


@pytest.mark.parametrize("mends", [True, False])
def test_what_was_cut_off_is_finished_once_and_then_asked_again(
    module: Loader, monkeypatch: pytest.MonkeyPatch, mends: bool
) -> None:
    packages, debian = module("lajur_packages"), Debian(mends=mends)
    monkeypatch.setattr(packages, "AnsibleModule", debian)
    with pytest.raises(Said) as said:
        packages.main()
    told = said.value.args[0]
    assert debian.did == ["apt-get", "dpkg", "apt-get"]
    assert told.get("changed", False) is mends
    assert mends or "dpkg was interrupted" in told["msg"]


def test_a_repository_that_is_away_is_told_in_a_form_that_can_be_read(
    module: Loader, shared: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    packages, debian = module("lajur_packages"), Debian(mends=False)
    away = "Err:1 http://192.0.2.1 ./ chrony 4.3\n  Could not connect\nE: Failed to fetch http://192.0.2.1/chrony.deb\n"
    monkeypatch.setattr(packages, "AnsibleModule", debian)
    monkeypatch.setattr(debian, "broken", False)
    monkeypatch.setattr(shared["lajur_apt"], "_apt", lambda *_words: (100, away))
    with pytest.raises(Said) as said:
        packages.main()
    told = said.value.args[0]["lajur"]
    assert (told["problem"], told["missing"]) == ("packages", ["chrony"])
    assert "http://192.0.2.1" in told["said"]
