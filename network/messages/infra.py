"""What becomes of leased servers, as the builder and the service around it say it: events, refusals, failures."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_EVENTS: Final[dict[str, Message]] = {
    "infra.stage": Message(id="Tahap: {stage}.", en="Stage: {stage}."),
    "infra.resource": Message(id="{server}: {operation} ({status}).", en="{server}: {operation} ({status})."),
    "infra.accepted": Message(
        id="{server}: diterima; mesinnya sesuai kontrak, atau kekurangannya dikecualikan.",
        en="{server}: accepted; the machine is what its contract promises, or what it lacks is waived.",
    ),
    "infra.short": Message(
        id=(
            "{server}: mesinnya kurang dari kontrak ({lines} dijanjikan > ditemukan), jadi tidak diambil alih dan tidak ada "
            "yang diubah padanya. Tagih pemberi sewanya dengan berita acara; atau kecualikan barisnya di servers.yaml "
            "(`waivers`, dengan alasan) dan jalankan lagi."
        ),
        en=(
            "{server}: the machine is less than its contract promises ({lines} promised > found), so it was not taken over and "
            "nothing was changed on it. Claim it from the lessor with the acceptance report; or waive the line in servers.yaml "
            "(`waivers`, with the reason) and try again."
        ),
    ),
    "infra.short_line": Message(id="{contract_line}: {promised} > {found};", en="{contract_line}: {promised} > {found};"),
    "infra.now_short": Message(
        id=(
            "{server}: sudah diambil alih, tetapi kini kurang dari yang dikatakan kontraknya ({lines} dijanjikan > ditemukan). "
            "Server tetap diambil alih, berita acara penerimaannya tetap, dan tidak ada yang diubah padanya. Tagih pemberi "
            "sewanya dengan berita acara pemeriksaan; atau kecualikan barisnya di servers.yaml (`waivers`, dengan alasan); atau "
            "betulkan leases.yaml bila angkanya keliru. Lalu jalankan lagi."
        ),
        en=(
            "{server}: it was taken over, but is now less than its contract says ({lines} promised > found). It stays taken "
            "over, the paper of its acceptance stays as it was, and nothing was changed on it. Claim it from the lessor with the "
            "report of this check; or waive the line in servers.yaml (`waivers`, with the reason); or put leases.yaml right if "
            "it is wrong there. Then try again."
        ),
    ),
    "infra.difference": Message(id="{server}: {what}: {name}.", en="{server}: {what}: {name}."),
    "infra.accepted_difference": Message(id="{server}: diterima: {what}: {name}.", en="{server}: accepted: {what}: {name}."),
    "infra.not_compared": Message(
        id="{server}: acuannya tidak menyebut siapa yang dapat menjadi root.",
        en="{server}: its baseline does not say who may become root.",
    ),
    "infra.repaired": Message(id="{server}: diperbaiki: {what}: {name}.", en="{server}: mended: {what}: {name}."),
    "infra.unrepaired": Message(
        id="{server}: belum dapat diperbaiki: {what}: {name}.", en="{server}: could not be mended: {what}: {name}."
    ),
    "infra.released": Message(
        id="{server}: dilepas; kredensial dan data peran kita yang dicari sudah dihapus, dan buktinya ditulis.",
        en="{server}: released; the credentials and data of our roles that were looked for are wiped, and the proof is written.",
    ),
    "infra.wiping_data": Message(
        id="{server}: menghapus data; sisa {files} berkas, {bytes} …", en="{server}: wiping data; {files} files, {bytes} left …"
    ),
    "infra.gone": Message(
        id="{server}: dilepas; mesinnya dikembalikan ke cloud dengan semua yang ada padanya.",
        en="{server}: let go of; the machine goes back to the cloud with all that is on it.",
    ),
    "infra.released_unentered": Message(
        id="{server}: dilepas; kita tidak pernah masuk ke sana, jadi tidak ada yang dihapus. Berita acaranya ditulis.",
        en="{server}: released; nobody of us ever logged in to it, so nothing was wiped. The record of its return is written.",
    ),
    "infra.let_go": Message(
        id="{server}: dinyatakan hilang dan dilepas; tidak ada yang dihapus padanya. Berita acara kehilangannya ditulis.",
        en="{server}: declared lost and let go of; nothing was wiped on it. A record of the loss is written.",
    ),
    "infra.outputs": Message(id="Catatan tentang server diterima.", en="What is on record of the servers has come."),
    "infra.lock_removed": Message(
        id="Kunci proses {pid} ({holder}, sejak {since}) dibuang: proses itu sudah tidak ada.",
        en="The lock of process {pid} ({holder}, since {since}) was taken away: that process is gone.",
    ),
    "infra.silent": Message(
        id="Masih bekerja; {seconds} detik tanpa kabar …", en="Still at work; no word for {seconds} seconds …"
    ),
    "infra.stopping": Message(
        id="Diminta berhenti dengan tertib, paling lama {seconds} detik. Ctrl-C sekali lagi: dihentikan paksa.",
        en="Asked to stop in order, within {seconds} seconds. Ctrl-C once more: it is killed.",
    ),
    "infra.unheard": Message(
        id="Pembangun server mengatakan sesuatu yang tidak dikenal di sini: {word}. Samakan versi kedua bagian Lajur.",
        en="The builder of servers said something that is not known here: {word}. Bring both parts of Lajur to one version.",
    ),
}

_STATE: Final[dict[str, Message]] = {
    "infra.engine_absent": Message(
        id=(
            "Pulumi {version} tidak ada di mesin ini. Tidak ada yang diubah. Jalankan `make setup` (membangunnya bila Go "
            "terpasang, sekitar 6 menit sekali saja, atau mengambilnya bila ada internet), atau sebut programnya dengan "
            "LAJUR_INFRA_ENGINE."
        ),
        en=(
            "Pulumi {version} is not on this machine. Nothing was changed. Give `make setup` (it builds it where Go is "
            "installed, about 6 minutes and only once, or fetches it where there is internet), or name its program in "
            "LAJUR_INFRA_ENGINE."
        ),
    ),
    "infra.engine_died": Message(
        id=(
            "Pulumi berhenti sebelum selesai: {cause}. Yang sudah dikerjakannya tetap dan tercatat. Perbaiki sebabnya, lalu "
            "`lajur infra recover`."
        ),
        en=(
            "Pulumi ended before it was through: {cause}. What it did stays and is on record. Mend the cause, then give "
            "`lajur infra recover`."
        ),
    ),
    "infra.engine_died_looking": Message(
        id="Pulumi berhenti sebelum selesai: {cause}. Tidak ada yang diubah. Perbaiki sebabnya, lalu jalankan lagi.",
        en="Pulumi ended before it was through: {cause}. Nothing was changed. Mend the cause, then try again.",
    ),
    "infra.folder": Message(
        id=(
            "Folder {folder} tidak dapat dibuat atau ditulis ({reason}). Tidak ada yang diubah. Beri hak tulis di sana, atau "
            "ubah LAJUR_STATE."
        ),
        en=(
            "The folder {folder} cannot be made or written ({reason}). Nothing was changed. Make it writable, or change "
            "LAJUR_STATE."
        ),
    ),
    "infra.record_unreadable": Message(
        id=(
            "{server}: catatan tentang server ini tidak dapat dibaca ({section}: {reason}). Tidak ada yang diubah padanya. "
            "Jalankan `lajur infra refresh --baseline {server} --reason ...` bila keadaannya sekarang memang yang "
            "dikehendaki."
        ),
        en=(
            "{server}: what is on record of this server cannot be read ({section}: {reason}). Nothing was changed on it. Give "
            "`lajur infra refresh --baseline {server} --reason ...` if it is as it should be now."
        ),
    ),
}

_ASKED: Final[dict[str, Message]] = {
    "infra.memory": Message(
        id=(
            "Server sewaan kabupaten contoh {regency} hanya ada di lab: di memori tidak ada mesin. Tidak ada yang diubah. Bangun "
            "labnya dengan server: `lajur lab up --servers`."
        ),
        en=(
            "The leased servers of the example regency {regency} exist in a lab only: in memory there is no machine. Nothing was "
            "changed. Build the lab with its servers: `lajur lab up --servers`."
        ),
    ),
    "infra.via_memory": Message(
        id=(
            "Server sewaan {regency} dicapai di lab atau lewat SSH; di memori tidak ada mesin. Tidak ada yang diubah. Jalankan "
            "tanpa `--via memory`; kabupaten contoh perlu labnya: `lajur lab up --servers`."
        ),
        en=(
            "The leased servers of {regency} are reached in a lab or over SSH; in memory there is no machine. Nothing was "
            "changed. Leave `--via memory` out; an example regency needs its lab: `lajur lab up --servers`."
        ),
    ),
    "infra.lab_gone": Message(
        id=(
            "Lab {lab} diturunkan selagi servernya dikerjakan: mesin dan catatannya ikut hilang, jadi tidak ada yang perlu "
            "dipulihkan. Bangun lagi dengan `lajur lab up --servers`, lalu ulangi perintah ini."
        ),
        en=(
            "The lab {lab} was taken down while its servers were worked on: the machines and their record went with it, so "
            "there is nothing to recover. Build it again with `lajur lab up --servers`, then give this command again."
        ),
    ),
    "infra.lab_without_servers": Message(
        id=(
            "Lab {lab} ({regency}) dibangun tanpa server. Tidak ada yang diubah. Turunkan (`lajur lab down --lab {lab}`) dan "
            "bangun lagi: `lajur lab up --servers`."
        ),
        en=(
            "The lab {lab} ({regency}) was built without servers. Nothing was changed. Take it down (`lajur lab down --lab "
            "{lab}`) and build it again: `lajur lab up --servers`."
        ),
    ),
    "infra.no_servers": Message(
        id="Kabupaten {regency} tidak punya server sewaan. Tulis di servers.yaml dan leases.yaml, lalu ulangi.",
        en="The regency {regency} has no leased servers. Write them in servers.yaml and leases.yaml, then try again.",
    ),
    "infra.apart": Message(
        id="{server} tidak disewa sekarang: waktunya {time} (clouds.yaml). Tidak ada yang dikerjakan.",
        en="{server} is not rented now: its time is {time} (clouds.yaml). Nothing was done.",
    ),
    "infra.no_server": Message(
        id="Tidak ada server {server}.{nearest} Yang ada: {known}.",
        en="There is no server {server}.{nearest} There are: {known}.",
    ),
    "infra.unknown_server": Message(
        id=(
            "Server {server} sudah diambil alih, tetapi tidak ada lagi dalam kebenaran, jadi cara memasukinya tidak diketahui. "
            "Tidak ada yang diubah padanya. Tulis lagi di servers.yaml (yang disewa per jam: clouds.yaml), kembalikan dengan "
            "`lajur infra destroy --server {server} --release`, baru hapus dari sana. Bila mesinnya sudah tidak ada, cukup "
            "perintah itu dengan --lost dan sebabnya."
        ),
        en=(
            "The server {server} was taken over, but is no longer in the truth, so nobody knows how to enter it. Nothing was "
            "changed on it. Put it back in servers.yaml (one rented by the hour: clouds.yaml), give it back with `lajur infra "
            "destroy --server {server} --release`, then remove it there. If the machine is gone, that command with --lost and "
            "the reason will do."
        ),
    ),
    "infra.not_adopted": Message(
        id=(
            "Server {server} tidak tercatat sebagai diambil alih: belum pernah, atau sudah dikembalikan. Tidak ada yang diubah. "
            "Yang tercatat: {adopted}. Yang belum pernah diambil alih dengan `lajur infra up`; yang sudah dikembalikan "
            "dihapus dari servers.yaml atau clouds.yaml."
        ),
        en=(
            "The server {server} is not on record as taken over: it never was, or it was given back. Nothing was changed. Those "
            "on record: {adopted}. One that never was is taken over by `lajur infra up`; one that was given back is taken out "
            "of servers.yaml or clouds.yaml."
        ),
    ),
    "infra.busy": Message(
        id=(
            "Di mesin ini pekerjaan lain pada server sedang berjalan (proses {pid}, {run}). Tidak ada yang diubah. Tunggu sampai "
            "selesai, lalu jalankan lagi."
        ),
        en=(
            "On this machine somebody else is at work on the servers (process {pid}, {run}). Nothing was changed. Wait until "
            "that is through, then try again."
        ),
    ),
    "infra.not_replaced": Message(
        id=(
            "{server}: yang kini diminta kebenaran ({changes}) tidak dapat diubah pada mesin yang berdiri, dan server terlindung "
            "tidak diganti tanpa diminta: isinya akan hilang. Mesinnya tidak disentuh. Tulis lagi yang berdiri, atau kembalikan "
            "lalu sewa baru: `lajur infra destroy --server {server} --release`, kemudian `lajur infra up --server {server}`."
        ),
        en=(
            "{server}: what the truth asks for now ({changes}) cannot be changed on a machine that stands, and a server that is "
            "protected is not replaced unasked: what it holds would be gone. The machine was not touched. Write back what "
            "stands, or give it back and rent it anew: `lajur infra destroy --server {server} --release`, then "
            "`lajur infra up --server {server}`."
        ),
    ),
    "infra.protected": Message(
        id=(
            "Server ini terlindung: {servers}. Tidak ada yang diubah padanya. Bila memang mau dikembalikan, sebut satu per satu "
            "dan izinkan: `lajur infra destroy --server KUNCI --release` (dalam play: "
            "`-e lajur_release=true`). Yang terlanjur dihapus dari servers.yaml ditulis lagi di sana dulu."
        ),
        en=(
            "These servers are protected: {servers}. Nothing was changed on them. If you do want to give them back, name each "
            "and allow it: `lajur infra destroy --server KEY --release` (in a play: "
            "`-e lajur_release=true`). One that was removed from servers.yaml before that is first put back there."
        ),
    ),
    "infra.alone": Message(
        id=(
            "Tanpa server ini tidak ada yang menjalankan beban kerjanya lagi: {servers}. Tidak ada yang diubah. Pindahkan dulu "
            "(`servers` di workloads.yaml, lalu site.yml), atau izinkan: `lajur infra destroy --server KUNCI --release` (dalam "
            "play: `-e lajur_release=true`)."
        ),
        en=(
            "Without these servers nobody would carry their workloads any more: {servers}. Nothing was changed. Move them first "
            "(`servers` in workloads.yaml, then site.yml), or allow it: `lajur infra destroy --server KEY --release` (in a "
            "play: `-e lajur_release=true`)."
        ),
    ),
    "infra.truth": Message(
        id="{file}, baris {line}: {finding}. Tidak ada yang diubah. Lihat semuanya: `lajur inventory check`.",
        en="{file}, line {line}: {finding}. Nothing was changed. See all: `lajur inventory check`.",
    ),
    "infra.which": Message(
        id="Server yang mana? Sebut masing-masing dengan --server. Tidak ada yang diubah.",
        en="Which servers? Name each with --server. Nothing was changed.",
    ),
    "infra.needs_reason": Message(
        id="{flag} perlu --reason: mengapa keadaan sekarang yang dijadikan patokan. Tidak ada yang diubah.",
        en="{flag} needs --reason: why what is there now is what to compare with. Nothing was changed.",
    ),
    "infra.reason_for_what": Message(
        id="--reason hanya ada artinya bersama --baseline. Tidak ada yang diubah.",
        en="--reason means something with --baseline only. Nothing was changed.",
    ),
    "infra.text": Message(
        id="{flag}: satu baris, paling panjang {most} karakter. Tidak ada yang diubah.",
        en="{flag}: one line, {most} characters at most. Nothing was changed.",
    ),
}

_ENDED: Final[dict[str, Message]] = {
    "infra.not_started": Message(
        id="Pembangun server tidak dapat dijalankan ({program}: {reason}). Tidak ada yang diubah. Jalankan `make setup`.",
        en="The builder of servers could not be started ({program}: {reason}). Nothing was changed. Give `make setup`.",
    ),
    "infra.died": Message(
        id=(
            "Pembangun server ({verb}) berhenti tanpa kata akhir ({how}). Yang sudah dikerjakannya tetap dan tercatat; "
            "berikutnya `lajur infra recover`. Dengan -v: apa yang terakhir dikatakannya."
        ),
        en=(
            "The builder of servers ({verb}) ended without a last word ({how}). What it did stays and is on record; next, "
            "`lajur infra recover`. With -v: what it said last."
        ),
    ),
    "infra.died_looking": Message(
        id=(
            "Pembangun server ({verb}) berhenti tanpa kata akhir ({how}). Ia hanya melihat, jadi tidak ada yang diubah. Jalankan "
            "lagi. Dengan -v: apa yang terakhir dikatakannya."
        ),
        en=(
            "The builder of servers ({verb}) ended without a last word ({how}). It only looked, so nothing was changed. Try "
            "again. With -v: what it said last."
        ),
    ),
    "infra.too_long": Message(
        id="Pembangun server ({verb}) menulis baris lebih dari {most} MiB, jadi dihentikan. Berikutnya: `lajur infra recover`.",
        en=(
            "The builder of servers ({verb}) wrote a line of more than {most} MiB, so it was stopped. Next: `lajur infra "
            "recover`."
        ),
    ),
    "infra.too_much": Message(
        id="Pembangun server ({verb}) menulis lebih dari {most} baris, jadi dihentikan. Berikutnya: `lajur infra recover`.",
        en="The builder of servers ({verb}) wrote more than {most} lines, so it was stopped. Next: `lajur infra recover`.",
    ),
    "infra.killed": Message(
        id=(
            "Pembangun server ({verb}) dihentikan paksa di tengah perubahan. Yang sudah dikerjakannya tetap; yang sedang "
            "dikerjakan mungkin setengah jadi. Berikutnya: `lajur infra recover`, yang membaca ulang dan menyelesaikannya."
        ),
        en=(
            "The builder of servers ({verb}) was killed in the middle of a change. What it did stays; what it was at may be half "
            "done. Next: `lajur infra recover`, which reads it back and finishes it."
        ),
    ),
    "infra.other_machine": Message(
        id=(
            "{server}: yang menjawab di alamatnya mesin lain ({what}: dahulu {was}, sekarang {found}). Tidak ada yang diubah. "
            "Periksa `address` di servers.yaml; bila mesinnya diganti, lepaskan yang lama: `lajur infra destroy --server "
            "{server} --release --lost ALASAN`, lalu `lajur infra up`."
        ),
        en=(
            "{server}: another machine answers at its address ({what}: it was {was}, now it is {found}). Nothing was changed. "
            "Check `address` in servers.yaml; if the machine was replaced, let the old one go: `lajur infra destroy --server "
            "{server} --release --lost REASON`, then `lajur infra up`."
        ),
    ),
    "infra.baseline_left": Message(
        id=(
            "Keadaan server ini tidak dapat dilihat, jadi tidak diterima sebagai dasar baru: {servers}. Yang dahulu tetap "
            "berlaku. `lajur infra drift` mengatakan sebabnya."
        ),
        en=(
            "These servers could not be looked at, so how they stand was not accepted as the new baseline: {servers}. The one "
            "before still holds. `lajur infra drift` says why."
        ),
    ),
    "infra.lost_empty": Message(
        id="`--lost` memerlukan kata: apa yang terjadi pada mesinnya. Tidak ada yang diubah. Tanpa `--lost` isinya dihapus.",
        en="`--lost` needs words: what became of the machine. Nothing was changed. Without `--lost` the machine is wiped first.",
    ),
    "infra.said": Message(id="Yang terakhir ditulisnya:\n{text}", en="What it wrote last:\n{text}"),
    "infra.interrupted": Message(
        id="Dihentikan. Yang sudah dikerjakan tetap dan tercatat; perintah yang sama melanjutkannya.",
        en="Stopped. What was done stays and is on record; the same command goes on from there.",
    ),
    "infra.stopped": Message(
        id="Dihentikan dengan tertib. Yang sudah dikerjakan tetap dan tercatat; perintah yang sama melanjutkannya.",
        en="Stopped in order. What was done stays and is on record; the same command goes on from there.",
    ),
    "infra.stopped_looking": Message(id="Dihentikan. Tidak ada yang diubah.", en="Stopped. Nothing was changed."),
    "infra.left": Message(
        id=(
            "Yang tidak dapat diperbaiki dengan perintah: {count} ({servers}); yang lain sudah. Kolom terakhir menyebut yang "
            "harus dilakukan. Yang memang dikehendaki jadikan acuan: `lajur infra refresh --baseline KUNCI --reason ...`."
        ),
        en=(
            "What commands cannot mend: {count} ({servers}); all else is mended. The last column says what to do. Accept what "
            "is as it should be: `lajur infra refresh --baseline KEY --reason ...`."
        ),
    ),
    "infra.several_failed": Message(
        id=(
            "Server yang belum selesai: {servers}. Yang lain tidak terhambat karenanya. Perbaiki sebabnya satu per satu, "
            "lalu jalankan perintah yang sama lagi:"
        ),
        en=(
            "Servers that are not through: {servers}. That holds up none of the others. Mend the cause of each, then give "
            "the same command again:"
        ),
    ),
    "infra.request": Message(
        id="Permintaan kepada pembangun server tidak cocok ({places}). Tidak ada yang diubah. Samakan versi kedua bagian Lajur.",
        en=(
            "The request to the builder of servers does not fit ({places}). Nothing was changed. Bring both parts of Lajur "
            "to one version."
        ),
    ),
}

MESSAGES: Final[dict[str, Message]] = {**_EVENTS, **_STATE, **_ASKED, **_ENDED}
