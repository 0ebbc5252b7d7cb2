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
    "run.half_confirmed": Message(
        id=(
            "Proses {run}: {devices} memegang rencananya, tetapi {rest} tidak sempat dipastikan dan kembali sendiri ke keadaan "
            "semula ({cause}). Tidak ada jaminan yang dijanjikan dua kali. Jalankan perintah yang sama lagi; `lajur serve` "
            "melakukannya sendiri."
        ),
        en=(
            "Run {run}: {devices} hold its plan, but {rest} could not be confirmed and go back by themselves to what was there "
            "before ({cause}). Nothing is promised twice. Give the same command again; `lajur serve` does so by itself."
        ),
    ),
    "recover.left_open": Message(
        id=(
            "{cause} Prosesnya tetap terbuka, dan perangkatnya mungkin tidak seperti semula. Atasi sebabnya, lalu jalankan "
            "`lajur recover` lagi."
        ),
        en="{cause} The run stays open, and the device may not be as before. Mend the cause, then give `lajur recover` again.",
    ),
    "recover.still_armed": Message(
        id=(
            "{devices} masih memegang pewaktu dari {runs} walaupun waktunya sudah habis. Tidak ada yang diubah. Lihat "
            "/var/lib/lajur di perangkat itu dan `log` di dalamnya; jalankan /var/lib/lajur/boot di sana bila prosesnya mati."
        ),
        en=(
            "{devices} still hold a timer of {runs} although its time is over. Nothing was changed. Look at /var/lib/lajur on "
            "that device and at the `log` in it; run /var/lib/lajur/boot there if its process is dead."
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
    "settings.language": Message(
        id="LAJUR_LANG={value} tidak dapat dipakai; tulis id atau en.",
        en="LAJUR_LANG={value} cannot be used; write id or en.",
    ),
    "settings.ledger": Message(
        id="LAJUR_LEDGER tidak dapat dipakai; tulis postgresql://pengguna@host:port/basisdata, atau kosongkan untuk SQLite.",
        en="LAJUR_LEDGER cannot be used; write postgresql://user@host:port/database, or leave it out for SQLite.",
    ),
    "settings.ledger_secret": Message(
        id="LAJUR_LEDGER memuat kata sandi. Hapus dari alamat itu, dan taruh di berkas yang disebut PGPASSFILE.",
        en="LAJUR_LEDGER holds a password. Take it out of the address and put it into the file that PGPASSFILE names.",
    ),
    "settings.infra_state": Message(
        id=(
            "LAJUR_INFRA_STATE tidak dapat dipakai; tulis folder (jalur lengkap), atau "
            "postgres://pengguna@host:port/basisdata, atau kosongkan."
        ),
        en=(
            "LAJUR_INFRA_STATE cannot be used; write a folder (its whole path), or postgres://user@host:port/database, or "
            "leave it out."
        ),
    ),
    "settings.infra_state_secret": Message(
        id=(
            "LAJUR_INFRA_STATE memuat kata sandi. Hapus dari alamat itu, dan taruh di berkas yang disebut PGPASSFILE, atau di "
            "PGPASSWORD."
        ),
        en=(
            "LAJUR_INFRA_STATE holds a password. Take it out of the address and put it into the file that PGPASSFILE names, "
            "or into PGPASSWORD."
        ),
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
    "truth.no_regencies": Message(
        id="Tidak ada satu kabupaten pun di {folder}. Mulai satu dengan `lajur init`, atau ubah LAJUR_REGENCIES.",
        en="There is no regency at all in {folder}. Begin one with `lajur init`, or set LAJUR_REGENCIES.",
    ),
    "wiring.no_lab": Message(
        id="Lab untuk {regency} tidak sedang berjalan. Jalankan `lajur lab up`, atau pakai --via memory.",
        en="No lab is up for {regency}. Start one with `lajur lab up`, or use --via memory.",
    ),
    "wiring.lab_alone": Message(
        id=(
            "Lab {lab} hanya berisi cloud, sebab dijalankan tanpa root: tidak ada router yang bisa ditanya di dalamnya. Tidak "
            "ada yang diubah. Pakai --via memory, atau `lajur lab down`, lalu `lajur lab up` sebagai root."
        ),
        en=(
            "The lab {lab} is a cloud alone, as it was brought up without root: no router stands in it that could be asked. "
            "Nothing was changed. Use --via memory, or `lajur lab down` and then `lajur lab up` as root."
        ),
    ),
    "wiring.lab_not_up": Message(
        id=(
            "Lab {lab}, yang disebut LAJUR_LAB, tidak sedang berjalan. Yang berjalan: {labs}. Tidak ada yang diubah. Perbaiki "
            "atau kosongkan LAJUR_LAB (`lajur lab status --lab ID` memperlihatkan satu lab), atau tulis --via memory."
        ),
        en=(
            "The lab {lab}, which LAJUR_LAB names, is not up. Up are: {labs}. Nothing was changed. Correct or unset LAJUR_LAB "
            "(`lajur lab status --lab ID` shows one lab), or say --via memory."
        ),
    ),
    "wiring.lab_elsewhere": Message(
        id=(
            "Lab {lab}, yang disebut LAJUR_LAB, adalah lab {there}, bukan {regency}. Yang berjalan: {labs}. Tidak ada yang "
            "diubah. Ubah LAJUR_LAB atau --regency (`lajur lab status --lab ID` memperlihatkan satu lab), atau --via memory."
        ),
        en=(
            "The lab {lab}, which LAJUR_LAB names, is one of {there}, not of {regency}. Up are: {labs}. Nothing was changed. "
            "Correct LAJUR_LAB or --regency (`lajur lab status --lab ID` shows one lab), or say --via memory."
        ),
    ),
    "wiring.illustrative": Message(
        id="{regency} adalah contoh; perangkatnya rekaan, tidak pernah dihubungi. Pakai lab (`lajur lab up`) atau --via memory.",
        en="{regency} is illustrative: its devices are invented and never dialled. Use the lab (`lajur lab up`) or --via memory.",
    ),
    "wiring.several_labs": Message(
        id="Ada beberapa lab untuk {regency}: {labs}. Pilih satu dengan LAJUR_LAB (`lajur lab list` menyebut "
        "semuanya), atau bongkar yang lain (`lajur lab down`).",
        en="There are several labs of {regency}: {labs}. Choose one with LAJUR_LAB (`lajur lab list` tells of all), "
        "or take the others down (`lajur lab down`).",
    ),
    "wiring.no_snmp": Message(
        id=(
            "Tidak ada perangkat {regency} yang punya `snmp:` di devices.yaml, jadi tidak ada yang dapat ditanyai tentang "
            "tautannya. Tidak ada yang diubah. Tambahkan pada setiap perangkat, misalnya `snmp: {{user: lajur, auth: "
            '"env:LAJUR_SNMP_AUTH", privacy: "env:LAJUR_SNMP_PRIVACY"}}` (pengguna SNMPv3 yang sama dengan di perangkat), isi '
            "kedua variabel itu, jalankan `lajur inventory check`, lalu perintah ini lagi."
        ),
        en=(
            "No device of {regency} has `snmp:` in devices.yaml, so there is none to ask about its links. Nothing was changed. "
            "Add to each device, for example, `snmp: {{user: lajur, auth: "
            '"env:LAJUR_SNMP_AUTH", privacy: "env:LAJUR_SNMP_PRIVACY"}}` (the SNMPv3 user that the device has), set '
            "both variables, run `lajur inventory check`, then this command again."
        ),
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
        id="Perangkat {device}: variabel lingkungan {variable} kosong, padahal rahasianya dirujuk ke sana. Isi, atau "
        "untuk layanan titipkan dengan `LoadCredential={variable}:BERKAS`, lalu ulangi.",
        en="Device {device}: the environment variable {variable}, to which its secret refers, is empty. Set it, or for a "
        "service hand it over with `LoadCredential={variable}:FILE`, and try again.",
    ),
    "credentials.open_file": Message(
        id="Perangkat {device}: berkas rahasia {file} terbaca oleh orang lain. Jalankan `chmod 600 {file}` lalu ulangi.",
        en="Device {device}: the secret's file {file} can be read by others. Run `chmod 600 {file}` and try again.",
    ),
    "credentials.no_file": Message(
        id="Perangkat {device}: berkas rahasia {file} tidak terbaca ({reason}). Perbaiki rujukan di devices.yaml.",
        en="Device {device}: the secret's file {file} cannot be read ({reason}). Mend the reference in devices.yaml.",
    ),
    "settings.webhook_allow": Message(
        id="LAJUR_WEBHOOK_ALLOW: {value} bukan jaringan IP. Tulis misalnya 10.8.0.0/16, dipisah koma.",
        en="LAJUR_WEBHOOK_ALLOW: {value} is no IP network. Write 10.8.0.0/16 for example, separated by commas.",
    ),
    "report.none": Message(
        id="Tidak ada laporan {purpose} {window} yang mulai {start} di {regency}. Lihat daftar laporan untuk yang ada.",
        en="There is no report of {purpose} {window} starting at {start} in {regency}. The list of reports has those there are.",
    ),
    "webhook.bad_url": Message(
        id="Alamat webhook {url} tidak dapat dipakai. Tulis https://nama[:port]/jalur dalam ASCII, paling panjang 2000 huruf.",
        en="Webhook address {url} cannot be used. Write https://name[:port]/path in ASCII, of 2000 letters at most.",
    ),
    "webhook.credentials": Message(
        id="Alamat webhook di {host} memuat nama atau kata sandi. Hapus; penerima mengenali kami dari tanda tangan.",
        en="The webhook address at {host} holds a name or password. Take it out; a receiver knows us by the signature.",
    ),
    "webhook.not_https": Message(
        id="Alamat webhook {url} tidak memakai https, jadi tidak dipakai. Tulis alamat https://.",
        en="Webhook address {url} is not https, so it is not used. Write an https:// address.",
    ),
    "webhook.no_address": Message(
        id="Nama {host} tidak menjadi alamat IP dalam waktunya. Periksa ejaannya dan DNS, lalu ulangi.",
        en="The name {host} led to no IP address in time. Check its spelling and the DNS, then try again.",
    ),
    "webhook.private_address": Message(
        id="{host} menuju {address}, bukan alamat umum; tidak ada yang dikirim. Pengelola layanan dapat mengizinkan jaringannya.",
        en="{host} leads to {address}, no public address; nothing is sent. Whoever runs the service may allow its network.",
    ),
    "webhook.no_connection": Message(
        id="Penerima tidak menerima sambungan.",
        en="The receiver took no connection.",
    ),
    "webhook.certificate": Message(
        id="Sertifikat penerima tidak sah untuk namanya.",
        en="The receiver's certificate does not hold for its name.",
    ),
    "webhook.no_answer": Message(
        id="Penerima memutus sambungan atau menjawab dengan yang bukan HTTP.",
        en="The receiver ended the connection, or answered with what is not HTTP.",
    ),
    "webhook.timeout": Message(
        id="Penerima tidak selesai menjawab dalam waktunya.",
        en="The receiver did not answer in full in time.",
    ),
    "webhook.key_reference": Message(
        id="LAJUR_WEBHOOK_KEY={reference} tidak menuju kunci: variabel kosong, atau berkas tidak ada atau terbuka (0600).",
        en="LAJUR_WEBHOOK_KEY={reference} leads to no key: an empty variable, or a file that is absent or not private (0600).",
    ),
    "webhook.key_short": Message(
        id="Kunci webhook di {place} kurang dari {shortest} byte. Buat yang acak, misalnya `openssl rand -hex 32`.",
        en="The webhook key in {place} has fewer than {shortest} bytes. Make a random one, say by `openssl rand -hex 32`.",
    ),
    "webhook.key_open": Message(
        id="Berkas kunci webhook {file} terbaca oleh orang lain. Jalankan `chmod 600 {file}` lalu ulangi.",
        en="The webhook key's file {file} can be read by others. Run `chmod 600 {file}` and try again.",
    ),
    "webhook.key_file": Message(
        id="Berkas kunci webhook {file} gagal dibaca atau dibuat ({reason}). Periksa izinnya, atau isi LAJUR_WEBHOOK_KEY.",
        en="The webhook key's file {file} cannot be read or made ({reason}). See to space and rights, or set LAJUR_WEBHOOK_KEY.",
    ),
}
