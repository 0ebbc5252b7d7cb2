"""Where work was done, as the record and the locks name it: the real devices, those in memory, or one lab that is or was up.

A lab is named with when it was brought up: another one of the same id has other devices, and nothing that is on record of the
one holds on the other.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from network.errors import LabRefused, Refused

if TYPE_CHECKING:
    from network.lab.lab import LabState

DIRECT: Final = "direct"
_LAB: Final = "lab "
_OF_CLOUDS: Final = frozenset({"lab", "infra", "recover"})
"""Commands that work with a cloud, or judge what was done there."""


def place_of(way: str, lab: LabState | None) -> str:
    """The name of where we are, by the way that we came: `direct`, `memory`, or `lab ID SECONDS` on the machine's clock."""
    if way != "lab" or lab is None:
        return way
    from network.lab.state import Folder, Record

    record = Record.read(Folder(lab=lab.plan.lab))
    return f"{_LAB}{lab.plan.lab} {record.started:.3f}" if record else f"{_LAB}{lab.plan.lab}"


def lab_of(place: str) -> str | None:
    """The id of the lab that a place is; None for devices that are no lab's."""
    return place.split()[1] if place.startswith(_LAB) else None


def lock_folder(state: Path, place: str) -> Path:
    """Where this machine's locks of a regency's devices are. Those of labs and of memory hold nobody else up."""
    lab = lab_of(place)
    return state / ("locks" if place == DIRECT else f"locks-{place}" if lab is None else f"locks-lab-{lab}")


def scope(regency: str, place: str) -> str:
    """What names a regency's devices in locks that machines share; no key of a regency has such a sign in it."""
    return regency if place == DIRECT else f"{regency}@{place}"


def join_lab(words: Sequence[str]) -> None:
    """Go where a lab of a person who is not root stands, if one does and these words of a command may mean it: such a lab is a
    cloud alone. To be called before anything else, with one thread."""
    if os.geteuid() != 0 and _OF_CLOUDS & set(words):
        from network.lab.rootless import join

        join()


def labs_up(regency: str) -> frozenset[str]:
    """The places that are labs of this regency and up. Raises LabRefused when this user cannot see labs."""
    from network.lab.lab import find

    return frozenset(place_of("lab", lab) for lab in find(regency))


def is_gone(place: str, regency: str) -> bool:
    """Whether it was a lab of this machine that is no longer up. False where this user cannot see that."""
    try:
        return lab_of(place) is not None and place not in labs_up(regency)
    except LabRefused:
        return False


def not_up(lab_id: str, regency: str) -> Refused:
    """Why a lab that was named is not the one that is meant."""
    up = _regencies_by_lab()
    names = ", ".join(f"{lab} ({key})" for lab, key in up.items()) or "–"
    if lab_id in up and up[lab_id] != regency:
        return Refused("wiring.lab_elsewhere", lab=lab_id, there=up[lab_id], regency=regency, labs=names)
    return Refused("wiring.lab_not_up", lab=lab_id, regency=regency, labs=names)


def _regencies_by_lab() -> dict[str, str]:
    from network.lab.state import Folder, is_held, labs, read_plan

    folders = [Folder(lab=lab) for lab in labs()]
    plans = {folder.lab: read_plan(folder) for folder in folders if is_held(folder)}
    return {lab: plan.regency for lab, plan in plans.items() if plan is not None}
