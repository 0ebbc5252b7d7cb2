"""What the demo of leased servers says."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

MESSAGES: Final[dict[str, Message]] = {
    "cli.flag.demo_servers": Message(
        id="Kisah server sewa: diterima, ditolak, diperbaiki, dikembalikan.",
        en="The story of leased servers: accepted, refused, mended, given back.",
    ),
    "bench.servers.lab": Message(
        id="Menyalakan lab dengan {servers} server Debian …", en="Bringing up a lab with {servers} Debian servers …"
    ),
    "bench.servers.taking": Message(
        id="Mengambil alih {servers} server lewat Pulumi; {short} kurang dari kontraknya …",
        en="Taking over {servers} servers through Pulumi; {short} is less than its contract …",
    ),
    "bench.servers.hands": Message(
        id="Tangan seseorang: layanan dihentikan, paket dihapus, port dibuka, kunci ditambahkan; mencari …",
        en="Somebody's hand: a service stopped, a package removed, a port opened, a key added; looking …",
    ),
    "bench.servers.mending": Message(
        id="{count} beda ditemukan (perubahan tangan dan akibatnya); memperbaiki dan membaca kembali …",
        en="differences found: {count} (what was done by hand, and what follows from it); mending and reading back …",
    ),
    "bench.servers.returning": Message(
        id="Mengembalikan sewa {lease}: {servers} …", en="Giving the lease {lease} back: {servers} …"
    ),
    "bench.servers.accepted": Message(
        id="{count} server diterima menurut kontraknya, masing-masing dengan berita acara: {servers}",
        en="{count} servers accepted against their contracts, each with a report: {servers}",
    ),
    "bench.servers.refused": Message(
        id="{server} ditolak karena kurang dari kontraknya: {lines}",
        en="{server} refused, as it is less than its contract: {lines}",
    ),
    "bench.servers.found": Message(
        id="{count} dari {of} perubahan tangan ditemukan; dengan akibatnya ada {differences} beda terhadap keadaan saat diterima",
        en="{count} of {of} changes by hand found; with what follows from them that makes {differences} differences from how "
        "each server stood when it was accepted",
    ),
    "bench.servers.mended": Message(
        id="{count} dari {differences} beda itu diperbaiki dan dibaca kembali; sesudahnya tersisa {left}",
        en="{count} of these {differences} differences mended and read back; left after: {left}",
    ),
    "bench.servers.returned": Message(
        id="sewa dikembalikan dengan bukti ({items} hal dihapus) dan kita terkunci di luar: {servers}",
        en="lease given back with proof ({items} things wiped), and we are locked out: {servers}",
    ),
    "bench.servers.secrets": Message(
        id="rahasia ditemukan di {files} berkas keadaan, laporan, dan log",
        en="secrets found in {files} files of state, reports and logs",
    ),
    "bench.servers.seconds": Message(
        id="Detik: ambil alih {up} (Pulumi sendiri {engine}), mencari beda {drift}, memperbaiki {mend}, mengembalikan {return_}.",
        en="Seconds: taking over {up} (Pulumi itself {engine}), drift {drift}, mending {mend}, giving back {return_}.",
    ),
    "bench.servers.kept": Message(
        id="Semua {count} janji ditepati. Berita acara untuk dicetak: {folder}",
        en="All {count} promises kept. Reports to print: {folder}",
    ),
    "bench.servers.failed": Message(
        id="`lajur infra {command}` gagal saat diukur: {reason}",
        en="`lajur infra {command}` failed while it was measured: {reason}",
    ),
    "bench.servers.broken": Message(
        id="{broken} dari {count} janji TIDAK ditepati. Berita acara: {folder}",
        en="{broken} of {count} promises NOT kept. Reports: {folder}",
    ),
}
