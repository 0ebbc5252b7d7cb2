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

MESSAGES: Final[dict[str, Message]] = {**_RULES, **_HALF_DONE}
