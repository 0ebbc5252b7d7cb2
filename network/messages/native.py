"""What fields carry as a code, or as the machine says it, in Indonesian. English readers get it as it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_STEPS: Final = {
    "arm": "memasang pewaktu",
    "cancel": "membatalkan pewaktu",
    "check": "memeriksa",
    "commit": "menerapkan",
    "confirm": "memastikan",
    "host key": "kunci host",
    "look": "melihat",
    "observe": "membaca",
    "read": "membaca",
    "return timers": "pewaktu pengembali",
    "revert": "mengembalikan",
}
_STATES: Final = {
    "active": "berlaku",
    "cancelled": "dibatalkan",
    "ended": "selesai",
    "granted": "dikabulkan",
    "lapsed": "tidak disetujui pada waktunya",
    "pending": "menunggu persetujuan",
    "rejected": "ditolak",
    "scheduled": "akan berlaku",
    "used": "dipakai",
    "waiting": "menunggu persetujuan",
}
_KINDS: Final = {"boost": "tambahan", "plan": "rencana", "subscription": "langganan", "token": "token", "window": "jendela"}
_CARRIER: Final = {"up": "ada", "down": "tidak ada"}
_REASONS: Final = {
    "Address already in use": "alamat atau port sudah dipakai program lain",
    "Connection refused": "sambungan ditolak",
    "Connection reset by peer": "sambungan diputus dari seberang",
    "Connection timed out": "tidak menjawab pada waktunya",
    "Is a directory": "ini folder, bukan berkas",
    "Network is unreachable": "jaringan tidak terjangkau",
    "No route to host": "tidak ada jalan ke alamat itu",
    "No space left on device": "ruang disk habis",
    "No such file or directory": "berkas atau folder tidak ada",
    "Not a directory": "bagian dari jalurnya bukan folder",
    "Operation not permitted": "tidak diizinkan",
    "Permission denied": "tidak diizinkan",
    "Read-only file system": "sistem berkas hanya dapat dibaca",
    "no answer in time": "tidak menjawab pada waktunya",
    "no session": "tidak ada sesi",
    "timed out": "tidak menjawab pada waktunya",
}
"""What the system and our own hands say; also after the number that Python puts before it, and with more behind it."""

_CONTRACT: Final = {
    "cpus": "prosesor",
    "memory": "memori",
    "model": "tipe",
    "network": "jaringan",
    "os": "sistem operasi",
    "serial": "nomor seri",
}
_MEASURE: Final = re.compile(r"(?<![0-9.,])[0-9]{1,9}\.[0-9]{1,3}(?= (?:[kKMGTP]?i?B|[kMG]?bit/s)\b)")
"""A size or a rate among other words, as a machine's report has it."""

_FIELDS: Final[Mapping[str, Mapping[str, str]]] = {
    "step": _STEPS,
    "state": _STATES,
    "kind": _KINDS,
    "seen": _CARRIER,
    "wanted": _CARRIER,
    "contract_line": _CONTRACT,
}
_BEGINS: Final = re.compile(rf"(?:\[Errno -?\d+\] )?({'|'.join(map(re.escape, _REASONS))})(?=$|[:;,.(])")

_PORT: Final = re.compile(r"(?:\[Errno None\] )?Unable to connect to port (\d{1,5}) on ([0-9A-Za-z.:-]{1,253})")
"""What Paramiko says of an address that refuses."""
_DIRECTIONS: Final = {"down": "/turun", "up": "/naik"}
_DIRECTION: Final = re.compile(r"/(down|up)(?=$|[ ,)])")


def native(field: str, value: str) -> str:
    """The Indonesian word for what `field` carries, or `value` itself where there is none."""
    if field in ("reason", "cause"):
        value = _PORT.sub(r"port \1 di \2 tidak dapat disambung", value, count=1)
        return _BEGINS.sub(lambda found: _REASONS[found[1]], value, count=1)
    if field in ("place", "shaper", "node"):
        return _DIRECTION.sub(lambda found: _DIRECTIONS[found[1]], value)
    if field in ("promised", "found"):
        return _MEASURE.sub(lambda figure: figure[0].replace(".", ","), value)
    return _FIELDS.get(field, {}).get(value, value)
