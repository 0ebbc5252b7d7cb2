"""The devices of a regency as hosts and groups, for an inventory. Facts of the truth only: no login, no reference to a secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inventory.model import Device, DeviceRole
from inventory.regency import Regency
from network import wiring
from network.cli.output import Output
from network.core.links.intent import intend, platform_of
from network.errors import LajurError, Refused
from network.playing.asking import failure, language_of
from network.settings import Settings

ORDER: Final = (DeviceRole.CORE, DeviceRole.BORDER, DeviceRole.HUB, DeviceRole.OFFICE)
"""Hosts come nearer to the core first: what lies behind a device is reached through it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    name: str
    groups: tuple[str, ...]
    facts: Mapping[str, object]


class Unlisted(Exception):
    """Why there is no list; its text is in the reader's language."""


def hosts(environment: Mapping[str, str], *, regency: str | None = None, regencies: str | None = None) -> tuple[Host, ...]:
    """A host for each device that stands: in a lab that was brought up with fewer offices, those of the lab.

    What is not given is the environment's. Raises Unlisted.
    """
    out = Output(language_of(environment))
    try:
        given = {"LAJUR_REGENCY": regency, "LAJUR_REGENCIES": regencies}
        settings = Settings.read({**environment, **{name: value for name, value in given.items() if value}}, Path.home())
        if settings.regency not in wiring.regencies(settings):
            known = ", ".join(wiring.regencies(settings)) or "–"
            raise Refused("playing.no_regency", regency=settings.regency, folder=str(settings.regencies), known=known)
        truth = wiring.open_regency(settings, settings.regency)
        _, _, standing = wiring.reached(truth, "auto", settings.lab, strict=False)
    except LajurError as error:
        raise Unlisted(failure(out, error).text) from error
    devices = sorted(standing.devices, key=lambda device: ORDER.index(device.role))
    links: dict[str, list[str]] = {}
    for intent in intend(standing):
        links.setdefault(intent.far.device, []).append(intent.key)
    return tuple(_host(standing, device, settings, links.get(device.key, [])) for device in devices)


def _host(regency: Regency, device: Device, settings: Settings, links: list[str]) -> Host:
    offices = [office for office in regency.offices if office.device == device.key]
    hubs = [hub for hub in regency.hubs if hub.device == device.key or any(office.hub == hub.key for office in offices)]
    facts: dict[str, object] = {
        "ansible_host": str(device.address),
        "lajur_regency": regency.head.key,
        "lajur_regencies": str(settings.regencies),
        "lajur_role": device.role.value,
        "lajur_platform": device.platform.value,
        "lajur_offices": [office.key for office in offices],
        "lajur_links": links,
        "lajur_hubs": [hub.key for hub in hubs],
    }
    groups = [
        f"role_{device.role.value}",
        f"platform_{device.platform.value}",
        f"platform_{platform_of(device)}",
        *(f"hub_{hub.key}" for hub in hubs),
        *(f"office_{office.key}" for office in offices),
        *(f"stage_{office.stage}" for office in offices if office.stage),
        *(f"class_{office.service_class}" for office in offices),
    ]
    return Host(name=device.key, groups=tuple(_group(each) for each in dict.fromkeys(groups)), facts=facts)


def _group(name: str) -> str:
    """As Ansible wants groups to be named: a key has no underscore, so two keys never become one group."""
    return name.replace("-", "_")
