"""What is said to who gives a playbook."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

MESSAGES: Final[dict[str, Message]] = {
    "playing.via": Message(
        id="Jalan {value} tidak ada. Tulis salah satu dari: {known}.",
        en="There is no way {value}. Write one of: {known}.",
    ),
    "playing.batches": Message(
        id="lajur_batches adalah {value}; tulis daftar bilangan mulai 1 atau persen, misalnya [1, 5, '100%'].",
        en="lajur_batches is {value}; write a list of numbers from 1 on or of percentages, say [1, 5, '100%'].",
    ),
    "playing.canary": Message(
        id="lajur_canary menyebut {name}, yang bukan kelompok maupun perangkat dalam inventaris.{nearest}",
        en="lajur_canary names {name}, which is no group and no device of the inventory.{nearest}",
    ),
    "playing.no_regency": Message(
        id=(
            "Tidak ada kabupaten {regency} di {folder}. Yang ada: {known}. Pilih dengan LAJUR_REGENCY atau `regency:` di berkas "
            "inventaris, atau tunjukkan folder lain dengan LAJUR_REGENCIES."
        ),
        en=(
            "There is no regency {regency} in {folder}. There are: {known}. Choose one by LAJUR_REGENCY or `regency:` in the "
            "inventory file, or name another folder by LAJUR_REGENCIES."
        ),
    ),
    "playing.release_workload": Message(
        id="Beban kerja mana? Tulis -e release_workload=KUNCI. Yang dapat dirilis: {known}.",
        en="Which workload? Write -e release_workload=KEY. Those that can be released: {known}.",
    ),
    "playing.release_file": Message(
        id="Berkas mana? Tulis -e release_file=BERKAS.", en="Which file? Write -e release_file=FILE."
    ),
    "playing.secret_name": Message(
        id="{name} bukan nama rahasia. Tulis huruf kecil, angka, tanda hubung, dan garis miring: database/gateway.",
        en="{name} is no name of a secret. Write small letters, digits, hyphens and slashes: database/gateway.",
    ),
    "playing.which_return": Message(
        id="Server yang mana? Sebut dengan -e lajur_return=app-2 (beberapa: app-2,app-3). Tidak ada yang diubah.",
        en="Which server? Name it with -e lajur_return=app-2 (several: app-2,app-3). Nothing was changed.",
    ),
    "playing.return_text": Message(
        id="{name} harus satu baris teks, paling panjang {most} huruf. Tidak ada yang diubah.",
        en="{name} has to be one line of text of at most {most} characters. Nothing was changed.",
    ),
    "playing.given_back": Message(
        id="Dikembalikan: {servers}. Berita acara: {files}",
        en="Given back: {servers}. Records to sign: {files}",
    ),
    "playing.waits": Message(
        id="Perubahan menunggu; tidak ada yang diubah. Jalankan lagi tanpa --check untuk melaksanakannya.",
        en="Changes are waiting; nothing was changed. Run it again without --check to carry them out.",
    ),
    "playing.nothing": Message(id="Tidak ada yang perlu diubah.", en="There is nothing to change."),
    "playing.done": Message(
        id="Sudah dilaksanakan, dibaca ulang, dan dipastikan (proses {run}).",
        en="Carried out, read back and confirmed (run {run}).",
    ),
    "playing.link_done": Message(
        id="Tautan {link} diubah, dibuktikan, dan dipastikan di kedua ujung (proses {run}).",
        en="Link {link} was changed, proved and confirmed on both ends (run {run}).",
    ),
    "playing.not_begun": Message(
        id="Tautan {link} belum dimulai, karena {failed} gagal. Perbaiki sebabnya, lalu jalankan lagi.",
        en="Link {link} was not begun, because {failed} failed. Mend the cause, then run it again.",
    ),
    "playing.returned": Message(
        id="Tautan {link} baik, tetapi dikembalikan seperti semula bersama {failed} yang gagal pada perangkat yang sama. "
        "Perbaiki sebabnya, lalu jalankan lagi.",
        en="Link {link} was well, but was taken back together with {failed}, which failed on the same devices. Mend the cause, "
        "then run it again.",
    ),
    "playing.no_link": Message(
        id="Tidak ada tautan yang ujung jauhnya di perangkat ini.", en="No link has its far end on this device."
    ),
    "playing.part": Message(
        id="Yang tampil hanya {count} dari {of} kantor, menurut --limit. Jumlah dan langkah di bawahnya untuk semua kantor.",
        en="Only {count} of {of} offices are shown, as --limit says. Totals and steps below are those of all offices.",
    ),
    "playing.queues_whole": Message(
        id=(
            "Antrean membagi satu uplink untuk semua kantor, jadi tidak dapat diubah untuk sebagian saja; tidak ada yang diubah. "
            "Lihat bagian itu dengan --check --diff dan --limit yang sama. Untuk melaksanakan, hilangkan --limit, atau sebutkan "
            "perangkat antrean: --limit {devices}."
        ),
        en=(
            "Queues share one uplink among all offices, so they cannot be changed for some of them only; nothing was changed. "
            "Look at that part with --check --diff and the same --limit. To carry it out, leave --limit away, or name the "
            "device of the queues: --limit {devices}."
        ),
    ),
}
