"""NAPALM's values of the machine itself, from /proc, /sys and the daemons' own files. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from napalm_frr.interfaces import INTERFACES
from napalm_frr.shell import Answer, vtysh

# Not `hostname -f`, which asks the name servers and may wait for them.
_FULL_NAME: Final = """\
awk -v name="$(cat /proc/sys/kernel/hostname)" '
  !/^#/ { for (i = 2; i <= NF; i++) if ($i == name) { print $2; exit } }' /etc/hosts"""
FACTS: Final = (
    vtysh("show version"),
    "cat /proc/uptime",
    "cat /proc/sys/kernel/hostname",
    _FULL_NAME,
    "cat /sys/class/dmi/id/sys_vendor /sys/class/dmi/id/product_name 2>/dev/null",
    "cat /sys/class/dmi/id/product_serial 2>/dev/null",
    "uname -m",
    INTERFACES[0],
)
ENVIRONMENT: Final = (
    "cat /proc/stat; sleep 0.2; echo ==; cat /proc/stat",
    "cat /proc/meminfo",
    "grep -H . /sys/class/hwmon/hwmon*/* /sys/class/thermal/thermal_zone*/* /sys/class/power_supply/*/* 2>/dev/null; true",
)
SNMP: Final = ("cat /etc/snmp/snmpd.conf /etc/snmp/snmpd.conf.d/*.conf 2>/dev/null; true",)
_KEYS: Final = """\
files=$(sshd -T 2>/dev/null | sed -n 's/^authorizedkeysfile //p')
while IFS=: read -r user x id group about home rest; do
  for file in ${files:-.ssh/authorized_keys}; do
    file=$(printf %s "$file" | sed "s|%h|$home|g; s|%u|$user|g")
    case $file in /*) ;; *) file=$home/$file ;; esac
    [ ! -f "$file" ] || sed "s|^|$user |" "$file"
  done
done </etc/passwd
true"""
USERS: Final = ("cat /etc/passwd", "cat /etc/group", _KEYS)
_NTP_FILES: Final = """\
cat /etc/chrony/chrony.conf /etc/chrony.conf /etc/chrony/sources.d/*.sources /etc/chrony/conf.d/*.conf \\
  /etc/ntpsec/ntp.conf /etc/ntp.conf 2>/dev/null
true"""
NTP: Final = (_NTP_FILES, "cat /etc/systemd/timesyncd.conf /etc/systemd/timesyncd.conf.d/*.conf 2>/dev/null; true")
NTP_STATS: Final = (
    "if command -v chronyc >/dev/null; then chronyc -c -n sources; else true; fi",
    "if command -v ntpq >/dev/null; then ntpq -pn; else true; fi",
)

_SHELLS: Final = re.compile(r"(nologin|false|sync|halt|shutdown)$")
_ADMINISTRATORS: Final = {"sudo", "wheel", "frrvty", "root"}
_NTP_LINE: Final = re.compile(r"\s*(server|pool|peer)\s+(\S+)(.*)$")


def facts(said: Sequence[Answer]) -> dict[str, Any]:
    version, uptime, hostname, fqdn, model, serial, machine, links = said
    release = re.search(r"FRRouting (\S+)", version.text)
    name = hostname.text.strip()
    dmi = [each for each in model.text.splitlines() if each.strip()]
    return {
        "uptime": float((uptime.text.split() or ["0"])[0]),
        "vendor": "FRRouting",
        "os_version": release[1] if release else "",
        "serial_number": serial.text.strip() if serial.status == 0 else "",
        "model": " ".join(dmi) if model.status == 0 and dmi else f"Linux {machine.text.strip()}",
        "hostname": name,
        "fqdn": fqdn.text.strip() if fqdn.status == 0 and fqdn.text.strip() else name,
        "interface_list": [each["ifname"] for each in links.json()],
    }


