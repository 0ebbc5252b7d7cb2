"""One way to bring about each finding of a regency's files: what is changed, and the text on the line that must be named.

`at` is looked for in the changed file from its end when it begins with `<`, because a second copy is usually the wrong one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from tests.unit.inventory.small import FILES


class Case(NamedTuple):
    code: str
    file: str
    old: str
    new: str | bytes
    at: str = ""
    found_in: str = ""
    today: date | None = None
    also: tuple[str, str, str] | None = None
    """What else is changed, and in which file, for what takes two."""

    base: Mapping[str, str] = FILES
    """The files before the change."""

    def files(self) -> dict[str, str | bytes]:
        text = self.base[self.file]
        assert text.count(self.old) >= 1, (self.code, self.old)
        if isinstance(self.new, bytes):
            changed: str | bytes = text.encode().replace(self.old.encode(), self.new, 1)
        else:
            changed = text.replace(self.old, self.new, 1)
        files: dict[str, str | bytes] = {**self.base, self.file: changed}
        if self.also is not None:
            name, old, new = self.also
            before = files[name]
            assert isinstance(before, str), name
            assert old in before, (self.code, old)
            files[name] = before.replace(old, new, 1)
        return files

    def line(self) -> int:
        """The line that the finding must name."""
        files = self.files()
        content = files[self.found_in or self.file]
        text = content.decode(errors="replace") if isinstance(content, bytes) else content
        wanted = self.at or (self.new if isinstance(self.new, str) else self.new.decode(errors="replace"))
        position = text.rindex(wanted[1:]) if wanted.startswith("<") else text.index(wanted)
        return text.count("\n", 0, position) + 1


_READING: Final = (
    Case("file.encoding", "offices.yaml", "Far away", b"Far \xff away", at="Far"),
    Case("file.empty", "calendar.yaml", FILES["calendar.yaml"], "\n", at="\n"),
    Case("yaml.tab", "hubs.yaml", "  - {id: 2", "\t- {id: 2", at="\t- {id: 2"),
    Case("yaml.colon", "regency.yaml", "name: Kabupaten Kecil", "name: Kabupaten: Kecil", at="name:"),
    Case("yaml.no_colon", "regency.yaml", "timezone: Asia/Jayapura", "timezone", at="timezone"),
    Case("yaml.unclosed", "offices.yaml", '"Dinas Kesehatan"', '"Dinas Kesehatan', at='"Dinas Kes'),
    Case("yaml.unclosed", "hubs.yaml", "device: hub-selatan}", "device: hub-selatan", at="- {id: 2"),
    Case("yaml.indent", "offices.yaml", "    hub: selatan", "   hub: selatan"),
    Case("yaml.sign", "regency.yaml", "Kabupaten Kecil", "@Kabupaten", at="@Kabupaten"),
    Case("yaml.character", "regency.yaml", "Kecil", "Kec\x07il", at="Kec\x07il"),
    Case("yaml.documents", "calendar.yaml", "days_off", "---\ndays_off", at="---"),
    Case("yaml.syntax", "regency.yaml", "Kabupaten Kecil", "!< x", at="!<"),
    Case("yaml.too_deep", "calendar.yaml", "[mon,", "[" * 40 + "mon,", at="[[["),
    Case("yaml.tag", "regency.yaml", "Kabupaten Kecil", "!!python/object:os.system ls", at="!!python"),
    Case("yaml.key", "regency.yaml", "illustrative", "7: x\nillustrative", at="7: x"),
    Case("yaml.duplicate_key", "regency.yaml", "illustrative", "name: Lain\nillustrative", at="name: Lain"),
    Case("yaml.merge", "devices.yaml", "login: *login}", "<<: *login}", at="<<"),
    Case("yaml.alias_unknown", "devices.yaml", "*login", "*logni", at="*logni"),
    Case("yaml.alias_recursive", "calendar.yaml", "[mon, tue", "&days [*days, tue", at="&days"),
    Case("yaml.anchor_twice", "devices.yaml", "login: *login}", "login: &login {user: a, key: 'env:A'}}", at="&login {user: a"),
)

_SHAPE: Final = (
    Case("unit.bandwidth", "links.yaml", "rate: 30 Mbit/s", "rate: 200 Mbsp"),
    Case("unit.bandwidth", "links.yaml", "rate: 30 Mbit/s", "rate: 200"),
    Case("unit.bandwidth_whole", "links.yaml", "rate: 30 Mbit/s", "rate: 0.5 bit/s"),
    Case("unit.bandwidth_large", "links.yaml", "rate: 30 Mbit/s", "rate: 20000 Gbit/s"),
    Case("unit.number", "devices.yaml", "100.65.2.1\n", "100\n", at="address: 100\n"),
    Case("shape.missing", "offices.yaml", "    lan: 100.64.3.0/24\n", "", at="id: 3"),
    Case("shape.unknown_key", "offices.yaml", "service_class: branch", "servis_class: branch"),
    Case("shape.nothing", "offices.yaml", "hub: selatan", "hub:", at="hub:\n"),
    Case("shape.text", "regency.yaml", "Kabupaten Kecil", "12", at="name: 12"),
    Case("shape.text_short", "regency.yaml", "Kabupaten Kecil", "''", at="name: ''"),
    Case("shape.text_long", "regency.yaml", "Kabupaten Kecil", "x" * 201),
    Case(
        "shape.text_long",
        "devices.yaml",
        "login: &login",
        f"snmp: {{user: {'x' * 33}, auth: 'env:SNMP_AUTH', privacy: 'env:SNMP_PRIVACY'}}\n    login: &login",
        at="user: xx",
    ),
    Case("shape.key", "offices.yaml", "key: distrik", "key: Distrik Jauh"),
    Case("shape.class_key", "policy.yaml", "branch:", "Cabang:"),
    Case("shape.interface", "links.yaml", "interface: up1", "interface: 1up"),
    Case("shape.prefix_file", "uplinks.yaml", "prefixes/domestic.txt", "../domestic.txt"),
    Case("shape.secret", "devices.yaml", "'env:LAJUR_SSH_KEY'", "rahasia123"),
    Case("shape.integer", "offices.yaml", "id: 3", "id: '3'"),
    Case("shape.number", "links.yaml", "length_km: 2.5", "length_km: jauh"),
    Case("shape.too_small", "offices.yaml", "id: 3", "id: 0"),
    Case("shape.too_large", "offices.yaml", "id: 3", "id: 4001"),
    Case("shape.choice", "links.yaml", "medium: radio", "medium: radoi"),
    Case("shape.boolean", "windows.yaml", "confirmed: true", "confirmed: mungkin"),
    Case("shape.date", "calendar.yaml", "2026-02-05", "5 Februari"),
    Case("shape.datetime", "windows.yaml", "2026-08-18T08:00", "besok"),
    Case("shape.too_few", "calendar.yaml", "[mon, tue, wed, thu, fri]", "[]"),
    Case("shape.too_few", "links.yaml", ", {device: core, interface: up1}", "", at="core1}"),
    Case("shape.too_many", "links.yaml", "interface: up1}", "interface: up1}, {device: a, interface: b}"),
    Case("shape.list", "offices.yaml", "[oss, rencana]", "oss", at="applications: oss"),
    Case("shape.mapping", "uplinks.yaml", "contract: {number: K-2, start: 2026-01-01, end: 2026-12-31}", "contract: K-2"),
    Case("shape.address", "devices.yaml", "100.65.2.1\n", "100.65.2.256\n", at="100.65.2.256"),
    Case("shape.prefix", "offices.yaml", "100.64.3.0/24", "100.64.3.0/33"),
    Case("shape.prefix_host", "offices.yaml", "100.64.3.0/24", "100.64.3.1/24"),
    Case("shape.prefix", "prefixes/domestic.txt", "198.18.0.0/16", "198.18.0.0/16\ntetangga.id", at="tetangga"),
    Case("shape.prefix_host", "prefixes/domestic.txt", "198.18.0.0/16", "198.18.0.1/16"),
    Case("prefixes.twice", "prefixes/domestic.txt", "198.18.0.0/16", "198.18.0.0/16\n198.18.0.0/16", at="<198"),
    Case("prefixes.nothing", "prefixes/domestic.txt", "198.18.0.0/16", "", at="#"),
    Case("login.nothing", "devices.yaml", ", key: 'env:LAJUR_SSH_KEY'", "", at="login: &login"),
    Case("regency.timezone", "regency.yaml", "Asia/Jayapura", "Asia/Manokwari"),
    Case("window.offset", "windows.yaml", "2026-08-18T08:00", "2026-08-18T08:00+09:00"),
    Case("window.year", "windows.yaml", "2026-08-18T08:00", "1926-08-18T08:00"),
    Case("window.ends_first", "windows.yaml", "end: 2026-08-18T17:00", "end: 2026-08-18T07:00"),
    Case("window.too_long", "windows.yaml", "end: 2026-08-18T17:00", "end: 2028-08-18T17:00"),
    Case("calendar.clock", "calendar.yaml", "days_off:", "hours: {start: 7.30, end: '16:00'}\ndays_off:"),
    Case("calendar.clock", "calendar.yaml", "days_off:", "hours: {start: 07:30, end: 24:00}\ndays_off:"),
    Case(
        "calendar.hours_end",
        "calendar.yaml",
        "days_off:",
        "hours:\n  start: 07:30\n  end: 16:00\n  fri:\n    start: 13:00\n    end: 11:30\ndays_off:",
        at="end: 11:30",
    ),
    Case(
        "calendar.period_end",
        "calendar.yaml",
        "days_off:",
        "calendars:\n  - key: ramadan\n    name: Ramadan\n    start: 2027-02-08\n    end: 2027-02-07\ndays_off:",
        at="end: 2027-02-07",
    ),
    Case(
        "shape.key",
        "calendar.yaml",
        "days_off:",
        "calendars:\n  - {key: office_hours, name: X, start: 2027-02-08, end: 2027-02-09}\ndays_off:",
        at="key:",
    ),
    Case("shape.unknown_key", "calendar.yaml", "days_off:", "hours: {start: '07:30', end: '16:00', jum: x}\ndays_off:"),
    Case("window.too_often", "windows.yaml", "FREQ=DAILY;UNTIL=20260912T235959", "FREQ=HOURLY"),
)

_NAMES: Final = (
    Case("identity.id_twice", "offices.yaml", "id: 3", "id: 1", at="<id: 1"),
    Case("identity.key_twice", "offices.yaml", "key: distrik", "key: izin", at="<key: izin"),
    Case("identity.name_twice", "offices.yaml", "name: Distrik", "name: Dinas Perizinan", at="<name: Dinas Perizinan"),
    Case("reference.unknown", "links.yaml", "device: r-distrik,", "device: r-distirk,"),
    Case("reference.unknown", "offices.yaml", "hub: selatan", "hub: selatann"),
    Case("reference.unknown", "offices.yaml", "service_class: branch", "service_class: cabang"),
    Case("reference.unknown", "offices.yaml", "      - rencana", "      - rencna"),
    Case("reference.unknown", "uplinks.yaml", "link: border-domestic", "link: border-domestik"),
    Case("reference.unknown", "windows.yaml", "branch: {share: 0}", "cabang: {share: 0}"),
    Case("reference.unknown", "windows.yaml", "distrik: {share: 60}", "distirk: {share: 60}"),
    Case("reference.unknown", "policy.yaml", "international: 128 kbit/s", "internasional: 128 kbit/s"),
    Case("reference.unknown", "policy.yaml", "application: rencana", "application: rencna"),
    Case("reference.unknown", "links.yaml", "shares: {domestic: 60,", "shares: {domestik: 60,"),
    Case("reference.unknown", "windows.yaml", "calendar: working_days", "calendar: working_day"),
    Case("reference.unknown", "windows.yaml", "calendar: working_days", "calendar: ramadan"),
    Case(
        "reference.unknown",
        "windows.yaml",
        "calendar: working_days",
        "calendar: working_days\n    exempt: [distirk]",
        at="exempt",
    ),
    Case("reference.unknown", "calendar.yaml", "days_off:", "exempt: [izin, distirk]\ndays_off:", at="exempt"),
    Case("prefixes.missing", "uplinks.yaml", "prefixes/domestic.txt", "prefixes/other.txt"),
    Case("prefixes.unused", "uplinks.yaml", "    destinations: prefixes/domestic.txt\n", "", found_in="prefixes/domestic.txt"),
)

_WIRING: Final = (
    Case("device.count", "devices.yaml", "role: core", "role: hub", at="devices:"),
    Case("device.role", "devices.yaml", "r-distrik, role: office", "r-distrik, role: hub",
         at="r-distrik", found_in="offices.yaml"),
    Case("device.serves_two", "offices.yaml", "device: r-distrik", "device: r-izin", at="<device: r-izin"),
    Case("device.unused", "offices.yaml", "device: r-distrik", "device: r-izin", at="r-distrik", found_in="devices.yaml"),
    Case("device.address_twice", "devices.yaml", "100.65.0.3", "100.65.0.1", at="<100.65.0.1"),
    Case("link.interface_twice", "links.yaml", "interface: h2", "interface: h1", at="<interface: h1"),
    Case("link.interface_long", "links.yaml", "interface: up1", "interface: sixteen-letters1"),
    Case("link.same_device", "links.yaml", "device: r-distrik, interface: wan0", "device: hub-selatan, interface: wan0"),
    Case("link.reversed", "links.yaml", "{device: core, interface: h1}, {device: hub-utara, interface: core0}",
         "{device: hub-utara, interface: core0}, {device: core, interface: h1}"),
    Case("link.stray", "links.yaml", "device: hub-selatan, interface: core0", "device: r-izin, interface: x0", at="core-selatan"),
    Case("link.local", "links.yaml", "local: 1 Mbit/s", "local: 2 Mbit/s", at="links:"),
    Case("link.local_all", "links.yaml", "local: 1 Mbit/s", "local: 15 Mbit/s"),
    Case("link.share_sum", "links.yaml", "international: 40}", "international: 50}"),
    Case("link.share_missing", "links.yaml", ", international: 40}", "}", at="shares:"),
    Case("hub.links", "links.yaml", "device: hub-selatan, interface: core0", "device: hub-utara, interface: core1",
         at="key: utara", found_in="hubs.yaml"),
    Case("office.links", "links.yaml", "device: r-distrik, interface: wan0", "device: r-izin, interface: wan1",
         at="r-distrik", found_in="offices.yaml"),
    Case("office.lan_size", "offices.yaml", "100.64.3.0/24", "100.64.3.0/31"),
    Case("office.lan_overlap", "offices.yaml", "100.64.3.0/24", "100.64.2.128/25"),
    Case("office.lan_address", "offices.yaml", "100.64.3.0/24", "100.65.0.0/30"),
    Case("uplink.link_place", "uplinks.yaml", "link: border-domestic", "link: core-utara"),
    Case("uplink.no_queues", "devices.yaml", "queues: linux_tc, ", "", at="link: border-domestic", found_in="uplinks.yaml"),
    Case("uplink.no_queues_there", "devices.yaml",
         "platform: linux\n    address: 100.65.2.1\n    services: {queues: linux_tc, routing: frr}",
         "platform: arista_eos\n    address: 100.65.2.1", at="link: border-domestic", found_in="uplinks.yaml"),
    Case("uplink.link_shared", "uplinks.yaml", "link: border-international", "link: border-domestic", at="<link:"),
    Case("uplink.above_link", "links.yaml", "rate: 1 Gbit/s", "rate: 19 Mbit/s", at="rate: 20 Mbit/s", found_in="uplinks.yaml"),
    Case("uplink.no_default", "uplinks.yaml", "link: border-international",
         "link: border-international\n    destinations: prefixes/domestic.txt", at="destinations"),
    Case("prefixes.two_uplinks", "uplinks.yaml", "link: border-international",
         "link: border-international\n    destinations: prefixes/domestic.txt", at="<destinations"),
    Case("uplink.two_defaults", "uplinks.yaml", "    destinations: prefixes/domestic.txt\n", "", at="id: 2"),
)  # fmt: skip

_LINKS: Final = (
    Case("shape.area", "links.yaml", "links:", "ospf: {area: '0.0.0.256'}\nlinks:", at="ospf:"),
    Case("shape.secret", "links.yaml", "links:", "ospf:\n  authentication:\n    key: rahasia123\nlinks:", at="key: rahasia"),
    Case("shape.too_small", "links.yaml", "length_km: 2.5", "mtu: 1279"),
    Case("shape.too_large", "links.yaml", "length_km: 2.5", "vlan: 4095"),
    Case("link.network_size", "links.yaml", "length_km: 2.5", "network: 100.66.0.0/29"),
    Case("link.network_overlap", "links.yaml", "length_km: 2.5", "network: 100.65.0.0/30"),
    Case("link.network_overlap", "links.yaml", "length_km: 2.5", "network: 100.64.3.8/31"),
    Case("link.network_overlap", "links.yaml", "    length_km: 2.5\n  - key: selatan-distrik\n",
         "    network: 100.66.0.0/30\n  - key: selatan-distrik\n    network: 100.66.0.2/31\n", at="network: 100.66.0.2/31"),
    *(
        Case(f"address.{kind}", "links.yaml", "length_km: 2.5", f"network: {network}")
        for kind, network in (
            ("unspecified", "0.0.0.0/31"),
            ("loopback", "127.0.0.2/31"),
            ("link_local", "169.254.0.0/31"),
            ("multicast", "224.0.0.2/31"),
            ("reserved", "240.0.0.0/31"),
            ("reserved", "255.255.255.254/31"),
        )
    ),
    Case("address.multicast", "devices.yaml", "address: 100.65.0.2", "address: 224.0.0.5"),
    Case("address.loopback", "offices.yaml", "lan: 100.64.3.0/24", "lan: 127.64.3.0/24"),
    Case("shape.number", "links.yaml", "device: hub-selatan, interface: core0",
         "device: hub-selatan, interface: core0, optics: {handover: .nan}"),
    Case("link.network_missing", "links.yaml", "links:", "ospf: {}\nlinks:", at="key: border-domestic"),
    Case("link.ospf_alone", "links.yaml", "length_km: 2.5", "ospf: {cost: 10}"),
    Case("ospf.dead", "links.yaml", "links:", "ospf:\n  hello: 10\n  dead: 10\nlinks:", at="dead: 10"),
    Case("device.services", "devices.yaml", "platform: linux", "platform: mikrotik_routeros", at="queues: linux_tc"),
    Case("link.platform", "links.yaml", "length_km: 2.5", "vlan: 12"),
    Case("link.platform", "links.yaml", "length_km: 2.5", "storm_control: 5"),
    Case("optics.medium", "links.yaml", "device: hub-selatan, interface: core0",
         "device: hub-selatan, interface: core0, optics: {handover: -6}"),
    Case("optics.floor", "links.yaml", "device: r-dinkes, interface: wan0",
         "device: r-dinkes, interface: wan0, optics: {handover: -20.5, floor: -23}"),
    Case("office.lan_interface", "offices.yaml", "lan: 100.64.3.0/24", "lan: 100.64.3.0/24\n    lan_interface: wan0",
         at="lan_interface"),
)  # fmt: skip

_POLICY: Final = (
    Case("policy.floor_missing", "policy.yaml", "  international: 128 kbit/s\n", "", at="floors:"),
    Case("policy.rate_small", "policy.yaml", "128 kbit/s", "7999 bit/s"),
    Case("reserve.twice", "policy.yaml", "rate: 3 Mbit/s}",
         "rate: 3 Mbit/s}\n  - {application: rencana, uplink: domestic, rate: 1 Mbit/s}",
         at="rate: 1 Mbit/s"),
    Case("reserve.no_base", "windows.yaml", "application: rencana", "application: oss"),
    Case("reserve.id", "applications.yaml", "id: 2", "id: 14", at="application: rencana", found_in="policy.yaml"),
    Case("reserve.thin", "policy.yaml", "rate: 3 Mbit/s", "rate: 23 kbit/s"),
    Case("reserve.elsewhere", "prefixes/domestic.txt", "198.18.0.0/16", "198.18.0.0/21",
         at="application: rencana", found_in="policy.yaml"),
    Case("application.destination_twice", "applications.yaml", "198.18.12.0/24", "198.18.10.0/24", at="<198.18.10.0/24"),
    Case("sum.uplink", "policy.yaml", "rate: 3 Mbit/s", "rate: 17 Mbit/s", at="reserves:"),
    Case("sum.hub", "links.yaml", "rate: 30 Mbit/s", "rate: 5 Mbit/s", at="reserves:", found_in="policy.yaml"),
    Case("sum.office", "policy.yaml", "domestic: 1 Mbit/s", "domestic: 4.5 Mbit/s", at="reserves:"),
    Case("sum.uplink", "windows.yaml", "rate: 6 Mbit/s", "rate: 17 Mbit/s", at="reserves:"),
)  # fmt: skip

_TIME: Final = (
    Case("window.rule", "windows.yaml", "FREQ=DAILY;UNTIL=20260912T235959", "FREQ=DAILY;INTERVAL=0"),
    Case("window.until", "windows.yaml", "FREQ=DAILY;UNTIL=20260912T235959", "FREQ=DAILY;UNTIL=20260912"),
    Case("window.start_not_in_rule", "windows.yaml", "FREQ=DAILY;UNTIL=20260912T235959", "FREQ=WEEKLY;BYDAY=MO", at="start:"),
    Case("window.start_not_in_rule", "windows.yaml", "FREQ=DAILY;UNTIL=20260912T235959", "FREQ=MONTHLY;BYDAY=2TU", at="start:"),
    Case("window.never", "windows.yaml",
         "start: 2027-03-18T09:00\n    end: 2027-03-18T15:00\n    recurrence: FREQ=DAILY;UNTIL=20270329T235959",
         "start: 2027-03-20T09:00\n    end: 2027-03-20T15:00", at="key: rapat"),
    Case("window.exdate_idle", "windows.yaml", "    policy:\n      classes:\n        branch",
         "    exdates: [2026-08-20T08:00, 2026-08-21T09:00]\n    policy:\n      classes:\n        branch", at="exdates"),
    Case("window.meets_itself", "windows.yaml", "end: 2026-08-18T17:00", "end: 2026-08-19T09:00", at="recurrence:"),
    Case("window.nothing", "windows.yaml", "    policy:\n      offices:\n        distrik: {share: 60}", "    policy: {}"),
    Case("window.meets", "windows.yaml",
         "start: 2027-03-18T09:00\n    end: 2027-03-18T15:00\n    recurrence: FREQ=DAILY;UNTIL=20270329T235959\n"
         "    calendar: working_days\n    policy:\n      offices:\n        distrik: {share: 60}",
         "start: 2026-08-22T16:00\n    end: 2026-08-22T18:00\n    policy: {classes: {branch: {share: 5}}}", at="key: rapat"),
    Case("calendar.day_twice", "calendar.yaml", "name: Hari Pekabaran Injil}",
         "name: Hari Pekabaran Injil}\n  - {day: 2026-02-05, name: Lagi}", at="name: Lagi"),
    Case("calendar.day_twice", "calendar.yaml", "days_off:",
         "days_on:\n  - {day: 2026-02-07, name: Masuk}\n  - {day: 2026-02-07, name: Lagi}\ndays_off:", at="name: Lagi"),
    Case("calendar.on_and_off", "calendar.yaml", "days_off:", "days_on:\n  - {day: 2026-02-05, name: Masuk}\ndays_off:",
         at="name: Masuk"),
    Case("calendar.on_idle", "calendar.yaml", "days_off:", "days_on:\n  - {day: 2026-02-06, name: Masuk}\ndays_off:",
         at="name: Masuk"),
    Case("calendar.periods_overlap", "calendar.yaml", "days_off:",
         "calendars:\n  - {key: a, name: A, start: 2027-02-08, end: 2027-02-10}\n"
         "  - {key: b, name: B, start: 2027-02-10, end: 2027-02-12}\ndays_off:", at="start: 2027-02-10"),
    Case("calendar.periods_overlap", "calendar.yaml", "days_off:",
         "calendars:\n  - {key: a, name: A, start: 2027-02-08, end: 2027-02-10, hours: {start: '08:00', end: '14:00'}}\n"
         "  - {key: b, name: B, start: 2027-02-09, end: 2027-02-09, hours: {start: '07:00', end: '14:00'}}\ndays_off:",
         at="start: 2027-02-09"),
    Case("window.no_hours", "windows.yaml", "calendar: working_days", "calendar: office_hours"),
    Case("window.hours_days", "windows.yaml",
         "end: 2027-03-18T15:00\n    recurrence: FREQ=DAILY;UNTIL=20270329T235959\n    calendar: working_days",
         "end: 2027-03-19T15:00\n    calendar: office_hours", at="end: 2027-03-19T15:00"),
    Case("window.exempt_idle", "windows.yaml", "calendar: working_days", "calendar: working_days\n    exempt: [distrik]",
         at="exempt: [distrik]"),
    Case("window.never", "windows.yaml", "calendar: working_days", "calendar: ramadan", found_in="windows.yaml", at="key: rapat",
         also=("calendar.yaml", "days_off:",
               "calendars: [{key: ramadan, name: R, start: 2027-02-08, end: 2027-03-09}]\ndays_off:")),
    Case("calendar.estimated", "calendar.yaml", "days_off:", "national_holidays: true\ndays_off:", today=date(2027, 2, 1),
         at="calendar: working_days", found_in="windows.yaml",
         also=("windows.yaml", "start: 2027-03-18T09:00\n    end: 2027-03-18T15:00",
               "start: 2027-03-09T09:00\n    end: 2027-03-09T15:00")),
    Case("calendar.unsettled", "calendar.yaml", "days_off:", "national_holidays: true\ndays_off:", today=date(2098, 12, 1),
         at="calendar: working_days", found_in="windows.yaml",
         also=("windows.yaml", "FREQ=DAILY;UNTIL=20270329T235959", "FREQ=DAILY")),
    Case("contract.ends_first", "uplinks.yaml", "end: 2026-12-31", "end: 2025-12-31"),
    Case("contract.ended", "uplinks.yaml", "end: 2026-12-31", "end: 2026-11-30", today=date(2026, 12, 1)),
    Case("contract.ends_soon", "uplinks.yaml", "end: 2026-12-31", "end: 2026-12-30", today=date(2026, 10, 2)),
    Case("contract.not_begun", "uplinks.yaml", "start: 2026-01-01", "start: 2026-06-01", today=date(2026, 5, 31)),
)  # fmt: skip

CASES: Final = (*_READING, *_SHAPE, *_NAMES, *_WIRING, *_LINKS, *_POLICY, *_TIME)
