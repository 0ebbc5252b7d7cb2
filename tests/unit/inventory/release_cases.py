"""The same small regency with workloads of every role, and one way to bring about each finding about them."""

from __future__ import annotations

from functools import partial
from typing import Final

from tests.unit.inventory.cases import Case
from tests.unit.inventory.server_cases import WHOLE

SIGNER: Final = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

RUNNING: Final[dict[str, str]] = {
    **WHOLE,
    "servers.yaml": WHOLE["servers.yaml"]
    + """\
  - key: edge-1
    role: edge
    lease: utama
    address: 100.67.0.13
    login: {user: root, key: 'env:LAJUR_SSH_KEY'}
    names: [izin.kecil.example]
    management: [100.65.0.0/24]
""",
    "workloads.yaml": f"""\
workloads:
  - key: gerbang
    name: Gerbang
    owner: Dinas Perizinan
    servers: [app-1]
    until: 2027-01-31
    port: 8080
    health: /sehat
    release:
      artefact: tarball
      migrate: [bin/migrate]
      expect: '"status": "ok"'
      batches: [1, 25%, 100%]
      database: data
      signers: ['{SIGNER}']
      staged: true
    entrance: {{through: pintu, names: [izin.kecil.example]}}
  - key: data
    name: Basis data
    owner: Dinas Perizinan
    servers: [db-1]
    until: 2027-01-31
    runs: database
    backup: {{to: app-1, keep: 3, at: '01:30'}}
  - key: pintu
    name: Pintu masuk
    owner: Dinas Kominfo
    servers: [edge-1]
    until: 2027-01-31
    runs: edge
    tls: {{certificate: 'file:/etc/lajur/izin.pem', key: 'env:LAJUR_TLS_KEY'}}
  - key: obrol
    name: Obrolan
    owner: Dinas Kominfo
    servers: [db-1]
    until: 2027-01-31
    runs: chat
    chat: {{domain: obrolan.kecil.example}}
    tls: {{certificate: 'file:/etc/lajur/obrolan.pem', key: 'file:/etc/lajur/obrolan.key'}}
  - key: nama
    name: Penerjemah nama
    owner: Dinas Kominfo
    servers: [edge-1]
    until: 2027-01-31
    runs: dns
    dns: {{forwarders: [10.9.0.53, 10.9.0.54], dnssec: false}}
  - key: kemudi
    name: Kemudi
    owner: Dinas Kominfo
    servers: [edge-1]
    until: 2027-01-31
    runs: controller
    health: /healthz
    release: {{artefact: deb, start: [/usr/bin/kemudi], database: data}}
  - key: oss
    name: OSS
    owner: Kementerian
    until: 2027-12-31
    kind: connected
    application: oss
    service_class: public
    windows: [rencana]
""",
    "people.yaml": """\
people:
  - {key: posko-1, team: helpdesk, role: Petugas posko 1, trained: true}
  - {key: satgas, team: task_force, role: Anggota, seats: 3}
""",
}

_case = partial(Case, base=RUNNING, file="workloads.yaml")
_people = partial(Case, base=RUNNING, file="people.yaml")
_BATCHES: Final = "batches: [1, 25%, 100%]"
_BACKUP: Final = "    backup: {to: app-1, keep: 3, at: '01:30'}"
_ENTRANCE: Final = "    entrance: {through: pintu, names: [izin.kecil.example]}\n"
_TO_80: Final = "    runs: controller\n    port: 80"
_CHAT: Final = "    chat: {domain: obrolan.kecil.example}\n"
_DNS: Final = "forwarders: [10.9.0.53, 10.9.0.54]"
_OSS: Final = "    kind: connected\n"
_PROBE: Final = ", probe: {kind: https, host: 198.18.10.10}"

