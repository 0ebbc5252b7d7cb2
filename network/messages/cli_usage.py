"""What the command says of wrong usage, and of what it will not do."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_SEE_ID: Final = " Lihat `{command} --help`."
_SEE_EN: Final = " See `{command} --help`."

USAGE: Final[dict[str, Message]] = {
    "usage.perhaps": Message(id=" Barangkali: {words}.", en=" Perhaps: {words}."),
    "cli.usage.no_command": Message(
        id="`{command}` tidak mengenal perintah {word}.{nearest}" + _SEE_ID,
        en="`{command}` knows no command {word}.{nearest}" + _SEE_EN,
    ),
    "cli.usage.no_verb": Message(
        id="Sesudah `{command}` masih perlu sebuah perintah." + _SEE_ID,
        en="After `{command}` a command is still needed." + _SEE_EN,
    ),
    "cli.usage.no_option": Message(
        id="`{command}` tidak mengenal bendera {option}.{nearest}" + _SEE_ID,
        en="`{command}` knows no flag {option}.{nearest}" + _SEE_EN,
    ),
    "cli.usage.missing": Message(id="`{command}` memerlukan {name}." + _SEE_ID, en="`{command}` needs {name}." + _SEE_EN),
    "cli.usage.bad_value": Message(
        id="Nilai untuk {name} tidak cocok. Yang cocok: {fits}." + _SEE_ID,
        en="The value for {name} does not fit. What fits: {fits}." + _SEE_EN,
    ),
    "cli.usage.needs_value": Message(
        id="Bendera {option} memerlukan nilai." + _SEE_ID, en="The flag {option} needs a value." + _SEE_EN
    ),
    "cli.usage.no_value": Message(
        id="Bendera {option} tidak memakai nilai." + _SEE_ID, en="The flag {option} takes no value." + _SEE_EN
    ),
    "cli.usage.extra": Message(
        id="Kata yang tidak dikenal di akhir: {words}." + _SEE_ID,
        en="Words at the end that mean nothing here: {words}." + _SEE_EN,
    ),
    "cli.usage.time": Message(
        id="Waktu {value} tidak terbaca. Tulis misalnya 2026-08-18T08:05 (setempat) atau 2026-08-17T23:05+00:00.",
        en="The time {value} cannot be read. Write for example 2026-08-18T08:05 (local) or 2026-08-17T23:05+00:00.",
    ),
    "cli.usage.time_range": Message(
        id="Waktu {value} di luar yang dihitung di sini: tahun 2000 sampai 2199.",
        en="The time {value} is outside what is reckoned with here: the years 2000 to 2199.",
    ),
    "cli.usage.no_window": Message(
        id="Tidak ada jendela {key} di windows.yaml.{nearest}",
        en="There is no window {key} in windows.yaml.{nearest}",
    ),
    "cli.usage.no_schema": Message(
        id="Tidak ada berkas kebenaran bernama {file}. Yang ada: {nearest}.",
        en="There is no file of the truth named {file}. There are: {nearest}.",
    ),
    "cli.usage.file": Message(
        id="Berkas {file} tidak dapat dibaca: {cause}. Periksa nama dan izinnya.",
        en="The file {file} cannot be read: {cause}. Check its name and permissions.",
    ),
    "cli.usage.watch_links": Message(
        id="--watch dan --links tidak dapat bersama: yang satu membaca antrean, yang lain total antarmuka. Pilih salah satu.",
        en="--watch and --links do not go together: one reads queues, the other interface totals. Choose one.",
    ),
    "cli.usage.no_argv": Message(
        id="Tidak ada perintah untuk {node}. Tulis misalnya: lajur lab exec {node} -- ip route.",
        en="There is no command for {node}. Write for example: lajur lab exec {node} -- ip route.",
    ),
    "cli.usage.no_office": Message(
        id="Tidak ada kantor {key} di offices.yaml.{nearest}",
        en="There is no office {key} in offices.yaml.{nearest}",
    ),
    "cli.refused.needs_yes": Message(
        id="Tidak ada terminal untuk bertanya, jadi tidak ada yang diubah. Beri --yes bila perubahan ini memang dikehendaki.",
        en="There is no terminal to ask on, so nothing was changed. Give --yes if this change is what you want.",
    ),
    "cli.refused.links_memory": Message(
        id="Perangkat di memori tidak punya antarmuka yang bisa diukur. Bangun lab (`lajur lab up`), lalu ulangi.",
        en="Devices in memory have no interfaces to measure. Build the lab (`lajur lab up`), then try again.",
    ),
    "cli.refused.at_direct": Message(
        id="--at memindahkan waktu, dan itu hanya boleh di lab atau memori. Untuk perangkat asli jalankan tanpa --at.",
        en="--at moves the time, which is allowed on the lab or memory only. For real devices leave --at out.",
    ),
}
