"""What the demo of leased servers says in the end: how its numbers belong together, and that a promise can be broken."""

from __future__ import annotations

import pytest

from inventory.load import SHIPPED, load_regency
from network.bench.demo_report import Promise
from network.bench.servers.demo import _promises, _report
from network.bench.servers.story import Cast, Told, cast
from network.core.building import Difference, Verb
from network.messages import Language, text
from network.services.build_report import Acceptance, BuildReport


def difference(server: str, kind: str) -> Difference:
    return Difference(server=server, kind=kind, name="cron", wanted="a", found="b", mend="repair", reason="")


def told(who: Cast, *left: Difference) -> Told:
    """Four things done by hand, and two more that follow from them."""
    servers = (who.short, who.stopped, who.stripped, who.opened, who.entered)
    seen = [
        difference(who.stopped.key, "service_stopped"),
        difference(who.stripped.key, "package_removed"),
        difference(who.stripped.key, "service_stopped"),
        difference(who.stripped.key, "user_removed"),
        difference(who.opened.key, "port_opened"),
        difference(who.entered.key, "key_added"),
    ]
    accepted = [Acceptance(server=each.key, accepted=each is not who.short, lines=(), files=()) for each in servers]
    return Told(
        cast=who,
        taken=BuildReport(verb=Verb.UP, acceptances=accepted),
        seen=BuildReport(verb=Verb.DRIFT, differences=seen),
        mended=BuildReport(verb=Verb.UP, repaired=[each for each in seen if each not in left]),
        again=BuildReport(verb=Verb.DRIFT, differences=list(left)),
        returned=BuildReport(verb=Verb.DESTROY),
        proofs={},
        secrets=0,
    )


def promise(story: Told, name: str) -> Promise:
    return next(each for each in _promises(story) if each.code == f"bench.servers.{name}")


@pytest.fixture
def who() -> Cast:
    return cast(load_regency(SHIPPED / "manokwari"))


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_was_done_by_hand_and_what_was_found_are_told_together(who: Cast, language: Language) -> None:
    found = promise(told(who), "found")
    mended = promise(told(who), "mended")
    assert (found.kept, mended.kept) == (True, True)
    assert all(number in text(found.code, language, found.fields) for number in ("4 ", "6 "))
    assert text(mended.code, language, mended.fields).startswith("6 ")
    assert text(mended.code, language, mended.fields).count("6") == 2


def test_what_is_left_after_mending_is_told_and_breaks_the_promise(who: Cast) -> None:
    story = told(who, difference(who.stopped.key, "service_stopped"))
    mended = promise(story, "mended")
    assert (mended.kept, mended.fields) == (False, {"count": 5, "differences": 6, "left": 1})
    assert not _report(story).kept
