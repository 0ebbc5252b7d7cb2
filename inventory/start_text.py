"""The files of a new regency as text: YAML that a person goes on writing, with comments that say how. Pure; writes nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from inventory import national
from inventory.link_model import Medium
from inventory.model import Platform
from inventory.start import BORDER, CORE, Access, NewOffice, NewUplink, Router, Whole, Wire, hub_device, uplink_link
from inventory.sums import LEAST_RATE
from inventory.units import Bandwidth
from inventory.words_start import COMMENTS

_PLAIN: Final = re.compile(r"[A-Za-z](?:[A-Za-z0-9 _./()-]*[A-Za-z0-9_./()-])?")
_WORDS_OF_YAML: Final = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}

CLASSES: Final = ("core", "public_service", "planning_finance", "light_service", "back_office", "branch")
"""The service classes that a new policy has; others that offices name are added with the share of a back office."""

_CLASS_LINES: Final = (
    "  core: {share: 20, weight: 4, protected: true}",
    "  public_service: {share: 60, weight: 12, protected: true}",
    "  planning_finance: {share: 30, weight: 6, protected: true}",
    "  light_service: {share: 20, weight: 4}",
    "  back_office: {share: 10, weight: 2}",
    "  branch: {share: 10, weight: 2}",
)
_DAY: Final = "YYYY-MM-DD"
"""Where a day of an example stands in its comment."""
_LARGEST_FLOOR: Final = 256_000


def files(whole: Whole) -> dict[str, str]:
    """Every file of the folder by its relative name, in the order in which a person reads them."""
    start = whole.start
    texts = {
        "regency.yaml": _regency(whole),
        "uplinks.yaml": _uplinks(whole),
        "hubs.yaml": _hubs(whole),
        "links.yaml": _links(whole),
        "devices.yaml": _devices(whole),
        "offices.yaml": _offices(whole),
        "applications.yaml": _lines(*_comment(whole, "applications"), "", "applications: []"),
        "policy.yaml": _policy(whole),
        "windows.yaml": _windows(whole),
        "calendar.yaml": _lines(
            *_comment(whole, "calendar"), "", "working_days: [mon, tue, wed, thu, fri]", "national_holidays: true", "days_off: []"
        ),
    }
    for uplink in start.uplinks:
        if uplink.prefixes:
            texts[f"prefixes/{uplink.key}.txt"] = _lines(*_comment(whole, "prefixes"), *map(str, uplink.prefixes))
    return texts


def _regency(whole: Whole) -> str:
    start = whole.start
    return _lines(
        *_comment(whole, "regency"),
        "",
        f"key: {scalar(start.key)}",
        f"name: {scalar(start.name)}",
        f"timezone: {start.timezone}",
        f"language: {start.language}",
        *_comment(whole, "illustrative"),
        f"illustrative: {'true' if start.illustrative else 'false'}",
    )


def _uplinks(whole: Whole) -> str:
    blocks = [_uplink(whole, number, uplink) for number, uplink in enumerate(whole.start.uplinks, 1)]
    second = ["", *_comment(whole, "uplink_second")] if len(blocks) == 1 else []
    return _lines(*_comment(whole, "uplinks"), "", "uplinks:", *_apart(blocks), *second)


def _uplink(whole: Whole, number: int, uplink: NewUplink) -> list[str]:
    same = uplink.down == uplink.up
    lines = [
        f"  - id: {number}",
        f"    key: {scalar(uplink.key)}",
        f"    name: {scalar(uplink.name)}",
        f"    kind: {uplink.kind}",
        f"    provider: {scalar(uplink.provider)}",
        f"    rate: {uplink.down}" if same else f"    rate: {{down: {uplink.down}, up: {uplink.up}}}",
        f"    link: {uplink_link(uplink)}",
    ]
    if uplink.prefixes:
        lines.append(f"    destinations: prefixes/{uplink.key}.txt")
    else:
        lines += _comment(whole, "uplink_default", indent=4)
    return [
        *lines,
        "    contract:",
        f"      number: {scalar(uplink.number)}",
        f"      start: {uplink.start.isoformat()}",
        f"      end: {uplink.end.isoformat()}",
    ]


def _hubs(whole: Whole) -> str:
    blocks = [
        [f"  - id: {number}", f"    key: {scalar(hub.key)}", f"    name: {scalar(hub.name)}", f"    device: {hub_device(hub)}"]
        for number, hub in enumerate(whole.start.hubs, 1)
    ]
    return _lines(*_comment(whole, "hubs"), "", "hubs:", *_apart(blocks))


def _links(whole: Whole) -> str:
    groups = (("links_border", BORDER), ("links_hubs", CORE), ("links_offices", ""))
    near = {BORDER, CORE}
    lines = [*_comment(whole, "links"), *_comment(whole, "links_more"), ""]
    key = whole.start.access.ospf
    if key is not None:
        lines += [*_comment(whole, "ospf"), "ospf:", f"  authentication: {{key_id: 1, key: {scalar(key)}}}", ""]
    lines.append("links:")
    for comment, device in groups:
        wires = [wire for wire in whole.wires if (wire.near[0] == device if device else wire.near[0] not in near)]
        lines += [*([] if device == BORDER else [""]), *_comment(whole, comment, indent=2)]
        for wire in wires:
            lines += _link(wire)
    return _lines(*lines)


def _link(wire: Wire) -> Iterator[str]:
    near, far = (f"{{device: {scalar(device)}, interface: {scalar(interface)}}}" for device, interface in (wire.near, wire.far))
    yield f"  - key: {wire.key}" + (f"  # {_harmless(wire.of)}" if wire.of else "")
    yield f"    ends: [{near}, {far}]"
    yield f"    rate: {wire.down}"
    yield f"    network: {wire.network}"
    if wire.way.medium is not Medium.FIBRE:
        yield f"    medium: {wire.way.medium}"
    if wire.way.length_km is not None:
        yield f"    length_km: {wire.way.length_km:g}"


def _devices(whole: Whole) -> str:
    lines = [*_comment(whole, "devices"), "", "devices:", *_comment(whole, "devices_core", indent=2)]
    first = True
    for role in (CORE, "hub", "office"):
        if role != CORE:
            lines += ["", *_comment(whole, f"devices_{role}s", indent=2)]
        for router in whole.routers:
            if router.role == role or (role == CORE and router.role == BORDER):
                lines += _device(router, whole.start.access, first=first)
                first = False
    return _lines(*lines)


def _device(router: Router, access: Access, *, first: bool) -> Iterator[str]:
    yield f"  - key: {scalar(router.key)}" + (f"  # {_harmless(router.of)}" if router.of else "")
    yield f"    role: {router.role}"
    yield f"    platform: {router.platform}"
    yield f"    address: {router.address}"
    services = ["queues: linux_tc"] if router.role == CORE else []
    services += ["routing: frr"] if router.platform is Platform.LINUX else []
    if services:
        yield f"    services: {{{', '.join(services)}}}"
    yield f"    login: &login {_login(access)}" if first else "    login: *login"
    if access.snmp_user:
        phrases = f"auth: {scalar(access.snmp_auth)}, privacy: {scalar(access.snmp_privacy)}"
        yield f"    snmp: &snmp {{user: {scalar(access.snmp_user)}, {phrases}}}" if first else "    snmp: *snmp"


def _login(access: Access) -> str:
    parts = [f"user: {scalar(access.user)}"]
    parts += [f"key: {scalar(access.key)}"] if access.key else []
    parts += [f"password: {scalar(access.password)}"] if access.password else []
    return f"{{{', '.join(parts)}}}"


def _offices(whole: Whole) -> str:
    blocks = [list(_office(office, whole.lan_ports[office.key])) for office in whole.offices]
    return _lines(*_comment(whole, "offices"), "", "offices:", *_apart(blocks))


def _office(office: NewOffice, lan_port: str) -> Iterator[str]:
    yield f"  - id: {office.id}"
    yield f"    key: {scalar(office.key)}"
    yield f"    name: {scalar(office.name)}"
    yield f"    service_class: {scalar(office.service_class)}"
    yield f"    hub: {scalar(office.hub)}"
    yield f"    device: {scalar(office.device)}"
    yield f"    lan: {office.lan}"
    yield f"    lan_interface: {scalar(lan_port)}"
    if office.it_staff:
        yield "    it_staff:"
        for each in office.it_staff:
            yield f"      - {{role: {scalar(each.role)}, trained: {'true' if each.trained else 'false'}}}"


def _policy(whole: Whole) -> str:
    floors = [f"  {scalar(uplink.key)}: {_floor(uplink, len(whole.offices))}" for uplink in whole.start.uplinks]
    named = dict.fromkeys(office.service_class for office in whole.offices)
    others = [f"  {scalar(each)}: {{share: 10, weight: 2}}" for each in named if each not in CLASSES]
    return _lines(
        *_comment(whole, "policy"), "",
        *_comment(whole, "policy_floors"), "floors:", *floors, "",
        *_comment(whole, "policy_classes"), "classes:", *_CLASS_LINES, *others, "",
        *_comment(whole, "policy_reserves"), "reserves: []", "",
        *_comment(whole, "policy_move"), "largest_move: 60",
    )  # fmt: skip


def _windows(whole: Whole) -> str:
    """The example is one that would be let in, on a day on which every contract holds and people work."""
    day = _working_day(max(uplink.start for uplink in whole.start.uplinks)).isoformat()
    return _lines(*(line.replace(_DAY, day) for line in _comment(whole, "windows")), "", "windows: []")


def _working_day(day: date) -> date:
    while day.weekday() in (5, 6) or day in national.days_off(day.year):
        day += timedelta(days=1)
    return day


def _floor(uplink: NewUplink, offices: int) -> Bandwidth:
    """At most a quarter of the smaller direction for all offices together, in whole kbit/s, and never more than is usual."""
    fair = min(uplink.down, uplink.up) // (4 * max(1, offices))
    return Bandwidth(max(LEAST_RATE, min(_LARGEST_FLOOR, fair // 1000 * 1000)))


def scalar(text: str) -> str:
    """One YAML value on its own or between braces, whatever the text holds."""
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML
    return text if plain else json.dumps(text, ensure_ascii=False)


def _harmless(text: str) -> str:
    return "".join(each if each.isprintable() else "·" for each in text)


def _comment(whole: Whole, code: str, indent: int = 0) -> Iterator[str]:
    message = COMMENTS[code]
    text = message.id if whole.start.language == "id" else message.en
    return (f"{' ' * indent}# {line}".rstrip() for line in text.split("\n"))


def _apart(blocks: Iterable[list[str]]) -> Iterator[str]:
    """Blocks with an empty line between them."""
    for number, block in enumerate(blocks):
        if number:
            yield ""
        yield from block


def _lines(*lines: str) -> str:
    return "\n".join(lines) + "\n"
