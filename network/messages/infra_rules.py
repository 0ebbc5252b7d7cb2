"""Which servers the rules say no to, and what recovering from a run that died carries on with, or leaves."""

from __future__ import annotations

from typing import Final

from inventory.messages import Message

_RULES: Final[dict[str, Message]] = {
    "infra.policy": Message(
        id=(
            "Aturan menolak server berikut, jadi tidak ada yang diubah padanya: {servers}. Perbaiki sebabnya, lalu jalankan "
            "perintah yang sama lagi:"
        ),
        en=(
            "The rules say no to these servers, so nothing was changed on them: {servers}. Mend the cause of each, then give "
            "the same command again:"
        ),
    ),
    "infra.lease_ended": Message(
        id=(
            "{server}: sewa {number} sudah berakhir pada {end}, jadi server ini tidak diambil alih dan tidak diperbaiki. "
            "Perpanjang sewanya di leases.yaml, atau kembalikan servernya: `lajur infra destroy --server {server} --release`."
        ),
        en=(
            "{server}: the lease {number} ended on {end}, so this server is neither taken over nor mended. Extend the lease in "
            "leases.yaml, or give the server back: `lajur infra destroy --server {server} --release`."
        ),
    ),
    "infra.lease_ahead": Message(
        id=(
            "{server}: sewa {number} baru mulai pada {start}, jadi server ini belum diambil alih. Tunggu sampai hari itu, atau "
            "perbaiki `start` sewanya di leases.yaml."
        ),
        en=(
            "{server}: the lease {number} begins on {start} only, so this server is not taken over yet. Wait for that day, or "
            "put `start` of the lease right in leases.yaml."
        ),
    ),
    "infra.public_ssh": Message(
        id=(
            "{server}: SSH-nya akan terbuka bagi {network}, lebih luas daripada yang mengelola server. Sebut di `management` "
            "pada servers.yaml hanya jaringan pengelola: yang privat, atau yang publik sebesar /24 atau lebih kecil."
        ),
        en=(
            "{server}: its SSH would be open to {network}, which is wider than who administers a server. Name in `management` "
            "of servers.yaml only the networks that do: private ones, or public ones of /24 or smaller."
        ),
    ),
    "infra.abroad": Message(
        id=(
            "{server}: mesin dari sewa {number} berada di {country}, sedangkan data badan publik tinggal di Indonesia "
            "(PP 71/2019, pasal 20). Sewa mesin di dalam negeri, atau perbaiki `country` sewanya di leases.yaml bila keliru."
        ),
        en=(
            "{server}: the machine of the lease {number} stands in {country}, and the data of a public body stays in Indonesia "
            "(PP 71/2019, article 20). Lease a machine at home, or put `country` of the lease right in leases.yaml if it is "
            "wrong."
        ),
    ),
    "infra.refused_by": Message(id="{server}: {text} (aturan {policy})", en="{server}: {text} (rule {policy})"),
}