_SHAPES: Final = (
    _case("shape.choice", old="artefact: tarball", new="artefact: tarbal"),
    _case("shape.choice", old="runs: database", new="runs: databse"),
    _case("shape.missing", old="      artefact: tarball\n", new="", at="release:"),
    _case("shape.unknown_key", old="{artefact: deb, ", new="{artefact: deb, starts: [x], "),
    _case("shape.too_small", old="artefact: tarball", new="artefact: tarball\n      keep: 1", at="keep: 1"),
    _case("shape.integer", old="artefact: tarball", new="artefact: tarball\n      watch: 5 s", at="watch: 5 s"),
    _case("shape.too_few", old=_BATCHES, new="batches: []"),
    _case("shape.too_few", old="migrate: [bin/migrate]", new="migrate: []"),
    _case("shape.ssh_key", old=f"'{SIGNER}'", new=f"'{SIGNER} budi@laptop'"),
    _case("shape.ssh_key", old=f"'{SIGNER}'", new="'-----BEGIN KUNCI-----'"),
    _case("shape.dns_name", old="obrolan.kecil.example", new="Obrolan", at="domain: Obrolan"),
    _case("shape.secret", old="'file:/etc/lajur/izin.pem'", new="/etc/lajur/izin.pem"),
    _case("shape.key", old="{to: app-1, keep", new="{to: App_1, keep"),
    _case("shape.address", old=_DNS, new="forwarders: [dns.google]"),
    _case("shape.address", old=_DNS, new="forwarders: ['2001:db8::1']"),
    _case("shape.too_many", old=_DNS, new=f"forwarders: [{', '.join(f'10.9.1.{i}' for i in range(9))}]"),
    _case("calendar.clock", old="at: '01:30'", new="at: '25:30'"),
    _case("release.batch", old=_BATCHES, new="batches: [1, 25, 0%, 100%]"),
    _case("release.batch", old=_BATCHES, new="batches: [true, 100%]"),
    _case("release.batch", old=_BATCHES, new="batches: [1.5, 100%]"),
    _case("release.batches", old=_BATCHES, new="batches: [1, 25%]"),
    _case("release.batches", old=_BATCHES, new="batches: [1]"),
    _case("release.batches_order", old=_BATCHES, new="batches: [1, 50%, 25%, 100%]"),
    _case("release.batches_order", old=_BATCHES, new="batches: [2, 1, 100%]"),
    _case("release.words", old='expect: \'"status": "ok"\'', new='expect: "satu\\ndua"'),
    _case("release.words", old="name: Gerbang", new='name: "Gerbang\\nUser=root"'),
    _case(
        "release.words",
        old="owner: Dinas Perizinan\n    servers: [app-1]",
        new='owner: "a\\tb"\n    servers: [app-1]',
        at="owner:",
    ),
    _case("release.program_relative", old="migrate: [bin/migrate]", new="migrate: [/bin/migrate]"),
    _case("release.program_relative", old="migrate: [bin/migrate]", new="migrate: [bin/../../migrate]"),
    _case("release.program_absolute", old="start: [/usr/bin/kemudi]", new="start: [kemudi]"),
    _people("shape.too_large", old="seats: 3", new="seats: 50000"),
)

