"""What findings about single files say: reading, YAML, shape, CSV. Words only."""

from __future__ import annotations

from typing import Final

from inventory.findings import Message

WORDS: Final[dict[str, Message]] = {
    # ------------------------------------------------------------------------------------------------- folder and files
    "folder.missing": Message(
        id="folder kabupaten {folder} tidak ada; yang terdekat: {nearest}",
        en="there is no regency folder {folder}; the nearest: {nearest}",
    ),
    "folder.key": Message(
        id="folder ini bernama '{folder}', tetapi key di dalamnya '{key}'; samakan, agar catatan dua kabupaten tidak tercampur",
        en="this folder is called '{folder}', but the key inside is '{key}'; "
        "make them equal, so that records of two regencies never mix",
    ),
    "file.missing": Message(
        id="berkas ini tidak ada; buat, meski daftarnya kosong (contoh lengkap: folder manokwari)",
        en="this file is missing; create it, even with an empty list (a full example: the folder manokwari)",
    ),
    "file.unknown": Message(
        id="berkas ini tidak dibaca; mungkin maksudnya {nearest}",
        en="this file is not read; perhaps it should be called {nearest}",
    ),
    "file.outside": Message(
        id="ini bukan berkas biasa (tautan atau perangkat); yang dibaca hanya berkas di dalam folder kabupaten; salin isinya",
        en="this is not a regular file (a link or a device); only files inside the regency's folder are read; "
        "copy the content here",
    ),
    "file.unreadable": Message(
        id="berkas ini tidak dapat dibaca ({reason}); periksa izin berkasnya",
        en="this file cannot be read ({reason}); check its permissions",
    ),
    "file.too_large": Message(
        id="berkas ini lebih besar dari {most} KiB; ini mungkin bukan berkas yang dimaksud",
        en="this file is larger than {most} KiB; perhaps it is not the one that was meant",
    ),
    "file.encoding": Message(
        id="byte {byte} bukan UTF-8; simpan ulang berkas ini sebagai UTF-8",
        en="byte {byte} is not UTF-8; save this file again as UTF-8",
    ),
    "file.empty": Message(
        id="berkas ini kosong; tulis isinya (contoh lengkap: folder manokwari)",
        en="this file is empty; write its content (a full example: the folder manokwari)",
    ),
    # ------------------------------------------------------------------------------------------------------------- YAML
    "yaml.tab": Message(
        id="ada tab di sini; indentasi YAML memakai spasi",
        en="there is a tab here; YAML is indented with spaces",
    ),
    "yaml.colon": Message(
        id="tanda titik dua yang tidak terduga; beri kutip pada teks yang memuat ': ', atau periksa indentasinya",
        en="an unexpected colon; put quotes around text that contains ': ', or check the indentation",
    ),
    "yaml.no_colon": Message(
        id="setelah nama di baris ini tidak ada titik dua; tulis `nama: nilai`",
        en="there is no colon after the name on this line; write `name: value`",
    ),
    "yaml.unclosed": Message(
        id="tanda kutip, [ atau {{ yang dibuka di baris ini tidak ditutup",
        en="a quote, [ or {{ that was opened on this line is not closed",
    ),
    "yaml.indent": Message(
        id="indentasi baris ini tidak sejajar dengan daftar atau kelompok di atasnya; sejajarkan dengan spasi",
        en="this line is not aligned with the list or group above it; align it with spaces",
    ),
    "yaml.sign": Message(
        id="di sini ada tanda yang punya arti sendiri di YAML ({problem}); beri kutip bila itu bagian dari teks",
        en="a sign here has a meaning of its own in YAML ({problem}); put quotes around it if it is part of a text",
    ),
    "yaml.character": Message(
        id="karakter {character} tidak boleh ada di YAML; hapus (sering terbawa ketika menyalin dari program lain)",
        en="the character {character} may not stand in YAML; remove it (it often comes along when copying from another program)",
    ),
    "yaml.documents": Message(
        id="ada lebih dari satu dokumen; hapus baris `---` yang kedua",
        en="there is more than one document; remove the second `---` line",
    ),
    "yaml.syntax": Message(
        id="ini bukan YAML yang benar ({problem})",
        en="this is not correct YAML ({problem})",
    ),
    "yaml.too_deep": Message(
        id="susunan di sini lebih dalam dari {most} tingkat; berkas kabupaten tidak memerlukannya",
        en="the nesting here is deeper than {most} levels; no file of a regency needs that",
    ),
    "yaml.too_large": Message(
        id="setelah semua alias (*) dibuka ada lebih dari {most} nilai; tulis nilainya langsung",
        en="with all aliases (*) opened there are more than {most} values; write the values out",
    ),
    "yaml.tag": Message(
        id="tag {problem} tidak dipakai di sini; hapus tag itu dan tulis nilainya saja",
        en="the tag {problem} has no use here; remove it and write the plain value",
    ),
    "yaml.key": Message(
        id="'{key}' tidak dapat menjadi nama; nama adalah teks, beri kutip bila perlu",
        en="'{key}' cannot be a name; a name is text, put quotes around it if need be",
    ),
    "yaml.duplicate_key": Message(
        id="'{key}' sudah tertulis di baris {first}; hapus salah satunya",
        en="'{key}' is written on line {first} already; remove one of the two",
    ),
    "yaml.merge": Message(
        id="penggabungan `<<` tidak dipakai di sini; pakai alias untuk satu nilai, misalnya `login: *login`",
        en="merging with `<<` has no use here; use an alias for one value, for example `login: *login`",
    ),
    "yaml.alias_unknown": Message(
        id="alias ini menunjuk anchor yang belum ada di atasnya ({problem}); anchor ditulis `&nama`, alias `*nama`",
        en="this alias points to an anchor that does not stand above it ({problem}); "
        "an anchor is written `&name`, an alias `*name`",
    ),
    "yaml.alias_recursive": Message(
        id="anchor &{anchor} memuat dirinya sendiri; tulis nilainya langsung",
        en="the anchor &{anchor} contains itself; write the value out",
    ),
    "yaml.anchor_twice": Message(
        id="anchor &{anchor} sudah dipakai di baris {first}; beri nama lain",
        en="the anchor &{anchor} is used on line {first} already; give this one another name",
    ),
    # ------------------------------------------------------------------------------------------------------------ shape
    "shape.missing": Message(
        id="'{field}' belum ditulis di sini; tambahkan",
        en="'{field}' is not written here; add it",
    ),
    "shape.unknown_key": Message(
        id="tidak ada '{field}' di tempat ini; yang terdekat: {nearest}",
        en="there is no '{field}' in this place; the nearest: {nearest}",
    ),
    "shape.nothing": Message(
        id="'{field}' kosong; tulis nilainya, atau hapus barisnya bila boleh tidak ada",
        en="'{field}' is empty; write its value, or remove the line if it may be absent",
    ),
    "shape.text": Message(
        id="{field}: {value} bukan teks; beri kutip, misalnya '{value}'",
        en="{field}: {value} is not text; put quotes around it, for example '{value}'",
    ),
    "shape.text_short": Message(
        id="{field}: teks ini kosong; tulis paling sedikit {least} huruf",
        en="{field}: this text is empty; write at least {least} character",
    ),
    "shape.text_long": Message(
        id="{field}: teks ini lebih panjang dari {most} huruf; singkatkan",
        en="{field}: this text is longer than {most} characters; shorten it",
    ),
    "shape.key": Message(
        id="{field}: '{value}' tidak dapat menjadi nama pendek; huruf kecil, angka, '-', mulai dengan huruf, paling panjang 32",
        en="{field}: '{value}' cannot be a short name; small letters, digits, '-', beginning with a letter, at most 32",
    ),
    "shape.class_key": Message(
        id="{field}: '{value}' tidak dapat menjadi nama kelas; huruf kecil, angka, '_', mulai dengan huruf, paling panjang 32",
        en="{field}: '{value}' cannot be the name of a class; small letters, digits, '_', beginning with a letter, at most 32",
    ),
    "shape.interface": Message(
        id="{field}: '{value}' tidak dapat menjadi nama antarmuka; misalnya eth0, ge-0/0/1, ether2",
        en="{field}: '{value}' cannot be the name of an interface; for example eth0, ge-0/0/1, ether2",
    ),
    "shape.prefix_file": Message(
        id="{field}: '{value}' bukan berkas daftar prefiks; tulis misalnya prefixes/domestic.txt",
        en="{field}: '{value}' is not a prefix list; write for example prefixes/domestic.txt",
    ),
    "shape.area": Message(
        id="{field}: '{value}' bukan area OSPF; tulis '0', '12', atau '0.0.0.12'",
        en="{field}: '{value}' is not an OSPF area; write '0', '12' or '0.0.0.12'",
    ),
    "shape.secret": Message(
        id="{field}: di sini hanya acuan, bukan rahasianya; tulis env:NAMA atau file:LOKASI "
           "(bila kata sandi sempat tertulis di sini, gantilah)",
        en="{field}: only a reference stands here, never the secret; write env:NAME or file:PATH "
           "(if a password was written here, change it)",
    ),
    "shape.server_key": Message(
        id="{field}: '{value}' tidak dapat menjadi nama server; huruf kecil, angka, '-', mulai dengan huruf, paling panjang 30",
        en="{field}: '{value}' cannot be the name of a server; small letters, digits, '-', beginning with a letter, at most 30",
    ),
    "shape.dns_name": Message(
        id="{field}: '{value}' bukan nama DNS yang lengkap; tulis dengan huruf kecil, misalnya app-1.manokwari.example",
        en="{field}: '{value}' is not a full DNS name; write it in small letters, for example app-1.manokwari.example",
    ),
    "shape.fingerprint": Message(
        id="{field}: '{value}' bukan sidik jari kunci SSH; tulis SHA256:… seperti yang dicetak `ssh-keygen -lf BERKAS`",
        en="{field}: '{value}' is not the fingerprint of an SSH key; write SHA256:… as `ssh-keygen -lf FILE` prints it",
    ),
    "shape.ssh_key": Message(
        id="{field}: ini bukan kunci SSH umum; salin jenis dan teksnya dari berkas .pub, tanpa keterangan di belakangnya, "
           "misalnya 'ssh-ed25519 AAAA…' (bila kunci rahasia sempat tertulis di sini, gantilah)",
        en="{field}: this is not a public SSH key; copy its kind and text from the .pub file, without the comment after it, "
        "for example 'ssh-ed25519 AAAA…' (if a private key was written here, change it)",
    ),
    "shape.certificate": Message(
        id="{field}: '{value}' bukan sidik jari sertifikat; tulis SHA256: dan 64 angka heksadesimal kecil "
           "(sha256sum dari sertifikat dalam bentuk DER)",
        en="{field}: '{value}' is not the fingerprint of a certificate; write SHA256: and 64 small hexadecimal digits "
        "(sha256sum of the certificate in DER form)",
    ),
    "shape.country": Message(
        id="{field}: '{value}' bukan kode negara; tulis dua huruf besar menurut ISO 3166, misalnya ID",
        en="{field}: '{value}' is not a country code; write two capital letters as in ISO 3166, for example ID",
    ),
    "shape.url_path": Message(
        id="{field}: '{value}' bukan jalur URL; tulis mulai dengan garis miring, misalnya /sehat",
        en="{field}: '{value}' is not the path of a URL; begin it with a slash, for example /health",
    ),
    "shape.https": Message(
        id="{field}: di sini perlu alamat https tanpa nama pengguna dan kata sandi; tulis misalnya https://192.0.2.10 "
           "(bila kata sandi sempat tertulis di sini, gantilah)",
        en="{field}: an https address without user and password is needed here; write for example https://192.0.2.10 "
        "(if a password was written here, change it)",
    ),
    "shape.node": Message(
        id="{field}: {value} bukan nama mesin di Ironic; tulis namanya di sana (huruf, angka, titik, tanda hubung) atau UUID-nya",
        en="{field}: {value} names no machine in Ironic; write its name there (letters, digits, dots, hyphens) or its UUID",
    ),
    "shape.image": Message(
        id="{field}: di sini perlu alamat http atau https sebuah berkas, tanpa nama pengguna dan kata sandi; "
           "tulis misalnya http://192.0.2.20/debian.iso (bila kata sandi sempat tertulis di sini, gantilah)",
        en="{field}: the http or https address of a file is needed here, without user and password; "
        "write for example http://192.0.2.20/debian.iso (if a password was written here, change it)",
    ),
    "shape.integer": Message(
        id="{field}: {value} bukan bilangan bulat; tulis tanpa kutip dan tanpa koma, misalnya 12",
        en="{field}: {value} is not a whole number; write it without quotes or decimals, for example 12",
    ),
    "shape.integer_boolean": Message(
        id="{field}: {value} berarti ya atau tidak, padahal di sini perlu bilangan bulat; tulis misalnya 12",
        en="{field}: {value} means yes or no, and a whole number is needed here; write for example 12",
    ),
    "shape.number": Message(
        id="{field}: {value} bukan bilangan; tulis misalnya 2.5",
        en="{field}: {value} is not a number; write for example 2.5",
    ),
    "shape.too_small": Message(
        id="{field}: {value} terlalu kecil; paling sedikit {least}",
        en="{field}: {value} is too small; at least {least}",
    ),
    "shape.too_large": Message(
        id="{field}: {value} terlalu besar; paling banyak {most}",
        en="{field}: {value} is too large; at most {most}",
    ),
    "shape.choice": Message(
        id="{field}: '{value}' tidak dikenal; yang terdekat: {nearest}; semua pilihan: {choices}",
        en="{field}: '{value}' is not known; the nearest: {nearest}; all choices: {choices}",
    ),
    "shape.boolean": Message(
        id="{field}: {value} bukan ya atau tidak; tulis true atau false",
        en="{field}: {value} is neither yes nor no; write true or false",
    ),
    "shape.date": Message(
        id="{field}: '{value}' bukan tanggal; tulis tahun-bulan-hari, misalnya 2026-08-18",
        en="{field}: '{value}' is not a date; write year-month-day, for example 2026-08-18",
    ),
    "shape.datetime": Message(
        id="{field}: '{value}' bukan waktu; tulis tahun-bulan-hariTjam:menit, misalnya 2026-08-18T08:00",
        en="{field}: '{value}' is not a time; write year-month-dayThour:minute, for example 2026-08-18T08:00",
    ),
    "shape.too_few": Message(
        id="'{field}' kurang isinya; paling sedikit {least}",
        en="'{field}' has too few entries; at least {least}",
    ),
    "shape.too_many": Message(
        id="'{field}' terlalu banyak isinya; paling banyak {most}",
        en="'{field}' has too many entries; at most {most}",
    ),
    "shape.list": Message(
        id="'{field}' bukan daftar; tulis [satu, dua], atau satu per baris dengan tanda '- '",
        en="'{field}' is not a list; write [one, two], or one a line after '- '",
    ),
    "shape.mapping": Message(
        id="'{field}' bukan kelompok `nama: nilai`; periksa indentasi di bawahnya",
        en="'{field}' is not a group of `name: value`; check the indentation below it",
    ),
    "shape.file": Message(
        id="isi berkas ini bukan kelompok `nama: nilai`; seharusnya diawali `{first}:` (contoh lengkap: folder manokwari)",
        en="the content of this file is no group of `name: value`; it should begin with `{first}:` "
        "(a full example: the folder manokwari)",
    ),
    "shape.address": Message(
        id="{field}: '{value}' bukan alamat IPv4; tulis misalnya 100.65.0.1",
        en="{field}: '{value}' is not an IPv4 address; write for example 100.65.0.1",
    ),
    "shape.prefix": Message(
        id="{field}: '{value}' bukan prefiks IPv4; tulis alamat jaringan dan panjangnya, misalnya 100.64.1.0/24",
        en="{field}: '{value}' is not an IPv4 prefix; write the network's address and its length, for example 100.64.1.0/24",
    ),
    "shape.prefix_host": Message(
        id="{field}: '{value}' menunjuk satu alamat di dalam jaringan; tulis {network}",
        en="{field}: '{value}' points at one address inside a network; write {network}",
    ),
    "shape.other": Message(
        id="{field}: nilai {value} tidak cocok di sini; bandingkan dengan folder manokwari",
        en="{field}: the value {value} does not fit here; compare it with the folder manokwari",
    ),
    # ---------------------------------------------------------------------------------------------------- units, values
    "unit.bandwidth": Message(
        id="{value} bukan lebar pita; tulis misalnya '200 Mbit/s' (bit/s, kbit/s, Mbit/s, Gbit/s)",
        en="{value} is not a bandwidth; write for example '200 Mbit/s' (bit/s, kbit/s, Mbit/s, Gbit/s)",
    ),
    "unit.bandwidth_whole": Message(
        id="{value} bukan jumlah bit/s yang bulat; pakai satuan yang lebih kecil",
        en="{value} is not a whole number of bit/s; use a smaller unit",
    ),
    "unit.bandwidth_large": Message(
        id="{value} lebih besar dari {most}; periksa satuannya",
        en="{value} is larger than {most}; check the unit",
    ),
    "unit.size": Message(
        id="{value} bukan ukuran memori atau disk; tulis misalnya '64 GiB' (KiB, MiB, GiB, TiB: kelipatan 1024) "
           "atau '960 GB' (kB, MB, GB, TB: kelipatan 1000)",
        en="{value} is not a size of memory or disk; write for example '64 GiB' (KiB, MiB, GiB, TiB: by 1024) "
        "or '960 GB' (kB, MB, GB, TB: by 1000)",
    ),
    "unit.size_whole": Message(
        id="{value} bukan jumlah byte yang bulat; pakai satuan yang lebih kecil",
        en="{value} is not a whole number of bytes; use a smaller unit",
    ),
    "unit.size_large": Message(
        id="{value} lebih besar dari {most}; periksa satuannya",
        en="{value} is larger than {most}; check the unit",
    ),
    "unit.number": Message(
        id="{value} hanya bilangan; tulis tanggal misalnya 2026-08-18, alamat misalnya 100.65.0.1, prefiks misalnya "
        "100.64.1.0/24",
        en="{value} is a bare number; write a date like 2026-08-18, an address like 100.65.0.1, a prefix like 100.64.1.0/24",
    ),
    "login.nothing": Message(
        id="login ini tidak punya kunci maupun kata sandi; "
        "tulis `key:` atau `password:` sebagai acuan (env:NAMA atau file:LOKASI)",
        en="this login has neither key nor password; write `key:` or `password:` as a reference (env:NAME or file:PATH)",
    ),
    "regency.timezone": Message(
        id="tidak ada zona waktu bernama '{value}'; di Indonesia: Asia/Jakarta (WIB), Asia/Makassar (WITA), Asia/Jayapura (WIT)",
        en="no time zone is called '{value}'; in Indonesia: Asia/Jakarta (WIB), Asia/Makassar (WITA), Asia/Jayapura (WIT)",
    ),
    # ------------------------------------------------------------------------------------------------------ prefix lists
    "prefixes.twice": Message(
        id="prefiks {prefix} sudah tertulis di baris {first}; hapus salah satunya",
        en="the prefix {prefix} is written on line {first} already; remove one of the two",
    ),
    "prefixes.nothing": Message(
        id="daftar ini tidak memuat satu prefiks pun; tulis satu per baris, misalnya 198.18.0.0/16",
        en="this list has not one prefix; write one a line, for example 198.18.0.0/16",
    ),
    "prefixes.unused": Message(
        id="tidak ada uplink yang memakai daftar ini; sebut di uplinks.yaml (destinations), atau hapus berkasnya",
        en="no uplink uses this list; name it in uplinks.yaml (destinations), or remove the file",
    ),
}  # fmt: skip

NONE_NEAR: Final[dict[str, Message]] = {
    "folder.missing": Message(
        id="folder kabupaten {folder} tidak ada; yang ada: {known}",
        en="there is no regency folder {folder}; there are: {known}",
    ),
    "file.unknown": Message(
        id="berkas ini tidak dibaca; yang dibaca: {known}",
        en="this file is not read; those that are: {known}",
    ),
    "shape.unknown_key": Message(
        id="tidak ada '{field}' di tempat ini; yang ada: {known}",
        en="there is no '{field}' in this place; there are: {known}",
    ),
    "shape.choice": Message(
        id="{field}: '{value}' tidak dikenal; pilihannya: {choices}",
        en="{field}: '{value}' is not known; the choices: {choices}",
    ),
}