_RENTED: Final[dict[str, Message]] = {
    "infra.rented_abroad": Message(
        id=(
            "{server}: cloud {cloud} berada di {country}, sedangkan isi server ini tidak boleh meninggalkan {residency} "
            "(`residency`). Sewa di cloud yang berada di sana, atau perbaiki `country` cloud itu atau `residency` server ini di "
            "clouds.yaml bila keliru."
        ),
        en=(
            "{server}: the cloud {cloud} stands in {country}, and what this server holds may not leave {residency} "
            "(`residency`). Rent it of a cloud that stands there, or put `country` of that cloud or `residency` of this server "
            "right in clouds.yaml if it is wrong."
        ),
    ),
    "infra.rented_public_ssh": Message(
        id=(
            "{server} di cloud {cloud}: SSH-nya akan terbuka bagi {network} ({protocol} {ports}), yang bukan jaringan kabupaten "
            "ini. SSH tidak pernah terbuka untuk umum. Sebut di `management` pada clouds.yaml hanya jaringan pengelola: yang "
            "privat, atau yang publik sebesar /24 atau lebih kecil."
        ),
        en=(
            "{server} in the cloud {cloud}: its SSH would be open to {network} ({protocol} {ports}), which is no network of "
            "this regency. SSH is never open to the public. Name in `management` of clouds.yaml only the networks of those who "
            "administer it: private ones, or public ones of /24 or smaller."
        ),
    ),
    "infra.rented_public_port": Message(
        id=(
            "{server} di cloud {cloud}: {protocol} {ports} akan terbuka bagi {network}, yang bukan jaringan kabupaten ini. Yang "
            "boleh terbuka untuk umum hanya pintu masuk: TCP 80 dan 443 pada server berperan `edge`. Tutup aturan itu, atau "
            "batasi pada jaringan sendiri."
        ),
        en=(
            "{server} in the cloud {cloud}: {protocol} {ports} would be open to {network}, which is no network of this regency. "
            "Only an entrance may be open to the public: TCP 80 and 443 of a server with the role `edge`. Take that rule away, "
            "or narrow it to networks of your own."
        ),
    ),
    "infra.rented_no_budget": Message(
        id=(
            "{server} di cloud {cloud}: tahap {stage} tidak punya anggaran, jadi tidak ada yang disewa atas namanya. Tulis "
            "`budget` tahap itu di stages.yaml."
        ),
        en=(
            "{server} in the cloud {cloud}: the stage {stage} has no budget, so nothing is rented in its name. Write `budget` "
            "of that stage into stages.yaml."
        ),
    ),
    "infra.rented_over_budget": Message(
        id=(
            "{server} di cloud {cloud}: yang disewa tahap {stage} pada bulan {month} akan berbiaya {cost}, {excess} di "
            "atas anggaran {budget}. Sewa lebih sedikit atau lebih singkat, pilih ukuran yang lebih kecil (clouds.yaml), atau "
            "naikkan `budget` tahap itu (stages.yaml)."
        ),
        en=(
            "{server} in the cloud {cloud}: what the stage {stage} rents in {month} would cost {cost}, {excess} above "
            "its budget of {budget}. Rent less or for a shorter time, choose a smaller size (clouds.yaml), or raise `budget` of "
            "that stage (stages.yaml)."
        ),
    ),
    "infra.rented_no_end": Message(
        id=(
            "{server} di cloud {cloud}: tidak ada hari akhirnya, jadi tidak disewa: yang tanpa akhir dibayar terus. Tulis "
            "`until` di clouds.yaml, atau jendela yang diikutinya."
        ),
        en=(
            "{server} in the cloud {cloud}: it has no end, so it is not rented: what has none is paid for ever. Write `until` "
            "into clouds.yaml, or the window that it follows."
        ),
    ),
    "infra.rented_outlives": Message(
        id=(
            "{server} di cloud {cloud}: berakhir {until}, sedangkan kontrak {number} hanya sampai {end}. Perpendek sewanya, "
            "atau perpanjang kontraknya, di clouds.yaml."
        ),
        en=(
            "{server} in the cloud {cloud}: it ends on {until}, and the contract {number} runs until {end} only. Shorten its "
            "stay, or extend the contract, in clouds.yaml."
        ),
    ),
    "infra.rented_over": Message(
        id=(
            "{server} di cloud {cloud}: hari terakhirnya {until} sudah lewat, jadi tidak disewa dan tidak diperbaiki; yang masih "
            "berdiri tetap dibayar. Kembalikan: `lajur infra destroy --server {server} --release`; atau tulis `until` yang baru "
            "di clouds.yaml. Yang datang untuk puncak dikembalikan oleh `lajur infra up --due`."
        ),
        en=(
            "{server} in the cloud {cloud}: its last day, {until}, is over, so it is neither rented nor mended; what stands is "
            "still paid for. Give it back: `lajur infra destroy --server {server} --release`; or write a new `until` into "
            "clouds.yaml. What came for a peak is given back by `lajur infra up --due`."
        ),
    ),
    "infra.rented_ended": Message(
        id=(
            "{server} di cloud {cloud}: kontrak {number} sudah berakhir pada {end}, jadi tidak disewa dan tidak diperbaiki. "
            "Perpanjang kontraknya di clouds.yaml, atau kembalikan: `lajur infra destroy --server {server} --release`."
        ),
        en=(
            "{server} in the cloud {cloud}: the contract {number} ended on {end}, so it is neither rented nor mended. Extend the "
            "contract in clouds.yaml, or give it back: `lajur infra destroy --server {server} --release`."
        ),
    ),
    "infra.rented_ahead": Message(
        id=(
            "{server} di cloud {cloud}: kontrak {number} baru mulai pada {start}, jadi belum disewa. Tunggu sampai hari itu, "
            "atau perbaiki `start` kontraknya di clouds.yaml."
        ),
        en=(
            "{server} in the cloud {cloud}: the contract {number} begins on {start} only, so it is not rented yet. Wait for that "
            "day, or put `start` of the contract right in clouds.yaml."
        ),
    ),
    "infra.rented_unpinned": Message(
        id=(
            "{server} di cloud {cloud}: citra {image} tanpa checksum, jadi besok namanya dapat menunjuk citra lain. Tulis "
            "`checksum` citra itu di clouds.yaml, seperti os_hash_value pada `openstack image show`."
        ),
        en=(
            "{server} in the cloud {cloud}: the image {image} has no checksum, so that its name may lead to another one "
            "tomorrow. Write `checksum` of that image into clouds.yaml, as os_hash_value of `openstack image show` has it."
        ),
    ),
}

