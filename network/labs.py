"""The lab as the doors see it, beside `network.wiring`: its verbs and its values, handed on. Decides nothing."""

from __future__ import annotations

from network.lab.cloud.standing import build_cloud, prepare_cloud
from network.lab.enter import words_inside
from network.lab.hardware import cut, mend, plug_disk, pull_disk, set_hardware, set_optics, set_system
from network.lab.image import prepare_image
from network.lab.lab import LabState, command_in, down, exec_in, restart, up
from network.lab.layout import Traps
from network.lab.outside import Manner
from network.lab.probe import ProbeResult, RunningProbe, Target, probe
from network.lab.progress import Progress
from network.lab.rootless import settle
from network.lab.standing import LabStatus, NodeStatus, status
from network.lab.state import labs
from network.lab.traffic import Delivered, Flow, RunningTraffic, Traffic, TrafficResult

__all__ = [
    "Delivered",
    "Flow",
    "LabState",
    "LabStatus",
    "Manner",
    "NodeStatus",
    "ProbeResult",
    "Progress",
    "RunningProbe",
    "RunningTraffic",
    "Target",
    "Traffic",
    "TrafficResult",
    "Traps",
    "build_cloud",
    "command_in",
    "cut",
    "down",
    "exec_in",
    "labs",
    "mend",
    "plug_disk",
    "prepare_cloud",
    "prepare_image",
    "probe",
    "pull_disk",
    "restart",
    "set_hardware",
    "set_optics",
    "set_system",
    "settle",
    "status",
    "up",
    "words_inside",
]
