"""A whole regency of three offices, small enough to read: the ground of the cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from inventory.load import Judgement, judge

FILES: Final[dict[str, str]] = {
    "regency.yaml": """\
key: kecil
name: Kabupaten Kecil
timezone: Asia/Jayapura
illustrative: true
""",
    "uplinks.yaml": """\
uplinks:
  - id: 1
    key: domestic
    name: Domestik
    kind: domestic
    provider: Penyedia A
    rate: 20 Mbit/s
    link: border-domestic
    destinations: prefixes/domestic.txt
    contract: {number: K-1, start: 2026-01-01, end: 2026-12-31}
  - id: 2
    key: international
    name: Internasional
    kind: international
    provider: Penyedia B
    rate: 10 Mbit/s
    link: border-international
    contract: {number: K-2, start: 2026-01-01, end: 2026-12-31}
""",
    "hubs.yaml": """\
hubs:
  - {id: 1, key: utara, name: Utara, device: hub-utara}
  - {id: 2, key: selatan, name: Selatan, device: hub-selatan}
""",
    "links.yaml": """\
links:
  - key: border-domestic
    ends: [{device: border, interface: core1}, {device: core, interface: up1}]
    rate: 1 Gbit/s
  - key: border-international
    ends: [{device: border, interface: core2}, {device: core, interface: up2}]
    rate: 1 Gbit/s
  - key: core-utara
    ends: [{device: core, interface: h1}, {device: hub-utara, interface: core0}]
    rate: 30 Mbit/s
  - key: core-selatan
    ends: [{device: core, interface: h2}, {device: hub-selatan, interface: core0}]
    rate: 15 Mbit/s
    medium: radio
    local: 1 Mbit/s
    shares: {domestic: 60, international: 40}
  - key: utara-izin
    ends: [{device: hub-utara, interface: o1}, {device: r-izin, interface: wan0}]
    rate: 10 Mbit/s
  - key: utara-dinkes
    ends: [{device: hub-utara, interface: o2}, {device: r-dinkes, interface: wan0}]
    rate: {down: 10 Mbit/s, up: 8 Mbit/s}
    length_km: 2.5
  - key: selatan-distrik
    ends: [{device: hub-selatan, interface: o3}, {device: r-distrik, interface: wan0}]
    rate: 10 Mbit/s
""",
    "devices.yaml": """\
devices:
  - key: core
    role: core
    platform: linux
    address: 100.65.2.1
    services: {queues: linux_tc, routing: frr}
    login: &login {user: lajur, key: 'env:LAJUR_SSH_KEY'}
  - {key: border, role: border, platform: linux, address: 100.65.2.2, login: *login}
  - {key: hub-utara, role: hub, platform: linux, address: 100.65.1.1, login: *login}
  - {key: hub-selatan, role: hub, platform: linux, address: 100.65.1.2, login: *login}
  - {key: r-izin, role: office, platform: linux, address: 100.65.0.1, login: *login}
  - {key: r-dinkes, role: office, platform: linux, address: 100.65.0.2, login: *login}
  - {key: r-distrik, role: office, platform: linux, address: 100.65.0.3, login: *login}
""",
    "offices.yaml": """\
offices:
  # The licensing office.
  - id: 1
    key: izin
    name: Dinas Perizinan
    service_class: public
    hub: utara
    device: r-izin
    lan: 100.64.1.0/24
    applications: [oss, rencana]
    it_staff:
      - {role: Petugas TI 1, trained: true}

  - id: 2   # permanent
    key: dinkes
    name: "Dinas Kesehatan"
    service_class: public
    hub: utara
    device: r-dinkes
    lan: 100.64.2.0/24
    applications:
      - oss
      - rencana

  # Far away.
  - id: 3
    key: distrik
    name: Distrik
    service_class: branch
    hub: selatan
    device: r-distrik
    lan: 100.64.3.0/24
""",
    "applications.yaml": """\
applications:
  - {id: 1, key: oss, name: OSS, owner: Kementerian, destinations: [198.18.10.0/24], probe: {kind: https, host: 198.18.10.10}}
  - {id: 2, key: rencana, name: e-planning, owner: Bappeda, destinations: [198.18.12.0/24]}
""",
    "policy.yaml": """\
floors:
  domestic: 1 Mbit/s
  international: 128 kbit/s
classes:
  public: {share: 60, weight: 6, protected: true}
  branch: {share: 10}
reserves:
  - {application: rencana, uplink: domestic, rate: 3 Mbit/s}
""",
    "windows.yaml": """\
windows:
  - key: rencana
    name: Input rencana
    confirmed: true
    start: 2026-08-18T08:00
    end: 2026-08-18T17:00
    recurrence: FREQ=DAILY;UNTIL=20260912T235959
    policy:
      classes:
        branch: {share: 0}
      reserves:
        - {application: rencana, uplink: domestic, rate: 6 Mbit/s}
  - key: rapat
    name: Rapat distrik
    start: 2027-03-18T09:00
    end: 2027-03-18T15:00
    recurrence: FREQ=DAILY;UNTIL=20270329T235959
    calendar: working_days
    policy:
      offices:
        distrik: {share: 60}
""",
    "calendar.yaml": """\
working_days: [mon, tue, wed, thu, fri]
days_off:
  - {day: 2026-02-05, name: Hari Pekabaran Injil}
""",
    "prefixes/domestic.txt": """\
# What leaves by the domestic uplink.
198.18.0.0/16
""",
}


def as_bytes(files: Mapping[str, str | bytes]) -> dict[str, bytes]:
    return {name: text if isinstance(text, bytes) else text.encode() for name, text in files.items()}


def judged(files: Mapping[str, str | bytes]) -> Judgement:
    return judge(as_bytes(files), [])