_HALF_DONE: Final[dict[str, Message]] = {
    "infra.nothing_half_done": Message(
        id="Tidak ada yang setengah jadi, jadi tidak ada mesin yang disentuh.",
        en="Nothing was half done, so no machine was touched.",
    ),
    "infra.cleared": Message(
        id=(
            "Sisa pekerjaan yang mati dalam catatan Pulumi (kuncinya, langkah yang dimulainya) sudah dibersihkan, dan semua "
            "server dilihat; tidak ada mesin yang diubah. Apa yang sedang dikerjakannya tidak diketahui di sini, jadi berikutnya "
            "`lajur infra up`."
        ),
        en=(
            "What a run that died left in Pulumi's state (its lock, the steps that it had begun) is cleared, and all servers "
            "were looked at; no machine was changed. What it was at is not known here, so `lajur infra up` is next."
        ),
    ),
    "infra.no_record": Message(
        id=(
            "{server}: di mesinnya tidak ada catatan bahwa mesin itu diambil alih ({path}), jadi tidak ada yang dihapus padanya. "
            "Periksa bahwa itu mesinnya. Bila pengembaliannya dimulai dari komputer lain, selesaikan di sana; bila tidak, "
            "jalankan `lajur infra refresh --server {server}` dan `lajur infra up --server {server}`, yang menulisnya lagi, lalu "
            "perintah yang sama lagi."
        ),
        en=(
            "{server}: the machine carries no record that it was taken over ({path}), so nothing was wiped on it. Check that it "
            "is that machine. If giving it back was begun on another computer, finish it there; if not, give `lajur infra "
            "refresh --server {server}` and `lajur infra up --server {server}`, which write it again, then this command again."
        ),
    ),
    "infra.return_begun": Message(
        id=(
            "{server}: pengembaliannya sudah dimulai dan sebagian kredensialnya dihapus, jadi tidak ada yang diperbaiki. "
            "Selesaikan: `lajur infra destroy --server {server} --release`."
        ),
        en=(
            "{server}: giving it back was begun, and a part of its credentials is wiped, so nothing is mended on it. Finish it: "
            "`lajur infra destroy --server {server} --release`."
        ),
    ),
    "infra.left_behind": Message(
        id=(
            "{servers}: masih ada di catatan Pulumi, tetapi tidak lagi di kebenaran dan tidak tercatat di sini, dan menghalangi "
            "server yang disebut. Yang terlanjur dikerjakan tetap dan tercatat. Jalankan `lajur infra up` tanpa --server: sisa "
            "itu dihapus; lalu perintah tadi lagi."
        ),
        en=(
            "{servers}: still in Pulumi's state, but no longer in the truth, nor on record here, and in the way of the servers "
            "that were named. What was done stays and is on record. Give `lajur infra up` without --server, which takes away "
            "what is left; then the same command."
        ),
    ),
    "infra.returns_begun": Message(
        id=(
            "Tidak ada lagi yang terkunci. Pengembalian server ini sudah dimulai dan belum selesai: {servers}. Tidak ada yang "
            "lain diubah. Berikutnya `lajur infra destroy --release` dengan `--server` masing-masing, lalu `lajur infra up`."
        ),
        en=(
            "Nothing is locked any more. Giving these servers back was begun and is not finished: {servers}. Nothing else was "
            "changed. Next, `lajur infra destroy --release` with `--server` for each, then `lajur infra up`."
        ),
    ),
    "infra.baseline_begun": Message(
        id=(
            "Tidak ada lagi yang terkunci. Yang mati sedang menerima keadaan server ini sebagai dasar baru: {servers}. Supaya "
            "yang mau diterima tidak diperbaiki, tidak ada yang diubah. Berikutnya perintah yang sama lagi (`lajur infra refresh "
            "--baseline ...`), atau `lajur infra up` bila dasar yang dahulu yang dikehendaki."
        ),
        en=(
            "Nothing is locked any more. The run that died was accepting how these servers stand as their new baseline: "
            "{servers}. So that nothing is mended that was to be accepted, nothing was changed. Next, the same command again "
            "(`lajur infra refresh --baseline ...`), or `lajur infra up` if the baseline before is what is wanted."
        ),
    ),
}

MESSAGES: Final[dict[str, Message]] = {**_RULES, **_RENTED, **_HALF_DONE}