_ROLES: Final = (
    _case("workload.connected_has", old=_OSS, new=f"{_OSS}    runs: dns # lain\n", at="runs: dns # lain"),
    _case("workload.connected_has", old=_OSS, new=f"{_OSS}    release: {{artefact: wheel}}\n", at="release: {artefact: wheel"),
    _case("workload.not_for", old=_BACKUP, new="    tls: {certificate: 'file:a', key: 'file:b'}"),
    _case("workload.not_for", old="    runs: database", new="    runs: dns", at="backup:"),
    _case("workload.not_for", old=_BACKUP, new="    dns: {forwarders: [10.9.0.53]}", at="dns: {forwarders: [10.9.0.53]}"),
    _case("dns.forwarder_own", old=_DNS, new="forwarders: [100.67.0.13]"),
    _case("dns.forwarder_twice", old=_DNS, new="forwarders: [10.9.0.53, 10.9.0.53]"),
    _case("dns.forwarder_nobody", old=_DNS, new="forwarders: [127.0.0.1]"),
    _case("workload.key_long", old="key: gerbang", new="key: gerbang-izin-usaha-mikro-bu"),
    _case("workload.chat_domain", old=_CHAT, new="", at="key: obrol"),
    _case("workload.server_twice", old="servers: [app-1]", new="servers: [app-1, app-1]"),
    _case("workload.one_server", old="servers: [db-1]", new="servers: [db-1, edge-1]"),
    _case("reference.unknown", old="through: pintu", new="through: pintuu"),
    _case("reference.unknown", old="database: data\n      signers", new="database: datas\n      signers", at="database: datas"),
    _case("reference.unknown", old="to: app-1", new="to: app-11"),
    _case("reference.unknown", old="application: oss", new="application: osss"),
    _case("reference.unknown", old="service_class: public", new="service_class: publik"),
    _case("workload.wrong_runs", old="through: pintu", new="through: data"),
    _case("workload.wrong_runs", old="through: pintu", new="through: oss"),
    _case("workload.wrong_runs", old="database: data\n      signers", new="database: pintu\n      signers", at="database: pintu"),
    _case("workload.runs_twice", old="    runs: chat", new="    runs: database # dua", at="runs: database # dua"),
    _case("workload.port_taken", old="    runs: chat", new="    runs: chat\n    port: 5432", at="port: 5432"),
    _case("workload.port_taken", old="port: 8080", new="port: 22"),
    _case("workload.port_taken", old="    runs: controller", new=_TO_80, at="port: 80\n    health: /healthz"),
    _case("workload.port_taken", old="    runs: chat\n" + _CHAT, new="    runs: monitoring\n    port: 9100\n", at="port: 9100"),
    _case("workload.unprobed", old="    application: oss\n", new="", at="key: oss"),
    _case("workload.window_unknown", old="windows: [rencana]", new="windows: [rencanaa]"),
    _case("workload.window_unknown", old="windows: [rencana]", new="windows: [tahunan]"),
)  # fmt: skip

_RELEASES: Final = (
    _case("release.unwatched", old="    health: /sehat\n", new="", at="release:"),
    _case("release.unwatched", old="    port: 8080\n", new="", at="release:"),
    _case("release.staged_inside", old=_ENTRANCE, new="", at="staged: true"),
    _case("entrance.no_port", old="    port: 8080\n", new="", at="entrance:"),
    _case("entrance.name_twice", old="domain: obrolan.kecil.example", new="domain: izin.kecil.example"),
    _case("entrance.name_elsewhere", old="names: [izin.kecil.example]", new="names: [app-1.kecil.example]"),
    _case("database.no_backup", old=f"{_BACKUP}\n", new="", at="key: data"),
    _case("backup.same_server", old="to: app-1", new="to: db-1"),
    _case("controller.plain", old="    runs: controller\n", new="    runs: controller\n    scheme: http\n", at="scheme: http"),
    _case("shape.choice", old="    port: 8080\n", new="    port: 8080\n    scheme: gopher\n", at="scheme: gopher"),
    _case("workload.not_for", old="    runs: database\n", new="    runs: database\n    scheme: https\n", at="scheme: https"),
    _case("controller.no_database", old="kemudi], database: data}", new="kemudi]}", at="key: kemudi"),
    _case("database.name_kept", old="key: gerbang", new="key: postgres"),
    _case("database.name_kept", old="key: gerbang", new="key: pg-gerbang"),
    _people("people.account_twice", old="key: posko-1", new="key: satgas-002", at="<key: satgas"),
    _people("people.account_twice", old="key: posko-1", new="key: izin-it-1", found_in="offices.yaml", at="it_staff:"),
    Case("workload.no_probe", "applications.yaml", _PROBE, "", found_in="workloads.yaml", at="application: oss", base=RUNNING),
    Case(
        "release.staged_nobody", "stages.yaml", RUNNING["stages.yaml"], "stages: []\n", found_in="workloads.yaml",
        at="staged: true", base=RUNNING,
    ),
)  # fmt: skip

RELEASE_CASES: Final = (*_SHAPES, *_ROLES, *_RELEASES)
