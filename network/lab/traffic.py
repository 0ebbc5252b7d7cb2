"""Traffic in a lab: floods and half-idle offices, over the real path between an office and the outside. Starts and stops
it; shapes nothing and measures only what arrived (rates of classes are read from the shaper).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from inventory.units import Direction
from network.errors import LabError, LabRefused
from network.lab import generator
from network.lab.lab import LabState
from network.lab.layout import LabPlan, client_address
from network.lab.workers import Worker


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """TCP (cubic) between one office and one destination. `application` None means an address of no application.

    `rate` is in bit/s as a shaper counts it (whole frames), shared by the `streams`; None is as much as there is.
    """

    office: str
    uplink: str
    direction: Direction
    application: str | None = None
    rate: int | None = None
    streams: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What a flow brought: payload bytes at its receiver, and connections that broke before the end."""

    flow: Flow
    bytes: int
    broken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficResult:
    """`seconds` from the moment all flowed to the end; `processor` is the generator's own processor time in seconds."""

    seconds: float
    processor: float
    flows: tuple[Delivered, ...]


class RunningTraffic:
    """Flows under way. Leaving the context ends them."""

    def __init__(self, flows: tuple[Flow, ...], worker: Worker) -> None:
        self._flows = flows
        self._worker = worker

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._worker.__exit__(kind, error, trace)

    def stop(self) -> TrafficResult:
        """End every flow now; nothing more leaves a socket."""
        return self._result(self._worker.stop())

    def wait(self) -> TrafficResult:
        """Until the time is up."""
        return self._result(self._worker.wait())

    def _result(self, raw: dict[str, Any]) -> TrafficResult:
        delivered = zip(self._flows, raw["bytes"], raw["broken"], strict=True)
        return TrafficResult(
            seconds=raw["seconds"],
            processor=raw["processor"],
            flows=tuple(Delivered(flow=flow, bytes=count, broken=broken) for flow, count, broken in delivered),
        )


class Traffic:
    """The generator of one lab."""

    def __init__(self, lab: LabState) -> None:
        self._plan = lab.plan

    def start(self, flows: Sequence[Flow], seconds: float) -> RunningTraffic:
        """Start the flows, all at once; returns when every connection stands. They end after `seconds`, whatever happens.

        Raises LabError when an office or destination is not in this lab, or a connection cannot be made.
        """
        spec = {"flows": [_words(self._plan, flow) for flow in flows]}
        worker = Worker(generator.__name__, self._plan, seconds, spec)
        if worker.first["standing"] < worker.first["wanted"]:
            worker.close()
            raise LabError("lab.traffic_refused", **worker.first)
        return RunningTraffic(tuple(flows), worker)


def _words(plan: LabPlan, flow: Flow) -> dict[str, Any]:
    return {
        **endpoints(plan, flow.office, flow.uplink, flow.application),
        "down": flow.direction is Direction.DOWN,
        "rate": flow.rate,
        "streams": flow.streams,
    }


def endpoints(plan: LabPlan, office: str, uplink: str, application: str | None) -> dict[str, str]:
    """Namespace and address of the office's side, and the address outside."""
    try:
        node = plan.office(office)
        destination = plan.destination(uplink, application)
    except StopIteration:
        raise LabRefused("lab.no_such_path", office=office, uplink=uplink, application=application or "-") from None
    return {"namespace": plan.namespace(node.key), "client": client_address(node), "server": destination.address}