def environment(stat: Answer, memory: Answer, sensors: Answer) -> dict[str, Any]:
    """`available_ram` (all that is installed) and `used_ram` in bytes; `output` and `capacity` in W, -1 where not known."""
    meminfo = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in memory.text.splitlines() if len(line.split()) > 1}
    total = meminfo.get("MemTotal", 0)
    values = dict(re.findall(r"^/sys/class/([^:\n]+):(.*)$", sensors.text, re.MULTILINE))
    return {
        "cpu": _cpu(stat.text),
        "memory": {"available_ram": total, "used_ram": total - meminfo.get("MemAvailable", meminfo.get("MemFree", 0))},
        "temperature": _temperatures(values),
        "fans": {
            _sensor(values, place, "fan"): {"status": value.strip() not in ("", "0")}
            for place, value in values.items()
            if re.match(r"hwmon/[^/]+/fan\d+_input$", place)
        },
        "power": {
            place.split("/")[1]: {"status": value.strip() == "1", "output": -1.0, "capacity": -1.0}
            for place, value in values.items()
            if re.match(r"power_supply/[^/]+/online$", place)
        },
    }


def _cpu(stat: str) -> dict[int, dict[str, float]]:
    """Use of each processor between two looks, in per cent."""
    before, _, after = stat.partition("\n==\n")
    first, second = (
        {int(found[1]): [int(each) for each in found[2].split()] for found in re.finditer(r"^cpu(\d+) (.*)$", part, re.MULTILINE)}
        for part in (before, after)
    )
    return {number: {"%usage": _busy(first.get(number, []), now)} for number, now in second.items()}


def _busy(before: list[int], now: list[int]) -> float:
    spent = [new - old for old, new in zip(before, now, strict=False)]
    total = sum(spent)
    return round(100.0 * (total - sum(spent[3:5])) / total, 1) if total > 0 else 0.0


def _temperatures(values: dict[str, str]) -> dict[str, dict[str, Any]]:
    found = {}
    for place, value in values.items():
        if re.match(r"hwmon/[^/]+/temp\d+_input$", place):
            stem = place.removesuffix("_input")
            limits = [_degrees(values.get(f"{stem}_{each}", "")) for each in ("max", "crit")]
            found[_sensor(values, place, "temp")] = _temperature(_degrees(value), *limits)
        elif re.match(r"thermal/[^/]+/temp$", place):
            name = values.get(place.replace("/temp", "/type"), place.split("/")[1]).strip()
            found[name] = _temperature(_degrees(value), None, None)
    return found


def _temperature(now: float | None, alert: float | None, critical: float | None) -> dict[str, Any]:
    reached = now if now is not None else -1.0
    return {
        "temperature": reached,
        "is_alert": alert is not None and reached >= alert,
        "is_critical": critical is not None and reached >= critical,
    }


def _degrees(text: str) -> float | None:
    return int(text) / 1000 if re.fullmatch(r"\s*-?\d+\s*", text) else None


def _sensor(values: dict[str, str], place: str, kind: str) -> str:
    """The label that the chip gives, or its name and the number."""
    folder, _, file = place.rpartition("/")
    number = re.sub(rf"^{kind}(\d+)_.*", r"\1", file)
    label = values.get(f"{folder}/{kind}{number}_label", f"{kind}{number}").strip()
    return f"{values.get(f'{folder}/name', folder.split('/')[-1]).strip()} {label}"


def snmp(said: Answer) -> dict[str, Any]:
    """Of net-snmp's snmpd. Users of SNMPv3 have no place in NAPALM's model."""
    found: dict[str, Any] = {"chassis_id": "", "community": {}, "contact": "", "location": ""}
    for line in said.text.splitlines():
        word, _, rest = line.strip().partition(" ")
        rest = rest.strip().strip('"')
        match word.lower().removesuffix("6"):
            case "rocommunity" | "rwcommunity" if rest:
                name, _, source = rest.partition(" ")
                mode = "rw" if word.lower().startswith("rw") else "ro"
                found["community"][name] = {"acl": source.split(" ")[0] if source else "N/A", "mode": mode}
            case "com2sec":
                words = rest.split()
                if len(words) >= 3:
                    found["community"].setdefault(words[-1], {"acl": words[-2], "mode": "ro"})
            case "syscontact":
                found["contact"] = rest
            case "syslocation":
                found["location"] = rest
    return found


