"""What the services say."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_AUDIT_ID: Final = " Jangan ubah apa pun: simpan salinan basis data itu dan beri tahu pengawas."
_AUDIT_EN: Final = " Change nothing: keep a copy of the database and tell the auditor."

MESSAGES: Final[dict[str, Message]] = {
    "run.returned": Message(
        id=(
            "{cause} Proses {run} dibatalkan; keadaan sebelumnya sudah kembali dan dibaca ulang dari perangkat. "
            "Perbaiki sebabnya, lalu jalankan perintah yang sama lagi."
        ),
        en=(
            "{cause} Run {run} was taken back; the state before it holds again and was read back from the devices. "
            "Mend the cause, then give the same command again."
        ),
    ),
    "run.needs_person": Message(
        id=(
            "{cause} Proses {run} berhenti dan keadaan sebelumnya tidak dapat dibuktikan pada: {devices}. Pewaktu di "
            "perangkat tetap mengembalikannya sendiri. Periksa dengan `lajur status`; bila perangkat tetap diam, "
            "datangi perangkat itu."
        ),
        en=(
            "{cause} Run {run} stopped and the state before it could not be proved on: {devices}. The timer on the "
            "device still returns it by itself. Look with `lajur status`; if the device stays silent, go there."
        ),
    ),
    "run.read_back_differs": Message(
        id=(
            "Perangkat {device}: sesudah perintah dijalankan, {different} bagian dari {step} tidak seperti rencana. "
            "Ada yang mengubah antrean di luar lajur, atau perangkat mengabaikan perintah."
        ),
        en=(
            "Device {device}: after the commands, {different} parts of {step} are not as planned. "
            "Somebody changes queues beside lajur, or the device ignored a command."
        ),
    ),
    "audit.broken_number": Message(
        id="Log audit rusak: entri {number} tidak ada." + _AUDIT_ID,
        en="The audit log is broken: entry {number} is missing." + _AUDIT_EN,
    ),
    "audit.broken_previous": Message(
        id="Log audit rusak: entri {number} tidak menyambung yang sebelumnya." + _AUDIT_ID,
        en="The audit log is broken: entry {number} does not follow the one before it." + _AUDIT_EN,
    ),
    "audit.broken_digest": Message(
        id="Log audit rusak: entri {number} diubah sesudah ditulis." + _AUDIT_ID,
        en="The audit log is broken: entry {number} was changed after it was written." + _AUDIT_EN,
    ),
    "settings.arm_seconds": Message(
        id="LAJUR_ARM_SECONDS={value} tidak dapat dipakai; tulis bilangan bulat dari 5 sampai 600 (detik).",
        en="LAJUR_ARM_SECONDS={value} cannot be used; write a whole number from 5 to 600 (seconds).",
    ),
    "settings.ledger": Message(
        id="LAJUR_LEDGER tidak dapat dipakai; tulis postgresql://pengguna@host:port/basisdata, atau kosongkan untuk SQLite.",
        en="LAJUR_LEDGER cannot be used; write postgresql://user@host:port/database, or leave it out for SQLite.",
    ),
    "settings.ledger_secret": Message(
        id="LAJUR_LEDGER memuat kata sandi. Hapus dari alamat itu, dan taruh di berkas yang disebut PGPASSFILE.",
        en="LAJUR_LEDGER holds a password. Take it out of the address and put it into the file that PGPASSFILE names.",
    ),
    "truth.invalid": Message(
        id="Berkas kabupaten {regency} belum benar. Tidak ada yang diubah. Lihat semuanya: `lajur inventory check`.",
        en="The files of regency {regency} do not hold together. Nothing was changed. See all: `lajur inventory check`.",
    ),
    "truth.table_refused": Message(
        id="Tabel itu tidak dapat dipakai untuk kabupaten {regency} (lihat di atas). Tidak ada yang diubah.",
        en="That table cannot be used for regency {regency} (see above). Nothing was changed.",
    ),
    "truth.no_regency": Message(
        id="Tidak ada kabupaten {regency} di {folder}. Yang ada: {known}. Pilih dengan --regency, atau ubah LAJUR_REGENCIES.",
        en="There is no regency {regency} in {folder}. There are: {known}. Choose with --regency, or set LAJUR_REGENCIES.",
    ),
    "wiring.no_lab": Message(
        id="Lab untuk {regency} tidak sedang berjalan. Jalankan `lajur lab up`, atau pakai --via memory.",
        en="No lab is up for {regency}. Start one with `lajur lab up`, or use --via memory.",
    ),
    "wiring.illustrative": Message(
        id="{regency} adalah contoh; perangkatnya rekaan, tidak pernah dihubungi. Pakai lab (`lajur lab up`) atau --via memory.",
        en="{regency} is illustrative: its devices are invented and never dialled. Use the lab (`lajur lab up`) or --via memory.",
    ),
    "wiring.several_labs": Message(
        id="Ada beberapa lab untuk {regency}: {labs}. Pilih satu dengan LAJUR_LAB, atau bongkar yang lain (`lajur lab down`).",
        en="There are several labs of {regency}: {labs}. Choose one with LAJUR_LAB, or take the others down (`lajur lab down`).",
    ),
    "wiring.no_snmp": Message(
        id="Tidak ada perangkat {regency} yang punya `snmp:` di devices.yaml, jadi total antarmuka tidak dapat dibaca.",
        en="No device of {regency} has `snmp:` in devices.yaml, so interface totals cannot be read.",
    ),
    "memory.unreadable": Message(
        id="Ingatan perangkat tiruan di {file} tidak terbaca. Hapus berkas itu; perangkat tiruan mulai dari kosong.",
        en="The memory of the twin device in {file} cannot be read. Remove the file; the twin then starts empty.",
    ),
    "memory.unwritable": Message(
        id="Ingatan perangkat tiruan di {file} tidak dapat ditulis ({reason}). Periksa ruang dan izinnya, atau ubah LAJUR_STATE.",
        en="The memory of the twin device in {file} cannot be written ({reason}). See to space and rights, or set LAJUR_STATE.",
    ),
    "credentials.no_variable": Message(
        id="Perangkat {device}: variabel lingkungan {variable} kosong, padahal rahasianya dirujuk ke sana. Isi lalu ulangi.",
        en="Device {device}: the environment variable {variable}, to which its secret refers, is empty. Set it and try again.",
    ),
    "credentials.open_file": Message(
        id="Perangkat {device}: berkas rahasia {file} terbaca oleh orang lain. Jalankan `chmod 600 {file}` lalu ulangi.",
        en="Device {device}: the secret's file {file} can be read by others. Run `chmod 600 {file}` and try again.",
    ),
    "credentials.no_file": Message(
        id="Perangkat {device}: berkas rahasia {file} tidak terbaca ({reason}). Perbaiki rujukan di devices.yaml.",
        en="Device {device}: the secret's file {file} cannot be read ({reason}). Mend the reference in devices.yaml.",
    ),
}
