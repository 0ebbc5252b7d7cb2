"""The same small regency with leased servers, and one way to bring about each finding of those files."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Final

from tests.unit.inventory.cases import Case
from tests.unit.inventory.small import FILES

SERVER_FILES: Final[dict[str, str]] = {
    "servers.yaml": """\
segment: {network: 100.67.0.0/24}
servers:
  - key: app-1
    role: application
    lease: utama
    address: 100.67.0.11
    login: {user: root, key: 'env:LAJUR_SSH_KEY'}
    names: [app-1.kecil.example]
    management: [100.65.0.0/16]
    serial: SN-1
    bmc:
      url: https://192.0.2.10
      login: {user: lajur, password: 'env:LAJUR_BMC_PASSWORD'}
      certificate: 'SHA256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'
      media: http://192.0.2.20/debian.iso
    waivers:
      - {line: disk-2, reason: Disk pengganti dikirim, until: 2026-06-30}
  - key: db-1
    role: database
    lease: kecil
    address: 100.67.0.12
    login: {user: root, key: 'env:LAJUR_SSH_KEY'}
    names: [db-1.kecil.example]
    management: [100.65.0.0/24]
""",
    "leases.yaml": """\
leases:
  - key: utama
    lessor: Penyewa A
    number: SEWA-1
    start: 2026-01-01
    end: 2028-12-31
    monthly_cost: 12000000
    country: ID
    place: Ruang server
    promise:
      cpus: 16
      memory: 64 GiB
      disks: [{size: 960 GB, kind: ssd, count: 2}]
      network: 1 Gbit/s
      os: debian 12
    return_conditions: [Data dihapus]
    lessor_keys: ['SHA256:0123456789abcdefghijABCDEFGHIJ0123456789+/a']
  - key: kecil
    lessor: Penyewa B
    number: SEWA-2
    start: 2026-03-01
    end: 2027-01-31
    monthly_cost: 1500000
    place: Ruang server
    promise: {cpus: 4, memory: 16 GiB}
""",
    "workloads.yaml": """\
workloads:
  - key: gerbang
    name: Gerbang
    owner: Dinas Perizinan
    servers: [app-1, db-1]
    until: 2027-01-31
    port: 8080
    health: /sehat
  - {key: oss, name: OSS, owner: Kementerian, until: 2027-12-31, kind: connected, application: oss}
""",
    "stages.yaml": """\
stages:
  - key: pertama
    name: Tahap pertama
    opens: 2027-02-01
    moved: [{was: 2026-10-01, reason: Pelatihan belum selesai}]
    waivers: [{office: distrik, reason: Dilayani dari dinas, until: 2027-06-30}]
""",
    "people.yaml": """\
people:
  - {key: posko-1, team: helpdesk, role: Petugas posko 1, trained: true}
