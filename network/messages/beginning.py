"""What `lajur init` asks and says."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_ASK: Final[dict[str, Message]] = {
    "init.ask.name": Message(
        id="Nama kabupaten (misalnya Kabupaten Manokwari)", en="Name of the regency (for example Kabupaten Manokwari)"
    ),
    "init.ask.key": Message(id="Nama pendeknya, juga nama foldernya", en="Its short name, which is the folder's name too"),
    "init.ask.zone": Message(id="Zona waktu: WIB, WITA, WIT, atau nama IANA", en="Time zone: WIB, WITA, WIT, or an IANA name"),
    "init.ask.uplink": Message(
        id="Nama uplink internet (misalnya Serat Telkom)", en="Name of the internet uplink (for example Fibre Telkom)"
    ),
    "init.ask.uplink_more": Message(
        id="Uplink berikutnya (Enter bila tidak ada lagi)", en="Next uplink (Enter when there is none)"
    ),
    "init.ask.uplink_key": Message(id="Nama pendek uplink", en="Short name of the uplink"),
    "init.ask.provider": Message(id="Penyedianya", en="Its provider"),
    "init.ask.down": Message(
        id="Laju turun menurut kontrak (misalnya 200 Mbit/s)", en="Contracted rate down (for example 200 Mbit/s)"
    ),
    "init.ask.up": Message(id="Laju naik", en="Rate up"),
    "init.ask.contract": Message(id="Nomor kontrak", en="Contract number"),
    "init.ask.start": Message(id="Berlaku mulai", en="Valid from"),
    "init.ask.end": Message(id="Berlaku sampai (termasuk)", en="Valid until (included)"),
    "init.ask.prefixes": Message(
        id="Tujuan yang keluar lewat {uplink}, dipisah koma (misalnya 203.0.113.0/24)",
        en="Destinations that leave by {uplink}, with commas between (for example 203.0.113.0/24)",
    ),
    "init.ask.management": Message(id="Blok alamat pengelolaan perangkat", en="Block of management addresses"),
    "init.ask.links": Message(id="Blok alamat tautan, tiap tautan satu /31", en="Block of link addresses, a /31 for each link"),
    "init.ask.lans": Message(id="Blok LAN kantor, tiap kantor satu /24", en="Block of office LANs, a /24 for each office"),
    "init.ask.core_address": Message(
        id="Alamat router inti, yaitu Linux yang membagi uplink",
        en="Address of the core router, the Linux machine that shares the uplinks",
    ),
    "init.ask.border_platform": Message(
        id="Platform router perbatasan ke penyedia ({choices})",
        en="Platform of the border router, which leads to the provider ({choices})",
    ),
    "init.ask.border_address": Message(id="Alamat router perbatasan", en="Address of the border router"),
    "init.ask.hub": Message(
        id="Nama hub, tempat serat kantor bertemu (misalnya Pusat)",
        en="Name of a hub, where the fibre of offices meets (for example Centre)",
    ),
    "init.ask.hub_more": Message(id="Hub berikutnya (Enter bila tidak ada lagi)", en="Next hub (Enter when there is none)"),
    "init.ask.hub_key": Message(id="Nama pendek hub", en="Short name of the hub"),
    "init.ask.hub_platform": Message(
        id="Platform router hub {hub} ({choices})", en="Platform of the router of hub {hub} ({choices})"
    ),
    "init.ask.hub_address": Message(id="Alamat router hub {hub}", en="Address of the router of hub {hub}"),
    "init.ask.office": Message(
        id="Nama kantor (misalnya Dinas Penanaman Modal dan PTSP)",
        en="Name of an office (for example Dinas Penanaman Modal dan PTSP)",
    ),
    "init.ask.office_more": Message(
        id="Kantor berikutnya (Enter bila tidak ada lagi)", en="Next office (Enter when there is none)"
    ),
    "init.ask.office_key": Message(id="Nama pendek kantor", en="Short name of the office"),
    "init.ask.class": Message(id="Kelas layanannya ({choices})", en="Its service class ({choices})"),
    "init.ask.office_hub": Message(id="Hub-nya ({choices})", en="Its hub ({choices})"),
    "init.ask.lan": Message(id="LAN {office}", en="LAN of {office}"),
    "init.ask.office_platform": Message(
        id="Platform router {office} ({choices})", en="Platform of the router of {office} ({choices})"
    ),
    "init.ask.office_address": Message(id="Alamat router {office}", en="Address of the router of {office}"),
    "init.ask.user": Message(
        id="Nama masuk ke perangkat (di Linux harus root)", en="User that logs in to devices (on Linux it must be root)"
    ),
    "init.ask.secret": Message(
        id="Rujukan ke kunci SSH atau kata sandinya: env:NAMA atau file:BERKAS, bukan rahasianya",
        en="Reference to its SSH key or password: env:NAME or file:PATH, not the secret itself",
    ),
    "init.ask.secret_kind": Message(id="Yang dirujuk itu ({choices})", en="What it refers to ({choices})"),
    "init.ask.snmp": Message(id="Nama pengguna SNMPv3 (Enter bila belum ada)", en="SNMPv3 user (Enter when there is none yet)"),
    "init.ask.snmp_auth": Message(id="Rujukan ke sandi autentikasinya", en="Reference to its authentication pass phrase"),
    "init.ask.snmp_privacy": Message(id="Rujukan ke sandi privasinya", en="Reference to its privacy pass phrase"),
    "init.ask.ospf": Message(
        id="Rujukan ke kunci OSPF di semua tautan ({none} bila OSPF tidak diatur Lajur)",
        en="Reference to the OSPF key of all links ({none} where OSPF is not Lajur's to configure)",
    ),
    "init.ask.write": Message(id="Tulis ke {folder}? [y/t]", en="Write to {folder}? [y/n]"),
}

_WRONG: Final[dict[str, Message]] = {
    "init.wrong.nothing": Message(id="  Ini harus diisi.", en="  This one needs an answer."),
    "init.wrong.text": Message(
        id="  Tulis dalam satu baris tanpa karakter kendali, paling banyak 200 huruf.",
        en="  Write it on one line without control characters, at most 200 letters.",
    ),
    "init.wrong.key": Message(
        id="  '{value}' tidak dapat dipakai: mulai dengan huruf kecil, lalu huruf kecil, angka, atau -, paling banyak {longest}.",
        en="  '{value}' cannot be used: begin with a small letter, then small letters, digits or -, at most {longest}.",
    ),
    "init.wrong.taken": Message(id="  '{value}' sudah dipakai.", en="  '{value}' is taken already."),
    "init.wrong.choice": Message(
        id="  '{value}' bukan salah satunya. Pilihan: {choices}.", en="  '{value}' is none of them. Choices: {choices}."
    ),
    "init.wrong.zone": Message(
        id="  '{value}' bukan zona waktu. Tulis WIB, WITA, WIT, atau misalnya Asia/Jayapura.",
        en="  '{value}' is no time zone. Write WIB, WITA, WIT, or for example Asia/Jayapura.",
    ),
    "init.wrong.rate": Message(
        id="  '{value}' bukan laju. Tulis misalnya 200 Mbit/s atau 512 kbit/s, paling sedikit 64 kbit/s.",
        en="  '{value}' is no rate. Write for example 200 Mbit/s or 512 kbit/s, at least 64 kbit/s.",
    ),
    "init.wrong.thousands": Message(
        id="  '{value}' bisa berarti ribuan atau pecahan. Tulis tanpa titik ribuan (1000) atau dengan satu desimal (1,5).",
        en="  '{value}' may mean thousands or a fraction. Write it without separators (1000) or with one decimal (1.5).",
    ),
    "init.wrong.day": Message(
        id="  '{value}' bukan tanggal. Tulis misalnya 2026-12-31.", en="  '{value}' is no date. Write for example 2026-12-31."
    ),
    "init.wrong.end": Message(id="  {value} sebelum {start}.", en="  {value} is before {start}."),
    "init.wrong.address": Message(
        id="  '{value}' bukan alamat IPv4. Tulis misalnya 10.10.0.1.",
        en="  '{value}' is no IPv4 address. Write for example 10.10.0.1.",
    ),
    "init.wrong.prefix": Message(
        id="  '{value}' bukan prefiks IPv4 yang utuh. Tulis misalnya 10.20.0.0/16 (bagian tuan rumah nol).",
        en="  '{value}' is no whole IPv4 prefix. Write for example 10.20.0.0/16 (host bits zero).",
    ),
    "init.wrong.size": Message(
        id="  {value} terlalu besar atau terlalu kecil; dari /8 sampai /{longest}.",
        en="  {value} is too large or too small; from /8 to /{longest}.",
    ),
    "init.wrong.room": Message(
        id="  {value} terlalu kecil untuk {offices} kantor dari tabel. Cukup misalnya {enough}.",
        en="  {value} is too small for the {offices} offices of the table. Enough would be for example {enough}.",
    ),
    "init.wrong.lan_size": Message(
        id="  {value} tidak cocok untuk LAN; dari /16 sampai /30.", en="  {value} does not fit a LAN; from /16 to /30."
    ),
    "init.wrong.overlap": Message(id="  {value} bertumpuk dengan {other}.", en="  {value} overlaps {other}."),
    "init.wrong.reference": Message(
        id=(
            "  Itu bukan rujukan, dan tidak diulang di sini. Tulis env:NAMA (huruf besar) atau file:BERKAS; "
            "rahasianya tetap di sana."
        ),
        en="  That is no reference, and is not repeated here. Write env:NAME (capitals) or file:PATH; the secret stays there.",
    ),
    "init.wrong.folder": Message(
        id=(
            "Folder '{folder}' tidak dapat menjadi nama kabupaten: huruf kecil, angka, dan - saja, paling banyak "
            "32. Pilih nama lain."
        ),
        en=(
            "The folder '{folder}' cannot be the name of a regency: small letters, digits and - only, at most "
            "32. Choose another name."
        ),
    ),
}

_SAY: Final[dict[str, Message]] = {
    "init.begin": Message(
        id=(
            "Enter memakai yang di dalam kurung; `{back}` kembali satu pertanyaan; `{end}` berhenti. Belum ada "
            "yang ditulis sebelum Anda setuju."
        ),
        en=(
            "Enter takes what stands in brackets; `{back}` goes back one question; `{end}` stops. Nothing is "
            "written before you agree."
        ),
    ),
    "init.ended": Message(
        id="Jawaban habis sebelum semua pertanyaan terjawab. Tidak ada yang ditulis. Jalankan `lajur init` lagi.",
        en="The answers ended before every question had one. Nothing was written. Give `lajur init` again.",
    ),
    "init.left": Message(id="Tidak ada yang ditulis.", en="Nothing was written."),
    "init.refused": Message(
        id="Folder itu tidak dapat dibuat (lihat di atas). Tidak ada yang ditulis. Perbaiki, lalu jalankan `lajur init` lagi.",
        en="That folder cannot be made (see above). Nothing was written. Put it right, then give `lajur init` again.",
    ),
    "init.summary": Message(
        id="{offices} kantor, {devices} perangkat, {links} tautan.", en="{offices} offices, {devices} devices, {links} links."
    ),
    "init.warning": Message(id="peringatan: {text}", en="warning: {text}"),
    "init.written": Message(
        id=(
            "{count} berkas ditulis ke {folder}: {offices} kantor, {devices} perangkat, {links} tautan. Bacalah "
            "dan lanjutkan dengan tangan."
        ),
        en=(
            "{count} files were written to {folder}: {offices} offices, {devices} devices, {links} links. Read "
            "them, and go on by hand."
        ),
    ),
    "init.next": Message(id="Berikutnya:", en="Next:"),
    "init.dry_run": Message(
        id=(
            "Belum ada yang ditulis: {count} berkas menunggu untuk {folder} ({offices} kantor, {devices} "
            "perangkat, {links} tautan). Berikutnya: `lajur init` yang sama tanpa --dry-run."
        ),
        en=(
            "Nothing was written: {count} files wait for {folder} ({offices} offices, {devices} devices, {links} links). Next: "
            "the same `lajur init` without --dry-run."
        ),
    ),
}

_HELP: Final[dict[str, Message]] = {
    "cli.panel.begin": Message(id="Memulai di lokasi sungguhan", en="Begin with real equipment"),
    "cli.help.init": Message(
        id=(
            "Buat folder sebuah kabupaten dari beberapa pertanyaan, atau dari tabel kantor.\n\n"
            "Yang tidak ditanyakan dibuat: id tetap, alamat, satu /31 tiap tautan. Hasilnya lolos `lajur "
            "inventory check`, memuat "
            "komentar yang mengajari, dan hanya rujukan ke rahasia. Tidak pernah menimpa yang sudah ada.\n\n"
            "  lajur init regencies/kaimana\n"
            "  lajur init regencies/kaimana --offices kantor.csv   kolom: name; boleh juga dari `lajur inventory export`, dan ip"
        ),
        en=(
            "Make a regency's folder from a few questions, or from a table of offices.\n\n"
            "What is not asked is made: permanent ids, addresses, a /31 for each link. The result passes `lajur "
            "inventory check`, "
            "holds comments that teach and only references to secrets. Never writes over what is there.\n\n"
            "  lajur init regencies/kaimana\n"
            "  lajur init regencies/kaimana --offices offices.csv   columns: name; also those of `lajur inventory export`, and ip"
        ),
    ),
    "cli.flag.init_folder": Message(
        id="Folder yang dibuat; namanya menjadi kunci kabupaten", en="Folder to make; its name becomes the regency's key"
    ),
    "cli.flag.init_yes": Message(
        id="Tulis tanpa bertanya di akhir; pertanyaan tentang kabupatennya tetap diajukan",
        en="Write without asking at the end; the questions about the regency are still asked",
    ),
    "cli.flag.init_practice": Message(
        id="Untuk berlatih di lab: perangkatnya tidak pernah dihubungi, dan alamat bakunya alamat lab",
        en="To practise in a lab: its devices are never dialled, and the usual addresses are a lab's",
    ),
    "cli.flag.init_offices": Message(
        id="Tabel kantor (CSV dengan koma atau titik koma); hub-nya ikut dari sana, kolom yang tidak dikenal dilewati",
        en="Table of offices (CSV with commas or semicolons); its hubs come from there too, unknown columns are set aside",
    ),
}

MESSAGES: Final[dict[str, Message]] = {**_ASK, **_WRONG, **_SAY, **_HELP}
