"""The lab as the doors see it, beside `network.wiring`: its verbs and its values, handed on. Decides nothing."""

from __future__ import annotations

from network.lab.hardware import cut, mend, set_optics
from network.lab.lab import LabState, LabStatus, NodeStatus, Progress, command_in, down, exec_in, restart, status, up
from network.lab.layout import Traps
from network.lab.probe import ProbeResult, RunningProbe, Target, probe
from network.lab.state import labs
from network.lab.traffic import Delivered, Flow, RunningTraffic, Traffic, TrafficResult

__all__ = [
    "Delivered",
    "Flow",
    "LabState",
    "LabStatus",
    "NodeStatus",
    "ProbeResult",
    "Progress",
    "RunningProbe",
    "RunningTraffic",
    "Target",
    "Traffic",
    "TrafficResult",
    "Traps",
    "command_in",
    "cut",
    "down",
    "exec_in",
    "labs",
    "mend",
    "probe",
    "restart",
    "set_optics",
    "status",
    "up",
]
