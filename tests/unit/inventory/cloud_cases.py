"""The same small regency with a cloud that rents, and one way to bring about each finding of clouds.yaml."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Final

from tests.unit.inventory.cases import Case
from tests.unit.inventory.server_cases import WHOLE

_SHA: Final = "ab" * 64

CLOUDS: Final = f"""\
clouds:
  - key: awan
    name: Awan Contoh
    provider: Penyedia Awan
    login: {{file: 'file:/etc/lajur/clouds.yaml', cloud: kecil}}
    region: jakarta
    country: ID
    place: Jakarta
    contract: {{number: AWAN-1, start: 2026-01-01, end: 2027-12-31, most_servers: 4}}
    network: 10.77.0.0/24
    floating_network: internet
    sizes:
      sedang: {{cpus: 2, memory: 2 GiB, disk: 20 GB, hourly: 450}}
    images:
      debian-12: {{checksum: 'sha512:{_SHA}'}}
    volume_monthly: 1000
cloud_servers:
  - key: arsip-1
    cloud: awan
    size: sedang
    image: debian-12
    zone: satu
    role: application
    login: {{user: debian, key: 'env:LAJUR_SSH_KEY'}}
    management: [100.65.0.0/16]
    names: [arsip-1.kecil.example]
    volume: 50 GB
    workloads: [gerbang]
    stage: pertama
    start: 2026-06-10
    until: 2026-12-31
capacity:
  - key: app-rencana
    name: Dua server menjelang batas akhir rencana
    servers: 2
    domain: kecil.example
    window: rencana
    occurrence: last
    counted_from: end
    before: 3 days
    cloud: awan
    size: sedang
    image: debian-12
    role: application
    login: {{user: debian, key: 'env:LAJUR_SSH_KEY'}}
    management: [100.65.0.0/16]
    workloads: [gerbang]
    stage: pertama
