"""OSPF areas, which are written as a number or like an address. Pure."""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address


def area_number(area: str) -> int | str:
    """The number; the text itself where it is none."""
    try:
        return int(IPv4Address(area))
    except AddressValueError:
        return int(area) if area.isascii() and area.isdecimal() else area


def dotted(area: str) -> str:
    """Like an address, as Junos and EOS print it."""
    number = area_number(area)
    return str(IPv4Address(number)) if isinstance(number, int) else area