""",
}

WHOLE: Final[dict[str, str]] = {**FILES, **SERVER_FILES}

_case = partial(Case, base=WHOLE)
_BMC_LOGIN: Final = "login: {user: lajur, password: 'env:LAJUR_BMC_PASSWORD'}"
_STAGED: Final = "lan: 100.64.1.0/24\n    stage: pertama"
_LAN: Final = "lan: 100.64.1.0/24"

_SHAPES: Final = (
    _case("shape.missing", "leases.yaml", "    end: 2027-01-31\n", "", at="key: kecil"),
    _case("shape.server_key", "servers.yaml", "key: app-1", "key: App_1"),
    _case("shape.server_key", "servers.yaml", "key: app-1", f"key: {'a' * 31}"),
    _case("shape.dns_name", "servers.yaml", "app-1.kecil.example", "app_1.kecil.example"),
    _case("shape.dns_name", "servers.yaml", "app-1.kecil.example", "app-1", at="names: [app-1]"),
    _case("shape.fingerprint", "leases.yaml", "SHA256:0123456789", "MD5:0123456789"),
    _case("shape.certificate", "servers.yaml", "'SHA256:00112233", "'SHA256:ZZ112233"),
    _case("shape.country", "leases.yaml", "country: ID", "country: Indonesia"),
    _case("shape.url_path", "workloads.yaml", "health: /sehat", "health: sehat"),
    _case("shape.https", "servers.yaml", "https://192.0.2.10", "http://192.0.2.10"),
    _case("shape.https", "servers.yaml", "https://192.0.2.10", "https://lajur:" + "rahasia@192.0.2.10"),
    _case("shape.image", "servers.yaml", "http://192.0.2.20/debian.iso", "ftp://192.0.2.20/debian.iso"),
    _case("shape.secret", "servers.yaml", "'env:LAJUR_BMC_PASSWORD'", "rahasia123"),
    _case("shape.choice", "leases.yaml", "kind: ssd", "kind: sdd"),
    _case(
        "server.unreachable",
        "servers.yaml",
        "    address: 100.67.0.12\n    login: {user: root, key: 'env:LAJUR_SSH_KEY'}\n",
        "    address: 100.67.0.12\n",
        at="key: db-1",
    ),
    _case("bmc.login", "servers.yaml", f"      {_BMC_LOGIN}\n", "", at="bmc:"),
    _case("bmc.node", "servers.yaml", _BMC_LOGIN, f"{_BMC_LOGIN}\n      via: ironic", at="bmc:"),
    _case("bmc.other_way", "servers.yaml", _BMC_LOGIN, f"{_BMC_LOGIN}\n      node: app-1", at="node: app-1"),
    _case("bmc.other_way", "servers.yaml", _BMC_LOGIN, f"{_BMC_LOGIN}\n      adopt: true", at="adopt: true"),
    _case("bmc.other_way", "servers.yaml", _BMC_LOGIN, "via: ironic\n      node: app-1\n      system: '1'", at="system: '1'"),
    _case("shape.node", "servers.yaml", _BMC_LOGIN, "via: ironic\n      node: app 1", at="node: app 1"),
    _case("shape.choice", "servers.yaml", _BMC_LOGIN, "via: ipmi", at="via: ipmi"),
    _case("shape.integer_boolean", "leases.yaml", "cpus: 16", "cpus: true"),
    _case("shape.file", "leases.yaml", SERVER_FILES["leases.yaml"], "sewa\n", at="sewa"),
    _case("shape.file", "people.yaml", SERVER_FILES["people.yaml"], "- key: posko-1\n", at="- key"),
    _case("shape.integer", "leases.yaml", "monthly_cost: 12000000", "monthly_cost: 12.000.000"),
    _case("shape.too_large", "stages.yaml", "opens: 2027-02-01", "opens: 2027-02-01\n    threshold: 101", at="threshold: 101"),
    _case("shape.date", "leases.yaml", "end: 2027-01-31", "end: besok"),
    _case("window.year", "leases.yaml", "end: 2027-01-31", "end: 9999-12-31"),
    _case("unit.size", "leases.yaml", "memory: 64 GiB", "memory: 64 gb"),
    _case("unit.size", "leases.yaml", "memory: 64 GiB", "memory: 64"),
    _case("unit.size", "leases.yaml", "memory: 64 GiB", "memory: 0 GiB"),
    _case("unit.size_whole", "leases.yaml", "memory: 64 GiB", "memory: 0.3 B"),
    _case("unit.size_large", "leases.yaml", "memory: 64 GiB", "memory: 64000 TiB"),
    _case("login.nothing", "servers.yaml", "login: {user: root, key: 'env:LAJUR_SSH_KEY'}", "login: {user: root}"),
)

_RULES: Final = (
    _case("identity.key_twice", "servers.yaml", "key: db-1", "key: app-1", at="<key: app-1"),
    _case("identity.key_twice", "leases.yaml", "key: kecil", "key: utama", at="<key: utama"),
    _case("identity.name_twice", "workloads.yaml", "name: OSS", "name: Gerbang", at="<name: Gerbang"),
    _case("reference.unknown", "servers.yaml", "lease: utama", "lease: utamaa"),
    _case("reference.unknown", "workloads.yaml", "servers: [app-1, db-1]", "servers: [app-1, web-9]"),
    _case("reference.unknown", "stages.yaml", "office: distrik", "office: distrikk"),
    _case("reference.unknown", "offices.yaml", _LAN, f"{_LAN}\n    stage: kedua", at="stage: kedua"),
    _case("address.reserved", "servers.yaml", "address: 100.67.0.12", "address: 240.0.0.12"),
    _case("server.name_taken", "servers.yaml", "key: db-1", "key: r-izin"),
    _case("server.name_taken", "servers.yaml", "key: db-1", "key: noc"),
    _case("server.address_twice", "servers.yaml", "address: 100.67.0.12", "address: 100.67.0.11", at="<address: 100.67.0.11"),
    _case("server.address_twice", "servers.yaml", "address: 100.67.0.12", "address: 100.65.0.1"),
    _case("server.outside_segment", "servers.yaml", "address: 100.67.0.12", "address: 100.67.1.12"),
    _case("server.address_kept", "servers.yaml", "address: 100.67.0.12", "address: 100.67.0.1", at="<address: 100.67.0.1"),
    _case("server.address_kept", "servers.yaml", "address: 100.67.0.12", "address: 100.67.0.255"),
    _case("server.dns_twice", "servers.yaml", "db-1.kecil.example", "app-1.kecil.example", at="<app-1.kecil.example"),
    _case("server.management_none", "servers.yaml", "[100.65.0.0/24]", "[]", at="key: db-1"),
    _case("server.management_everywhere", "servers.yaml", "[100.65.0.0/16]", "[0.0.0.0/0]"),
    _case("server.management_everywhere", "servers.yaml", "[100.65.0.0/16]", "[128.0.0.0/1]"),
    _case("server.management_wide", "servers.yaml", "[100.65.0.0/16]", "[8.8.0.0/16]"),
    _case("segment.size", "servers.yaml", "100.67.0.0/24", "100.67.0.8/30"),
    _case("segment.overlap", "servers.yaml", "100.67.0.0/24", "100.64.0.0/22"),
    _case("segment.overlap", "servers.yaml", "100.67.0.0/24", "100.65.2.0/24"),
    _case("lease.ends_first", "leases.yaml", "end: 2027-01-31", "end: 2026-02-28"),
    _case("lease.contract_twice", "leases.yaml", "Penyewa B\n    number: SEWA-2", "penyewa  A\n    number: sewa-1",
          at="number: sewa-1"),
    _case("lease.ends_today", "leases.yaml", "end: 2027-01-31", "end: 2027-01-31 # hari ini", today=date(2027, 1, 31)),
    _case("lease.unused", "servers.yaml", "lease: kecil", "lease: utama", found_in="leases.yaml", at="key: kecil"),
    _case("lease.memory_unit", "leases.yaml", "memory: 64 GiB", "memory: 64 GB"),
    _case("lease.ends_soon", "leases.yaml", "end: 2027-01-31", "end: 2027-01-30", today=date(2026, 11, 1)),
    _case("server.lease_ended", "leases.yaml", "end: 2027-01-31", "end: 2027-01-31 # selesai", today=date(2027, 2, 1),
          found_in="servers.yaml", at="lease: kecil"),
    _case("server.lease_not_begun", "leases.yaml", "start: 2026-03-01", "start: 2026-04-01", today=date(2026, 3, 31),
          found_in="servers.yaml", at="lease: kecil"),
    _case("waiver.line", "servers.yaml", "line: disk-2", "line: disk-3"),
    _case("waiver.line", "servers.yaml", "line: disk-2", "line: warna"),
    _case("waiver.twice", "servers.yaml", "until: 2026-06-30}", "until: 2026-06-30}\n      - {line: disk-2, reason: Lagi}",
          at="reason: Lagi"),
    _case("waiver.ended", "servers.yaml", "until: 2026-06-30", "until: 2026-05-30", today=date(2026, 6, 1)),
    _case("workload.nowhere", "workloads.yaml", ", kind: connected", "", at="key: oss"),
    _case("workload.outlives", "workloads.yaml", "until: 2027-01-31", "until: 2027-02-01"),
    _case("stage.untrained", "offices.yaml", _LAN, _STAGED, at="it_staff:"),
    _case("stage.waiver_ended", "stages.yaml", "until: 2027-06-30", "until: 2026-05-01", today=date(2026, 5, 2)),
)  # fmt: skip

SERVER_CASES: Final = (*_SHAPES, *_RULES)
