"""What is said of files that are to be released, and of stages that are to be opened or moved."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_FILES: Final[dict[str, Message]] = {
    "release.file": Message(id="Berkas {file} tidak dapat dibaca: {reason}.", en="The file {file} cannot be read: {reason}."),
    "release.file_special": Message(id="{file} bukan berkas biasa.", en="{file} is no ordinary file."),
    "release.file_kind": Message(
        id="{file} bukan rilis. Yang dikenal: .whl, .deb, .tar, .tar.gz, .tgz, .tar.xz, .tar.bz2.",
        en="{file} is no release. Those that are known: .whl, .deb, .tar, .tar.gz, .tgz, .tar.xz, .tar.bz2.",
    ),
    "release.file_big": Message(
        id="{file} berukuran {size}; paling besar {most}. Tidak ada yang dikirim.",
        en="{file} has {size}; at most {most} are taken. Nothing was sent.",
    ),
    "release.version": Message(
        id="{version} tidak dapat menjadi versi: paling banyak 64 huruf, angka, dan . + ~ _ -. Beri yang lain dengan --version.",
        en="{version} cannot be a version: at most 64 letters, digits and . + ~ _ -. Give another one with --version.",
    ),
    "release.no_version": Message(
        id="Versi {file} tidak tertulis di namanya. Beri dengan --version.",
        en="The name of {file} does not say its version. Give it with --version.",
    ),
    "release.no_checksum": Message(
        id="Tidak ada checksum untuk {file}. Taruh {file}.sha256 di sebelahnya (sha256sum membuatnya), atau beri --sha256.",
        en="There is no checksum of {file}. Put {file}.sha256 beside it (sha256sum makes it), or give --sha256.",
    ),
    "release.checksum_form": Message(
        id="{text} bukan SHA-256: 64 angka heksadesimal.", en="{text} is no SHA-256: 64 hexadecimal digits."
    ),
    "release.checksum_file": Message(
        id="{file} tidak berisi SHA-256 berkas itu. sha256sum menulisnya sebagai: 64 angka heksadesimal, lalu namanya.",
        en="{file} does not hold the SHA-256 of that file. sha256sum writes it as 64 hexadecimal digits, then the name.",
    ),
    "release.checksum_other": Message(
        id=(
            "{beside} berisi SHA-256 untuk {others}, bukan untuk {file}. Tidak ada yang dikirim. Ambil checksum berkas ini dari "
            "sumbernya, beri berkasnya nama itu lagi, atau pakai --sha256."
        ),
        en=(
            "{beside} holds the SHA-256 of {others}, not of {file}. Nothing was sent. Get the checksum of this file from its "
            "source, call the file by that name again, or use --sha256."
        ),
    ),
    "release.checksum": Message(
        id=(
            "{file} bukan berkas yang dimaksud: SHA-256 seharusnya {wanted} ({source}), tetapi ternyata {found}. Tidak ada "
            "yang dikirim. Ambil lagi dari sumbernya."
        ),
        en=(
            "{file} is not the file that is meant: its SHA-256 should be {wanted} ({source}) and is {found}. Nothing was "
            "sent. Get it from its source again."
        ),
    ),
    "release.file_changed": Message(
        id=(
            "{file} diubah sementara diperiksa, jadi tidak jelas apa yang akan dikirim. Tidak ada yang dikirim. Tunggu sampai "
            "penulisnya selesai, atau ambil lagi dari sumbernya, lalu ulangi."
        ),
        en=(
            "{file} was changed while it was looked at, so nobody knows what would be sent. Nothing was sent. Wait until whoever "
            "writes it is done, or get it from its source again, then try again."
        ),
    ),
    "release.no_signature": Message(
        id="{workload} menerima hanya berkas yang ditandatangani. Taruh {file}.sig di sebelahnya, atau beri --signature.",
        en="{workload} takes signed files only. Put {file}.sig beside it, or give --signature.",
    ),
    "release.no_signers": Message(
        id="Tanda tangan {file} tidak dapat diperiksa: {workload} tidak punya `signers` di workloads.yaml.",
        en="The signature of {file} cannot be verified: {workload} has no `signers` in workloads.yaml.",
    ),
    "release.signature": Message(
        id=(
            "Tanda tangan {signature} untuk {file} bukan dari salah satu dari {signers} kunci yang boleh, atau untuk berkas "
            "lain. Tidak ada yang dikirim. Minta berkas ini ditandatangani: "
            "ssh-keygen -Y sign -n lajur-release -f KUNCI {file}. Katanya: {said}"
        ),
        en=(
            "The signature {signature} of {file} is by none of the {signers} keys that may sign, or of another file. Nothing was "
            "sent. Have this very file signed: ssh-keygen -Y sign -n lajur-release -f KEY {file}. It says: {said}"
        ),
    ),
    "release.no_ssh_keygen": Message(
        id="Tanda tangan {file} tidak dapat diperiksa: ssh-keygen tidak jalan ({reason}).",
        en="The signature of {file} cannot be verified: ssh-keygen does not run ({reason}).",
    ),
    "release.archive": Message(
        id="{file} tidak dapat dibaca sebagai arsip: {reason}. Tidak ada yang dikirim. Ambil atau buat lagi berkasnya.",
        en="{file} cannot be read as an archive: {reason}. Nothing was sent. Get or build the file again.",
    ),
    "release.archive.empty": Message(id="tidak ada apa pun di dalamnya", en="there is nothing in it"),
    "release.archive.cut": Message(
        id="berakhir sebelum waktunya, seperti unduhan yang terputus", en="it ends too early, as a download that was cut does"
    ),
    "release.archive.damaged": Message(
        id="isinya rusak (checksum di dalamnya tidak cocok)", en="it is damaged (its own checksums do not fit)"
    ),
    "release.archive.form": Message(
        id="bukan arsip dari jenis yang disebut namanya", en="it is no archive of the kind that its name says"
    ),
    "release.archive.locked": Message(id="isinya dikunci dengan kata sandi", en="what it holds is locked with a password"),
    "release.archive.lacking": Message(id="tidak ada {part} di dalamnya", en="there is no {part} in it"),
    "release.archive.said": Message(id="pembacanya berkata: {said}", en="its reader says: {said}"),
    "release.archive_header": Message(
        id="{file} menghabiskan lebih dari {most} untuk bercerita tentang isinya. Tidak ada yang dikirim. Buat lagi.",
        en="{file} spends more than {most} on what it says of its members. Nothing was sent. Build it again.",
    ),
    "release.archive_after": Message(
        id="{file} masih berisi sesuatu setelah akhir arsipnya. Tidak ada yang dikirim. Buat lagi.",
        en="{file} holds something after the end of its archive. Nothing was sent. Build it again.",
    ),
    "release.archive_empty": Message(
        id="{file} kosong. Tidak ada yang dikirim. Buat lagi.", en="There is nothing in {file}. Nothing was sent. Build it again."
    ),
    "release.archive_many": Message(
        id="{file} berisi lebih dari {most} anggota. Tidak ada yang dikirim. Buat yang lebih kecil.",
        en="{file} has more than {most} members. Nothing was sent. Build a smaller one.",
    ),
    "release.archive_big": Message(
        id=(
            "Isi {file} lebih dari {most} setelah dibongkar. Tidak ada yang dikirim. Rilis memuat program; data ada di "
            "basis data atau folder bersama."
        ),
        en=(
            "Unpacked, {file} has more than {most}. Nothing was sent. A release holds programs; data belongs in the "
            "database or the shared folder."
        ),
    ),
    "release.wheel_name": Message(
        id="{file} menyebut dirinya {name}, dan itu bukan nama wheel. Tidak ada yang dikirim. Buat lagi dengan: python -m build.",
        en="{file} calls itself {name}, which no wheel is called. Nothing was sent. Make it again: python -m build.",
    ),
    "release.deb_part": Message(
        id="{file} bukan paket Debian seperti biasanya: {part} tidak pada tempatnya. Tidak ada yang dikirim.",
        en="{file} is no Debian package as they are made: {part} is not where it belongs. Nothing was sent.",
    ),
    "release.deb_zst": Message(
        id="{file} dimampatkan dengan zstd, yang tidak dibaca di sini. Buat dengan: dpkg-deb -Zxz.",
        en="{file} is compressed with zstd, which is not read here. Build it with: dpkg-deb -Zxz.",
    ),
    "release.no_program.start": Message(
        id=(
            "{file} tidak berisi {program}, yang menjalankan {workload}.{hint} Tidak ada yang dikirim. Beri berkas yang dibuat "
            "untuk {workload}, atau perbaiki `start` di workloads.yaml."
        ),
        en=(
            "{file} does not hold {program}, with which {workload} is started.{hint} Nothing was sent. Give a file that is made "
            "for {workload}, or mend `start` in workloads.yaml."
        ),
    ),
    "release.no_program.migrate": Message(
        id=(
            "{file} tidak berisi {program}, yang memigrasikan basis data {workload}.{hint} Tidak ada yang dikirim. Beri berkas "
            "yang dibuat untuk {workload}, atau perbaiki `migrate` di workloads.yaml."
        ),
        en=(
            "{file} does not hold {program}, with which the database of {workload} is migrated.{hint} Nothing was sent. Give a "
            "file that is made for {workload}, or mend `migrate` in workloads.yaml."
        ),
    ),
    "release.program_below": Message(
        id=" Adanya {folder}/{program}: buat arsipnya tanpa folder {folder}.",
        en=" There is {folder}/{program}: make the archive without the folder {folder}.",
    ),
    "release.member": Message(
        id="{file} ditolak karena anggotanya {member}: {why}. Tidak ada yang dikirim. Buat lagi tanpa itu.",
        en="{file} is refused because of its member {member}: {why}. Nothing was sent. Build it again without that.",
    ),
    "release.member.absolute": Message(id="jalurnya mutlak", en="its path is absolute"),
    "release.member.target_absolute": Message(
        id="tautan kerasnya menunjuk ke jalur mutlak", en="its hard link is to an absolute path"
    ),
    "release.member.target_climbs": Message(
        id='tautan kerasnya menunjuk ke luar dengan ".."', en='its hard link leads out with ".."'
    ),
    "release.member.target_name": Message(
        id="tujuan tautan kerasnya kosong, terlalu panjang, atau berisi tanda kendali",
        en="the target of its hard link is empty, too long, or has control characters",
    ),
    "release.member.climbs": Message(id='jalurnya naik ke luar dengan ".."', en='its path climbs out with ".."'),
    "release.member.name": Message(
        id="namanya kosong, terlalu panjang, atau berisi tanda kendali",
        en="its name is empty, too long, or has control characters",
    ),
    "release.member.kind": Message(
        id="itu perangkat, pipa, atau jenis lain yang bukan berkas, folder, atau tautan",
        en="it is a device, a pipe or another kind that is no file, folder or link",
    ),
    "release.member.special": Message(id="bit setuid atau setgid terpasang", en="its set-user-id or set-group-id bit is set"),
    "release.member.twin": Message(
        id="tautan kerasnya tidak menunjuk ke berkas sebelumnya di arsip",
        en="its hard link is to no file before it in the archive",
    ),
    "release.member.twice": Message(id="nama itu sudah ada di arsip", en="that name is in the archive already"),
    "release.member.below": Message(id="letaknya di bawah tautan atau berkas", en="it lies below a link or a file"),
    "release.member.leads_out": Message(id="tautannya menunjuk ke luar", en="its link leads out"),
}

_STAGES: Final[dict[str, Message]] = {
    "release.no_stage": Message(
        id="Tidak ada tahap {stage}.{nearest} Yang ada: {known}.", en="There is no stage {stage}.{nearest} There are: {known}."
    ),
    "release.stage_early": Message(
        id="Tahap {stage} dibuka pada {opens}; hari ini {today}. {reasons} {remedies}",
        en="The stage {stage} opens on {opens}; today is {today}. {reasons} {remedies}",
    ),
    "release.stage_early_lacking": Message(
        id=(
            "Tahap {stage} dibuka pada {opens}; hari ini {today}. Selain itu {count} kantornya belum siap dan tidak "
            "dikecualikan: {reasons} {remedies}"
        ),
        en=(
            "The stage {stage} opens on {opens}; today is {today}. Besides, {count} of its offices are neither ready nor "
            "waived: {reasons} {remedies}"
        ),
    ),
    "release.remedy.stage_early": Message(
        id="Untuk membukanya lebih awal: lajur release move {stage} --to TANGGAL --reason ALASAN",
        en="To open it earlier: lajur release move {stage} --to DATE --reason TEXT",
    ),
    "release.remedy.stage_ready": Message(
        id="Sampai hari itu: lengkapi, atau tulis pengecualian dengan alasannya di stages.yaml (`waivers`).",
        en="Until that day: complete them, or write a waiver with its reason in stages.yaml (`waivers`).",
    ),
    "release.stage_before": Message(
        id="Sebelum {stage} ada tahap yang belum dibuka: {before}. Buka dulu: lajur release open {first}.",
        en="Before {stage} there are stages that are not open: {before}. Open first: lajur release open {first}.",
    ),
    "release.stage_empty": Message(
        id="Tidak ada kantor di tahap {stage} (offices.yaml, `stage`).",
        en="No office is in the stage {stage} (offices.yaml, `stage`).",
    ),
    "release.stage_not_ready": Message(
        id="Tahap {stage} tidak dibuka: {count} dari {of} kantornya belum siap dan tidak dikecualikan. {reasons} {remedies}",
        en="The stage {stage} was not opened: {count} of its {of} offices are neither ready nor waived. {reasons} {remedies}",
    ),
    "release.stage_office": Message(
        id="{office} ({name}): {least}–{most} angka dari {threshold} yang diminta. {gaps}",
        en="{office} ({name}): {least}–{most} points of the {threshold} that are wanted. {gaps}",
    ),
    "release.remedy.stage": Message(
        id=(
            "Lengkapi, tulis pengecualian dengan alasannya di stages.yaml (`waivers`), atau pindahkan tanggalnya: "
            "lajur release move {stage} --to TANGGAL --reason ALASAN"
        ),
        en=(
            "Complete them, write a waiver with its reason in stages.yaml (`waivers`), or move the day: "
            "lajur release move {stage} --to DATE --reason TEXT"
        ),
    ),
    "release.stage_untold": Message(
        id=(
            "Tahap {stage} dibuka dan tercatat, tetapi edge {edges} belum tahu: di sana kantor-kantornya belum dimasukkan. "
            "{reasons} {remedies}"
        ),
        en=(
            "The stage {stage} is open and on record, but the edge {edges} does not know yet: its offices are not let in there. "
            "{reasons} {remedies}"
        ),
    ),
    "release.remedy.untold": Message(
        id=(
            "Setelah itu diperbaiki, jalankan perintah yang sama lagi: lajur release open {stage} (atau seluruh edge: "
            "lajur play workloads --server {edge})."
        ),
        en=(
            "When that is mended, give the same command again: lajur release open {stage} (or the whole edge: "
            "lajur play workloads --server {edge})."
        ),
    ),
    "release.stage_busy": Message(
        id="Tahap lain sedang dibuka ({run}, proses {pid}). Tidak ada yang diubah; tunggu sampai selesai, lalu ulangi.",
        en="Another stage is being opened ({run}, process {pid}). Nothing was changed; wait until that has ended, then again.",
    ),
    "release.stage_is_open": Message(
        id="Tahap {stage} sudah dibuka pada {at} dan tidak dapat dipindahkan lagi.",
        en="The stage {stage} was opened on {at} and cannot be moved any more.",
    ),
    "release.stage_not_moved": Message(
        id="Tahap {stage} tidak dipindahkan. {findings}.",
        en="The stage {stage} was not moved. {findings}.",
    ),
    "release.stage_order": Message(
        id="Urutan pembukaan tahap berubah: {was} → {order}. Tahap dibuka satu per satu dalam urutan itu.",
        en="The order in which stages open changes: {was} → {order}. Stages open one after another in that order.",
    ),
    "release.stage_past": Message(
        id="{to} sudah lewat (hari ini {today}); tahap {stage} tidak dapat dipindahkan ke sana.",
        en="{to} is over (today is {today}); the stage {stage} cannot be moved there.",
    ),
}

MESSAGES: Final[dict[str, Message]] = {**_FILES, **_STAGES}
