"""What is said of Pulumi's state: where it lies, who holds it, what it is locked with."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

MESSAGES: Final[dict[str, Message]] = {
    "infra.state_locked": Message(
        id=(
            "Server kabupaten ini sedang dikerjakan orang lain: {holder}, proses {pid}, sejak {since}. Tidak ada yang diubah. "
            "Tunggu sampai selesai, lalu jalankan lagi."
        ),
        en=(
            "Somebody else works at this regency's servers: {holder}, process {pid}, since {since}. Nothing was changed. Wait "
            "until it is through, then try again."
        ),
    ),
    "infra.state_locked_elsewhere": Message(
        id=(
            "Server kabupaten ini dikunci {holder}, proses {pid}, sejak {since}: di mesin atau kontainer lain, jadi dari sini "
            "tidak dapat dilihat apakah ia masih bekerja. Tidak ada yang diubah, dan kuncinya dibiarkan. Tunggu sampai selesai; "
            "bila proses itu sudah mati, jalankan `lajur infra recover` di sana. Hanya bila mesin atau kontainer itu sendiri "
            "tidak akan kembali: hapus kuncinya ({lock}), lalu `lajur infra recover` di sini."
        ),
        en=(
            "This regency's servers are locked by {holder}, process {pid}, since {since}: on another machine or in another "
            "container, so that from here nobody can tell whether it still works. Nothing was changed, and the lock was left. "
            "Wait until it is through; if that process has died, give `lajur infra recover` there. Only if that machine or "
            "container itself will not come back: delete the lock ({lock}), then give `lajur infra recover` here."
        ),
    ),
    "infra.state_lock_half": Message(
        id=(
            "Kunci {lock} belum utuh: agaknya seseorang sedang menulisnya. Tidak ada yang diubah. Jalankan lagi satu menit "
            "lagi; yang setelah itu masih terpotong (oleh disk yang penuh) dibuang `lajur infra recover`."
        ),
        en=(
            "The lock {lock} is not whole: somebody seems to be writing it this moment. Nothing was changed. Try again in a "
            "minute; one that is still cut short then (by a full disk) is taken away by `lajur infra recover`."
        ),
    ),
    "infra.paper_unwritten": Message(
        id=(
            "{server}: apa yang harus dicatat tentangnya di {folder} tidak dapat ditulis atau dibaca ({reason}), jadi pekerjaan "
            "pada server ini berhenti di situ; yang sudah dikerjakan padanya tetap. Kosongkan ruang di sana atau beri hak "
            "tulis, lalu jalankan perintah yang sama lagi."
        ),
        en=(
            "{server}: what has to be put on record of it in {folder} cannot be written or read ({reason}), so the work at this "
            "server stopped there; what was done on it stays. Make room there or make it writable, then give the same command "
            "again."
        ),
    ),
    "infra.rebased": Message(
        id="{server}: keadaannya sekarang menjadi dasar perbandingan yang baru.",
        en="{server}: what is there now is the new baseline.",
    ),
    "infra.state_half": Message(
        id=(
            "Sesuatu pada catatan Pulumi hanya separuh tertulis: sebuah kunci, atau catatannya sendiri ({place}). Dari sini "
            "tidak dapat dilihat siapa yang menulisnya dan apakah ia masih bekerja. Tidak ada yang diubah, dan tidak ada kunci "
            "yang dibuang. Pastikan tidak ada yang mengerjakan server kabupaten ini di mesin lain; lalu, bersama pengelola "
            "tempat itu, hapus kunci yang terpotong atau kembalikan catatannya dari cadangan, dan jalankan `lajur infra recover`."
        ),
        en=(
            "Something of Pulumi's state is written by half: a lock, or the state itself ({place}). From here nobody can tell "
            "who wrote it and whether he still works. Nothing was changed, and no lock was taken away. Make sure that nobody "
            "works at this regency's servers on another machine; then, with who administers that place, delete the lock that is "
            "cut short or bring the state back from a backup, and give `lajur infra recover`."
        ),
    ),
    "infra.state_locked_dead": Message(
        id=(
            "Proses {pid} ({holder}, sejak {since}) mati di tengah pekerjaan dan meninggalkan kuncinya. Tidak ada yang diubah. "
            "Jalankan `lajur infra recover`: kunci dibuang, yang setengah jadi diselesaikan."
        ),
        en=(
            "Process {pid} ({holder}, since {since}) died in the middle of its work and left its lock. Nothing was changed. Give "
            "`lajur infra recover`: it takes the lock away and finishes what is half done."
        ),
    ),
    "infra.state_unreachable": Message(
        id=(
            "Basis data yang memegang catatan Pulumi tidak dapat dicapai: {cause}. Tidak ada yang diubah. Periksa "
            "LAJUR_INFRA_STATE, layanan PostgreSQL-nya dan PGPASSFILE, lalu jalankan lagi."
        ),
        en=(
            "The database that holds Pulumi's state cannot be reached: {cause}. Nothing was changed. Check "
            "LAJUR_INFRA_STATE, its PostgreSQL service and PGPASSFILE, then try again."
        ),
    ),
    "infra.state_gone": Message(
        id=(
            "Basis data yang memegang catatan Pulumi hilang di tengah pekerjaan: {cause}. Yang sudah dikerjakan pada mesin "
            "tetap, tetapi belum semuanya tercatat. Hidupkan lagi layanan PostgreSQL-nya, lalu `lajur infra recover`."
        ),
        en=(
            "The database that holds Pulumi's state went away in the middle of the work: {cause}. What was done on the machines "
            "stays, but not all of it is on record. Bring its PostgreSQL service back, then give `lajur infra recover`."
        ),
    ),
    "infra.state_readonly": Message(
        id=(
            "Catatan Pulumi tidak dapat ditulis: {cause}. Tidak ada yang diubah sesudah itu. Beri hak tulis pada foldernya dan "
            "periksa ruang disk, lalu `lajur infra recover`, dan sesudahnya perintah yang sama lagi."
        ),
        en=(
            "Pulumi's state cannot be written: {cause}. Nothing was changed after that. Make its folder writable and see the "
            "space on the disk, then give `lajur infra recover`, and after it the same command again."
        ),
    ),
    "infra.state_folder": Message(
        id=(
            "Folder {folder}, tempat catatan Pulumi menurut LAJUR_INFRA_STATE, tidak dapat dibuat atau ditulis ({reason}). Tidak "
            "ada yang diubah. Beri hak tulis di sana, atau sebut folder lain."
        ),
        en=(
            "The folder {folder}, where LAJUR_INFRA_STATE has Pulumi's state, cannot be made or written ({reason}). Nothing was "
            "changed. Make it writable, or name another folder."
        ),
    ),
    "infra.state_full": Message(
        id=(
            "Catatan Pulumi tidak dapat ditulis, karena tempatnya penuh: {cause}. Tidak ada yang diubah sesudah itu. Kosongkan "
            "ruang di sana, lalu `lajur infra recover`, dan sesudahnya perintah yang sama lagi."
        ),
        en=(
            "Pulumi's state cannot be written, as its place is full: {cause}. Nothing was changed after that. Make room "
            "there, then give `lajur infra recover`, and after it the same command again."
        ),
    ),
    "infra.state_lost": Message(
        id=(
            "Catatan Pulumi di {file} rusak ({cause}) dan tidak ada cadangan yang utuh. Tidak ada yang diubah. Pindahkan berkas "
            "itu, lalu `lajur infra recover` dan `lajur infra up`: tiap mesin diperiksa dan diambil alih lagi, sebab catatannya "
            "masih menyebut kita."
        ),
        en=(
            "Pulumi's state in {file} is spoilt ({cause}), and there is no backup that is whole. Nothing was changed. Move that "
            "file away, then give `lajur infra recover` and `lajur infra up`: every machine is looked at and taken over anew, as "
            "its record names us."
        ),
    ),
    "infra.state_cut": Message(
        id=(
            "Catatan Pulumi {file} terpotong dan tidak dapat dibaca ({cause}). Tidak ada yang diubah. Simpan berkas itu di "
            "tempat lain, pasang cadangannya ({backup}) sebagai gantinya, lalu `lajur infra recover` dan `lajur infra up`: "
            "server dibaca ulang dan yang kurang dilengkapi."
        ),
        en=(
            "Pulumi's state {file} is cut short and cannot be read ({cause}). Nothing was changed. Put that file aside, put its "
            "backup ({backup}) in its place, then give `lajur infra recover` and `lajur infra up`: the servers are read back and "
            "what is missing is made good."
        ),
    ),
    "infra.state_outside": Message(
        id=(
            "LAJUR_INFRA_STATE menyebut server basis data, yang tidak terjangkau dari dalam lab {lab}. Tidak ada yang diubah. "
            "Kosongkan variabel itu (catatan lab lalu di folder lab), atau pakai soket Unix: postgres:///basisdata?host=/folder."
        ),
        en=(
            "LAJUR_INFRA_STATE names a database server, which cannot be reached from inside the lab {lab}. Nothing was "
            "changed. Leave the variable out (a lab's state is then in its folder), or use a Unix socket: "
            "postgres:///database?host=/folder."
        ),
    ),
    "infra.passphrase_missing": Message(
        id=(
            "Pulumi tidak mendapat frasa sandi untuk catatannya. Tidak ada yang diubah. Sebut berkasnya dengan "
            "LAJUR_INFRA_PASSPHRASE_FILE."
        ),
        en=(
            "Pulumi was given no passphrase for its state. Nothing was changed. Name the file that holds it in "
            "LAJUR_INFRA_PASSPHRASE_FILE."
        ),
    ),
    "infra.passphrase_wrong": Message(
        id=(
            "Frasa sandi ini bukan yang menyegel catatan Pulumi. Tidak ada yang diubah. Pakai berkas yang dipakai ketika "
            "catatan itu dibuat (LAJUR_INFRA_PASSPHRASE_FILE); tanpa itu rahasia di dalamnya tidak dapat dibaca lagi."
        ),
        en=(
            "This passphrase is not the one that Pulumi's state was sealed with. Nothing was changed. Use the file that was used "
            "when the state was made (LAJUR_INFRA_PASSPHRASE_FILE); without it the secrets in it cannot be read any more."
        ),
    ),
    "infra.passphrase_unset": Message(
        id=(
            "Belum ada frasa sandi yang menyegel rahasia dalam catatan Pulumi. Tidak ada yang diubah. Buat sekali, simpan "
            "salinannya di tempat lain, dan sebut dengan LAJUR_INFRA_PASSPHRASE_FILE (tanpa sebutan: {file}):\n"
            "  (umask 077; head -c 32 /dev/urandom | base64 > {file})"
        ),
        en=(
            "There is no passphrase yet to seal the secrets in Pulumi's state with. Nothing was changed. Make one once, keep "
            "a copy somewhere else, and name it in LAJUR_INFRA_PASSPHRASE_FILE (else: {file}):\n  (umask 077; head -c 32 "
            "/dev/urandom | base64 > {file})"
        ),
    ),
    "infra.passphrase_gone": Message(
        id=(
            "Berkas frasa sandi {file} tidak ada, padahal catatan Pulumi sudah disegel dengannya. Tidak ada yang diubah, dan "
            "tidak ada frasa sandi baru yang dibuat. Kembalikan berkas itu dari salinannya, atau sebut salinannya dengan "
            "LAJUR_INFRA_PASSPHRASE_FILE. Bila hilang untuk selamanya, rahasia di catatan itu tidak terbaca lagi: pindahkan "
            "{state} (dengan .bak-nya) dan {work} ke tempat lain, lalu `lajur infra recover`: semua server diambil alih lagi."
        ),
        en=(
            "The passphrase file {file} is not there, though Pulumi's state was sealed with it. Nothing was changed, and no new "
            "passphrase was made. Put that file back from its copy, or name the copy in LAJUR_INFRA_PASSPHRASE_FILE. If it is "
            "lost for good, the secrets in that state cannot be read any more: move {state} (and its .bak) and {work} away, "
            "then give `lajur infra recover`: it takes all servers over anew."
        ),
    ),
    "infra.passphrase_irregular": Message(
        id=(
            "Berkas frasa sandi {file} bukan berkas biasa (folder, pipa, atau perangkat), jadi tidak dibaca. Tidak ada yang "
            "diubah. Simpan frasa sandinya di berkas biasa, dan sebut berkas itu dengan LAJUR_INFRA_PASSPHRASE_FILE."
        ),
        en=(
            "The passphrase file {file} is no regular file (but a folder, a pipe or a device), so it was not read. Nothing was "
            "changed. Keep the passphrase in a regular file, and name that file in LAJUR_INFRA_PASSPHRASE_FILE."
        ),
    ),
    "infra.passphrase_large": Message(
        id=(
            "Berkas frasa sandi {file} lebih besar dari {most} KiB, jadi agaknya bukan yang dimaksud. Tidak ada yang diubah. "
            "Periksa LAJUR_INFRA_PASSPHRASE_FILE."
        ),
        en=(
            "The passphrase file {file} is larger than {most} KiB, so it is hardly the one that was meant. Nothing was changed. "
            "Check LAJUR_INFRA_PASSPHRASE_FILE."
        ),
    ),
    "infra.passphrase_open": Message(
        id="Berkas frasa sandi {file} dapat dibaca orang lain. Tidak ada yang diubah. Jalankan `chmod 600 {file}`, lalu ulangi.",
        en="Others can read the passphrase file {file}. Nothing was changed. Give `chmod 600 {file}`, then try again.",
    ),
    "infra.passphrase_empty": Message(
        id="Berkas frasa sandi {file} kosong. Tidak ada yang diubah. Isi dengan frasa sandinya, atau sebut berkas lain.",
        en="The passphrase file {file} is empty. Nothing was changed. Put the passphrase into it, or name another file.",
    ),
    "infra.passphrase_file": Message(
        id="Berkas frasa sandi {file} tidak dapat dibaca ({reason}). Tidak ada yang diubah. Periksa LAJUR_INFRA_PASSPHRASE_FILE.",
        en="The passphrase file {file} cannot be read ({reason}). Nothing was changed. Check LAJUR_INFRA_PASSPHRASE_FILE.",
    ),
    "infra.passphrase_made": Message(
        id="Frasa sandi untuk catatan Pulumi dibuat: {file} (hanya untuk contoh dan lab).",
        en="Made a passphrase for Pulumi's state: {file} (for examples and labs only).",
    ),
}
