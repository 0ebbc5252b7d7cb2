"""What the demo found, as a document. Values only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What was promised, by message code and fields, and whether it was kept."""

    code: str
    fields: dict[str, object]
    kept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeFigures:
    """One office downward on the uplink of the story, in bit/s: what it was sure of and what it got, act by act.

    Of the traffic that it asked for: a guarantee that nobody asks for is lent.
    """

    office: str
    service_class: str
    guarantee: dict[str, int]
    measured: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoReport:
    """`lent`: guarantees that nobody asked for, bit/s; `used`: part of the shaped rate; `rtt_p95` and `enforced` in seconds."""

    uplink: str
    offices: tuple[OfficeFigures, ...]
    lent: dict[str, int]
    used: dict[str, float]
    rtt_p95: dict[str, float | None]
    loss: dict[str, float]
    enforced: dict[str, float]
    promises: tuple[Promise, ...]
    kept: bool
    chart: str
