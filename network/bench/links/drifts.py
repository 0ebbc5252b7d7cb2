"""Rows `drift.*`: every device of the lab compared with the truth, a hundred times, while nobody changes anything."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from network.bench.rows import Row, median_row
from network.bench.scene import Scene, quiet
from network.errors import LabError
from network.link_wiring import LinkGround, link_ground
from network.services.apply import Wish
from network.services.drift import LinkPart, drift
from network.services.hands import Hands
from network.services.links.apply import LinkWish
from network.services.links.rollout import roll_out

POLLS: Final = 100
SECONDS: Final = 3.0


def measure(scene: Scene, report: Callable[[Row], None]) -> None:
    """Queues and links are carried to the truth first; what is found after that is found by mistake."""
    lab = scene.lab.plan.lab
    scene.clock.set(quiet(scene.regency))
    with scene.hands() as hands, link_ground(scene.settings, scene.regency, via="lab", lab_id=lab) as links:
        scene.apply(hands, "drift")
        _carry(scene, links)
    with scene.hands() as hands, link_ground(scene.settings, scene.regency, via="lab", lab_id=lab) as links:
        polls = [_polled(scene, hands, links) for _ in range(POLLS)]
    devices = len(scene.lab.plan.routers)
    seconds = [each[0] for each in polls]
    report(median_row("drift.seconds", f"{devices} devices compared with the truth, sessions warm", seconds, "s", "<=", SECONDS))
    report(median_row("drift.cold", "the first of them, nothing connected", seconds[:1], "s"))
    false = float(sum(each[1] for each in polls))
    what = f"differences found in {POLLS} polls of devices that nobody changed"
    report(Row(id="drift.false", what=what, value=false, unit="findings", bar=0, direction="<=", holds=not false))


def _carry(scene: Scene, links: LinkGround) -> None:
    """Raises LabError when a link does not come to hold what the truth says."""
    wish = LinkWish(regency=scene.regency.head.key, reason="bench drift")
    done = roll_out(links.intents, wish, links.hands)
    for failed in done.failed:
        raise LabError("bench.push", device=", ".join(failed.links), reason=str(failed.error)) from failed.error


def _polled(scene: Scene, hands: Hands, links: LinkGround) -> tuple[float, int]:
    """Seconds, and how much was found. A device that could not be read counts as found."""
    wish = Wish(regency=scene.regency, reason="drift", now=scene.clock.now())
    began = time.perf_counter()
    found = drift(wish, hands, LinkPart(links.intents, links.hands, links.alone))
    return time.perf_counter() - began, len(found.findings) + len(found.unread)
