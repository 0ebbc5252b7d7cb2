"""A machine's management controller as a port, whatever speaks to it: what it tells, what it holds, what it is ordered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from infra.facts import Count, Disk, Plain, Text

Power = Literal["on", "off"]
Order = Literal["on", "off", "restart", "force_off"]
Boot = Literal["disk", "pxe", "cd"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BmcLogin:
    """`url` without a path, `https` but for tests on the loopback. `certificate`: `SHA256:` and 64 hexadecimal digits of the DER
    form; None trusts the system's authorities. `system`: which machine, where the controller has several; for Ironic its node.
    An empty `user` is for an Ironic that asks nobody who he is."""

    server: str
    url: str
    user: str
    password: str = field(repr=False)
    certificate: str | None = None
    system: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BmcLimits:
    """Seconds: to connect, for one answer, until an order has an effect, and between two looks at it. `settle`: a restart that
    nobody saw off has happened between two looks after so long. `busy`: until what stands before the machine is through with
    somebody else's order."""

    connect: float = 10.0
    answer: float = 30.0
    effect: float = 120.0
    between: float = 1.0
    settle: float = 15.0
    busy: float = 30.0


USUAL: Final = BmcLimits()


class BmcFacts(Plain):
    """What the controller tells; None and empty where it does not. `memory` in bytes."""

    cpus: Count | None = None
    memory: Count | None = None
    disks: tuple[Disk, ...] | None = None
    vendor: Text = ""
    model: Text = ""
    serial: Text = ""


class BmcState(Plain):
    """`once`: the boot device holds for one start only. Some controllers say `Continuous` for `Once`, so it is no promise.
    `node`: what the Ironic before the machine calls its state, in its words; empty for a controller of the machine's own."""

    power: Literal["on", "off"] | None = None
    boot: Literal["disk", "pxe", "cd"] | None = None
    once: bool = False
    media: Text | None = None
    node: Text = ""


class Controller(Protocol):
    """A management controller, or what stands before it. Every method raises BmcError."""

    def facts(self) -> BmcFacts: ...

    def state(self) -> BmcState: ...

    def adopt(self) -> None:
        """Have whoever stands before the machine hold it as one in use. Does nothing to the machine, and nothing twice."""

    def power(self, order: Order) -> None:
        """Returns when the controller reads so; `restart` when it is on again. What holds already is not ordered again."""

    def boot(self, device: Boot, *, once: bool = False) -> None: ...

    def media(self, image: str | None) -> None:
        """Insert the image at this URL in the virtual CD drive, or eject what is there. What is in already stays."""


def is_same_image(wanted: str, shown: str) -> bool:
    """Whether what a drive shows is the image at this URL. Some controllers keep the last part of its address only."""
    return bool(shown) and shown in (wanted, wanted.rpartition("/")[2])
