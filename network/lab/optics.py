"""An emulated SFP module as `ethtool -m` prints a real one (SFF-8472, calibrated inside). Pure: numbers in, text out.

The router's ports are virtual and have no modules; what is shown here is played, and says so in the vendor's name.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

_SENT: Final = -5.0
_BIAS: Final = 18.2
_CELSIUS: Final = 38.5
_VOLTS: Final = 3.3
_UNITS: Final = 10_000
"""A module counts light in tenths of a microwatt, 16 bits of them."""

_FACTS: Final = (
    ("Identifier", "0x03 (SFP)"),
    ("Extended identifier", "0x04 (GBIC/SFP defined by 2-wire interface ID)"),
    ("Connector", "0x07 (LC)"),
    ("Transceiver codes", "0x00 0x00 0x00 0x02 0x00 0x00 0x00 0x00 0x00"),
    ("Transceiver type", "Ethernet: 1000BASE-LX"),
    ("Encoding", "0x01 (8B/10B)"),
    ("BR, Nominal", "1300MBd"),
    ("Rate identifier", "0x00 (unspecified)"),
    ("Length (SMF,km)", "10km"),
    ("Length (SMF)", "10000m"),
    ("Length (50um)", "0m"),
    ("Length (62.5um)", "0m"),
    ("Length (Copper)", "0m"),
    ("Length (OM3)", "0m"),
    ("Laser wavelength", "1310nm"),
    ("Vendor name", "EMULATED"),
    ("Vendor OUI", "00:00:00"),
    ("Vendor PN", "LAJUR-LAB-LX"),
    ("Vendor rev", "1"),
    ("Option values", "0x00 0x1a"),
    ("Option", "RX_LOS implemented"),
    ("Option", "TX_FAULT implemented"),
    ("Option", "TX_DISABLE implemented"),
    ("BR margin, max", "0%"),
    ("BR margin, min", "0%"),
)
_ALARMS: Final = ("high alarm", "low alarm", "high warning", "low warning")


def module_text(serial: str, received: float) -> str:
    """What `ethtool -m` says of a module that receives `received` dBm; what is below its counting unit (-40 dBm) is darkness."""
    lines = [*_FACTS, ("Vendor SN", serial[:16]), ("Date code", "260101"), ("Optical diagnostics support", "Yes")]
    lines += [
        ("Laser bias current", _milliampere(_BIAS)),
        ("Laser output power", _light(_SENT)),
        ("Receiver signal average optical power", _light(received)),
        ("Module temperature", _celsius(_CELSIUS)),
        ("Module voltage", _volt(_VOLTS)),
        ("Alarm/warning flags implemented", "Yes"),
    ]
    # What is watched: its value, how one is written, and its limits in the order of _ALARMS.
    watched: tuple[tuple[str, float, Callable[[float], str], tuple[float, ...]], ...] = (
        ("Laser bias current", _BIAS, _milliampere, (85.0, 2.0, 80.0, 3.0)),
        ("Laser output power", _SENT, _light, (0.0, -12.5, -1.0, -11.5)),
        ("Module temperature", _CELSIUS, _celsius, (95.0, -45.0, 90.0, -40.0)),
        ("Module voltage", _VOLTS, _volt, (3.7, 2.9, 3.6, 3.0)),
        ("Laser rx power", received, _light, (0.0, -24.0, -1.0, -23.0)),
    )
    for name, value, _, limits in watched:
        passed = (
            value > limit if alarm.startswith("high") else value < limit for alarm, limit in zip(_ALARMS, limits, strict=True)
        )
        lines += [(f"{name} {alarm}", "On" if so else "Off") for alarm, so in zip(_ALARMS, passed, strict=True)]
    for name, _, write, limits in watched:
        lines += [(f"{name} {alarm} threshold", write(limit)) for alarm, limit in zip(_ALARMS, limits, strict=True)]
    return "".join(f"\t{name:<41} : {value}\n" for name, value in lines)


def _light(dbm: float) -> str:
    milliwatt = round(10 ** (dbm / 10) * _UNITS) / _UNITS
    seen = f"{10 * math.log10(milliwatt):.2f}" if milliwatt else "-inf"
    return f"{milliwatt:.4f} mW / {seen} dBm"


def _milliampere(value: float) -> str:
    return f"{value:.3f} mA"


def _celsius(value: float) -> str:
    return f"{value:.2f} degrees C / {value * 1.8 + 32:.2f} degrees F"


def _volt(value: float) -> str:
    return f"{value:.4f} V"
