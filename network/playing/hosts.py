"""The devices and servers of a regency as hosts and groups, for an inventory. Facts of the truth only: no secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inventory.model import Device, DeviceRole
from inventory.regency import Regency
from network import wiring
from network.cli.output import Output
from network.core.building import SUBJECT
from network.core.capacity import SUBJECT as BROUGHT
from network.core.capacity import Seen
from network.core.links.intent import intend, platform_of
from network.errors import LajurError, Refused
from network.playing.asking import failure, language_of
from network.playing.servers import Host, server_hosts, site
from network.server_wiring import Entered, entered
from network.services.release_stages import SUBJECT as OPENED
from network.settings import Settings

ORDER: Final = (DeviceRole.CORE, DeviceRole.BORDER, DeviceRole.HUB, DeviceRole.OFFICE)
"""Hosts come nearer to the core first: what lies behind a device is reached through it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """`groups`: what all hosts of a group know. `unread`: why nothing is known of what the builder put out; empty where it is."""

    hosts: tuple[Host, ...]
    groups: Mapping[str, Mapping[str, object]]
    unread: str = ""


class Unlisted(Exception):
    """Why there is no list; its text is in the reader's language."""


def hosts(environment: Mapping[str, str], *, regency: str | None = None, regencies: str | None = None) -> Listing:
    """A host for each device and server that stands: in a lab that was brought up with fewer offices, those of the lab. Servers
    only where they can be reached, which in memory they cannot.

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
        beside = entered(settings, truth, environment)
        standing = beside.regency
    except LajurError as error:
        raise Unlisted(failure(out, error).text) from error
    devices = sorted(standing.devices, key=lambda device: ORDER.index(device.role))
    links: dict[str, list[str]] = {}
    for intent in intend(standing):
        links.setdefault(intent.far.device, []).append(intent.key)
    found = tuple(_host(standing, device, settings, links.get(device.key, [])) for device in devices)
    return _with_servers(settings, standing, beside, found) if beside.ways else Listing(hosts=found, groups={})


def _with_servers(settings: Settings, regency: Regency, beside: Entered, devices: tuple[Host, ...]) -> Listing:
    observed, opened, kept_out, unread = _observed(settings, regency, beside.place)
    found = server_hosts(regency, beside.servers, beside.ways, observed)
    known: dict[str, object] = {"lajur_regency": regency.head.key, "lajur_regencies": str(settings.regencies)}
    known["lajur_known_hosts"] = str(next(iter(beside.ways.values())).known_hosts)
    known["lajur_logs"] = str(beside.logs)
    known["lajur_site"] = site(regency, beside.servers, opened, kept_out)
    return Listing(hosts=(*devices, *found), groups={"servers": known}, unread=unread)


def _observed(
    settings: Settings, regency: Regency, place: str
) -> tuple[dict[str, Mapping[str, object]], set[str] | None, set[str], str]:
    """By server: what the builder put out of it; the stages that are open, None where nobody knows; and the rented servers that
    no edge may have yet, or any more. Without the record the servers are still there, and may be what mends it."""
    try:
        with wiring.open_ledger(settings) as ledger:
            kept = ledger.observations(place).latest(regency.head.key, SUBJECT)
            opened = ledger.observations(place).latest(regency.head.key, OPENED)
            brought = ledger.observations(place).latest(regency.head.key, BROUGHT)
    except LajurError as error:
        return {}, None, set(), str(error)
    kept_out = {
        subject.removeprefix(BROUGHT)
        for subject, each in brought.items()
        if (seen := Seen.of(each.value)) is not None and seen.stage.is_kept_out
    }
    found = {subject.removeprefix(SUBJECT): each.value for subject, each in kept.items()}
    return found, {subject.removeprefix(OPENED) for subject in opened}, kept_out, ""


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
        "devices",
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
