"""What the ledger, the meters and the runner say."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

MESSAGES: Final[dict[str, Message]] = {
    "ledger.full": Message(
        id=(
            "Catatan {ledger}: diska penuh. Yang baru tidak dicatat dan tidak dijalankan; yang lama utuh. "
            "Kosongkan tempat di diska itu, lalu jalankan perintah yang sama lagi."
        ),
        en=(
            "Ledger {ledger}: the disk is full. The new entry was not written and not carried out; what it held is intact. "
            "Make room on that disk, then give the same command again."
        ),
    ),
    "ledger.disk": Message(
        id=(
            "Catatan {ledger}: diska tidak dapat dibaca atau ditulis ({reason}). Isinya tidak berubah. "
            "Periksa diska (`dmesg`) dan sisa tempatnya, lalu jalankan perintah yang sama lagi."
        ),
        en=(
            "Ledger {ledger}: the disk cannot be read or written ({reason}). Nothing in it was changed. "
            "Check the disk (`dmesg`) and its free space, then give the same command again."
        ),
    ),
    "ledger.read_only": Message(
        id=(
            "Catatan {ledger} tidak dapat ditulis ({reason}). Tidak ada yang dijalankan. Jalankan sebagai pemilik berkas itu, "
            "atau perbaiki hak tulis berkas dan foldernya."
        ),
        en=(
            "Ledger {ledger} cannot be written ({reason}). Nothing was carried out. Run as the owner of that file, "
            "or mend the write permission of the file and its folder."
        ),
    ),
    "ledger.busy": Message(
        id=(
            "Catatan {ledger} masih dikunci proses lain ({reason}). Isinya tidak berubah. "
            "Cari pemegangnya (`fuser -v {ledger}`), tunggu atau hentikan, lalu jalankan perintah yang sama lagi."
        ),
        en=(
            "Ledger {ledger} is still locked by another process ({reason}). Nothing in it was changed. "
            "Find who holds it (`fuser -v {ledger}`), wait or stop it, then give the same command again."
        ),
    ),
    "ledger.replaced": Message(
        id=(
            "Catatan {ledger} dihapus atau diganti selagi dipakai. Tidak ada yang ditulis lagi; perangkat tetap seperti adanya. "
            "Kembalikan berkas yang semula, atau mulai ulang layanan bila berkas yang sekarang memang yang dimaksud."
        ),
        en=(
            "The record {ledger} was deleted or replaced while it was in use. Nothing is written any more; devices stay as they "
            "are. Put the file back, or start the service again if the one that is there now is meant."
        ),
    ),
    "ledger.corrupt": Message(
        id=(
            "Berkas {ledger} bukan catatan Lajur yang utuh ({reason}). Berkas dibiarkan apa adanya. Simpan salinannya, lalu "
            "pulihkan dari cadangan atau pindahkan berkas itu; catatan baru dibuat pada pemakaian berikutnya."
        ),
        en=(
            "File {ledger} is not a sound Lajur ledger ({reason}). It was left as it is. Keep a copy, then restore a backup "
            "or move the file away; a new ledger is made on next use."
        ),
    ),
    "ledger.unreachable": Message(
        id=(
            "Catatan {ledger} tidak dapat dihubungi ({reason}). Tidak ada yang dicatat atau dijalankan. Periksa apakah "
            "PostgreSQL berjalan, alamatnya di LAJUR_LEDGER, dan kata sandi di PGPASSFILE, lalu jalankan perintah yang sama lagi."
        ),
        en=(
            "Ledger {ledger} cannot be reached ({reason}). Nothing was written or carried out. Check that PostgreSQL runs, its "
            "address in LAJUR_LEDGER and the password in PGPASSFILE, then give the same command again."
        ),
    ),
    "ledger.failed": Message(
        id=(
            "Catatan {ledger} gagal dipakai: {reason}. Isinya tidak berubah. "
            "Jalankan perintah yang sama lagi; bila tetap gagal, laporkan teks ini."
        ),
        en=(
            "Ledger {ledger} could not be used: {reason}. Nothing in it was changed. "
            "Give the same command again; if it stays so, report this text."
        ),
    ),
    "ledger.version": Message(
        id=(
            "Catatan {ledger} berbentuk versi {found}, sedangkan program ini memakai versi {known}. Tidak ada yang diubah. "
            "Pakai rilis Lajur yang membuatnya, atau rilis yang lebih baru."
        ),
        en=(
            "Ledger {ledger} has schema version {found}; this program knows version {known}. Nothing was changed. "
            "Use the Lajur release that wrote it, or a newer one."
        ),
    ),
    "ledger.run_exists": Message(
        id=(
            "Proses {run} sudah ada di catatan {ledger}; tidak ada yang dijalankan. "
            "Jalankan perintah yang sama lagi untuk mendapat nomor baru."
        ),
        en="Run {run} is in ledger {ledger} already; nothing was carried out. Give the same command again to get a new number.",
    ),
    "ledger.run_not_running": Message(
        id=(
            "Proses {run} tidak sedang berjalan menurut catatan {ledger}, jadi tidak ada yang ditambahkan padanya. "
            "Lihat riwayatnya sebelum melanjutkan."
        ),
        en="Ledger {ledger} does not show run {run} as running, so nothing was added to it. Look at its history before going on.",
    ),
    "meter.silent": Message(
        id=(
            "Perangkat {device} ({address} port {port}): SNMP tidak menjawab tepat waktu; angkanya tidak ada kali ini. Periksa "
            "apakah perangkat hidup, agen SNMP berjalan dan frasa privasi pengguna {user} benar (yang salah didiamkan agen)."
        ),
        en=(
            "Device {device} ({address} port {port}): SNMP did not answer in time; there are no figures this time. Check that "
            "the device is up, its SNMP agent runs and the privacy phrase of user {user} is right (agents ignore a wrong one)."
        ),
    ),
    "meter.login_refused": Message(
        id=(
            "Perangkat {device} ({address} port {port}) menolak pengguna SNMP {user}: {reason}. Tidak ada yang dibaca. "
            "Samakan nama dan frasa `snmp:` perangkat itu di berkas kebenaran dengan yang ada di perangkat."
        ),
        en=(
            "Device {device} ({address} port {port}) refused SNMP user {user}: {reason}. Nothing was read. "
            "Make name and phrases under the device's `snmp:` in the truth the same as on the device."
        ),
    ),
    "meter.refused": Message(
        id=(
            "Perangkat {device} ({address} port {port}) tidak melayani SNMP pengguna {user}: {reason}. Tidak ada yang dibaca. "
            "Periksa di perangkat apa yang boleh dibaca pengguna itu (IF-MIB dan sysUpTime)."
        ),
        en=(
            "Device {device} ({address} port {port}) did not serve SNMP user {user}: {reason}. Nothing was read. "
            "Check on the device what that user may read (IF-MIB and sysUpTime)."
        ),
    ),
    "meter.failed": Message(
        id=(
            "Perangkat {device} ({address} port {port}) tidak dapat ditanya sebagai pengguna SNMP {user}: kesalahan {reason} di "
            "sini, bukan di perangkat. Tidak ada yang dibaca; perangkat lain tetap dibaca. Periksa nama dan frasa `snmp:`-nya di "
            "devices.yaml; rinciannya ada di log."
        ),
        en=(
            "Device {device} ({address} port {port}) could not be asked as SNMP user {user}: {reason} here, not on the device. "
            "Nothing was read of it; other devices still are. Check name and phrases under its `snmp:` in devices.yaml; the log "
            "has the details."
        ),
    ),
    "meter.phrase_short": Message(
        id=(
            "Perangkat {device} ({address} port {port}): frasa SNMP pengguna {user} kurang dari {shortest} karakter, jadi tidak "
            "ditanya. Pakai frasa yang lebih panjang di perangkat dan di tempat rahasianya."
        ),
        en=(
            "Device {device} ({address} port {port}): an SNMP phrase of user {user} has less than {shortest} characters, so it "
            "was not asked. Use a longer one on the device and where the secret is kept."
        ),
    ),
    "meter.walk_stuck": Message(
        id=(
            "Perangkat {device}: agen SNMP mengulang {oid} dan tidak maju; pembacaan dihentikan. "
            "Perbarui perangkat lunaknya, atau pakai pengukur kelas saja."
        ),
        en=(
            "Device {device}: its SNMP agent repeats {oid} and does not move on; the reading was stopped. "
            "Update its software, or use the class meter alone."
        ),
    ),
    "meter.too_many_rows": Message(
        id=(
            "Perangkat {device}: lebih dari {rows} antarmuka lewat SNMP dan belum habis; pembacaan dihentikan. "
            "Batasi yang terlihat pengguna itu pada antarmuka fisik."
        ),
        en=(
            "Device {device}: {rows} interfaces over SNMP and no end; the reading was stopped. "
            "Limit what that user sees to physical interfaces."
        ),
    ),
    "meter.too_big": Message(
        id=(
            "Perangkat {device}: agen SNMP tidak sanggup menjawab satu baris pun (tooBig). Tidak ada yang dibaca. "
            "Periksa ukuran paket terbesar agen itu."
        ),
        en=(
            "Device {device}: its SNMP agent cannot answer even one row (tooBig). Nothing was read. "
            "Check the largest packet that the agent may send."
        ),
    ),
    "meter.no_totals": Message(
        id=(
            "Perangkat {device}: SNMP menjawab tanpa penghitung 64-bit antarmuka (ifHCInOctets, ifHCOutOctets). "
            "Izinkan pengguna itu membaca IF-MIB, atau pakai pengukur kelas saja."
        ),
        en=(
            "Device {device}: SNMP answered without 64-bit interface counters (ifHCInOctets, ifHCOutOctets). "
            "Allow that user to read IF-MIB, or use the class meter alone."
        ),
    ),
    "meter.name.class": Message(id="byte kelas dari antrean", en="class bytes of the queues"),
    "meter.name.snmp": Message(id="penghitung antarmuka lewat SNMP", en="interface counters over SNMP"),
    "rate.new": Message(id="baru dibaca sekali", en="read only once so far"),
    "rate.too_close": Message(id="dua bacaan terlalu rapat", en="two readings too close together"),
    "rate.restarted": Message(id="perangkat menyala ulang di antaranya", en="the device restarted in between"),
    "rate.discontinuity": Message(
        id="perangkat menyatakan penghitungnya terputus", en="the device says that its counters were interrupted"
    ),
    "rate.went_back": Message(id="penghitung mulai lagi dari nol", en="the counter began again from zero"),
    "rate.above_speed": Message(id="lebih cepat daripada tautannya", en="faster than its link can be"),
    "lock.busy": Message(
        id=(
            "Perangkat {device} sedang dipegang proses {run} (pid {pid}); sudah ditunggu {seconds:g} detik dan tidak ada yang "
            "diubah. Tunggu sampai selesai, lalu jalankan perintah yang sama lagi."
        ),
        en=(
            "Device {device} is held by run {run} (pid {pid}); waited {seconds:g} s and changed nothing. "
            "Wait until it ends, then give the same command again."
        ),
    ),
    "lock.unusable": Message(
        id=(
            "Kunci perangkat {device} tidak dapat dibuat di {folder}: {reason}. Tidak ada yang diubah. "
            "Perbaiki hak tulis atau tempat kosong folder itu."
        ),
        en=(
            "The lock of device {device} cannot be made in {folder}: {reason}. Nothing was changed. "
            "Mend that folder's permissions or free space."
        ),
    ),
}