"""

_BUDGET: Final = "    opens: 2027-02-01\n"

CLOUDED: Final[dict[str, str]] = {
    **WHOLE,
    "clouds.yaml": CLOUDS,
    "stages.yaml": WHOLE["stages.yaml"].replace(_BUDGET, f"{_BUDGET}    budget: 500000\n"),
}
"""In September 2026 `arsip-1` costs 720 × 450 + 50 × 1000 rupiah, and the two others 2 × 72 × 450: 438 800 together."""

_case = partial(Case, file="clouds.yaml", base=CLOUDED)
_other = partial(Case, base=CLOUDED)
_WINDOW: Final = "    window: rencana\n"
_OWN: Final = "    own: {confirmed: true, start: 2026-09-12T08:00, end: 2026-09-12T17:00, RULE}\n"
_WORKLOADS: Final = "    workloads: [gerbang]\n    stage: pertama\n    start"
_STAGE: Final = "\n    stage: pertama\n    start"


def _with(words: str) -> str:
    return _OWN.replace(", RULE", f", {words}" if words else "")


def _carrying(keys: str) -> str:
    return _WORKLOADS.replace("[gerbang]", keys)


_SHAPES: Final = (
    _case("cloud.image_unpinned", old=f"{{checksum: 'sha512:{_SHA}'}}", new="{}", at="debian-12: {}"),
    _case("shape.checksum", old="'sha512:abab", new="'md5:abab"),
    _case("shape.group_key", old="key: app-rencana", new=f"key: {'a' * 27}"),
    _case("shape.secret", old="'file:/etc/lajur/clouds.yaml'", new="rahasia123"),
    _case("shape.choice", old="    login: {file", new="    kind: aws\n    login: {file", at="kind: aws"),
    _case("shape.missing", old="    country: ID\n", new="", at="key: awan"),
    _case("rented.no_end", old="    until: 2026-12-31\n", new="", at="key: arsip-1"),
    _case("rented.ends_first", old="until: 2026-12-31", new="until: 2026-06-09"),
    _case("unit.duration", old="before: 3 days", new="before: 3 hari"),
    _case("unit.duration", old="before: 3 days", new="before: 3"),
    _case("unit.duration_long", old="before: 3 days", new="before: 53 weeks"),
    _case("capacity.when", old=_WINDOW, new="", at="key: app-rencana"),
    _case("capacity.when", old=_WINDOW, new=_WINDOW + _with(""), at="key: app-rencana"),
    _case("capacity.no_time", old="    before: 3 days\n", new="", at="counted_from"),
    _case("window.ends_first", old=_WINDOW, new=_with("").replace("T17:00", "T07:00"), at="own:"),
)

_RULES: Final = (
    _case("cloud.network_overlap", old="network: 10.77.0.0/24", new="network: 100.64.0.0/16"),
    _case("identity.key_twice", old="capacity:\n", new=f"capacity:\n{CLOUDS.partition('capacity:')[2].strip(chr(10))}\n",
          at="<key: app-rencana"),
    _case("identity.name_twice", old="cloud_servers:\n",
          new=CLOUDS.partition("cloud_servers:")[0].removeprefix("clouds:\n").replace("key: awan", "key: mega")
          + "cloud_servers:\n", at="<name: Awan Contoh"),
    _case("reference.unknown", old="cloud: awan\n", new="cloud: awam\n"),
    _case("reference.unknown", old=_STAGE, new=_STAGE.replace("pertama", "ketiga"), at="stage: ketiga"),
    _case("reference.unknown", old=_WORKLOADS, new=_carrying("[gerbong]"), at="workloads: [gerbong]"),
    _case("capacity.window_unknown", old="window: rencana", new="window: rencanaa"),
    _case("capacity.window_unknown", old="window: rencana", new="window: tahunan"),
    _case("reference.unknown", old=_WINDOW, new=_with("calendar: puasa"), at="own:"),
    _case("window.no_hours", old=_WINDOW, new=_with("calendar: office_hours"), at="own:"),
    _case("window.rule", old=_WINDOW, new=_with("recurrence: FREQ=SELALU"), at="own:"),
    _case("window.start_not_in_rule", old=_WINDOW, new=_with("recurrence: FREQ=DAILY;BYDAY=MO"), at="own:"),
    _case("cloud.ends_first", old="end: 2027-12-31", new="end: 2025-12-31"),
    _case("cloud.ended", old="end: 2027-12-31", new="end: 2026-12-31", today=date(2027, 1, 1)),
    _case("cloud.ends_soon", old="end: 2027-12-31", new="end: 2026-12-31", today=date(2026, 12, 1)),
    _case("cloud.no_size", old="size: sedang", new="size: sedangg"),
    _case("cloud.no_size", old="size: sedang", new="size: xxl"),
    _case("cloud.no_image", old="image: debian-12", new="image: debian-13"),
    _case("cloud.no_image", old="image: debian-12", new="image: qqq"),
    _case("cloud.too_many", old="most_servers: 4", new="most_servers: 2"),
    _case("rented.outlives", old="until: 2026-12-31", new="until: 2028-01-01"),
    _case("rented.too_early", old="start: 2026-06-10", new="start: 2025-12-31"),
    _case("rented.abroad", old="country: ID", new="country: SG", at="cloud: awan"),
    _case("rented.elsewhere", old="country: ID", new="country: SG",
          also=("clouds.yaml", "    start: 2026-06-10", "    residency: SG\n    start: 2026-06-10"), at="residency: SG"),
    _case("rented.key_taken", old="key: arsip-1", new="key: app-1"),
    _case("rented.key_taken", old="key: arsip-1", new="key: r-izin"),
    _case("rented.key_taken", old="key: arsip-1", new="key: app-rencana-2", at="key: app-rencana\n"),
    _case("rented.key_taken", old="    domain: kecil.example\n", new="    prefix: app\n"),
    _case("rented.dns_twice", old="arsip-1.kecil.example", new="app-1.kecil.example", at="key: arsip-1"),
    _case("rented.workload_twice", old=_WORKLOADS, new=_carrying("[gerbang, gerbang]"), at="workloads: [gerbang, gerbang]"),
    _case("rented.workload_connected", old=_WORKLOADS, new=_carrying("[oss]"), at="workloads: [oss]"),
    _case("rented.workload_one", old=_WORKLOADS, new=_carrying("[gerbang] # satu"), at="workloads: [gerbang] # satu",
          also=("workloads.yaml", "    port: 8080", "    runs: database\n    port: 8080")),
    _other("rented.no_budget", "stages.yaml", "    budget: 500000\n", "", found_in="clouds.yaml", at="stage: pertama"),
    _case("server.management_none", old="management: [100.65.0.0/16]", new="management: []", at="key: arsip-1"),
    _case("server.management_wide", old="management: [100.65.0.0/16]", new="management: [8.8.0.0/16]"),
    _other("stage.over_budget", "stages.yaml", "budget: 500000", "budget: 438799"),
    _other("capacity.no_last", "windows.yaml", ";UNTIL=20260912T235959", "", found_in="clouds.yaml", at="occurrence: last"),
    _case("capacity.unconfirmed", old="window: rencana", new="window: rapat"),
    _case("capacity.never", old=_WINDOW, new=_with("exdates: ['2026-09-12T08:00']"), at="own:"),
    _case("capacity.outlives", old="end: 2027-12-31", new="end: 2026-09-11", at="window: rencana",
          also=("clouds.yaml", "until: 2026-12-31", "until: 2026-09-01")),
)  # fmt: skip

CLOUD_CASES: Final = (*_SHAPES, *_RULES)