def users(passwd: Answer, group: Answer, keys: Answer) -> dict[str, dict[str, Any]]:
    """Who may log in. Level 15 for root and for members of sudo, wheel or frrvty, 1 for the others. Never a password's hash."""
    administrators = {"root"}
    for line in group.text.splitlines():
        fields = line.split(":")
        if fields[0] in _ADMINISTRATORS and len(fields) > 3:
            administrators |= set(filter(None, fields[3].split(",")))
    found: dict[str, dict[str, Any]] = {}
    for line in passwd.text.splitlines():
        fields = line.split(":")
        if len(fields) > 6 and not _SHELLS.search(fields[6]):
            found[fields[0]] = {"level": 15 if fields[0] in administrators else 1, "password": "", "sshkeys": []}
    for line in keys.text.splitlines():
        name, _, key = line.partition(" ")
        if name in found and (shown := re.search(r"(ssh-|ecdsa-|sk-)\S+ \S+", key)) is not None and not key.startswith("#"):
            found[name]["sshkeys"].append(shown[0])
    return found


def ntp(config: Answer, timesyncd: Answer, *, peers: bool) -> dict[str, dict[str, Any]]:
    """Of chrony, ntpd or systemd-timesyncd, whichever has servers."""
    found: dict[str, dict[str, Any]] = {}
    for line in config.text.splitlines():
        if (told := _NTP_LINE.match(line)) is not None and (told[1] == "peer") is peers:
            options = told[3].split()
            found[told[2]] = {} if peers else _server(told[2], told[1], options)
    if not peers:
        for names in re.findall(r"^\s*NTP=(.*)$", timesyncd.text, re.MULTILINE):
            found |= {name: _server(name, "server", []) for name in names.split()}
    return found


def _server(name: str, kind: str, options: list[str]) -> dict[str, Any]:
    return {
        "address": name,
        "port": int(_after(options, "port", "123")),
        "version": int(_after(options, "version", "4")),
        "association_type": "POOL" if kind == "pool" else "SERVER",
        "iburst": "iburst" in options,
        "prefer": "prefer" in options,
        "network_instance": "default",
        "source_address": "",
        "key_id": int(_after(options, "key", "-1")),
    }


def _after(options: list[str], word: str, default: str) -> str:
    value = options[options.index(word) + 1] if word in options[:-1] else default
    return value if value.lstrip("-").isdecimal() else default


def ntp_stats(chrony: Answer, ntpq: Answer) -> list[dict[str, Any]]:
    """`delay`, `offset` and `jitter` in milliseconds."""
    return _chrony(chrony.text) if chrony.status == 0 and chrony.text.strip() else _ntpq(ntpq.text if ntpq.status == 0 else "")


def _chrony(text: str) -> list[dict[str, Any]]:
    lines = (line.split(",") for line in text.splitlines())
    return [
        {
            "remote": fields[2],
            "referenceid": "",
            "synchronized": fields[1] == "*",
            "stratum": int(fields[3]),
            "type": {"^": "server", "=": "peer", "#": "local"}.get(fields[0], ""),
            "when": fields[6],
            "hostpoll": 2 ** int(fields[4]),
            "reachability": int(fields[5], 8),
            "delay": 0.0,
            "offset": float(fields[7]) * 1000,
            "jitter": float(fields[9]) * 1000,
        }
        for fields in lines
        if len(fields) >= 10
    ]


def _ntpq(text: str) -> list[dict[str, Any]]:
    found = []
    for line in text.splitlines():
        fields = line[1:].split()
        if len(fields) == 10 and fields[2].isdecimal() and re.fullmatch(r"[0-7]+", fields[6]):
            found.append(
                {
                    "remote": fields[0],
                    "referenceid": fields[1],
                    "synchronized": line[0] == "*",
                    "stratum": int(fields[2]),
                    "type": fields[3],
                    "when": fields[4],
                    "hostpoll": int(fields[5]),
                    "reachability": int(fields[6], 8),
                    "delay": float(fields[7]),
                    "offset": float(fields[8]),
                    "jitter": float(fields[9]),
                }
            )
    return found
